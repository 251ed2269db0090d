// SPDX-License-Identifier: AGPL-3.0-or-later
// sittings.h: the home's own book of sittings, by row. It holds nothing of what was looked at.
// Neither truth nor index; care/sittings.h has the rules.

#pragma once
#include "store/store.h"

struct kr_sitting {
    char id[KR_UUID_TEXT];
    const char *person;  // who sits, or ""
    const char *company; // who keeps them company, in free words, or ""
    int64_t seed;
    bool logged;                         // stays in the book
    int64_t began_ms, seen_ms, ended_ms; // ended_ms 0: not ended
    int64_t kept;                        // how often something was kept for next time
    int64_t good, quiet, unhappy;        // faces that the carer tapped
};
KR_CHECK bool kr_sitting_add(struct kr_store *store, const struct kr_sitting *sitting,
                             struct kr_err *err);
// KR_E_NOT_FOUND where this home has none.
KR_CHECK bool kr_sitting_get(struct kr_store *store, struct kr_arena *mem, const char *id,
                             struct kr_sitting *out, struct kr_err *err);
KR_CHECK bool kr_sitting_put(struct kr_store *store, const struct kr_sitting *sitting,
                             struct kr_err *err);
KR_CHECK bool kr_sitting_drop(struct kr_store *store, const char *id, struct kr_err *err);
// Drops those that nobody wanted in the book and that began before.
KR_CHECK bool kr_sittings_sweep(struct kr_store *store, int64_t before_ms, struct kr_err *err);
// The latest first.
KR_CHECK bool kr_sittings_logged(struct kr_store *store, struct kr_arena *mem, int limit,
                                 struct kr_sitting **out, size_t *n, struct kr_err *err);
