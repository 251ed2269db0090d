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

static bool tell(struct kr_request *request, struct kr_answer *answer, struct kr_store *store,
                 const char *person, struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *consent = NULL;
    struct kr_buf out = {0};
    if (!kr_consent_json(store, request->mem, person, &consent, err))
        return false;
    kr_tell_json(&out, NULL, consent);
    return kr_answer_json_take(answer, 200, &out);
}

// One's own is one's own business; a keeper writes down what others say.
static bool is_theirs(const struct kr_request *request, const char *person)
{
    return request->visitor.role >= KR_ROLE_KEEPER || strcmp(request->visitor.person, person) == 0;
}

KR_HANDLER(consent)
{
    struct kr_person person;
    struct kr_store *store;
    if (!kr_desk_read(request->desk, &store, err) || !person_of(request, store, &person, err))
        return false;
    if (!is_theirs(request, person.id))
        return kr_answer_problem(request, answer, 403, "not_yours", "error.refused");
    return tell(request, answer, store, person.id, err);
}

// {"predicate": "consent|rest|delay|ask_first|avoid|retract", "value"}.
KR_HANDLER(say_consent)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_person person;
    struct kr_store *store;
    if (!kr_request_json(request, &body, answer))
        return true;
    const char *predicate = kr_json_str(body, "predicate", "");
    if (!kr_consent_is_predicate(predicate) && strcmp(predicate, "retract") != 0)
        return kr_answer_problem(request, answer, 422, "invalid", "error.invalid");
    if (!kr_desk_write(request->desk, &store, err) || !person_of(request, store, &person, err))
        return false;
    if (!is_theirs(request, person.id))
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

// {"audience": "kin|public", "allow": true}.
KR_HANDLER(release)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_store *store;
    struct kr_item item;
    bool may;
    if (!kr_request_json(request, &body, answer))
        return true;
    bool allow = kr_json_bool(body, "allow", false);
    if (!kr_desk_write(request->desk, &store, err) || !kr_web_item_of(request, store, &item, err) ||
        !may_release(request, store, item.id, allow, &may, err))
        return false;
    if (!may)
        return kr_answer_problem(request, answer, 403, "not_yours", "error.refused");
    return kr_release_say(store, item.id, kr_json_str(body, "audience", ""), allow,
                          kr_visitor_who(&request->visitor), err) &&
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

KR_HANDLER(may)
{
    struct kr_view view = {.now_ms = kr_now_ms()};
    const char *audience = kr_request_field(request, "audience");
    const char *sitter = kr_request_field(request, "sitter");
    struct kr_buf out = {0};
    struct kr_store *store;
    struct kr_item item;
    bool may;
    if (*audience && !audience_of(audience, &view.audience))
        return kr_answer_problem(request, answer, 400, "bad_request", "web.bad_request");
    view.sitter = *sitter ? sitter : NULL;
    if (!kr_desk_read(request->desk, &store, err) || !kr_web_item_of(request, store, &item, err) ||
        !kr_may(store, request->mem, &item, &view, &may, err))
        return false;
    kr_tell_open(&out, NULL, '{');
    kr_tell_bool(&out, "may", may);
    kr_tell_close(&out, '}');
    return kr_answer_json_take(answer, 200, &out);
}
