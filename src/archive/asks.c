// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/asks.h"

#include "archive/asks_priv.h"
#include "archive/persons.h"
#include "archive/shown.h"
#include "archive/small.h"
#include "base/clock.h"
#include "store/door.h"
#include <string.h>

static bool stands(const struct kr_claim_list *claims, size_t i, const char *predicate)
{
    return !claims->retracted[i] && strcmp(claims->at[i].predicate, predicate) == 0;
}

static void fill_reply(const struct kr_claim *claim, struct kr_reply *out)
{
    *out = (struct kr_reply){.seq = claim->seq,
                             .who = claim->who,
                             .at_ms = claim->at_ms,
                             .kind = kr_json_str(claim->value, "kind", "text"),
                             .media = kr_json_str(claim->value, "media", ""),
                             .person = kr_json_str(claim->value, "for", ""),
                             .value = claim->value};
    kr_format(out->claim, sizeof out->claim, "%.36s", claim->id);
}

static void fill_ask(const struct kr_claim *claim, struct kr_ask *out)
{
    *out = (struct kr_ask){.who = claim->who, .at_ms = claim->at_ms, .value = claim->value};
    kr_format(out->id, sizeof out->id, "%.36s", claim->subject);
    kr_format(out->home, sizeof out->home, "%.36s", claim->home);
    kr_format(out->claim, sizeof out->claim, "%.36s", claim->id);
    kr_format(out->item, sizeof out->item, "%.36s", kr_json_str(claim->value, "item", ""));
}

// The item is found by what is asked about it.
static bool refresh_item(struct kr_store *store, const struct kr_claim_list *claims,
                         struct kr_err *err)
{
    const char *item = "";
    for (size_t i = 0; i < claims->n; i++)
        if (strcmp(claims->at[i].predicate, "question") == 0) // taken back or not
            item = kr_json_str(claims->at[i].value, "item", "");
    return !*item || kr_shown_refresh_if_there(store, item, err);
}

// Makes the rows of a question from its claims, in the caller's transaction.
static bool refresh(struct kr_store *store, const char *id, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_claim_list claims;
    const struct kr_claim *question = NULL;
    struct kr_ask ask;
    size_t n = 0;
    if (!kr_claims_of(store, mem, id, &claims, err))
        return false;
    struct kr_reply *replies = kr_arena_array(mem, struct kr_reply, claims.n + 1);
    for (size_t i = 0; i < claims.n; i++) {
        if (stands(&claims, i, "question"))
            question = &claims.at[i];
        if (stands(&claims, i, "answer"))
            fill_reply(&claims.at[i], &replies[n++]);
    }
    if (question)
        fill_ask(question, &ask);
    return kr_ask_put(store, id, question ? &ask : NULL, replies, n, err) &&
           refresh_item(store, &claims, err);
}

// Adds a claim of a question and shows it, in a transaction of its own.
static bool say(struct kr_store *store, const char *ask, struct kr_claim *claim, struct kr_err *err)
{
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    kr_format(claim->subject, sizeof claim->subject, "%.36s", ask);
    return kr_tx_begin(store->db, &tx, err) && kr_claim_add(store, claim, err) &&
           refresh(store, ask, err) && kr_tx_commit(&tx, err) && kr_claims_mirror(store, err);
}

static bool retract(struct kr_store *store, const char *ask, const char *what, const char *who,
                    struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *nothing = json_null();
    struct kr_claim claim = {
        .predicate = "retract", .value = nothing, .who = who, .certain = 1, .retracts = what};
    return say(store, ask, &claim, err);
}

// Whoever is known to have spoken is in the recording: so their consent binds it. That follows
// from what they asked or answered, so it is the house that says so.
static bool note_speaker(struct kr_store *store, const char *media, const char *person,
                         struct kr_err *err)
{
    return !*media || !*person || kr_picture_has(store, media, person, "", true, "kinreel", 1, err);
}

// Whoever asks, where it is somebody of the family.
static bool person_of(struct kr_store *store, struct kr_arena *mem, const char *who,
                      const char **out, struct kr_err *err)
{
    struct kr_person person;
    struct kr_err why = {0};
    *out = who;
    if (kr_person_get(store, mem, who, &person, &why))
        return true;
    *out = "";
    return why.code == KR_E_NOT_FOUND || kr_fail(err, why.code, "%s", why.text);
}

