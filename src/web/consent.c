// SPDX-License-Identifier: AGPL-3.0-or-later
// What people let be shown of theirs: read, said, taken back; what is let out beyond home.
#include "archive/may.h"
#include "archive/persons.h"
#include "base/clock.h"
#include "web/handlers.h"
#include "web/tell.h"

#include <string.h>

static bool person_of(struct kr_request *request, struct kr_store *store, struct kr_person *out,
                      struct kr_err *err)
{
    struct kr_uuid id;
    if (!kr_uuid_parse(request->params[0], &id))
        return kr_fail(err, KR_E_NOT_FOUND, "what was asked for is no id");
    return kr_person_get(store, request->mem, request->params[0], out, err);
}

// One's own is one's own business; a keeper writes down what others say.
static bool is_theirs(const struct kr_request *request, struct kr_store *store, const char *person,
                      bool *out, struct kr_err *err)
{
    *out = request->visitor.role >= KR_ROLE_KEEPER;
    return *out || strcmp(request->visitor.person, person) != 0 ||
           kr_door_is_own_hand(store, &request->visitor, out, err);
}

static bool is_rest(const struct kr_claim_list *claims, const char *claim)
{
    for (size_t i = 0; i < claims->n; i++)
        if (!claims->retracted[i] && strcmp(claims->at[i].id, claim) == 0)
            return strcmp(claims->at[i].predicate, "rest") == 0;
    return false;
}

// A link may have been handed on: by it nothing is told or said but "not now" and its end.
static bool may_say(const struct kr_request *request, struct kr_store *store, const char *person,
                    const json_t *body, bool *out, struct kr_err *err)
{
    const char *predicate = kr_json_str(body, "predicate", "");
    struct kr_claim_list claims;
    *out = request->visitor.role > KR_ROLE_GUEST || strcmp(predicate, "rest") == 0;
    if (*out || strcmp(predicate, "retract") != 0)
        return true;
    if (!kr_claims_of(store, request->mem, person, &claims, err))
        return false;
    *out = is_rest(&claims, kr_json_str(body, "value", ""));
    return true;
}

// Of {"rows","rest","hand", …} what somebody by a link is told.
static json_t *new_for_guest(const json_t *consent)
{
    json_t *out = kr_json_new_object(), *hand = kr_json_new_array();
    const json_t *said = kr_json_get(consent, "hand");
    for (size_t i = 0; i < json_array_size(said); i++)
        if (strcmp(kr_json_str(json_array_get(said, i), "predicate", ""), "rest") == 0)
            kr_json_append_take(hand, json_deep_copy(json_array_get(said, i)));
    kr_json_set_take(out, "rows", kr_json_new_array());
    kr_json_set_bool(out, "rest", kr_json_bool(consent, "rest", false));
    kr_json_set_int(out, "delay", 0);
    kr_json_set_str(out, "ask_first", "");
    kr_json_set_take(out, "hand", hand);
    kr_json_set_str(out, "own_say", "");
    kr_json_set_take(out, "avoid", kr_json_new_array());
    return out;
}

static bool tell(struct kr_request *request, struct kr_answer *answer, struct kr_store *store,
                 const char *person, struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *consent = NULL;
    KR_AUTO(kr_json_drop) json_t *little = NULL;
    if (!kr_consent_json(store, request->mem, person, &consent, err))
        return false;
    if (request->visitor.role == KR_ROLE_GUEST)
        little = new_for_guest(consent);
    return kr_answer_tell(answer, 200, little ? little : consent);
}

KR_HANDLER(consent)
{
    struct kr_person person;
    struct kr_store *store;
    bool theirs;
    if (!kr_desk_read(request->desk, &store, err) || !person_of(request, store, &person, err) ||
        !is_theirs(request, store, person.id, &theirs, err))
        return false;
    if (!theirs)
        return kr_answer_problem(request, answer, 403, "not_yours", "error.refused");
    return tell(request, answer, store, person.id, err);
}

// {"predicate": "consent|rest|delay|ask_first|avoid|retract", "value"}.
KR_HANDLER(say_consent)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_person person;
    struct kr_store *store;
    bool theirs;
    if (!kr_request_json(request, &body, answer))
        return true;
    const char *predicate = kr_json_str(body, "predicate", "");
    if (!kr_consent_is_predicate(predicate) && strcmp(predicate, "retract") != 0)
        return kr_answer_problem(request, answer, 422, "invalid", "error.invalid");
    if (!kr_desk_write(request->desk, &store, err) || !person_of(request, store, &person, err) ||
        !is_theirs(request, store, person.id, &theirs, err) ||
        (theirs && !may_say(request, store, person.id, body, &theirs, err)))
        return false;
    if (!theirs)
        return kr_answer_problem(request, answer, 403, "not_yours", "error.refused");
    if (!kr_person_say(store, person.id, predicate, kr_json_get(body, "value"),
                       kr_visitor_who(&request->visitor), 1, err))
        return err->code == KR_E_REFUSED &&
               kr_answer_problem(request, answer, 403, "own_hand", "consent.own_hand");
    return tell(request, answer, store, person.id, err);
}

