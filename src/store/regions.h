// SPDX-License-Identifier: AGPL-3.0-or-later
// regions.h: the index of framed places in pictures, and of whom they show.
//
// Index, not truth: archive/pictured makes the rows of an item from its claims with the rest of
// its row, and rebuild makes them all again. What is listed here lies in visible items.

#pragma once
#include "store/items.h"

struct kr_region {
    char claim[KR_UUID_TEXT], item[KR_UUID_TEXT];
    char person[KR_UUID_TEXT]; // "" where nobody said who
    const char *kind;          // "face", "pet", "focus", "other"
    const char *name;          // as it is shown: the person's, else what the file calls it, or ""
    double x, y, w, h;         // fractions of the picture from its top left
    int64_t pixels;            // how much of the picture it holds
};

// Puts the regions of an item in the place of those there were. In a transaction.
KR_CHECK bool kr_regions_put(struct kr_store *store, const char *item,
                             const struct kr_region *regions, size_t n, struct kr_err *err);

enum { KR_REGION_CURSOR = 2 * KR_UUID_TEXT };
struct kr_region_list {
    size_t n;
    struct kr_region *at;
    char next[KR_REGION_CURSOR]; // cursor of the page after, "" at the end
};
// Faces that nobody has named, the picture brought in last first, its faces together.
// `limit` is in [1,500]; KR_E_INVALID for a cursor that is none of ours.
KR_CHECK bool kr_regions_open(struct kr_store *store, struct kr_arena *mem, const char *cursor,
                              int limit, struct kr_region_list *out, struct kr_err *err);
// How many such faces there are, counted no further than `most`.
KR_CHECK bool kr_regions_open_count(struct kr_store *store, int64_t most, int64_t *out,
                                    struct kr_err *err);
// Those that show a person, the largest first; of hidden items too.
KR_CHECK bool kr_regions_of_person(struct kr_store *store, struct kr_arena *mem, const char *person,
                                   struct kr_region **out, size_t *n, struct kr_err *err);
// The largest one that can be seen; false in *found where there is none.
KR_CHECK bool kr_region_best(struct kr_store *store, struct kr_arena *mem, const char *person,
                             struct kr_region *out, bool *found, struct kr_err *err);
// Photographs in which nobody is framed or said to be, newest first.
KR_CHECK bool kr_items_unframed(struct kr_store *store, struct kr_arena *mem, const char *cursor,
                                int limit, struct kr_item_list *out, struct kr_err *err);
