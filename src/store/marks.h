// SPDX-License-Identifier: AGPL-3.0-or-later
// marks.h: the index of things that are marked in pictures.
//
// Index, not truth: archive/marks makes every row from claims, and rebuild makes them
// all again. Marks of one thing stand in the order of their years, those that nobody
// dated at the end. What lies in the trash is left out.

#pragma once
#include "base/json.h"
#include "store/store.h"

enum { KR_MARKS_MOST = 500 }; // of one thing in one answer
#define KR_MARK_UNDATED INT64_C(100000000)

struct kr_mark {
    char claim[KR_UUID_TEXT], item[KR_UUID_TEXT];
    const char *name;    // the thing as its tokens are searched: what makes two things one
    const char *thing;   // as it was said
    const char *card;    // id of an era card, or ""
    int64_t from, to;    // days since 1970-01-01; both KR_MARK_UNDATED where nobody knows
    const json_t *value; // the claim's
};
struct kr_marked_thing {
    const char *thing, *card;
    int64_t count; // pictures
    int64_t from, to;
};

// Puts the marks of an item in the place of those there were. In a transaction.
KR_CHECK bool kr_marks_put(struct kr_store *store, const char *item, const struct kr_mark *marks,
                           size_t n, struct kr_err *err);
// One by the id of its claim: KR_E_NOT_FOUND. Text and values live in the arena.
KR_CHECK bool kr_mark_get(struct kr_store *store, struct kr_arena *mem, const char *claim,
                          struct kr_mark *out, struct kr_err *err);
// At most KR_MARKS_MOST of a card or, with an empty card, of a name.
KR_CHECK bool kr_marks_find(struct kr_store *store, struct kr_arena *mem, const char *name,
                            const char *card, struct kr_mark **out, size_t *n, struct kr_err *err);
// What has been marked, the commonest first.
KR_CHECK bool kr_marked_things(struct kr_store *store, struct kr_arena *mem,
                               struct kr_marked_thing **out, size_t *n, struct kr_err *err);
