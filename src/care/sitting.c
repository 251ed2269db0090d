// SPDX-License-Identifier: AGPL-3.0-or-later
#include "care/sitting_priv.h"

#include <string.h>

// What a place among the three is for.
enum role {
    ROLE_LIT,
    ROLE_PERSON,
    ROLE_THING,
    ROLE_PLACE,
    ROLE_YEARS,
    ROLE_KIND,
    ROLE_OWN,    // the family's own
    ROLE_COMMON, // of the years around, or to be heard or watched
    ROLE_WORDS,  // a theme: there is always something to say
    ROLE_ANY
};
static const char *const whys[] = {"again", "person", "thing", "place", "years",
                                   "kind",  "else",   "else",  "else",  "else"};

static bool is_own(const struct kr_candidate *one)
{
    return one->item || one->film;
}

static bool is_of_kind(const struct kr_candidate *a, const struct kr_candidate *b)
{
    if (a->card || b->card)
        return a->card && b->card && strcmp(a->card->kind, b->card->kind) == 0;
    return strcmp(a->medium, b->medium) == 0;
}

static bool fits(const struct kr_candidate *one, enum role role, const struct kr_candidate *after)
{
    switch (role) {
    case ROLE_LIT:
        return one->lit;
    case ROLE_PERSON:
        return after && kr_shares_person(one, after);
    case ROLE_THING:
        return one->same_thing;
    case ROLE_PLACE:
        return after && kr_shares_place(one, after);
    case ROLE_YEARS:
        return after && kr_shares_years(one, after);
    case ROLE_KIND:
        return after && is_of_kind(one, after);
    case ROLE_OWN:
        return is_own(one);
    case ROLE_COMMON:
        return one->card || (is_own(one) && strcmp(one->medium, "photo") != 0);
    case ROLE_WORDS:
        return one->theme != NULL;
    default:
        return !one->theme;
    }
}

// (4): whatever has something in common with what lit them up, and what the family likes itself.
static double lean_of(const struct kr_pool *pool, const struct kr_candidate *one)
{
    double most = one->item && one->item->favourite ? 0.3 : 0;
    for (size_t i = 0; i < pool->n; i++) {
        const struct kr_candidate *lit = &pool->at[i];
        if (!lit->lit || lit == one)
            continue;
        double lean = kr_shares_person(one, lit)  ? 0.6
                      : kr_shares_place(one, lit) ? 0.4
                      : kr_shares_years(one, lit) ? 0.3
                                                  : 0;
        most = lean > most ? lean : most;
    }
    return most;
}

static void score(struct kr_pool *pool, const struct kr_sitting_ask *ask)
{
    for (size_t i = 0; i < pool->n; i++) {
        uint64_t lot = kr_lot(ask->seed, ask->step, pool->at[i].thing);
        double own = pool->after && is_own(&pool->at[i]) ? 0.4 : 0; // the thread stays at home
        const struct kr_era_card *card = pool->at[i].card;
        double bare = card && !*card->media ? 2.1 : 0; // what one can look at comes first, always
        pool->at[i].score =
            (double)(lot >> 11) / 9007199254740992.0 + lean_of(pool, &pool->at[i]) + own - bare;
    }
}

static bool is_among(const char *const *things, size_t n, const char *thing)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(things[i], thing) == 0)
            return true;
    return false;
}

// What is not offered: in the first round neither what was seen.
static void spend(const struct kr_pool *pool, const struct kr_sitting_ask *ask, bool seen,
                  const struct kr_sitting_choice *chosen, size_t n, bool *spent)
{
    for (size_t i = 0; i < pool->n; i++) {
        const char *thing = pool->at[i].thing;
        spent[i] = strcmp(ask->after, thing) == 0 || is_among(ask->away, ask->away_count, thing) ||
                   (seen && is_among(ask->seen, ask->seen_count, thing));
        for (size_t k = 0; k < n; k++)
            spent[i] = spent[i] || strcmp(chosen[k].thing, thing) == 0;
    }
}

static bool fill_in(struct kr_store *store, struct kr_arena *mem,
                    const struct kr_candidate *candidate, const struct kr_sitting_ask *ask,
                    struct kr_sitting_choice *out, bool *may, struct kr_err *err)
{
    *out = (struct kr_sitting_choice){.thing = candidate->thing,
                                      .medium = candidate->medium,
                                      .lit = candidate->lit,
                                      .item = candidate->item,
                                      .card = candidate->card};
    return kr_candidate_may(store, mem, candidate, ask, may, err) &&
           (!*may || kr_candidate_say(store, mem, candidate, ask, out, may, err));
}

static struct kr_candidate *best(struct kr_pool *pool, enum role role, const bool *spent)
{
    struct kr_candidate *found = NULL;
    for (size_t i = 0; i < pool->n; i++)
        if (!spent[i] && fits(&pool->at[i], role, pool->after) &&
            (!found || pool->at[i].score > found->score))
            found = &pool->at[i];
    return found;
}

// The best that fits the role and may be shown; *done tells whether there was one.
static bool choose(struct kr_store *store, struct kr_arena *mem, struct kr_pool *pool,
                   const struct kr_sitting_ask *ask, enum role role, bool *spent,
                   struct kr_sitting_choice *out, bool *done, struct kr_err *err)
{
    struct kr_candidate *one;
    *done = false;
    while (!*done && (one = best(pool, role, spent))) {
        spent[one - pool->at] = true;
        if (!fill_in(store, mem, one, ask, out, done, err))
            return false;
    }
    out->why = whys[role];
    return true;
}

