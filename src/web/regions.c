// SPDX-License-Identifier: AGPL-3.0-or-later
// Framed places in pictures: those without a name, new ones, moved ones; and portraits by age.
#include "archive/regions.h"
#include "archive/portraits.h"
#include "web/handlers.h"
#include "web/shapes.h"

#include <math.h>
#include <string.h>

enum { PAGE = 50, PAGE_MOST = 500, COUNT_MOST = 1000, AGE_MOST = 150 };

static bool has_field(const struct kr_request *request, const char *name)
{
    for (size_t i = 0; i < request->url.query_count; i++)
        if (strcmp(request->url.query[i].name, name) == 0)
            return true;
    return false;
}

// A whole number of the query; false (and answered) where it is none.
static bool read_number(struct kr_request *request, struct kr_answer *answer, const char *name,
                        int64_t least, int64_t most, int64_t *out)
{
    const char *text = kr_request_field(request, name);
    if (*text && !kr_parse_int(text, least, most, out))
        return !kr_answer_problem(request, answer, 400, "bad_request", "web.bad_request");
    return true;
}

static bool tell_region(struct kr_buf *out, struct kr_request *request, struct kr_store *store,
                        const struct kr_region *region, struct kr_err *err)
{
    struct kr_item item;
    if (!kr_item_get(store, request->mem, region->item, &item, err))
        return false;
    kr_tell_open(out, NULL, '{');
    kr_tell_text(out, "claim", region->claim);
    kr_tell_text(out, "kind", region->kind);
    kr_tell_text(out, "name", region->name);
    kr_tell_real(out, "x", region->x);
    kr_tell_real(out, "y", region->y);
    kr_tell_real(out, "w", region->w);
    kr_tell_real(out, "h", region->h);
    kr_shape_brief(out, "item", request->mem, &item, request->lang);
    kr_tell_close(out, '}');
    return true;
}

KR_HANDLER(regions)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    struct kr_region_list list;
    struct kr_store *store;
    int64_t limit = PAGE, total;
    if (!has_field(request, "unnamed")) // the only list there is, and it says so
        return kr_answer_problem(request, answer, 400, "bad_request", "web.bad_request");
    if (!read_number(request, answer, "limit", 1, PAGE_MOST, &limit))
        return true;
    if (!kr_desk_read(request->desk, &store, err) ||
        !kr_regions_open(store, request->mem, kr_request_field(request, "cursor"), (int)limit,
                         &list, err) ||
        !kr_regions_open_count(store, COUNT_MOST, &total, err))
        return false;
    kr_tell_open(&out, NULL, '{');
    kr_tell_open(&out, "regions", '[');
    for (size_t i = 0; i < list.n; i++)
        if (!tell_region(&out, request, store, &list.at[i], err))
            return false;
    kr_tell_close(&out, ']');
    kr_tell_text(&out, "next", list.next);
    kr_tell_int(&out, "total", total);
    kr_tell_close(&out, '}');
    return kr_answer_json_take(answer, 200, &out);
}

KR_HANDLER(unframed)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    struct kr_item_list list;
    struct kr_store *store;
    int64_t limit = PAGE;
    if (!read_number(request, answer, "limit", 1, PAGE_MOST, &limit))
        return true;
    if (!kr_desk_read(request->desk, &store, err) ||
        !kr_items_unframed(store, request->mem, kr_request_field(request, "cursor"), (int)limit,
                           &list, err))
        return false;
    kr_shape_leaf(&out, &list, request->lang);
    return kr_answer_json_take(answer, 200, &out);
}

static struct kr_frame frame_of(const json_t *body)
{
    return (struct kr_frame){kr_json_real(body, "x", NAN), kr_json_real(body, "y", NAN),
                             kr_json_real(body, "w", NAN), kr_json_real(body, "h", NAN)};
}

// The Item as it is now, and which of its regions the asker made.
static bool tell_framed(struct kr_request *request, struct kr_answer *answer,
                        struct kr_store *store, int status, const char *region, struct kr_err *err)
{
    KR_AUTO(kr_buf_finish) struct kr_buf whole = {0};
    struct kr_buf out = {0};
    struct kr_item item;
    if (!kr_web_item_of(request, store, &item, err) ||
        !kr_shape_item(&whole, store, request->mem, &item, request->lang, err))
        return false;
    kr_buf_add(&out, whole.at, whole.n - 1); // the item without its last bracket
    kr_tell_text(&out, "region", region);
    kr_tell_close(&out, '}');
    return kr_answer_json_take(answer, status, &out);
}

