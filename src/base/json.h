// SPDX-License-Identifier: AGPL-3.0-or-later
// json.h: JSON values (jansson), with our own errors and our own kindness.
//
// The values are jansson's json_t; this header is the only one that includes
// jansson. Getters never fail: a missing or wrong member gives the fallback.
// Ownership is jansson's: a function with `new` in its name or `json_t **out`
// hands over a reference; kr_json_drop() gives it back and suits KR_AUTO.

#pragma once
#include "base/text.h"
#include <jansson.h>

void kr_json_drop(json_t **value);

// Parses one whole value: duplicate names, trailing bytes and bad UTF-8 are
// KR_E_INVALID, a text over `most` bytes KR_E_TOO_BIG.
KR_CHECK bool kr_json_parse(struct kr_str text, size_t most, json_t **out, struct kr_err *err);
KR_CHECK bool kr_json_read_file(int dir, const char *path, size_t most, json_t **out,
                                struct kr_err *err);

// Hands a value over to the arena: it is dropped when the arena is destroyed.
const json_t *kr_json_lend(struct kr_arena *mem, json_t *value);

// One line, members in the order they were set; kr_json_canonical() sorts them.
const char *kr_json_text(struct kr_arena *mem, const json_t *value);
const char *kr_json_canonical(struct kr_arena *mem, const json_t *value);

// Members of an object; `fallback` where there is none of that type.
const char *kr_json_str(const json_t *object, const char *name, const char *fallback);
int64_t kr_json_int(const json_t *object, const char *name, int64_t fallback);
double kr_json_real(const json_t *object, const char *name, double fallback); // ints count
bool kr_json_bool(const json_t *object, const char *name, bool fallback);
const json_t *kr_json_get(const json_t *object, const char *name); // borrowed; NULL

// Sets a member. Text must be inside text (valid UTF-8); NULL sets null.
void kr_json_set_str(json_t *object, const char *name, const char *value);
void kr_json_set_int(json_t *object, const char *name, int64_t value);
void kr_json_set_real(json_t *object, const char *name, double value);
void kr_json_set_bool(json_t *object, const char *name, bool value);
void kr_json_set_take(json_t *object, const char *name, json_t *value); // swallows
void kr_json_append_take(json_t *array, json_t *value);                 // swallows
json_t *kr_json_new_object(void);
json_t *kr_json_new_array(void);
