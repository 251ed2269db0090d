// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/consent.h"

#include "archive/edtf.h"
#include "archive/persons.h"
#include "archive/shown.h"
#include "base/clock.h"
#include "base/uuid.h"
#include <string.h>

enum { DELAY_MOST = 36500, TEXT_MOST = 400 };
#define DAY_MS (INT64_C(86400) * 1000)

// From the nearest to the farthest; names in a list are its numbers.
static const char *const audiences[] = {"home", "kin", "public"};
static const char *const purposes[] = {"picture", "voice", "story"};
static const char *const givers[] = {"proxy", "guardian", "self"};
static const char *const avoided[] = {"date", "item", "person", "place", "song", "theme"};
static const char *const predicates[] = {"ask_first", "avoid", "consent", "delay", "rest"};
enum { HOME, KIN, PUBLIC, AUDIENCES };

static int number_of(const char *text, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(text, names[i]) == 0)
            return (int)i;
    return -1;
}
#define NUMBER_OF(text, names) number_of((text), (names), KR_COUNT(names))

bool kr_consent_is_predicate(const char *predicate)
{
    return NUMBER_OF(predicate, predicates) >= 0;
}

static bool read_until(const json_t *value, json_t *out, struct kr_err *err)
{
    const char *until = kr_json_str(value, "until", "");
    struct kr_edtf date;
    if (!*until)
        return true;
    if (!kr_edtf_parse(until, &date, err))
        return false;
    kr_json_set_str(out, "until", date.text);
    return true;
}

static bool read_consent(struct kr_arena *mem, const json_t *value, json_t *out, struct kr_err *err)
{
    const char *purpose = kr_json_str(value, "purpose", "all");
    const char *audience = kr_json_str(value, "audience", "");
    const char *given = kr_json_str(value, "given", "self");
    const char *how = kr_text_in(mem, kr_str_of(kr_json_str(value, "how", "")));
    const json_t *allow = kr_json_get(value, "allow");
    if (strcmp(purpose, "all") != 0 && NUMBER_OF(purpose, purposes) < 0)
        return kr_fail(err, KR_E_INVALID, "a purpose is all, picture, voice or story");
    if (NUMBER_OF(audience, audiences) < 0)
        return kr_fail(err, KR_E_INVALID, "an audience is home, kin or public");
    if (NUMBER_OF(given, givers) < 0)
        return kr_fail(err, KR_E_INVALID, "a consent is given by self, guardian or proxy");
    if (!json_is_boolean(allow))
        return kr_fail(err, KR_E_INVALID, "a consent says allow true or false");
    if (strlen(how) > TEXT_MOST)
        return kr_fail(err, KR_E_INVALID, "how it was given, in %d bytes", TEXT_MOST);
    kr_json_set_str(out, "purpose", purpose);
    kr_json_set_str(out, "audience", audience);
    kr_json_set_str(out, "given", given);
    kr_json_set_take(out, "allow", json_boolean(json_is_true(allow)));
    if (*how)
        kr_json_set_str(out, "how", how);
    return read_until(value, out, err);
}

static bool read_avoid(struct kr_arena *mem, const json_t *value, json_t *out, struct kr_err *err)
{
    const char *kind = kr_json_str(value, "kind", "");
    const char *text = kr_text_in(mem, kr_str_of(kr_json_str(value, "value", "")));
    struct kr_uuid id;
    struct kr_edtf date;
    if (NUMBER_OF(kind, avoided) < 0)
        return kr_fail(err, KR_E_INVALID,
                       "what is avoided is a person, place, date, item, song or theme");
    if (!*text || strlen(text) > TEXT_MOST)
        return kr_fail(err, KR_E_INVALID, "what is avoided, in at most %d bytes", TEXT_MOST);
    if ((strcmp(kind, "person") == 0 || strcmp(kind, "item") == 0) && !kr_uuid_parse(text, &id))
        return kr_fail(err, KR_E_INVALID, "an id is wanted");
    if (strcmp(kind, "date") == 0) {
        if (!kr_edtf_parse(text, &date, NULL) && !kr_edtf_from_phrase(text, &date, err))
            return false;
        text = kr_arena_strdup(mem, date.text);
    }
    kr_json_set_str(out, "kind", kind);
    kr_json_set_str(out, "value", text);
    return true;
}