// {"x","y","w","h","kind","name","person"}: all but the frame may be left out.
KR_HANDLER(add_region)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_store *store;
    struct kr_item item;
    struct kr_uuid id;
    char region[KR_UUID_TEXT];
    if (!kr_request_json(request, &body, answer))
        return true;
    struct kr_frame frame = frame_of(body);
    double certain = kr_json_real(body, "certain", 0.9);
    const char *name = kr_text_in(request->mem, kr_str_of(kr_json_str(body, "name", "")));
    const char *person = kr_json_str(body, "person", "");
    struct kr_person there;
    if (*person && !kr_uuid_parse(person, &id))
        return kr_answer_problem(request, answer, 422, "invalid", "error.invalid");
    return kr_desk_write(request->desk, &store, err) &&
           kr_web_item_of(request, store, &item, err) &&
           (!*person || kr_person_get(store, request->mem, person, &there, err)) &&
           kr_frame_add(store, item.id, &frame, kr_json_str(body, "kind", "face"), name,
                        kr_visitor_who(&request->visitor), certain, region, err) &&
           (!*person || kr_region_is(store, item.id, region, person,
                                     kr_visitor_who(&request->visitor), certain, err)) &&
           tell_framed(request, answer, store, 201, region, err);
}

KR_HANDLER(move_region)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_store *store;
    struct kr_item item;
    char region[KR_UUID_TEXT];
    if (!kr_request_json(request, &body, answer))
        return true;
    struct kr_frame frame = frame_of(body);
    return kr_desk_write(request->desk, &store, err) &&
           kr_web_item_of(request, store, &item, err) &&
           kr_frame_move(store, item.id, request->params[1], &frame,
                         kr_visitor_who(&request->visitor), kr_json_real(body, "certain", 0.9),
                         region, err) &&
           tell_framed(request, answer, store, 200, region, err);
}

KR_HANDLER(drop_region)
{
    struct kr_store *store;
    struct kr_item item;
    return kr_desk_write(request->desk, &store, err) &&
           kr_web_item_of(request, store, &item, err) &&
           kr_frame_drop(store, item.id, request->params[1], kr_visitor_who(&request->visitor),
                         err) &&
           kr_web_tell_item(request, answer, store, err);
}

static void tell_portrait(struct kr_buf *out, struct kr_request *request,
                          const struct kr_portrait *portrait)
{
    KR_AUTO(kr_json_drop)
    json_t *one = kr_portrait_new_json(request->mem, request->lang, portrait);
    kr_tell_open(out, NULL, '{');
    kr_tell_int(out, "at", portrait->at);
    kr_tell_json(out, "age", kr_json_get(one, "age"));
    kr_tell_json(out, "region", kr_json_get(one, "region"));
    kr_shape_brief(out, "item", request->mem, portrait->item, request->lang);
    kr_tell_close(out, '}');
}

// With `age` only the one that kr_portrait_at() chooses.
static bool choose(struct kr_request *request, struct kr_answer *answer,
                   struct kr_portrait **portraits, size_t *n)
{
    int64_t age = -1;
    if (!read_number(request, answer, "age", 0, AGE_MOST, &age))
        return false;
    if (age < 0)
        return true;
    const struct kr_portrait *one = kr_portrait_at(*portraits, *n, (int)age);
    if (one)
        **portraits = *one;
    *n = one != NULL;
    return true;
}

KR_HANDLER(portraits)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    struct kr_portrait *list;
    struct kr_person person;
    struct kr_store *store;
    struct kr_uuid id;
    size_t n;
    if (!kr_uuid_parse(request->params[0], &id))
        return kr_fail(err, KR_E_NOT_FOUND, "what was asked for is no id");
    if (!kr_desk_read(request->desk, &store, err) ||
        !kr_person_get(store, request->mem, request->params[0], &person, err) ||
        !kr_portraits(store, request->mem, &person, &list, &n, err))
        return false;
    if (!choose(request, answer, &list, &n))
        return true;
    kr_tell_open(&out, NULL, '{');
    kr_tell_open(&out, "portraits", '[');
    for (size_t i = 0; i < n; i++)
        tell_portrait(&out, request, &list[i]);
    kr_tell_close(&out, ']');
    kr_tell_close(&out, '}');
    return kr_answer_json_take(answer, 200, &out);
}
