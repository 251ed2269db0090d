// SPDX-License-Identifier: AGPL-3.0-or-later
// uuid.h: ids that sort by the time they were made (UUID version 7, RFC 9562).
#pragma once
#include "base/err.h"
#include <stdint.h>

struct kr_uuid {
    uint8_t bytes[16];
};
enum { KR_UUID_TEXT = 37 };

// A new id: later ones of this process sort after earlier ones. Any thread.
struct kr_uuid kr_uuid_new(void);
void kr_uuid_text(const struct kr_uuid *id, char out[static KR_UUID_TEXT]);
// Fills `out` with a new id as text.
void kr_uuid_new_text(char out[static KR_UUID_TEXT]);
KR_CHECK bool kr_uuid_parse(const char *text, struct kr_uuid *out);
