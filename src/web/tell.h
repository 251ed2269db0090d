// SPDX-License-Identifier: AGPL-3.0-or-later
// tell.h: writes JSON straight into a buffer, for lists too long to build first.
//
//   kr_tell_open(out, NULL, '{'); kr_tell_int(out, "n", 3); kr_tell_close(out, '}');
//
// `name` is the member's name, NULL inside a list and for the outermost value.
// Commas come by themselves. Text is inside text (UTF-8, see base/text.h).

#pragma once
#include "base/json.h"

void kr_tell_open(struct kr_buf *out, const char *name, char bracket); // '{' or '['
void kr_tell_close(struct kr_buf *out, char bracket);                  // '}' or ']'
void kr_tell_text(struct kr_buf *out, const char *name, const char *value);
void kr_tell_int(struct kr_buf *out, const char *name, int64_t value);
void kr_tell_real(struct kr_buf *out, const char *name, double value); // nine digits; NAN is null
void kr_tell_bool(struct kr_buf *out, const char *name, bool value);
void kr_tell_null(struct kr_buf *out, const char *name);
void kr_tell_json(struct kr_buf *out, const char *name, const json_t *value); // NULL is null
