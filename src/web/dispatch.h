// SPDX-License-Identifier: AGPL-3.0-or-later
// dispatch.h: from a request's head to its answer: who is let in, by which
// route, and what every answer wears.
//
// (1) Nothing of a request is acted on before its Host, its Origin, its route,
//     its size have been looked at, in this order; nothing of the family is answered before
//     its asker has been.
// (2) Every answer carries the headers that keep a browser from being led astray.

#pragma once
#include "web/house.h"
#include "web/routes.h"

// Looks at the head (1). True: go on, `route`, `params`, `url` and `lang` are
// filled. False: refused, and answered.
KR_CHECK bool kr_dispatch_admit(const struct kr_house *house, struct kr_request *request,
                                struct kr_answer *answer);

// The cookie that holds a session's token: over TLS one that no other site can set.
const char *kr_token_cookie(bool secure);
// Finds out who asks, on a thread with a desk: by their session, or, while nobody owns
// the house, whoever sits at its own machine. False: they may not; answered.
KR_CHECK bool kr_dispatch_enter(struct kr_request *request, struct kr_answer *answer);

// Runs the handler of the route; afterwards the request is answered, or `later` is set.
void kr_dispatch_handle(struct kr_request *request, struct kr_answer *answer);

// Runs one of the two first steps of a route that takes its body in pieces.
// False: it went wrong, or needs no more; answered.
KR_CHECK bool kr_dispatch_begin(struct kr_request *request, struct kr_answer *answer);
KR_CHECK bool kr_dispatch_take(struct kr_request *request, struct kr_str piece,
                               struct kr_answer *answer);

// Puts on what every answer wears (2).
void kr_dispatch_dress(const struct kr_request *request, struct kr_answer *answer);
