// SPDX-License-Identifier: AGPL-3.0-or-later
// Persons: who they are, what is said of them, who is in a picture.
#include "archive/flags.h"
#include "archive/may.h"
#include "archive/personshape.h"
#include "web/handlers.h"
#include "web/shapes.h"

#include <string.h>

enum { PAGE = 200, PAGE_MOST = 500 };

static bool is_id(const char *text)
{
    struct kr_uuid id;
    return kr_uuid_parse(text, &id);
}

// Everything known of a person, as it is now.
static bool tell_person(struct kr_request *request, struct kr_answer *answer,
                        struct kr_store *store, int status, const char *id, struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *whole = NULL;
    return kr_person_whole(store, request->mem, request->lang, id, &whole, err) &&
           kr_answer_tell(answer, status, whole);
}

// The person that the route's first place names.
static bool person_of(struct kr_request *request, struct kr_store *store, struct kr_person *out,
                      struct kr_err *err)
{
    if (!is_id(request->params[0]))
        return kr_fail(err, KR_E_NOT_FOUND, "what was asked for is no id");
    return kr_person_get(store, request->mem, request->params[0], out, err);
}

// A refusal that a person can mend gets its own sentence.
static bool refuse(struct kr_request *request, struct kr_answer *answer, struct kr_err *err)
{
    if (err->code != KR_E_REFUSED)
        return false;
    return kr_answer_problem(request, answer, 422, "own_ancestor", "person.own_ancestor");
}

KR_HANDLER(persons)
{
    KR_AUTO(kr_json_drop) json_t *out = kr_json_new_object();
    const char *question = kr_request_field(request, "q");
    struct kr_person *found;
    struct kr_store *store;
    json_t *list;
    size_t n;
    if (!kr_desk_read(request->desk, &store, err) ||
        !kr_persons_find(store, request->mem, question, &found, &n, err) ||
        !kr_persons_seen_json(store, request->mem, request->lang, kr_request_field(request, "me"),
                              found, n, &list, err))
        return false;
    kr_json_set_take(out, "persons", list);
    return kr_answer_tell(answer, 200, out);
}

static double certain_of(const json_t *body)
{
    return kr_json_real(body, "certain", 0.9);
}

// What else the body says of the new person (or, with an empty id, whether it could be said:
// nobody is added by half).
static bool say_rest(struct kr_store *store, const char *who, const char *id, const json_t *body,
                     struct kr_err *err)
{
    static const char *const members[] = {"sex", "born", "died"};
    for (size_t i = 0; i < KR_COUNT(members); i++) {
        const json_t *value = kr_json_get(body, members[i]);
        if (!value || json_is_null(value))
            continue;
        if (!(*id ? kr_person_say(store, id, members[i], value, who, certain_of(body), err)
                  : kr_person_sayable(members[i], value, err)))
            return false;
    }
    return true;
}

KR_HANDLER(add_person)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_store *store;
    const char *who = kr_visitor_who(&request->visitor);
    char id[KR_UUID_TEXT];
    if (!kr_request_json(request, &body, answer))
        return true;
    return kr_desk_write(request->desk, &store, err) && say_rest(store, who, "", body, err) &&
           kr_person_add(store, kr_json_get(body, "name"), who, certain_of(body), id, err) &&
           say_rest(store, who, id, body, err) && tell_person(request, answer, store, 201, id, err);
}

KR_HANDLER(person)
{
    struct kr_person person;
    struct kr_store *store;
    return kr_desk_read(request->desk, &store, err) && person_of(request, store, &person, err) &&
           tell_person(request, answer, store, 200, person.id, err);
}

// If-Match: the person still is as the asker saw it. Answered with 412 where not.
static bool is_as_seen(struct kr_request *request, struct kr_answer *answer, struct kr_store *store,
                       const char *id)
{
    KR_AUTO(kr_buf_finish) struct kr_buf now = {0};
    KR_AUTO(kr_json_drop) json_t *whole = NULL;
    const char *seen = kr_request_header(request, "If-Match");
    if (!seen)
        return true;
    if (kr_person_whole(store, request->mem, request->lang, id, &whole, NULL)) {
        kr_tell_json(&now, NULL, whole);
        if (kr_etag_listed(seen, kr_etag_of(request->mem, (struct kr_str){now.at, now.n}), false))
            return true;
    }
    return !kr_answer_problem(request, answer, 412, "conflict", "error.conflict");
}

KR_HANDLER(say_person)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_person person;
    struct kr_store *store;
    if (!kr_request_json(request, &body, answer))
        return true;
    if (!kr_desk_write(request->desk, &store, err) || !person_of(request, store, &person, err))
        return false;
    if (!is_as_seen(request, answer, store, person.id))
        return true;
    if (!kr_person_say(store, person.id, kr_json_str(body, "predicate", ""),
                       kr_json_get(body, "value"), kr_visitor_who(&request->visitor),
                       certain_of(body), err))
        return refuse(request, answer, err);
    return tell_person(request, answer, store, 200, person.id, err);
}