static json_t *new_hand(const char *predicate, const json_t *value)
{
    struct kr_uuid id;
    if (strcmp(predicate, "rest") == 0)
        return json_is_true(value) ? json_true() : NULL;
    if (strcmp(predicate, "delay") == 0) {
        int64_t days = json_is_integer(value) ? json_integer_value(value) : -1;
        return days >= 0 && days <= DELAY_MOST ? json_integer(days) : NULL;
    }
    const char *person = json_string_value(value);
    return person && kr_uuid_parse(person, &id) ? json_string(person) : NULL;
}

bool kr_consent_read(struct kr_arena *mem, const char *predicate, const json_t *value, json_t **out,
                     struct kr_err *err)
{
    bool consent = strcmp(predicate, "consent") == 0;
    if (!consent && strcmp(predicate, "avoid") != 0) {
        *out = new_hand(predicate, value);
        return *out || kr_fail(err, KR_E_INVALID,
                               "rest is true, delay a number of days, ask_first a person's id");
    }
    *out = kr_json_new_object();
    return consent ? read_consent(mem, value, *out, err) : read_avoid(mem, value, *out, err);
}

static const struct kr_claim *standing(const struct kr_claim_list *claims, const char *id)
{
    for (size_t i = 0; i < claims->n; i++)
        if (!claims->retracted[i] && strcmp(claims->at[i].id, id) == 0)
            return &claims->at[i];
    return NULL;
}

bool kr_consent_may_say(struct kr_store *store, struct kr_arena *mem, const char *person,
                        const char *predicate, const char *claim_taken_back, const char *who,
                        struct kr_err *err)
{
    struct kr_claim_list claims;
    bool own = strcmp(who, person) == 0;
    if (!*claim_taken_back)
        return own || (strcmp(predicate, "delay") != 0 && strcmp(predicate, "ask_first") != 0) ||
               kr_fail(err, KR_E_REFUSED, "this only they themselves can say");
    if (!kr_claims_of(store, mem, person, &claims, err))
        return false;
    const struct kr_claim *claim = standing(&claims, claim_taken_back);
    if (!claim || !kr_consent_is_predicate(claim->predicate) || own ||
        strcmp(claim->predicate, "avoid") == 0)
        return true;
    return strcmp(claim->who, who) == 0 ||
           kr_fail(err, KR_E_REFUSED, "only who said it can take it back");
}

// Higher ranks come first; of one rank the last word. (1)
static int rank_of(const struct kr_claim *claim, const char *person)
{
    if (strcmp(claim->who, person) == 0)
        return 3;
    return strcmp(kr_json_str(claim->value, "given", ""), "self") == 0 ? 2 : 1;
}

static bool speaks_of(const json_t *value, int audience, int purpose)
{
    const char *said = kr_json_str(value, "purpose", "all");
    int to = NUMBER_OF(kr_json_str(value, "audience", ""), audiences);
    if (to < 0 || (strcmp(said, "all") != 0 && strcmp(said, purposes[purpose]) != 0))
        return false;
    return kr_json_bool(value, "allow", false) ? to >= audience : to <= audience; // (2)
}

static const struct kr_claim *word_on(const struct kr_claim_list *claims, const char *person,
                                      int audience, int purpose)
{
    const struct kr_claim *found = NULL;
    for (size_t i = 0; i < claims->n; i++) {
        const struct kr_claim *claim = &claims->at[i];
        if (claims->retracted[i] || strcmp(claim->predicate, "consent") != 0 ||
            !speaks_of(claim->value, audience, purpose))
            continue;
        if (!found || rank_of(claim, person) >= rank_of(found, person))
            found = claim;
    }
    return found;
}

