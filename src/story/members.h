// SPDX-License-Identifier: AGPL-3.0-or-later
// members.h: taking the members of a JSON object one by one, each checked.
//
// Every getter leaves its output alone where the member is missing, and fails
// with a sentence that says where (`of->where`) and what was expected.

#pragma once
#include "base/json.h"

struct kr_members {
    struct kr_arena *mem;
    const json_t *object;
    const char *where; // "beat 3", "music"; "" for the story itself
};

// Fails on a value that is no object, or has a member outside `names` (a list
// ended by NULL) that does not start with "x-".
KR_CHECK bool kr_members_open(struct kr_arena *mem, const json_t *value, const char *where,
                              const char *const *names, struct kr_members *out, struct kr_err *err);
// A sentence with the place in front.
bool kr_members_fail(const struct kr_members *of, struct kr_err *err, const char *format, ...)
    KR_PRINTF(3, 4);

bool kr_members_has(const struct kr_members *of, const char *name);
// Text of 1 to `most` bytes, made inside text; blank text is refused.
KR_CHECK bool kr_members_text(const struct kr_members *of, const char *name, size_t most,
                              const char **out, struct kr_err *err);
// One text that is not a member itself (of a list): `name` is how to call it.
KR_CHECK bool kr_members_as_text(const struct kr_members *of, const json_t *value, const char *name,
                                 size_t most, const char **out, struct kr_err *err);
KR_CHECK bool kr_members_real(const struct kr_members *of, const char *name, double least,
                              double most, const char *unit, double *out, struct kr_err *err);
KR_CHECK bool kr_members_bool(const struct kr_members *of, const char *name, bool *out,
                              struct kr_err *err);
// A media reference: byte for byte as it was written, never above its folder.
KR_CHECK bool kr_members_reference(const struct kr_members *of, const char *name, const char **out,
                                   struct kr_err *err);
