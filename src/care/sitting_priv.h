// SPDX-License-Identifier: AGPL-3.0-or-later
// sitting_priv.h: what sitting.c, sitting_pool.c and sitting_say.c share.
#pragma once
#include "care/sitting.h"
#include "care/starter.h"

struct kr_candidate { // something that could be laid before somebody
    const char *thing, *medium;
    struct kr_item *item;
    const struct kr_era_card *card;
    const char *film;       // its id, or NULL
    const char *film_title; // where it is a film
    const struct kr_starter_theme *theme;
    const char *const *persons;
    size_t person_count;
    const char *place;
    int64_t from, to; // days; from > to where nobody knows
    bool lit, same_thing;
    double score;
};
struct kr_pool {
    struct kr_candidate *at;
    size_t n, room;
    const struct kr_candidate *after; // whose thread is followed, or NULL
};

// A number that seed, step and text draw: the dice of a sitting.
uint64_t kr_lot(uint64_t seed, int64_t step, const char *text);

// Everything worth looking at for this question: not yet asked whether it may be shown.
KR_CHECK bool kr_pool_fill(struct kr_store *store, struct kr_arena *mem, const struct kr_era *era,
                           const struct kr_sitting_ask *ask, struct kr_pool *pool,
                           struct kr_err *err);
// The candidate of that name, added where it was not there; NULL where there is no such thing.
KR_CHECK bool kr_pool_one(struct kr_store *store, struct kr_arena *mem, const struct kr_era *era,
                          struct kr_pool *pool, const char *thing, struct kr_candidate **out,
                          struct kr_err *err);
bool kr_shares_person(const struct kr_candidate *a, const struct kr_candidate *b);
bool kr_shares_place(const struct kr_candidate *a, const struct kr_candidate *b);
bool kr_shares_years(const struct kr_candidate *a, const struct kr_candidate *b);

// Whether the sitter may see it now (1).
KR_CHECK bool kr_candidate_may(struct kr_store *store, struct kr_arena *mem,
                               const struct kr_candidate *candidate,
                               const struct kr_sitting_ask *ask, bool *out, struct kr_err *err);
// Gives it its words (2). False in *out where not even the plainest may be said.
KR_CHECK bool kr_candidate_say(struct kr_store *store, struct kr_arena *mem,
                               const struct kr_candidate *candidate,
                               const struct kr_sitting_ask *ask, struct kr_sitting_choice *choice,
                               bool *out, struct kr_err *err);
