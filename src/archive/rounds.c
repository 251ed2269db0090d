// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/rounds.h"

#include "base/clock.h"
#include "store/persons.h"
#include <string.h>

#define ROUND_MS (INT64_C(86400000) * KR_ROUND_DAYS)

static bool read_name(struct kr_arena *mem, const json_t *from, json_t *out, struct kr_err *err)
{
    const char *name = kr_text_trimmed(mem, kr_json_str(from, "name", ""));
    if (!*name || strlen(name) > KR_ROUND_PLACE_MOST || strchr(name, '\n'))
        return kr_fail(err, KR_E_INVALID, "a place has a name of one line, at most %d bytes",
                       KR_ROUND_PLACE_MOST);
    kr_json_set_str(out, "name", name);
    return true;
}

static bool read_persons(struct kr_store *store, struct kr_arena *mem, const json_t *from,
                         json_t *out, struct kr_err *err)
{
    const json_t *persons = kr_json_get(from, "persons");
    json_t *kept = kr_json_new_array();
    kr_json_set_take(out, "persons", kept);
    if (json_array_size(persons) > KR_ROUND_PERSONS_MOST)
        return kr_fail(err, KR_E_INVALID, "more than %d at one place", KR_ROUND_PERSONS_MOST);
    for (size_t i = 0; i < json_array_size(persons); i++) {
        const char *id = json_string_value(json_array_get(persons, i));
        struct kr_person person;
        struct kr_uuid uuid;
        if (!id || !kr_uuid_parse(id, &uuid) || !kr_person_get(store, mem, id, &person, NULL))
            return kr_fail(err, KR_E_INVALID, "who is at a place must be a person of the archive");
        kr_json_append_take(kept, json_string(person.id));
    }
    return true;
}

static bool read_round(struct kr_store *store, struct kr_arena *mem, const json_t *from,
                       json_t *out, struct kr_err *err)
{
    const json_t *places = kr_json_get(from, "places");
    json_t *kept = kr_json_new_array();
    kr_json_set_take(out, "places", kept);
    if (json_array_size(places) != KR_ROUND_PLACES)
        return kr_fail(err, KR_E_INVALID, "a round is between two places");
    for (size_t i = 0; i < KR_ROUND_PLACES; i++) {
        json_t *place = kr_json_new_object();
        kr_json_append_take(kept, place);
        if (!read_name(mem, json_array_get(places, i), place, err) ||
            !read_persons(store, mem, json_array_get(places, i), place, err))
            return false;
    }
    return true;
}

static bool say(struct kr_store *store, const char *id, struct kr_claim *claim, struct kr_err *err)
{
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    kr_format(claim->subject, sizeof claim->subject, "%.36s", id);
    return kr_tx_begin(store->db, &tx, err) && kr_claim_add(store, claim, err) &&
           kr_tx_commit(&tx, err) && kr_claims_mirror(store, err);
}

bool kr_round_say(struct kr_store *store, const char *id, const char *seen, const json_t *value,
                  const char *who, char out[static KR_UUID_TEXT], struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_json_drop) json_t *kept = kr_json_new_object();
    struct kr_claim claim = {
        .predicate = "round", .value = kept, .who = who, .certain = 1, .retracts = ""};
    struct kr_round round;
    char fresh[KR_UUID_TEXT];
    if (!read_round(store, mem, value, kept, err))
        return kr_within(err, "a round");
    if (*id && !kr_round_get(store, mem, id, &round, err))
        return false;
    if (*id && strcmp(round.claim, seen) != 0)
        return kr_fail(err, KR_E_CONFLICT, "the round has been said anew since");
    kr_uuid_new_text(fresh);
    if (!say(store, *id ? round.id : fresh, &claim, err))
        return kr_within(err, "a round");
    kr_format(out, KR_UUID_TEXT, "%.36s", claim.subject);
    return true;
}

