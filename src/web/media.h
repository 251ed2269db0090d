// SPDX-License-Identifier: AGPL-3.0-or-later
// media.h: bytes of renditions, for whoever has one at hand.
#pragma once
#include "store/cache.h"
#include "web/http.h"

// Answers the file of a rendition, with ranges.
KR_CHECK bool kr_web_rendition(struct kr_request *request, struct kr_answer *answer,
                               struct kr_store *store, const struct kr_rendition *rendition,
                               struct kr_err *err);
