// SPDX-License-Identifier: AGPL-3.0-or-later
// Albums: their list, one of them, what is in it; and what lies out of sight.
#include "archive/albums.h"
#include "archive/batch.h"
#include "web/handlers.h"
#include "web/shapes.h"

#include <string.h>

enum { PAGE = 200, PAGE_MOST = 500 };

// {"id","title","count","cover": Brief or null}; alone also with its order.
static bool tell_album(struct kr_buf *out, const char *name, struct kr_request *request,
                       struct kr_store *store, const struct kr_album *album, bool whole,
                       struct kr_err *err)
{
    struct kr_item_list first;
    const char *const *order = NULL;
    size_t n = 0;
    if (!kr_album_items(store, request->mem, album->id, "", 1, &first, err) ||
        (whole && !kr_album_order(store, request->mem, album->id, &order, &n, err)))
        return false;
    kr_tell_open(out, name, '{');
    kr_tell_text(out, "id", album->id);
    kr_tell_text(out, "title", album->title);
    kr_tell_int(out, "count", album->count);
    if (first.n)
        kr_shape_brief(out, "cover", request->mem, &first.at[0], request->lang);
    else
        kr_tell_null(out, "cover");
    if (whole) {
        kr_tell_open(out, "order", '[');
        for (size_t i = 0; i < n; i++)
            kr_tell_text(out, NULL, order[i]);
        kr_tell_close(out, ']');
    }
    kr_tell_close(out, '}');
    return true;
}

static bool album_of(struct kr_request *request, struct kr_store *store, struct kr_album *out,
                     struct kr_err *err)
{
    return kr_album_get(store, request->mem, request->params[0], out, err);
}

static bool answer_album(struct kr_request *request, struct kr_answer *answer,
                         struct kr_store *store, int status, const char *id, struct kr_err *err)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    struct kr_album album;
    return kr_album_get(store, request->mem, id, &album, err) &&
           tell_album(&out, NULL, request, store, &album, true, err) &&
           kr_answer_json_take(answer, status, &out);
}

// If-Match: the album still is as the asker saw it. Answered with 412 where not.
static bool is_as_seen(struct kr_request *request, struct kr_answer *answer, struct kr_store *store,
                       const struct kr_album *album)
{
    KR_AUTO(kr_buf_finish) struct kr_buf now = {0};
    const char *seen = kr_request_header(request, "If-Match");
    if (!seen ||
        (tell_album(&now, NULL, request, store, album, true, NULL) &&
         kr_etag_listed(seen, kr_etag_of(request->mem, (struct kr_str){now.at, now.n}), false)))
        return true;
    return !kr_answer_problem(request, answer, 412, "conflict", "error.conflict");
}

KR_HANDLER(albums)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    struct kr_store *store;
    struct kr_album *albums;
    size_t n;
    if (!kr_desk_read(request->desk, &store, err) ||
        !kr_albums_all(store, request->mem, NULL, &albums, &n, err))
        return false;
    kr_tell_open(&out, NULL, '{');
    kr_tell_open(&out, "albums", '[');
    for (size_t i = 0; i < n; i++)
        if (!tell_album(&out, NULL, request, store, &albums[i], false, err))
            return false;
    kr_tell_close(&out, ']');
    kr_tell_close(&out, '}');
    return kr_answer_json_take(answer, 200, &out);
}

KR_HANDLER(add_album)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_store *store;
    char id[KR_UUID_TEXT];
    if (!kr_request_json(request, &body, answer))
        return true;
    return kr_desk_write(request->desk, &store, err) &&
           kr_album_add(store, kr_json_str(body, "title", ""), kr_visitor_who(&request->visitor),
                        id, err) &&
           answer_album(request, answer, store, 201, id, err);
}

KR_HANDLER(album)
{
    struct kr_store *store;
    return kr_desk_read(request->desk, &store, err) &&
           answer_album(request, answer, store, 200, request->params[0], err);
}