// The ages stand beside the list: an item is the same whoever is asked for.
static json_t *new_ages(struct kr_request *request, const struct kr_person *person,
                        const struct kr_item_list *list)
{
    json_t *ages = kr_json_new_object();
    for (size_t i = 0; i < list->n; i++) {
        json_t *age = kr_person_new_age(request->mem, request->lang, person, &list->at[i]);
        if (age)
            kr_json_set_take(ages, list->at[i].id, age);
    }
    return ages;
}

KR_HANDLER(person_items)
{
    KR_AUTO(kr_json_drop) json_t *ages = NULL;
    KR_AUTO(kr_buf_finish) struct kr_buf leaf = {0};
    struct kr_buf out = {0};
    const char *limit_text = kr_request_field(request, "limit");
    int64_t limit = PAGE;
    struct kr_item_list list;
    struct kr_person person;
    struct kr_store *store;
    if (*limit_text && !kr_parse_int(limit_text, 1, PAGE_MOST, &limit))
        return kr_answer_problem(request, answer, 400, "bad_request", "web.bad_request");
    if (!kr_desk_read(request->desk, &store, err) || !person_of(request, store, &person, err) ||
        !kr_items_of_person(store, request->mem, person.id, kr_request_field(request, "cursor"),
                            (int)limit, &list, err))
        return false;
    kr_shape_leaf(&leaf, &list, request->lang);
    ages = new_ages(request, &person, &list);
    kr_buf_add(&out, leaf.at, leaf.n - 1); // the leaf without its last bracket
    kr_tell_json(&out, "ages", ages);
    kr_tell_close(&out, '}');
    return kr_answer_json_take(answer, 200, &out);
}

KR_HANDLER(person_kin)
{
    KR_AUTO(kr_json_drop) json_t *kin = NULL;
    const char *to = kr_request_field(request, "to");
    struct kr_person person;
    struct kr_store *store;
    if (!is_id(to))
        return kr_answer_problem(request, answer, 400, "bad_request", "web.bad_request");
    return kr_desk_read(request->desk, &store, err) && person_of(request, store, &person, err) &&
           kr_persons_kin_json(store, request->mem, request->lang, person.id, to, &kin, err) &&
           kr_answer_tell(answer, 200, kin);
}

// Of everybody, of one person, or of the persons in one item.
static bool find_flags(struct kr_request *request, struct kr_store *store, const char *of,
                       struct kr_finding **out, size_t *n, struct kr_err *err)
{
    struct kr_item item;
    if (*of && kr_item_may_get(store, request->mem, of, &KR_VIEW_HOME, &item, NULL))
        return kr_item_findings(store, request->mem, of, out, n, err);
    return kr_person_findings(store, request->mem, *of ? of : NULL, out, n, err);
}

KR_HANDLER(flags)
{
    KR_AUTO(kr_json_drop) json_t *out = kr_json_new_object();
    const char *of = kr_request_field(request, "of");
    struct kr_finding *found;
    struct kr_store *store;
    size_t n;
    if (*of && !is_id(of))
        return kr_answer_problem(request, answer, 400, "bad_request", "web.bad_request");
    if (!*of && !request->patient) {
        answer->later = true; // everybody's pictures are gone through
        return true;
    }
    if (!kr_desk_read(request->desk, &store, err) ||
        !find_flags(request, store, of, &found, &n, err))
        return false;
    json_t *list = kr_json_new_array();
    for (size_t i = 0; i < n; i++)
        kr_json_append_take(list, kr_finding_new_json(request->mem, request->lang, &found[i]));
    kr_json_set_take(out, "flags", list);
    return kr_answer_tell(answer, 200, out);
}

// {"person": id}, or null to take it back.
KR_HANDLER(name_region)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_store *store;
    struct kr_item item;
    if (!kr_request_json(request, &body, answer))
        return true;
    const json_t *said = kr_json_get(body, "person");
    const char *person = kr_json_str(body, "person", "");
    if (!said || (!json_is_null(said) && !is_id(person)) || !is_id(request->params[1]))
        return kr_answer_problem(request, answer, 422, "invalid", "error.invalid");
    return kr_desk_write(request->desk, &store, err) &&
           kr_web_item_of(request, store, &item, err) &&
           kr_region_is(store, item.id, request->params[1], person,
                        kr_visitor_who(&request->visitor), certain_of(body), err) &&
           kr_web_tell_item(request, answer, store, err);
}

// {"person": id, "in": true, "keyword": "奶奶"}.
KR_HANDLER(item_persons)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_store *store;
    struct kr_item item;
    if (!kr_request_json(request, &body, answer))
        return true;
    const char *person = kr_json_str(body, "person", "");
    const char *keyword = kr_text_in(request->mem, kr_str_of(kr_json_str(body, "keyword", "")));
    if (!is_id(person))
        return kr_answer_problem(request, answer, 422, "invalid", "error.invalid");
    return kr_desk_write(request->desk, &store, err) &&
           kr_web_item_of(request, store, &item, err) &&
           kr_picture_has(store, item.id, person, keyword, kr_json_bool(body, "in", true),
                          kr_visitor_who(&request->visitor), certain_of(body), err) &&
           kr_web_tell_item(request, answer, store, err);
}
