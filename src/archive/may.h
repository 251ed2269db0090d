// SPDX-License-Identifier: AGPL-3.0-or-later
// may.h: may this be shown here, now, to these people? The one question that every way
// of reading asks: pages, the interface, films, frames, exports, searches and counts.
//
// Lists and counts of the home leave out in SQL what rests ({seen} in store/sql); whoever
// has one item, or a list made otherwise, asks here. The answer follows from consent
// (archive/consent.h), from what was let out, and from the avoid list of whoever sits
// before the screen, at the time that is given: so a test can travel.
//
// (1) To the home: what is not resting. (2) To kin and the public: what was let out to
// them, and in which everybody named is willing; what nobody let out stays at home.
// (3) Nothing on the sitter's avoid list, not by person, place, date, song or theme; neither
//     shown nor told of: a caption, a mark or a title that names it keeps a picture away too.

#pragma once
#include "archive/consent.h"
#include "store/items.h"

enum kr_audience { KR_TO_HOME, KR_TO_KIN, KR_TO_PUBLIC };

struct kr_view {
    enum kr_audience audience;
    int64_t now_ms;
    const char *sitter; // the person whose avoid list binds, or NULL
};
#define KR_VIEW_HOME ((struct kr_view){.audience = KR_TO_HOME})

KR_CHECK bool kr_may(struct kr_store *store, struct kr_arena *mem, const struct kr_item *item,
                     const struct kr_view *view, bool *out, struct kr_err *err);
// The item, or KR_E_NOT_FOUND as if it were not there.
KR_CHECK bool kr_item_may_get(struct kr_store *store, struct kr_arena *mem, const char *id,
                              const struct kr_view *view, struct kr_item *out, struct kr_err *err);
// Leaves only those that may be shown.
KR_CHECK bool kr_items_may(struct kr_store *store, struct kr_arena *mem, const struct kr_view *view,
                           struct kr_item_list *list, struct kr_err *err);
// What is no item, an era card or a sentence: its words, a line each, and its days (`from`
// after `to` where it has none). Only the sitter's list is asked.
KR_CHECK bool kr_may_tell(struct kr_store *store, struct kr_arena *mem, const char *words,
                          int64_t from, int64_t to, const struct kr_view *view, bool *out,
                          struct kr_err *err);
// Who among the persons of an item stands in the way of its going to the view's audience:
// has not said yes, or not for so long; wants days to pass, or somebody asked; refused it.
KR_CHECK bool kr_in_the_way(struct kr_store *store, struct kr_arena *mem,
                            const struct kr_item *item, const struct kr_view *view,
                            const char *const **persons, size_t *n, struct kr_err *err);
// A story (docs/formats/story.md, its media item ids): every picture, clip, voice and song in it,
// its words before the sitter, and those whose words a beat tells (`words_of`): to the home what
// does not rest, to others what they let be heard and told there, with no delay and nobody to be
// asked.
KR_CHECK bool kr_story_may(struct kr_store *store, struct kr_arena *mem, const json_t *story,
                           const struct kr_view *view, bool *out, struct kr_err *err);
// The same story without the beats and the music that may not be shown; how many those were.
KR_CHECK bool kr_story_without(struct kr_store *store, struct kr_arena *mem, const json_t *story,
                               const struct kr_view *view, json_t **out, size_t *left_out,
                               struct kr_err *err);
