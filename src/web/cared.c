// SPDX-License-Identifier: AGPL-3.0-or-later
// What is said of somebody so that others sit well with them: the card, and what lit them up.
#include "archive/persons.h"
#include "base/clock.h"
#include "care/book.h"
#include "care/sitting.h"
#include "web/handlers.h"

#include <string.h>

static bool person_of(struct kr_request *request, struct kr_store *store, struct kr_person *out,
                      struct kr_err *err)
{
    struct kr_uuid id;
    if (!kr_uuid_parse(request->params[0], &id))
        return kr_fail(err, KR_E_NOT_FOUND, "what was asked for is no id");
    return kr_person_get(store, request->mem, request->params[0], out, err);
}

static bool is_theirs(const struct kr_request *request, const char *person)
{
    return request->visitor.role >= KR_ROLE_KEEPER || strcmp(request->visitor.person, person) == 0;
}

static bool tell_about(struct kr_request *request, struct kr_answer *answer, struct kr_store *store,
                       const char *person, struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *out = NULL;
    return kr_about_json(store, request->mem, person, &out, err) &&
           kr_answer_tell(answer, 200, out);
}

KR_HANDLER(about_me)
{
    struct kr_person person;
    struct kr_store *store;
    return kr_desk_read(request->desk, &store, err) && person_of(request, store, &person, err) &&
           tell_about(request, answer, store, person.id, err);
}

// {"part", "text"}, or {"retract": claim}.
KR_HANDLER(say_about_me)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_person person;
    struct kr_store *store;
    if (!kr_request_json(request, &body, answer))
        return true;
    if (!kr_desk_write(request->desk, &store, err) || !person_of(request, store, &person, err))
        return false;
    if (!is_theirs(request, person.id))
        return kr_answer_problem(request, answer, 403, "not_yours", "web.sitting.guest");
    const json_t *retract = kr_json_get(body, "retract");
    return kr_person_say(store, person.id, retract ? "retract" : "about_me",
                         retract ? retract : body, kr_visitor_who(&request->visitor), 1, err) &&
           tell_about(request, answer, store, person.id, err);
}

// What lit them up, with its claim: taken back like a consent, by who may.
KR_HANDLER(lit_up)
{
    KR_AUTO(kr_json_drop) json_t *out = kr_json_new_object();
    struct kr_sitting_ask ask = {.after = "", .lang = request->lang, .now_ms = kr_now_ms()};
    struct kr_person person;
    struct kr_store *store;
    struct kr_era era;
    struct kr_lit *lit;
    size_t n;
    if (!kr_desk_read(request->desk, &store, err) || !person_of(request, store, &person, err))
        return false;
    if (!is_theirs(request, person.id))
        return kr_answer_problem(request, answer, 403, "not_yours", "web.sitting.guest");
    if (!kr_era_open(request->mem, store, &era, err) ||
        !kr_lit_up_of(store, request->mem, person.id, &lit, &n, err))
        return false;
    json_t *list = kr_json_new_array();
    kr_json_set_take(out, "lit_up", list);
    for (size_t i = 0; i < n; i++) {
        struct kr_sitting_choice choice;
        json_t *one = kr_json_new_object();
        bool there = kr_sitting_one(store, request->mem, &era, &ask, lit[i].thing, &choice, NULL);
        kr_json_set_str(one, "thing", lit[i].thing);
        kr_json_set_str(one, "claim", lit[i].claim);
        kr_json_set_str(one, "title", there ? choice.title : "");
        kr_json_append_take(list, one);
    }
    return kr_answer_tell(answer, 200, out);
}