// The first moment after the day, as early as it may have been.
static int64_t end_of(const struct kr_claim *claim, int64_t own_say_ms)
{
    const char *until = kr_json_str(claim->value, "until", "");
    bool guardian = strcmp(kr_json_str(claim->value, "given", ""), "guardian") == 0;
    int64_t end = INT64_MAX;
    struct kr_edtf date;
    if (*until && kr_edtf_parse(until, &date, NULL))
        end = (date.from + 1) * DAY_MS;
    return guardian && own_say_ms < end ? own_say_ms : end; // (3)
}

static int64_t own_say_ms(struct kr_store *store, const struct kr_life_day *born)
{
    int64_t years = 14;
    int year, month, day;
    if (!*born->edtf)
        return INT64_MAX;
    if (!kr_store_number(store, "consent.own_say_age", &years, NULL))
        years = 0;
    kr_day_of(born->from, &year, &month, &day);
    return kr_days_of(year + (int)years, month, day) * DAY_MS;
}

static const struct kr_claim *last_of(const struct kr_claim_list *claims, const char *predicate)
{
    const struct kr_claim *found = NULL;
    for (size_t i = 0; i < claims->n; i++)
        if (!claims->retracted[i] && strcmp(claims->at[i].predicate, predicate) == 0)
            found = &claims->at[i];
    return found;
}

static struct kr_hand_row hand_of(const struct kr_claim_list *claims)
{
    const struct kr_claim *delay = last_of(claims, "delay"), *ask = last_of(claims, "ask_first");
    return (struct kr_hand_row){
        .rest = last_of(claims, "rest") != NULL,
        .delay_days = delay ? (int)json_integer_value(delay->value) : 0,
        .ask_first = ask && json_is_string(ask->value) ? json_string_value(ask->value) : ""};
}

static bool put_avoids(struct kr_store *store, struct kr_arena *mem, const char *person,
                       const struct kr_claim_list *claims, struct kr_err *err)
{
    struct kr_avoid_row *rows = kr_arena_array(mem, struct kr_avoid_row, claims->n + 1);
    size_t n = 0;
    for (size_t i = 0; i < claims->n; i++) {
        struct kr_edtf date;
        if (claims->retracted[i] || strcmp(claims->at[i].predicate, "avoid") != 0)
            continue;
        rows[n] = (struct kr_avoid_row){.claim = claims->at[i].id,
                                        .kind = kr_json_str(claims->at[i].value, "kind", ""),
                                        .value = kr_json_str(claims->at[i].value, "value", "")};
        if (strcmp(rows[n].kind, "date") == 0 && kr_edtf_parse(rows[n].value, &date, NULL)) {
            rows[n].from_day = date.from;
            rows[n].to_day = date.to;
        }
        n++;
    }
    return kr_avoids_put(store, person, rows, n, err);
}

// Where their words began to rest, or came back, the pictures they spoke of are found anew: noted
// here, done once this is said (kr_persons_catch_up).
static bool put_shut(struct kr_store *store, const char *person, const struct kr_consent_row *rows,
                     size_t n, const struct kr_hand_row *hand, const struct kr_shut_row *shut,
                     struct kr_err *err)
{
    struct kr_shut_row before;
    return kr_shut_of(store, person, &before, err) &&
           kr_consents_put(store, person, rows, n, hand, shut, err) &&
           (before.voice == shut->voice || kr_persons_note(store, person, err));
}