bool kr_ask_say(struct kr_store *store, const json_t *value, const char *who,
                char id[static KR_UUID_TEXT], struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_json_drop) json_t *question = kr_json_new_object();
    char fresh[KR_UUID_TEXT];
    struct kr_claim claim = {
        .predicate = "question", .value = question, .who = who, .certain = 1, .retracts = ""};
    const char *person;
    kr_uuid_new_text(fresh);
    if (!kr_ask_read(store, mem, value, question, err) ||
        !person_of(store, mem, who, &person, err) ||
        !note_speaker(store, kr_json_str(question, "voice", ""), person, err) ||
        !say(store, fresh, &claim, err))
        return kr_within(err, "ask");
    kr_format(id, KR_UUID_TEXT, "%s", fresh);
    return true;
}

bool kr_ask_take_back(struct kr_store *store, const char *id, const char *who, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    const struct kr_listener nobody = {"", ""};
    struct kr_ask ask;
    return kr_ask_get(store, mem, id, &nobody, &ask, err) &&
           retract(store, ask.id, ask.claim, who, err) &&
           kr_invitations_about_end(store, ask.id, kr_now_ms(), err);
}

static const struct kr_reply *reply_of(const struct kr_reply *replies, size_t n, const char *claim)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(replies[i].claim, claim) == 0)
            return &replies[i];
    return NULL;
}

// A picture that is sent as an answer shows whom it shows; in a voice or a film they are
// themselves.
static bool is_spoken(const json_t *answer)
{
    const char *kind = kr_json_str(answer, "kind", "");
    return strcmp(kind, "voice") == 0 || strcmp(kind, "film") == 0;
}

// Ready before the far home asks for it. The answer stands already, and whoever asks for a small
// copy that is missing has it made: so a failure here is nobody's.
static void make_small(struct kr_store *store, const json_t *answer)
{
    struct kr_err none = {0};
    if (is_spoken(answer) && !kr_small_wish(store, kr_json_str(answer, "media", ""), &none))
        return;
}

bool kr_answer_say(struct kr_store *store, const char *id, const json_t *value,
                   const struct kr_answerer *by, char out[static KR_UUID_TEXT], struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_json_drop) json_t *answer = kr_json_new_object();
    const struct kr_listener to = {by->person, by->who};
    struct kr_claim claim = {
        .predicate = "answer", .value = answer, .who = by->who, .certain = 1, .retracts = ""};
    struct kr_reply *replies;
    struct kr_ask ask;
    size_t n;
    if (!kr_ask_get(store, mem, id, &to, &ask, err) ||
        !kr_answer_read(store, mem, value, answer, err) ||
        !kr_replies_of(store, mem, ask.id, &to, &replies, &n, err))
        return false;
    const char *reply_to = kr_json_str(answer, "reply_to", "");
    if (*reply_to && !reply_of(replies, n, reply_to))
        return kr_fail(err, KR_E_INVALID, "'reply_to' must be an answer to this question");
    const char *spoken = is_spoken(answer) ? kr_json_str(answer, "media", "") : "";
    if (!note_speaker(store, spoken, by->person, err) || !say(store, ask.id, &claim, err))
        return kr_within(err, "answer");
    make_small(store, answer);
    kr_format(out, KR_UUID_TEXT, "%.36s", claim.id);
    return true;
}

bool kr_answer_take_back(struct kr_store *store, const char *ask, const char *claim,
                         const struct kr_listener *by, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_reply *replies;
    size_t n;
    if (!kr_replies_of(store, mem, ask, by, &replies, &n, err))
        return false;
    const struct kr_reply *reply = reply_of(replies, n, claim);
    if (!reply)
        return kr_fail(err, KR_E_NOT_FOUND, "no such answer stands");
    return retract(store, ask, reply->claim, by->who, err);
}

