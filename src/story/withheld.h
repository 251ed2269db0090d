// SPDX-License-Identifier: AGPL-3.0-or-later
// withheld.h: films that hold what may no longer be shown, and the way to have them again.
//
// A film is withheld as a whole (kr_film_may). Made again without what stands in the way, it is
// a film of its own, whose story says in "x-without" which one it stands for: the old one
// is then no longer missed, and comes back by itself when everything in it may be shown again.

#pragma once
#include "archive/may.h"
#include "store/cache.h"

// Of a list, newest first: made again since, so that a newer one stands for the story.
bool kr_film_is_older(const struct kr_rendition *films, size_t i);

struct kr_withheld {
    const struct kr_rendition *film;
    size_t in_the_way; // beats and songs that may not be shown
    bool tellable;     // something is left to show without them
};
// Newest first; those that another film stands for are left out.
KR_CHECK bool kr_films_withheld(struct kr_store *store, struct kr_arena *mem,
                                const struct kr_view *view, struct kr_withheld **out, size_t *n,
                                struct kr_err *err);
// The story of a film without what may not be shown; the caller drops it. KR_E_NOT_FOUND where
// there is no such film, KR_E_EXISTS where nothing stands in the way, KR_E_REFUSED where nothing
// would be left to show.
KR_CHECK bool kr_film_without(struct kr_store *store, struct kr_arena *mem, const char *film,
                              const struct kr_view *view, json_t **story, struct kr_err *err);
