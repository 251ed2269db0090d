// SPDX-License-Identifier: AGPL-3.0-or-later
// door_priv.h: what every way through the door has in common.

#pragma once
#include "archive/door.h"

enum { KR_DOOR_LABEL_MOST = 120 }; // bytes

// As people wrote it, without half a character at its end.
const char *kr_door_label(struct kr_arena *mem, const char *label);
// A new session of an account, in its home.
KR_CHECK bool kr_door_begin_of(struct kr_store *store, struct kr_arena *mem,
                               const struct kr_account *account, const char *browser,
                               char token[static KR_TOKEN_TEXT], struct kr_err *err);
