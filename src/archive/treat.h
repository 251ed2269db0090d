// SPDX-License-Identifier: AGPL-3.0-or-later
// treat.h: a print restored, a clip treated, a copy every browser plays.
//
// The work is done behind the wall, on descriptors. For an item, the recipe is
// stated as a claim and the output kept as a rendition beside the original,
// which never changes. Kinds: "restore" (photographs), "kit", "proxy", "remux" and
// "small" (films and sound; what "remux" gives is kept as a proxy; "small" is a proxy
// for a thin line, which nobody chose, so no claim speaks of it). Options are the
// members of the task (src/sealed/tasks.c).

#pragma once
#include "base/json.h"
#include "store/cache.h"
#include "wall/wall.h"

struct kr_treatment {
    const char *kind;
    const json_t *options; // borrowed; an object or NULL
    bool (*progress)(void *context, double done);
    void *context;
};

// From one open file to another (empty, seekable, opened for reading and
// writing). *answer is the task's, the caller's to drop.
KR_CHECK bool kr_treat_fds(struct kr_wall *wall, const struct kr_treatment *treatment, int in,
                           int out, json_t **answer, struct kr_err *err);

// Of an item: fills *out (texts live in `mem`). KR_E_UNSUPPORTED when the kind
// does not suit the item.
KR_CHECK bool kr_treat_item(struct kr_store *store, struct kr_wall *wall, struct kr_arena *mem,
                            const struct kr_treatment *treatment, const char *item, const char *who,
                            struct kr_rendition *out, struct kr_err *err);

// Makes the thumbnails of an item again (somebody emptied the cache).
KR_CHECK bool kr_treat_thumbs(struct kr_store *store, struct kr_wall *wall, const char *item,
                              struct kr_err *err);
