// SPDX-License-Identifier: AGPL-3.0-or-later
// beside.h: the little that is said over plain http beside TLS.
//
// A phone that does not trust the house yet must be able to ask how, and a guest
// who has only a card must be able to leave an answer. Everything else is asked
// over TLS: whoever listens in the house's network hears nothing of the family, and
// no session of the family ever begins or is taken here
// (docs/decisions/0013-a-door-without-a-lock.md).

#pragma once
#include "web/house.h"
#include "web/http.h"

// For a request whose route is found. True: it may go on. False: it was sent over to TLS (a
// page) or refused (anything else); answered.
KR_CHECK bool kr_beside_admit(const struct kr_house *house, struct kr_request *request,
                              struct kr_answer *answer);
// The highest role that may be had there.
bool kr_beside_may(enum kr_role role);