// A keeper lets out; whoever is named may refuse, and so may whoever somebody wants asked first.
static bool may_release(struct kr_request *request, struct kr_store *store, const char *item,
                        bool allow, bool *out, struct kr_err *err)
{
    const char *const *persons, *self = request->visitor.person;
    size_t n;
    *out = request->visitor.role >= KR_ROLE_KEEPER;
    if (*out || !*self)
        return true;
    if (!kr_pictured_of(store, request->mem, item, &persons, &n, err))
        return false;
    for (size_t i = 0; i < n && !*out; i++) {
        struct kr_consent_row *rows;
        struct kr_hand_row hand;
        size_t count;
        if (!kr_consents_of(store, request->mem, persons[i], &rows, &count, &hand, err))
            return false;
        *out = strcmp(hand.ask_first, self) == 0 || (!allow && strcmp(persons[i], self) == 0);
    }
    return true;
}

// {"audience": "kin|public", "allow": true}; null takes one's own word back.
KR_HANDLER(release)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    const char *who = kr_visitor_who(&request->visitor);
    struct kr_store *store;
    struct kr_item item;
    bool may = true;
    if (!kr_request_json(request, &body, answer))
        return true;
    const char *audience = kr_json_str(body, "audience", "");
    const json_t *said = kr_json_get(body, "allow");
    bool back = json_is_null(said), allow = json_is_true(said);
    if (!kr_desk_write(request->desk, &store, err) || !kr_web_item_of(request, store, &item, err) ||
        (!back && !may_release(request, store, item.id, allow, &may, err)))
        return false;
    if (!may)
        return kr_answer_problem(request, answer, 403, "not_yours", "error.refused");
    return (back ? kr_release_take_back(store, item.id, audience, who, err)
                 : kr_release_say(store, item.id, audience, allow, who, err)) &&
           kr_answer_empty(answer, 204);
}

static bool audience_of(const char *text, enum kr_audience *out)
{
    static const char *const names[] = {"home", "kin", "public"};
    for (size_t i = 0; i < KR_COUNT(names); i++)
        if (strcmp(text, names[i]) == 0) {
            *out = (enum kr_audience)i;
            return true;
        }
    return false;
}

// Whose word it takes is nobody's business but a keeper's.
static bool tell_in_the_way(struct kr_request *request, struct kr_store *store,
                            const struct kr_item *item, const struct kr_view *view,
                            struct kr_buf *out, struct kr_err *err)
{
    const char *const *persons;
    size_t n;
    if (request->visitor.role < KR_ROLE_KEEPER)
        return true;
    if (!kr_in_the_way(store, request->mem, item, view, &persons, &n, err))
        return false;
    kr_tell_open(out, "in_the_way", '[');
    for (size_t i = 0; i < n; i++)
        kr_tell_text(out, NULL, persons[i]);
    kr_tell_close(out, ']');
    return true;
}

static bool tell_may(struct kr_request *request, struct kr_store *store, const struct kr_item *item,
                     const struct kr_view *view, struct kr_buf *out, struct kr_err *err)
{
    bool may, may_say;
    if (!kr_may(store, request->mem, item, view, &may, err) ||
        !may_release(request, store, item->id, true, &may_say, err))
        return false;
    kr_tell_open(out, NULL, '{');
    kr_tell_bool(out, "may", may);
    kr_tell_bool(out, "may_say", may_say);
    if (!tell_in_the_way(request, store, item, view, out, err))
        return false;
    kr_tell_close(out, '}');
    return true;
}

KR_HANDLER(may)
{
    struct kr_view view = {.now_ms = kr_now_ms()};
    const char *audience = kr_request_field(request, "audience");
    const char *sitter = kr_request_field(request, "sitter");
    struct kr_buf out = {0};
    struct kr_store *store;
    struct kr_item item;
    if (*audience && !audience_of(audience, &view.audience))
        return kr_answer_problem(request, answer, 400, "bad_request", "web.bad_request");
    if (*sitter && request->visitor.role < KR_ROLE_KEEPER)
        return kr_answer_problem(request, answer, 403, "not_yours", "error.refused");
    view.sitter = *sitter ? sitter : NULL;
    if (!kr_desk_read(request->desk, &store, err) || !kr_web_item_of(request, store, &item, err))
        return false;
    if (!tell_may(request, store, &item, &view, &out, err)) {
        kr_buf_finish(&out);
        return false;
    }
    return kr_answer_json_take(answer, 200, &out);
}
