// SPDX-License-Identifier: AGPL-3.0-or-later
// rounds.h: a family apart: one question a week goes round between two places.
//
// A round is a subject of claims: `round` says which two places, and who is where. A
// question may be one of a round (archive/asks.h); then the next turn is the other
// place's. Promises:
//   (1) there is one question in KR_ROUND_DAYS, and no more;
//   (2) whose turn it is asks first; after another KR_ROUND_DAYS either place may, so
//       that nothing stops because one of them is busy;
//   (3) nothing counts weeks that passed, and nobody is reminded.
// Each call that says something is one transaction and the text mirror.

#pragma once
#include "base/json.h"
#include "store/asks.h"
#include "store/claims.h"

enum {
    KR_ROUND_DAYS = 7,
    KR_ROUND_PLACES = 2,
    KR_ROUND_PLACE_MOST = 120, // bytes of a place's name
    KR_ROUND_PERSONS_MOST = 40 // at one place
};

struct kr_round {
    char id[KR_UUID_TEXT];
    char claim[KR_UUID_TEXT]; // that says what holds now
    const char *who;          // who said it last
    const json_t *value;      // {"places":[{"name","persons":[ids]}, …]}, KR_ROUND_PLACES of them
};

// Begins a round, or (with the id of one, and the claim that was seen of it) says it anew.
// The value as above; KR_E_INVALID with a sentence, KR_E_CONFLICT where it has been said
// anew since, KR_E_NOT_FOUND.
KR_CHECK bool kr_round_say(struct kr_store *store, const char *id, const char *seen,
                           const json_t *value, const char *who, char out[static KR_UUID_TEXT],
                           struct kr_err *err);
// Ends it. What was asked and answered stays with its pictures.
KR_CHECK bool kr_round_end(struct kr_store *store, const char *id, const char *who,
                           struct kr_err *err);
// KR_E_NOT_FOUND. What it tells lives in the arena, as below.
KR_CHECK bool kr_round_get(struct kr_store *store, struct kr_arena *mem, const char *id,
                           struct kr_round *out, struct kr_err *err);
// Those of the home, the oldest first.
KR_CHECK bool kr_rounds_of_home(struct kr_store *store, struct kr_arena *mem, struct kr_round **out,
                                size_t *n, struct kr_err *err);

// The place of the round where this person is, or -1.
int kr_round_place_of(const struct kr_round *round, const char *person);
// Whether `place` of the round may ask at this time: KR_E_REFUSED with a sentence, (1) (2). A
// clock that was set back does not make anybody wait longer than KR_ROUND_DAYS.
KR_CHECK bool kr_round_may_ask(struct kr_store *store, const char *round, int place, int64_t now_ms,
                               struct kr_err *err);

// {"id","claim","places":[{"name","persons":[{"id","name"}]}],"turn","from","now","mine","latest"}:
// `turn` and `mine` (where `to` is) a place's number or null, `latest` the id of its last
// question that is told, or "".
KR_CHECK bool kr_round_json(struct kr_store *store, struct kr_arena *mem,
                            const struct kr_round *round, const struct kr_listener *to,
                            int64_t now_ms, json_t **out, struct kr_err *err);
