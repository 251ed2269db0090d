// SPDX-License-Identifier: AGPL-3.0-or-later
// shapes.h: the JSON shapes of docs/formats/api.md, each written once.

#pragma once
#include "base/words.h"
#include "store/cache.h"
#include "store/claims.h"
#include "store/items.h"
#include "store/jobs.h"
#include "web/tell.h"

// One Brief, as the member `name`.
void kr_shape_brief(struct kr_buf *out, const char *name, struct kr_arena *mem,
                    const struct kr_item *item, enum kr_lang lang);
// { "items": [Brief], "next", "total" }.
void kr_shape_leaf(struct kr_buf *out, const struct kr_item_list *list, enum kr_lang lang);
void kr_shape_brief(struct kr_buf *out, const char *name, struct kr_arena *mem,
                    const struct kr_item *item, enum kr_lang lang);
// An Item: everything known. Asks the store for claims, stack, look-alikes, renditions.
KR_CHECK bool kr_shape_item(struct kr_buf *out, struct kr_store *store, struct kr_arena *mem,
                            const struct kr_item *item, enum kr_lang lang, struct kr_err *err);
void kr_shape_film(struct kr_buf *out, const char *name, const struct kr_rendition *film);
void kr_shape_job(struct kr_buf *out, const char *name, const struct kr_job *job);

// Whether a browser plays or shows this as it is; `seen` is the claim of that
// name, which tells the codecs (NULL: not known).
bool kr_is_playable(const char *mime, const json_t *seen);
// The "seen" claim that counts, borrowed, or NULL.
const json_t *kr_seen_of(const struct kr_claim_list *claims);
// Whether it may be shown inside a page at all; anything else is only downloaded.
bool kr_is_shown_inline(const char *mime);