// The last word of the home about a round that stands; false: there is none.
static bool last_word(const struct kr_store *store, const struct kr_claim_list *claims,
                      struct kr_round *out)
{
    const struct kr_claim *last = NULL;
    for (size_t i = 0; i < claims->n; i++)
        if (!claims->retracted[i] && strcmp(claims->at[i].predicate, "round") == 0 &&
            strcmp(claims->at[i].home, store->home) == 0)
            last = &claims->at[i];
    if (!last)
        return false;
    *out = (struct kr_round){.who = last->who, .value = last->value};
    kr_format(out->id, sizeof out->id, "%.36s", last->subject);
    kr_format(out->claim, sizeof out->claim, "%.36s", last->id);
    return true;
}

bool kr_round_get(struct kr_store *store, struct kr_arena *mem, const char *id,
                  struct kr_round *out, struct kr_err *err)
{
    struct kr_claim_list claims;
    struct kr_uuid uuid;
    if (!kr_uuid_parse(id, &uuid))
        return kr_fail(err, KR_E_NOT_FOUND, "no such round");
    return kr_claims_of(store, mem, id, &claims, err) &&
           (last_word(store, &claims, out) || kr_fail(err, KR_E_NOT_FOUND, "no such round"));
}

static bool retract(struct kr_store *store, const struct kr_round *round, const char *who,
                    struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *nothing = json_null();
    struct kr_claim claim = {.predicate = "retract",
                             .value = nothing,
                             .who = who,
                             .certain = 1,
                             .retracts = round->claim};
    return say(store, round->id, &claim, err);
}

// Every word about it is taken back, so that none of the earlier ones holds again.
bool kr_round_end(struct kr_store *store, const char *id, const char *who, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_round round;
    if (!kr_round_get(store, mem, id, &round, err))
        return false;
    do {
        if (!retract(store, &round, who, err))
            return kr_within(err, "end a round");
    } while (kr_round_get(store, mem, id, &round, NULL));
    return true;
}

struct found {
    struct kr_store *store;
    struct kr_arena *mem;
    struct kr_buf list; // struct kr_round
};

static void free_found(struct found *found)
{
    kr_buf_finish(&found->list);
}

static bool see_round(void *context, const struct kr_claim *claim, struct kr_err *err)
{
    struct found *found = context;
    struct kr_claim_list claims;
    struct kr_round round;
    if (!kr_claims_of(found->store, found->mem, claim->subject, &claims, err))
        return false;
    if (last_word(found->store, &claims, &round))
        kr_buf_add(&found->list, &round, sizeof round);
    return true;
}

bool kr_rounds_of_home(struct kr_store *store, struct kr_arena *mem, struct kr_round **out,
                       size_t *n, struct kr_err *err)
{
    KR_AUTO(free_found) struct found found = {.store = store, .mem = mem};
    if (!kr_claims_each(store, "round", see_round, &found, err))
        return false;
    *n = found.list.n / sizeof **out;
    *out = kr_arena_array(mem, struct kr_round, *n + 1);
    if (*n)
        memcpy(*out, found.list.at, found.list.n);
    return true;
}

struct turn {
    int place;       // whose it is, or -1: whoever likes
    int64_t from_ms; // from when they may ask; 0: from the beginning
    bool now;        // that time has come
};

// `last`: the latest question of the round that is told, or NULL. (1) (2)
static struct turn turn_after(const struct kr_ask *last, int64_t now_ms)
{
    if (!last)
        return (struct turn){.place = -1, .now = true};
    int64_t from = last->at_ms + ROUND_MS;
    int place = 1 - (int)kr_json_int(last->value, "place", 0);
    if (now_ms >= from + ROUND_MS || now_ms < last->at_ms)
        return (struct turn){.place = -1, .from_ms = from, .now = true};
    return (struct turn){.place = place, .from_ms = from, .now = now_ms >= from};
}

