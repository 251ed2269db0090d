// SPDX-License-Identifier: AGPL-3.0-or-later
// Items: a page of them, one of them, those a search finds, those already here.
#include "archive/may.h"
#include "archive/search.h"
#include "base/uuid.h"
#include "web/handlers.h"
#include "web/shapes.h"

#include <string.h>

enum { PAGE = 200, PAGE_MOST = 500, HAVE_MOST = 10000 };

bool kr_web_item_of(struct kr_request *request, struct kr_store *store, struct kr_item *out,
                    struct kr_err *err)
{
    struct kr_uuid id;
    if (!kr_uuid_parse(request->params[0], &id))
        return kr_fail(err, KR_E_NOT_FOUND, "what was asked for is no id");
    return kr_item_may_get(store, request->mem, request->params[0], &KR_VIEW_HOME, out, err);
}

bool kr_web_tell_item(struct kr_request *request, struct kr_answer *answer, struct kr_store *store,
                      struct kr_err *err)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    struct kr_item item;
    return kr_web_item_of(request, store, &item, err) &&
           kr_shape_item(&out, store, request->mem, &item, request->lang, err) &&
           kr_answer_json_take(answer, 200, &out);
}

// `limit` of the query, else a page; false (and answered) where it is no such number.
static bool read_limit(struct kr_request *request, struct kr_answer *answer, int *limit)
{
    const char *text = kr_request_field(request, "limit");
    int64_t number = PAGE;
    if (*text && !kr_parse_int(text, 1, PAGE_MOST, &number))
        return !kr_answer_problem(request, answer, 400, "bad_request", "web.bad_request");
    *limit = (int)number;
    return true;
}

static const char *or_null(const char *text)
{
    return *text ? text : NULL;
}

// How many items the whole query has, told by the counts that are kept anyway;
// -1 where none is.
static bool count_page(struct kr_store *store, struct kr_arena *mem,
                       const struct kr_items_query *query, int64_t *total, struct kr_err *err)
{
    struct kr_section *sections;
    size_t n;
    *total = -1;
    if (query->kind)
        return true;
    if (!kr_sections(store, mem, &sections, &n, err))
        return false;
    *total = 0;
    for (size_t i = 0; i < n; i++)
        if (!query->section || strcmp(query->section, sections[i].key) == 0)
            *total += sections[i].count;
    return true;
}

KR_HANDLER(items)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    struct kr_items_query query = {.section = or_null(kr_request_field(request, "section")),
                                   .kind = or_null(kr_request_field(request, "kind")),
                                   .cursor = kr_request_field(request, "cursor")};
    struct kr_item_list list;
    struct kr_store *store;
    int64_t total;
    if (!read_limit(request, answer, &query.limit))
        return true;
    if (!kr_desk_read(request->desk, &store, err) ||
        !kr_items_page(store, request->mem, &query, &list, err) ||
        !count_page(store, request->mem, &query, &total, err))
        return false;
    list.total = total;
    kr_shape_leaf(&out, &list, request->lang);
    return kr_answer_json_take(answer, 200, &out);
}

KR_HANDLER(item)
{
    struct kr_store *store;
    return kr_desk_read(request->desk, &store, err) &&
           kr_web_tell_item(request, answer, store, err);
}

KR_HANDLER(search)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    struct kr_search search = {0};
    struct kr_item_list list;
    struct kr_store *store;
    int limit;
    if (!read_limit(request, answer, &limit))
        return true;
    kr_search_parse(request->mem, kr_request_field(request, "q"), &search);
    search.cursor = kr_request_field(request, "cursor");
    search.limit = limit;
    if (!kr_desk_read(request->desk, &store, err) ||
        !kr_items_search(store, request->mem, &search, &list, err))
        return false;
    kr_shape_leaf(&out, &list, request->lang);
    return kr_answer_json_take(answer, 200, &out);
}

KR_HANDLER(have)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    struct kr_store *store;
    if (!kr_request_json(request, &body, answer))
        return true;
    const json_t *names = kr_json_get(body, "sha256");
    if (!json_is_array(names) || json_array_size(names) > HAVE_MOST)
        return kr_answer_problem(request, answer, 422, "invalid", "error.invalid");
    if (!kr_desk_read(request->desk, &store, err))
        return false;
    kr_tell_open(&out, NULL, '{');
    kr_tell_open(&out, "have", '{');
    for (size_t i = 0; i < json_array_size(names); i++) {
        const char *hex = json_string_value(json_array_get(names, i));
        struct kr_blob_id blob;
        struct kr_item item;
        bool found = false;
        if (!hex || !kr_blob_of_hex(hex, &blob))
            return kr_answer_problem(request, answer, 422, "invalid", "error.invalid");
        if (!kr_item_by_blob(store, request->mem, &blob, &item, &found, err))
            return false;
        if (found)
            kr_tell_text(&out, hex, item.id);
    }
    kr_tell_close(&out, '}');
    kr_tell_close(&out, '}');
    return kr_answer_json_take(answer, 200, &out);
}
