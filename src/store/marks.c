// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/marks.h"

#include "store/db.h"

enum { THINGS_MOST = 1000 };

bool kr_marks_put(struct kr_store *store, const char *item, const struct kr_mark *marks, size_t n,
                  struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    if (!kr_db_run(store->db, KR_SQL_MARKS_DROP, err, KR_TEXT(item)))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!kr_db_run(store->db, KR_SQL_MARK_PUT, err, KR_TEXT(marks[i].claim),
                       KR_TEXT(store->home), KR_TEXT(item), KR_TEXT(marks[i].name),
                       KR_TEXT(marks[i].thing), KR_TEXT(marks[i].card), KR_INT(marks[i].from),
                       KR_INT(marks[i].to), KR_TEXT(kr_json_text(mem, marks[i].value))))
            return false;
    return true;
}

static void mark_of_row(const struct kr_rows *rows, struct kr_arena *mem, void *out)
{
    struct kr_mark *mark = out;
    json_t *value = NULL;
    if (!kr_json_parse(kr_str_of(kr_row_text(rows, 7)), SIZE_MAX, &value, NULL))
        value = kr_json_new_object();
    *mark = (struct kr_mark){.name = kr_row_keep(rows, mem, 2),
                             .thing = kr_row_keep(rows, mem, 3),
                             .card = kr_row_keep(rows, mem, 4),
                             .from = kr_row_int(rows, 5),
                             .to = kr_row_int(rows, 6),
                             .value = kr_json_lend(mem, value)};
    kr_format(mark->claim, sizeof mark->claim, "%.36s", kr_row_text(rows, 0));
    kr_format(mark->item, sizeof mark->item, "%.36s", kr_row_text(rows, 1));
}

static void thing_of_row(const struct kr_rows *rows, struct kr_arena *mem, void *out)
{
    *(struct kr_marked_thing *)out = (struct kr_marked_thing){.thing = kr_row_keep(rows, mem, 0),
                                                              .card = kr_row_keep(rows, mem, 1),
                                                              .count = kr_row_int(rows, 2),
                                                              .from = kr_row_int(rows, 3),
                                                              .to = kr_row_int(rows, 4)};
}

bool kr_mark_get(struct kr_store *store, struct kr_arena *mem, const char *claim,
                 struct kr_mark *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more = false;
    if (!kr_db_query(store->db, KR_SQL_MARK_GET, &rows, err, KR_TEXT(store->home),
                     KR_TEXT(claim)) ||
        !kr_rows_next(rows, &more, err))
        return false;
    if (!more)
        return kr_fail(err, KR_E_NOT_FOUND, "no such mark");
    mark_of_row(rows, mem, out);
    return true;
}

bool kr_marks_find(struct kr_store *store, struct kr_arena *mem, const char *name, const char *card,
                   struct kr_mark **out, size_t *n, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    void *list;
    bool begun = *card ? kr_db_query(store->db, KR_SQL_MARKS_OF_CARD, &rows, err,
                                     KR_TEXT(store->home), KR_TEXT(card), KR_INT(KR_MARKS_MOST))
                       : kr_db_query(store->db, KR_SQL_MARKS_OF_NAME, &rows, err,
                                     KR_TEXT(store->home), KR_TEXT(name), KR_INT(KR_MARKS_MOST));
    if (!begun || !kr_rows_take(&rows, mem, sizeof **out, mark_of_row, &list, n, err))
        return false;
    *out = list;
    return true;
}

bool kr_marked_things(struct kr_store *store, struct kr_arena *mem, struct kr_marked_thing **out,
                      size_t *n, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    void *list;
    if (!kr_db_query(store->db, KR_SQL_MARKED_THINGS, &rows, err, KR_TEXT(store->home),
                     KR_INT(THINGS_MOST)) ||
        !kr_rows_take(&rows, mem, sizeof **out, thing_of_row, &list, n, err))
        return false;
    *out = list;
    return true;
}