// Whether this recording was ever an answer to it: said once, taken back or not (3).
static bool was_answered(const struct kr_claim_list *claims, const char *item)
{
    for (size_t i = 0; i < claims->n; i++)
        if (strcmp(claims->at[i].predicate, "answer") == 0 &&
            strcmp(kr_json_str(claims->at[i].value, "media", ""), item) == 0)
            return true;
    return false;
}

// The answer of the part gives way to that of the whole. False in *told: a person took it back.
static bool replace_part(struct kr_store *store, const struct kr_claim_list *claims,
                         const char *before, const char *ask, const char *who, bool *told,
                         struct kr_err *err)
{
    *told = true;
    for (size_t i = 0; *before && i < claims->n; i++) {
        if (strcmp(claims->at[i].predicate, "answer") != 0 ||
            strcmp(kr_json_str(claims->at[i].value, "media", ""), before) != 0)
            continue;
        *told = !claims->retracted[i];
        if (*told && !retract(store, ask, claims->at[i].id, who, err))
            return false;
    }
    return true;
}

bool kr_answer_recorded(struct kr_store *store, const json_t *cause, const char *item,
                        const char *before, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_json_drop) json_t *value = kr_json_new_object();
    const char *id = kr_json_str(cause, "ask", ""), *who = kr_json_str(cause, "who", "");
    const struct kr_answerer by = {who, kr_json_str(cause, "person", "")};
    const struct kr_listener to = {by.person, who};
    struct kr_claim_list claims;
    struct kr_ask ask;
    struct kr_uuid uuid;
    char claim[KR_UUID_TEXT];
    bool told;
    if (!*who || !kr_uuid_parse(id, &uuid) || !kr_ask_get(store, mem, id, &to, &ask, NULL))
        return true;
    if (!kr_claims_of(store, mem, id, &claims, err))
        return false;
    if (was_answered(&claims, item))
        return true;
    if (!replace_part(store, &claims, before, id, who, &told, err) || !told)
        return !told;
    kr_json_set_str(value, "media", item);
    kr_json_set_str(value, "for", kr_json_str(cause, "for", ""));
    kr_json_set_str(value, "reply_to", kr_json_str(cause, "reply_to", ""));
    struct kr_err why = {0};
    if (kr_answer_say(store, id, value, &by, claim, &why))
        return true;
    // What it names may be gone meanwhile, or have been wrong; the recording itself is kept.
    return why.code == KR_E_INVALID || why.code == KR_E_NOT_FOUND ||
           kr_fail(err, why.code, "%s", why.text);
}

struct ids {
    struct kr_arena *mem;
    const char *home;
    struct kr_buf list; // const char *
};

static bool see_question(void *context, const struct kr_claim *claim, struct kr_err *err)
{
    struct ids *ids = context;
    (void)err;
    if (strcmp(claim->home, ids->home) != 0)
        return true;
    const char *id = kr_arena_strdup(ids->mem, claim->subject);
    kr_buf_add(&ids->list, &id, sizeof id);
    return true;
}

static void free_ids(struct ids *ids)
{
    kr_buf_finish(&ids->list);
    kr_arena_destroy(&ids->mem);
}

bool kr_asks_rebuild(struct kr_store *store, struct kr_err *err)
{
    KR_AUTO(free_ids) struct ids ids = {.mem = kr_arena_create(), .home = store->home};
    if (!kr_claims_each(store, "question", see_question, &ids, err))
        return kr_within(err, "make the questions again");
    const char *const *all = (const char *const *)(const void *)ids.list.at;
    for (size_t i = 0; i < ids.list.n / sizeof *all; i++) {
        KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
        if (!kr_tx_begin(store->db, &tx, err) || !refresh(store, all[i], err) ||
            !kr_tx_commit(&tx, err))
            return kr_within(err, "make the questions again");
    }
    return true;
}

bool kr_asks_forget(struct kr_store *store, const char *item, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    const char *const *ids;
    size_t n;
    if (!kr_ask_ids_of_item(store, mem, item, &ids, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
        if (!kr_claims_forget(store, ids[i], err) || !kr_tx_begin(store->db, &tx, err) ||
            !refresh(store, ids[i], err) || !kr_tx_commit(&tx, err))
            return kr_within(err, "forget a question");
    }
    return true;
}
