// SPDX-License-Identifier: AGPL-3.0-or-later
// media.h: bytes of renditions, for whoever has one at hand.
#pragma once
#include "store/cache.h"
#include "web/http.h"

// Answers the file of a rendition, with ranges.
KR_CHECK bool kr_web_rendition(struct kr_request *request, struct kr_answer *answer,
                               struct kr_store *store, const struct kr_rendition *rendition,
                               struct kr_err *err);
// The newest rendition of one kind of a subject; KR_E_NOT_FOUND.
KR_CHECK bool kr_web_rendition_kind(struct kr_store *store, struct kr_arena *mem,
                                    const char *subject, const char *kind, struct kr_rendition *out,
                                    struct kr_err *err);
