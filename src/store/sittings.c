// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/sittings.h"

#include "store/db.h"

bool kr_sitting_add(struct kr_store *store, const struct kr_sitting *sitting, struct kr_err *err)
{
    return kr_db_run(store->db, KR_SQL_SITTING_ADD, err, KR_TEXT(sitting->id), KR_TEXT(store->home),
                     KR_TEXT(sitting->person), KR_TEXT(sitting->company), KR_INT(sitting->seed),
                     KR_INT(sitting->logged), KR_INT(sitting->began_ms));
}

static void sitting_of_row(const struct kr_rows *rows, struct kr_arena *mem, void *out)
{
    struct kr_sitting *sitting = out;
    *sitting = (struct kr_sitting){.person = kr_row_keep(rows, mem, 1),
                                   .company = kr_row_keep(rows, mem, 2),
                                   .seed = kr_row_int(rows, 3),
                                   .logged = kr_row_int(rows, 4) != 0,
                                   .began_ms = kr_row_int(rows, 5),
                                   .seen_ms = kr_row_int(rows, 6),
                                   .ended_ms = kr_row_int(rows, 7),
                                   .kept = kr_row_int(rows, 8),
                                   .good = kr_row_int(rows, 9),
                                   .quiet = kr_row_int(rows, 10),
                                   .unhappy = kr_row_int(rows, 11)};
    kr_format(sitting->id, sizeof sitting->id, "%.36s", kr_row_text(rows, 0));
}

bool kr_sitting_get(struct kr_store *store, struct kr_arena *mem, const char *id,
                    struct kr_sitting *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more = false;
    if (!kr_db_query(store->db, KR_SQL_SITTING_GET, &rows, err, KR_TEXT(store->home),
                     KR_TEXT(id)) ||
        !kr_rows_next(rows, &more, err))
        return false;
    if (!more)
        return kr_fail(err, KR_E_NOT_FOUND, "no sitting %.36s", id);
    sitting_of_row(rows, mem, out);
    return true;
}

bool kr_sitting_put(struct kr_store *store, const struct kr_sitting *sitting, struct kr_err *err)
{
    return kr_db_run(store->db, KR_SQL_SITTING_PUT, err, KR_TEXT(store->home), KR_TEXT(sitting->id),
                     KR_INT(sitting->seen_ms), KR_INT(sitting->ended_ms), KR_INT(sitting->kept),
                     KR_INT(sitting->good), KR_INT(sitting->quiet), KR_INT(sitting->unhappy));
}

bool kr_sitting_drop(struct kr_store *store, const char *id, struct kr_err *err)
{
    return kr_db_run(store->db, KR_SQL_SITTING_DROP, err, KR_TEXT(store->home), KR_TEXT(id));
}

bool kr_sittings_sweep(struct kr_store *store, int64_t before_ms, struct kr_err *err)
{
    return kr_db_run(store->db, KR_SQL_SITTINGS_SWEEP, err, KR_TEXT(store->home),
                     KR_INT(before_ms));
}

bool kr_sittings_logged(struct kr_store *store, struct kr_arena *mem, int limit,
                        struct kr_sitting **out, size_t *n, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    void *list;
    if (!kr_db_query(store->db, KR_SQL_SITTINGS_LOGGED, &rows, err, KR_TEXT(store->home),
                     KR_INT(limit)) ||
        !kr_rows_take(&rows, mem, sizeof **out, sitting_of_row, &list, n, err))
        return false;
    *out = list;
    return true;
}