// {"title"} or {"order":[ids]}, or both.
KR_HANDLER(say_album)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_store *store;
    struct kr_album album;
    if (!kr_request_json(request, &body, answer))
        return true;
    const char *title = kr_json_str(body, "title", NULL);
    const json_t *order = kr_json_get(body, "order");
    if (!title && !order)
        return kr_answer_problem(request, answer, 422, "invalid", "error.invalid");
    if (!kr_desk_write(request->desk, &store, err) || !album_of(request, store, &album, err))
        return false;
    if (!is_as_seen(request, answer, store, &album))
        return true;
    return (!title ||
            kr_album_rename(store, album.id, title, kr_visitor_who(&request->visitor), err)) &&
           (!order ||
            kr_album_arrange(store, album.id, order, kr_visitor_who(&request->visitor), err)) &&
           answer_album(request, answer, store, 200, album.id, err);
}

KR_HANDLER(drop_album)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    struct kr_store *store;
    struct kr_album album;
    char act[KR_UUID_TEXT];
    if (!kr_desk_write(request->desk, &store, err) || !album_of(request, store, &album, err))
        return false;
    if (!is_as_seen(request, answer, store, &album))
        return true;
    if (!kr_album_end(store, album.id, kr_visitor_who(&request->visitor), act, err))
        return false;
    kr_tell_open(&out, NULL, '{');
    kr_tell_text(&out, "act", act);
    kr_tell_close(&out, '}');
    return kr_answer_json_take(answer, 200, &out);
}

static bool read_limit(struct kr_request *request, struct kr_answer *answer, int *limit)
{
    const char *text = kr_request_field(request, "limit");
    int64_t number = PAGE;
    if (*text && !kr_parse_int(text, 1, PAGE_MOST, &number))
        return !kr_answer_problem(request, answer, 400, "bad_request", "web.bad_request");
    *limit = (int)number;
    return true;
}

KR_HANDLER(album_items)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    struct kr_item_list list;
    struct kr_store *store;
    int limit;
    if (!read_limit(request, answer, &limit))
        return true;
    if (!kr_desk_read(request->desk, &store, err) ||
        !kr_album_items(store, request->mem, request->params[0],
                        kr_request_field(request, "cursor"), limit, &list, err))
        return false;
    kr_shape_leaf(&out, &list, request->lang);
    return kr_answer_json_take(answer, 200, &out);
}

// {"put":[ids]} or {"take":[ids]}: an act, as POST /api/v1/acts answers it.
KR_HANDLER(move_album_items)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    KR_AUTO(kr_json_drop) json_t *todo = kr_json_new_object();
    struct kr_store *store;
    struct kr_album album;
    if (!request->patient) {
        answer->later = true;
        return true;
    }
    if (!kr_request_json(request, &body, answer))
        return true;
    const json_t *put = kr_json_get(body, "put"), *take = kr_json_get(body, "take");
    if (!put == !take)
        return kr_answer_problem(request, answer, 422, "invalid", "error.invalid");
    if (!kr_desk_write(request->desk, &store, err) || !album_of(request, store, &album, err))
        return false;
    if (!is_as_seen(request, answer, store, &album))
        return true;
    kr_json_set_str(todo, "album", kr_arena_format(request->mem, "%s%s", put ? "" : "-", album.id));
    return kr_web_run_batch(request, answer, store, body, put ? put : take, todo, err);
}

KR_HANDLER(hidden)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    struct kr_items_query query = {.hidden = true, .cursor = kr_request_field(request, "cursor")};
    struct kr_item_list list;
    struct kr_totals totals;
    struct kr_store *store;
    if (!read_limit(request, answer, &query.limit))
        return true;
    if (!kr_desk_read(request->desk, &store, err) ||
        !kr_items_page(store, request->mem, &query, &list, err) ||
        !kr_items_totals(store, &totals, err))
        return false;
    list.total = totals.hidden;
    kr_shape_leaf(&out, &list, request->lang);
    return kr_answer_json_take(answer, 200, &out);
}