bool kr_consent_refresh(struct kr_store *store, struct kr_arena *mem, const char *person,
                        const struct kr_claim_list *claims, const struct kr_life_day *born,
                        struct kr_err *err)
{
    struct kr_consent_row rows[AUDIENCES * KR_COUNT(purposes)];
    struct kr_hand_row hand = hand_of(claims);
    bool shut[KR_COUNT(purposes)] = {hand.rest, hand.rest, hand.rest};
    int64_t own_say = own_say_ms(store, born);
    size_t n = 0;
    for (int audience = HOME; audience < AUDIENCES; audience++)
        for (size_t purpose = 0; purpose < KR_COUNT(purposes); purpose++) {
            const struct kr_claim *word = word_on(claims, person, audience, (int)purpose);
            if (!word)
                continue;
            bool allow = kr_json_bool(word->value, "allow", false);
            rows[n++] =
                (struct kr_consent_row){audiences[audience], purposes[purpose], allow,
                                        allow ? end_of(word, own_say) : INT64_MAX, word->id};
            shut[purpose] = shut[purpose] || (audience == HOME && !allow);
        }
    const struct kr_shut_row all = {shut[0], shut[1], shut[2]};
    return put_shut(store, person, rows, n, &hand, &all, err) &&
           put_avoids(store, mem, person, claims, err);
}

// Who said a claim and when: their id or source, and a person's name.
static void set_sayer(struct kr_store *store, struct kr_arena *mem, json_t *out,
                      const struct kr_claim *claim)
{
    char at[KR_TIME_TEXT];
    struct kr_person person;
    struct kr_uuid id;
    bool known =
        kr_uuid_parse(claim->who, &id) && kr_person_get(store, mem, claim->who, &person, NULL);
    kr_time_text(claim->at_ms, at);
    kr_json_set_str(out, "claim", claim->id);
    kr_json_set_str(out, "who", claim->who);
    kr_json_set_str(out, "who_name", known ? person.shown : "");
    kr_json_set_str(out, "at", at);
}

static json_t *new_row(struct kr_store *store, struct kr_arena *mem,
                       const struct kr_claim_list *claims, const struct kr_consent_row *row)
{
    const struct kr_claim *claim = standing(claims, row->claim);
    json_t *out = kr_json_new_object();
    char until[KR_TIME_TEXT] = "";
    if (row->until_ms != INT64_MAX)
        kr_time_text(row->until_ms, until);
    kr_json_set_str(out, "audience", row->audience);
    kr_json_set_str(out, "purpose", row->purpose);
    kr_json_set_take(out, "allow", json_boolean(row->allow));
    kr_json_set_str(out, "until", until);
    kr_json_set_str(out, "claim", row->claim);
    kr_json_set_str(out, "given", claim ? kr_json_str(claim->value, "given", "") : "");
    kr_json_set_str(out, "how", claim ? kr_json_str(claim->value, "how", "") : "");
    if (claim)
        set_sayer(store, mem, out, claim);
    return out;
}

static json_t *new_avoids(const struct kr_avoid_row *avoids, size_t n)
{
    json_t *list = kr_json_new_array();
    for (size_t i = 0; i < n; i++) {
        json_t *one = kr_json_new_object();
        kr_json_set_str(one, "kind", avoids[i].kind);
        kr_json_set_str(one, "value", avoids[i].value);
        kr_json_set_str(one, "claim", avoids[i].claim);
        kr_json_append_take(list, one);
    }
    return list;
}

// What stands of the three of one's own hand, each as it was said.
static json_t *new_hands(struct kr_store *store, struct kr_arena *mem,
                         const struct kr_claim_list *claims)
{
    static const char *const hands[] = {"ask_first", "delay", "rest"};
    json_t *list = kr_json_new_array();
    for (size_t i = 0; i < claims->n; i++) {
        const struct kr_claim *claim = &claims->at[i];
        if (claims->retracted[i] || NUMBER_OF(claim->predicate, hands) < 0)
            continue;
        json_t *one = kr_json_new_object();
        kr_json_set_str(one, "predicate", claim->predicate);
        set_sayer(store, mem, one, claim);
        kr_json_append_take(list, one);
    }
    return list;
}