// Each place asks in turn until something fits. Along a thread the road changes with the step.
enum { ROADS = 6 };
static const enum role beginning[KR_SITTING_CHOICES][ROADS] = {
    {ROLE_LIT, ROLE_OWN, ROLE_COMMON, ROLE_ANY, ROLE_WORDS, ROLE_WORDS},
    {ROLE_OWN, ROLE_COMMON, ROLE_ANY, ROLE_WORDS, ROLE_WORDS, ROLE_WORDS},
    {ROLE_COMMON, ROLE_ANY, ROLE_WORDS, ROLE_WORDS, ROLE_WORDS, ROLE_WORDS},
};
static const enum role following[KR_SITTING_CHOICES][ROADS] = {
    {ROLE_PERSON, ROLE_THING, ROLE_PLACE, ROLE_YEARS, ROLE_ANY, ROLE_WORDS},
    {ROLE_PLACE, ROLE_YEARS, ROLE_KIND, ROLE_ANY, ROLE_WORDS, ROLE_WORDS},
    {ROLE_OWN, ROLE_COMMON, ROLE_ANY, ROLE_WORDS, ROLE_WORDS, ROLE_WORDS},
};
static const enum role family[ROADS] = {ROLE_LIT, ROLE_OWN,   ROLE_ANY,
                                        ROLE_ANY, ROLE_WORDS, ROLE_WORDS};

static enum role role_at(const struct kr_sitting_ask *ask, size_t place, size_t road)
{
    if (ask->pictures)
        return family[road + (ask->step % 3 != 0 && road == 0)]; // what they like, now and then
    if (!*ask->after)
        return beginning[place][road];
    if (place == 2 && ask->step % 2 && road < 2) // something else: own and common take turns
        return following[place][1 - road];
    return following[place][road];
}

// Fills what places are left.
static bool fill_places(struct kr_store *store, struct kr_arena *mem, struct kr_pool *pool,
                        const struct kr_sitting_ask *ask, bool *spent,
                        struct kr_sitting_choice *out, size_t *n, struct kr_err *err)
{
    for (size_t place = *n; place < KR_SITTING_CHOICES; place++) {
        bool done = false;
        for (size_t road = 0; road < ROADS && !done; road++)
            if (!choose(store, mem, pool, ask, role_at(ask, place, road), spent, &out[*n], &done,
                        err))
                return false;
        *n += done;
    }
    return true;
}

bool kr_sitting_offer(struct kr_store *store, struct kr_arena *mem, const struct kr_era *era,
                      const struct kr_sitting_ask *ask,
                      struct kr_sitting_choice out[static KR_SITTING_CHOICES], size_t *n,
                      struct kr_err *err)
{
    struct kr_pool pool = {0};
    size_t found = 0;
    if (!kr_pool_fill(store, mem, era, ask, &pool, err))
        return false;
    score(&pool, ask);
    bool *spent = kr_arena_array(mem, bool, pool.n + 1);
    spend(&pool, ask, true, out, 0, spent);
    if (!fill_places(store, mem, &pool, ask, spent, out, &found, err))
        return false;
    if (found < KR_SITTING_CHOICES) { // all was seen: what was good may be good again
        spend(&pool, ask, false, out, found, spent);
        if (!fill_places(store, mem, &pool, ask, spent, out, &found, err))
            return false;
    }
    *n = found;
    return true;
}

bool kr_sitting_one(struct kr_store *store, struct kr_arena *mem, const struct kr_era *era,
                    const struct kr_sitting_ask *ask, const char *thing,
                    struct kr_sitting_choice *out, struct kr_err *err)
{
    struct kr_pool pool = {0};
    struct kr_candidate *one = NULL;
    bool may = false;
    if (!kr_pool_one(store, mem, era, &pool, thing, &one, err) ||
        (one && !fill_in(store, mem, one, ask, out, &may, err)))
        return false;
    out->why = "else";
    return may || kr_fail(err, KR_E_NOT_FOUND, "no such thing for this sitting");
}

static void set_media(json_t *out, const char *image, const char *play)
{
    kr_json_set_str(out, "image", image);
    kr_json_set_str(out, "play", play);
}

json_t *kr_sitting_choice_new_json(const struct kr_sitting_choice *choice)
{
    json_t *out = kr_json_new_object();
    char image[256] = "", play[256] = "";
    const struct kr_item *item = choice->item;
    kr_json_set_str(out, "thing", choice->thing);
    kr_json_set_str(out, "medium", choice->medium);
    kr_json_set_str(out, "why", choice->why);
    kr_json_set_str(out, "title", choice->title);
    kr_json_set_str(out, "say", choice->say);
    kr_json_set_str(out, "feel", choice->feel);
    kr_json_set_bool(out, "lit", choice->lit);
    kr_json_set_int(out, "width", item ? item->width : 0);
    kr_json_set_int(out, "height", item ? item->height : 0);
    if (item && strcmp(choice->medium, "audio") != 0)
        kr_format(image, sizeof image, "/api/v1/items/%s/thumb/1024", item->id);
    if (item && strcmp(choice->medium, "photo") != 0)
        kr_format(play, sizeof play, "/api/v1/items/%s/play", item->id);
    if (strcmp(choice->medium, "film") == 0) {
        kr_format(image, sizeof image, "/api/v1/films/%s/poster", choice->thing + 5);
        kr_format(play, sizeof play, "/api/v1/films/%s/file", choice->thing + 5);
    }
    if (choice->card && *choice->card->media)
        kr_format(image, sizeof image, "/api/v1/era/%s/media", choice->card->id);
    set_media(out, image, play);
    return out;
}