static const json_t *place_at(const struct kr_round *round, size_t i)
{
    return json_array_get(kr_json_get(round->value, "places"), i);
}

int kr_round_place_of(const struct kr_round *round, const char *person)
{
    for (int i = 0; *person && i < KR_ROUND_PLACES; i++) {
        const json_t *persons = kr_json_get(place_at(round, (size_t)i), "persons");
        for (size_t k = 0; k < json_array_size(persons); k++)
            if (strcmp(json_string_value(json_array_get(persons, k)), person) == 0)
                return i;
    }
    return -1;
}

// The latest question of the round that is told, or NULL.
static bool latest_of(struct kr_store *store, struct kr_arena *mem, const char *round,
                      const struct kr_listener *to, const struct kr_ask **out, struct kr_err *err)
{
    struct kr_ask *asks;
    size_t n;
    if (!kr_asks_of_round(store, mem, round, to, &asks, &n, err))
        return false;
    *out = n ? &asks[0] : NULL;
    return true;
}

bool kr_round_may_ask(struct kr_store *store, const char *id, int place, int64_t now_ms,
                      struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    const struct kr_listener nobody = {"", ""};
    const struct kr_ask *last;
    struct kr_round round;
    if (place < 0 || place >= KR_ROUND_PLACES)
        return kr_fail(err, KR_E_INVALID, "'place' must be 0 or 1");
    if (!kr_round_get(store, mem, id, &round, err) ||
        !latest_of(store, mem, round.id, &nobody, &last, err))
        return false;
    struct turn turn = turn_after(last, now_ms);
    if (!turn.now)
        return kr_fail(err, KR_E_REFUSED, "this week's question has been asked");
    return turn.place < 0 || turn.place == place ||
           kr_fail(err, KR_E_REFUSED, "it is the other place's turn");
}

static json_t *new_place(struct kr_store *store, struct kr_arena *mem, const json_t *place)
{
    json_t *out = kr_json_new_object(), *list = kr_json_new_array();
    const json_t *persons = kr_json_get(place, "persons");
    kr_json_set_str(out, "name", kr_json_str(place, "name", ""));
    kr_json_set_take(out, "persons", list);
    for (size_t i = 0; i < json_array_size(persons); i++) {
        struct kr_person person;
        if (!kr_person_get(store, mem, json_string_value(json_array_get(persons, i)), &person,
                           NULL))
            continue; // gone since
        json_t *one = kr_json_new_object();
        kr_json_set_str(one, "id", person.id);
        kr_json_set_str(one, "name", person.shown);
        kr_json_append_take(list, one);
    }
    return out;
}

static void set_place(json_t *out, const char *name, int place)
{
    kr_json_set_take(out, name, place < 0 ? json_null() : json_integer(place));
}

bool kr_round_json(struct kr_store *store, struct kr_arena *mem, const struct kr_round *round,
                   const struct kr_listener *to, int64_t now_ms, json_t **out, struct kr_err *err)
{
    const struct kr_ask *last;
    char from[KR_TIME_TEXT] = "";
    if (!latest_of(store, mem, round->id, to, &last, err))
        return false;
    struct turn turn = turn_after(last, now_ms);
    if (turn.from_ms)
        kr_time_text(turn.from_ms, from);
    json_t *row = kr_json_new_object(), *places = kr_json_new_array();
    kr_json_set_str(row, "id", round->id);
    kr_json_set_str(row, "claim", round->claim);
    kr_json_set_take(row, "places", places);
    for (size_t i = 0; i < KR_ROUND_PLACES; i++)
        kr_json_append_take(places, new_place(store, mem, place_at(round, i)));
    set_place(row, "turn", turn.place);
    kr_json_set_str(row, "from", from);
    kr_json_set_bool(row, "now", turn.now);
    set_place(row, "mine", kr_round_place_of(round, to->person));
    kr_json_set_str(row, "latest", last ? last->id : "");
    *out = row;
    return true;
}
