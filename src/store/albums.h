// SPDX-License-Identifier: AGPL-3.0-or-later
// albums.h: the index of albums: their titles, what is in them, in which order.
//
// Index, not truth: archive/albums makes every row from claims, and rebuild makes
// them all again. That an item is in an album is said of the item, the order of the
// album; the two meet here. What is in the trash or hidden is in no album meanwhile.

#pragma once
#include "store/items.h"

struct kr_album {
    char id[KR_UUID_TEXT];
    const char *title;
    int64_t made_ms;
    int64_t count; // of what is seen in it
};
struct kr_album_seat {
    char album[KR_UUID_TEXT];
    int64_t seq; // of the claim that put it there
};

// Puts the row of an album, `sort` being how its title sorts, and the order of its items in
// the place of the one there was. Inside a transaction, as the next two.
KR_CHECK bool kr_album_put(struct kr_store *store, const struct kr_album *album, const char *sort,
                           const char *const *order, size_t n, struct kr_err *err);
KR_CHECK bool kr_album_drop(struct kr_store *store, const char *id, struct kr_err *err);
// In which albums an item is: replaces what was there.
KR_CHECK bool kr_album_seats_put(struct kr_store *store, const char *item,
                                 const struct kr_album_seat *seats, size_t n, struct kr_err *err);

// KR_E_NOT_FOUND when there is none. Text lives in the arena, as everywhere below.
KR_CHECK bool kr_album_get(struct kr_store *store, struct kr_arena *mem, const char *id,
                           struct kr_album *out, struct kr_err *err);
// All of the home in the order of their titles; with an item only those it is in (count 0).
KR_CHECK bool kr_albums_all(struct kr_store *store, struct kr_arena *mem, const char *item,
                            struct kr_album **out, size_t *n, struct kr_err *err);
// A page of what is in it, in its order; the cursor is a number of items passed over.
KR_CHECK bool kr_album_items(struct kr_store *store, struct kr_arena *mem, const char *id,
                             const char *cursor, int limit, struct kr_item_list *out,
                             struct kr_err *err);
// The ids of all that is in it, in its order.
KR_CHECK bool kr_album_order(struct kr_store *store, struct kr_arena *mem, const char *id,
                             const char *const **out, size_t *n, struct kr_err *err);
