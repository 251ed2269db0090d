// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/albums.h"

#include "store/items_priv.h"

enum { PAGE_MOST = 500, PASSED_MOST = 10000000 };

bool kr_album_put(struct kr_store *store, const struct kr_album *album, const char *sort,
                  const char *const *order, size_t n, struct kr_err *err)
{
    if (!kr_db_run(store->db, KR_SQL_ALBUM_PUT, err, KR_TEXT(album->id), KR_TEXT(store->home),
                   KR_TEXT(album->title), KR_TEXT(sort), KR_INT(album->made_ms)) ||
        !kr_db_run(store->db, KR_SQL_ALBUM_PLACE_DROP, err, KR_TEXT(album->id)))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!kr_db_run(store->db, KR_SQL_ALBUM_PLACE_PUT, err, KR_TEXT(album->id),
                       KR_TEXT(order[i]), KR_INT((int64_t)i)))
            return false;
    return true;
}

bool kr_album_drop(struct kr_store *store, const char *id, struct kr_err *err)
{
    return kr_db_run(store->db, KR_SQL_ALBUM_PLACE_DROP, err, KR_TEXT(id)) &&
           kr_db_run(store->db, KR_SQL_ALBUM_DROP, err, KR_TEXT(store->home), KR_TEXT(id));
}

bool kr_album_seats_put(struct kr_store *store, const char *item, const struct kr_album_seat *seats,
                        size_t n, struct kr_err *err)
{
    if (!kr_db_run(store->db, KR_SQL_ALBUM_ITEM_DROP, err, KR_TEXT(item)))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!kr_db_run(store->db, KR_SQL_ALBUM_ITEM_PUT, err, KR_TEXT(item),
                       KR_TEXT(seats[i].album), KR_INT(seats[i].seq)))
            return false;
    return true;
}

static struct kr_album album_of_row(const struct kr_rows *rows, struct kr_arena *mem)
{
    struct kr_album album = {.title = kr_arena_strdup(mem, kr_row_text(rows, 1)),
                             .made_ms = kr_row_int(rows, 2),
                             .count = kr_row_int(rows, 3)};
    kr_format(album.id, sizeof album.id, "%.36s", kr_row_text(rows, 0));
    return album;
}

bool kr_album_get(struct kr_store *store, struct kr_arena *mem, const char *id,
                  struct kr_album *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more = false;
    if (!kr_db_query(store->db, KR_SQL_ALBUM_GET, &rows, err, KR_TEXT(store->home), KR_TEXT(id)) ||
        !kr_rows_next(rows, &more, err))
        return false;
    if (!more)
        return kr_fail(err, KR_E_NOT_FOUND, "no album %.36s", id);
    *out = album_of_row(rows, mem);
    return true;
}

bool kr_albums_all(struct kr_store *store, struct kr_arena *mem, const char *item,
                   struct kr_album **out, size_t *n, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    KR_AUTO(kr_buf_finish) struct kr_buf list = {0};
    bool begun = item ? kr_db_query(store->db, KR_SQL_ALBUMS_OF_ITEM, &rows, err,
                                    KR_TEXT(store->home), KR_TEXT(item))
                      : kr_db_query(store->db, KR_SQL_ALBUMS_ALL, &rows, err, KR_TEXT(store->home));
    for (bool more = begun; more;) {
        if (!kr_rows_next(rows, &more, err))
            return false;
        if (!more)
            break;
        struct kr_album album = album_of_row(rows, mem);
        kr_buf_add(&list, &album, sizeof album);
    }
    *n = list.n / sizeof(struct kr_album);
    *out = (struct kr_album *)(void *)kr_arena_copy(mem, list.at, list.n);
    return begun;
}

bool kr_album_items(struct kr_store *store, struct kr_arena *mem, const char *id,
                    const char *cursor, int limit, struct kr_item_list *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    int64_t passed = 0;
    struct kr_album album;
    if (cursor && *cursor && !kr_parse_int(cursor, 0, PASSED_MOST, &passed))
        return kr_fail(err, KR_E_INVALID, "a cursor that is none of ours");
    limit = limit < 1 ? 1 : limit > PAGE_MOST ? PAGE_MOST : limit;
    if (!kr_album_get(store, mem, id, &album, err) ||
        !kr_db_query(store->db, KR_SQL_ALBUM_ITEMS, &rows, err, KR_TEXT(store->home), KR_TEXT(id),
                     KR_INT(limit + 1), KR_INT(passed)) ||
        !kr_items_of_rows(&rows, mem, out, err))
        return false;
    out->total = album.count;
    if (out->n > (size_t)limit) {
        out->n = (size_t)limit;
        kr_format(out->next, sizeof out->next, "%jd", (intmax_t)(passed + limit));
    }
    return true;
}

bool kr_album_order(struct kr_store *store, struct kr_arena *mem, const char *id,
                    const char *const **out, size_t *n, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    KR_AUTO(kr_buf_finish) struct kr_buf list = {0};
    if (!kr_db_query(store->db, KR_SQL_ALBUM_ORDER, &rows, err, KR_TEXT(store->home), KR_TEXT(id)))
        return false;
    for (bool more = true;;) {
        if (!kr_rows_next(rows, &more, err))
            return false;
        if (!more)
            break;
        const char *item = kr_arena_strdup(mem, kr_row_text(rows, 0));
        kr_buf_add(&list, &item, sizeof item);
    }
    *n = list.n / sizeof(const char *);
    *out = (const char *const *)(void *)kr_arena_copy(mem, list.at, list.n);
    return true;
}
