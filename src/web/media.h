// SPDX-License-Identifier: AGPL-3.0-or-later
// media.h: bytes of renditions, for whoever has one at hand.
#pragma once
#include "store/cache.h"
#include "web/http.h"

struct kr_item;

// Answers the file of a rendition, with ranges.
KR_CHECK bool kr_web_rendition(struct kr_request *request, struct kr_answer *answer,
                               struct kr_store *store, const struct kr_rendition *rendition,
                               struct kr_err *err);

// For whoever has found the item and knows that it may be shown: a thumbnail of it, its size
// as the text of a path; and what a browser can play of it.
KR_CHECK bool kr_web_send_thumb(struct kr_request *request, struct kr_answer *answer,
                                struct kr_store *store, const struct kr_item *item, const char *px,
                                struct kr_err *err);
KR_CHECK bool kr_web_send_play(struct kr_request *request, struct kr_answer *answer,
                               struct kr_store *store, const struct kr_item *item,
                               struct kr_err *err);
