// SPDX-License-Identifier: AGPL-3.0-or-later
// What a person says of an item, and the trash.
#include "archive/say.h"
#include "web/handlers.h"
#include "web/shapes.h"

#include <string.h>

// If-Match: the item still is as the asker saw it. Answered with 412 where not.
static bool is_as_seen(struct kr_request *request, struct kr_answer *answer, struct kr_store *store,
                       const struct kr_item *item)
{
    KR_AUTO(kr_buf_finish) struct kr_buf now = {0};
    const char *seen = kr_request_header(request, "If-Match");
    if (!seen)
        return true;
    if (kr_shape_item(&now, store, request->mem, item, request->lang, NULL) &&
        kr_etag_listed(seen, kr_etag_of(request->mem, (struct kr_str){now.at, now.n}), false))
        return true;
    return !kr_answer_problem(request, answer, 412, "conflict", "error.conflict");
}

KR_HANDLER(claim)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_store *store;
    struct kr_item item;
    if (!kr_request_json(request, &body, answer))
        return true;
    const char *predicate = kr_json_str(body, "predicate", "");
    const json_t *value = kr_json_get(body, "value");
    double certain = kr_json_real(body, "certain", 0.9);
    if (!value || !(certain >= 0 && certain <= 1))
        return kr_answer_problem(request, answer, 422, "invalid", "error.invalid");
    if (!kr_desk_write(request->desk, &store, err) || !kr_web_item_of(request, store, &item, err))
        return false;
    if (!is_as_seen(request, answer, store, &item))
        return true;
    const char *back = strcmp(predicate, "retract") == 0 ? json_string_value(value) : NULL;
    if (back ? kr_say_back(store, item.id, back, kr_visitor_who(&request->visitor), err)
             : kr_say(store, item.id, predicate, value, kr_visitor_who(&request->visitor), certain,
                      err))
        return kr_web_tell_item(request, answer, store, err);
    if (err->code == KR_E_INVALID && strcmp(predicate, "date") == 0)
        return kr_answer_problem(request, answer, 422, "date", "web.date");
    return false;
}

KR_HANDLER(trash_item)
{
    struct kr_store *store;
    struct kr_item item;
    if (!kr_desk_write(request->desk, &store, err) || !kr_web_item_of(request, store, &item, err))
        return false;
    if (!is_as_seen(request, answer, store, &item))
        return true;
    return kr_trash(store, item.id, kr_visitor_who(&request->visitor), err) &&
           kr_answer_empty(answer, 204);
}

KR_HANDLER(untrash_item)
{
    struct kr_store *store;
    struct kr_item item;
    return kr_desk_write(request->desk, &store, err) &&
           kr_web_item_of(request, store, &item, err) &&
           kr_untrash(store, item.id, kr_visitor_who(&request->visitor), err) &&
           kr_web_tell_item(request, answer, store, err);
}

KR_HANDLER(trash)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    struct kr_items_query query = {.trashed = true, .limit = 500};
    struct kr_item_list list;
    struct kr_store *store;
    if (!kr_desk_read(request->desk, &store, err) ||
        !kr_items_page(store, request->mem, &query, &list, err))
        return false;
    kr_shape_leaf(&out, &list, request->lang);
    return kr_answer_json_take(answer, 200, &out);
}

KR_HANDLER(empty_trash)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_store *store;
    struct kr_buf out = {0};
    int64_t count = 0;
    if (!kr_request_json(request, &body, answer))
        return true;
    if (!kr_json_bool(body, "confirm", false))
        return kr_answer_problem(request, answer, 422, "invalid", "web.confirm");
    if (!request->patient) {
        answer->later = true; // forgetting rewrites what stood beside it: that takes its time
        return true;
    }
    if (!kr_desk_write(request->desk, &store, err) || !kr_trash_empty(store, 0, &count, err))
        return false;
    kr_tell_open(&out, NULL, '{');
    kr_tell_int(&out, "forgotten", count);
    kr_tell_close(&out, '}');
    return kr_answer_json_take(answer, 200, &out);
}