bool kr_consent_json(struct kr_store *store, struct kr_arena *mem, const char *person, json_t **out,
                     struct kr_err *err)
{
    struct kr_consent_row *rows;
    struct kr_avoid_row *avoids;
    struct kr_claim_list claims;
    struct kr_hand_row hand;
    struct kr_person whole;
    char day[KR_TIME_TEXT] = "";
    size_t n, avoid_count;
    if (!kr_person_get(store, mem, person, &whole, err) ||
        !kr_consents_of(store, mem, person, &rows, &n, &hand, err) ||
        !kr_avoids_of(store, mem, person, &avoids, &avoid_count, err) ||
        !kr_claims_of(store, mem, person, &claims, err))
        return false;
    json_t *list = kr_json_new_array();
    for (size_t i = 0; i < n; i++)
        kr_json_append_take(list, new_row(store, mem, &claims, &rows[i]));
    if (*whole.born.edtf)
        kr_time_text(own_say_ms(store, &whole.born), day);
    *out = kr_json_new_object();
    kr_json_set_take(*out, "rows", list);
    kr_json_set_take(*out, "rest", json_boolean(hand.rest));
    kr_json_set_int(*out, "delay", hand.delay_days);
    kr_json_set_str(*out, "ask_first", hand.ask_first);
    kr_json_set_take(*out, "hand", new_hands(store, mem, &claims));
    kr_json_set_str(*out, "own_say", day);
    kr_json_set_take(*out, "avoid", new_avoids(avoids, avoid_count));
    return true;
}

bool kr_release_refresh(struct kr_store *store, const char *item,
                        const struct kr_claim_list *claims, struct kr_err *err)
{
    if (!kr_releases_drop(store, item, err))
        return false;
    for (size_t i = 0; i < claims->n; i++) {
        const struct kr_claim *claim = &claims->at[i];
        if (!claims->retracted[i] && strcmp(claim->predicate, "release") == 0 &&
            !kr_release_put(store, item, kr_json_str(claim->value, "audience", ""), claim->who,
                            kr_json_bool(claim->value, "allow", false), err))
            return false;
    }
    return true;
}

bool kr_release_say(struct kr_store *store, const char *item, const char *audience, bool allow,
                    const char *who, struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *value = kr_json_new_object();
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    struct kr_claim claim = {
        .predicate = "release", .value = value, .who = who, .certain = 1, .retracts = ""};
    if (NUMBER_OF(audience, audiences) < KIN)
        return kr_fail(err, KR_E_INVALID, "an item is let out to kin or public");
    kr_json_set_str(value, "audience", audience);
    kr_json_set_take(value, "allow", json_boolean(allow));
    kr_format(claim.subject, sizeof claim.subject, "%.36s", item);
    return kr_tx_begin(store->db, &tx, err) && kr_claim_add(store, &claim, err) &&
           kr_shown_refresh(store, item, err) && kr_tx_commit(&tx, err) &&
           kr_claims_mirror(store, err);
}

static bool is_release_of(const struct kr_claim *claim, const char *audience, const char *who)
{
    return strcmp(claim->predicate, "release") == 0 && strcmp(claim->who, who) == 0 &&
           strcmp(kr_json_str(claim->value, "audience", ""), audience) == 0;
}

bool kr_release_take_back(struct kr_store *store, const char *item, const char *audience,
                          const char *who, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_json_drop) json_t *nothing = json_null();
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    struct kr_claim_list claims;
    if (NUMBER_OF(audience, audiences) < KIN)
        return kr_fail(err, KR_E_INVALID, "an item is let out to kin or public");
    if (!kr_tx_begin(store->db, &tx, err) || !kr_claims_of(store, mem, item, &claims, err))
        return false;
    for (size_t i = 0; i < claims.n; i++) {
        struct kr_claim claim = {.predicate = "retract",
                                 .value = nothing,
                                 .who = who,
                                 .certain = 1,
                                 .retracts = claims.at[i].id};
        if (claims.retracted[i] || !is_release_of(&claims.at[i], audience, who))
            continue;
        kr_format(claim.subject, sizeof claim.subject, "%.36s", item);
        if (!kr_claim_add(store, &claim, err))
            return false;
    }
    return kr_shown_refresh(store, item, err) && kr_tx_commit(&tx, err) &&
           kr_claims_mirror(store, err);
}
