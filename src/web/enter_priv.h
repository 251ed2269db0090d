// SPDX-License-Identifier: AGPL-3.0-or-later
// enter_priv.h: what coming in by a password, a code or a device has in common.

#pragma once
#include "web/handlers.h"

// The keys under which wrong tries are counted: whence, and at which name ("": none); in the
// request's arena.
struct kr_trying {
    const char *keys[2];
    size_t n;
};
struct kr_trying kr_web_trying(const struct kr_request *request, const char *name);
// True: may try. Else answered with 429.
KR_CHECK bool kr_web_may_try(struct kr_request *request, struct kr_answer *answer,
                             const struct kr_trying *trying);
// Counts it, and answers 403; returns true.
bool kr_web_refuse_wrong(struct kr_request *request, struct kr_answer *answer,
                         const struct kr_trying *trying, const char *words_key);

// The browser's word of itself.
const char *kr_web_browser(const struct kr_request *request);
// Gives the token to the browser and answers Me, as the next request will find them.
KR_CHECK bool kr_web_let_in(struct kr_request *request, struct kr_answer *answer,
                            struct kr_store *store, const char *token, struct kr_err *err);
