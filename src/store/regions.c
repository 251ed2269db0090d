// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/regions.h"

#include "store/db.h"
#include <string.h>

static const char past_all[] = "g"; // sorts behind every id

bool kr_regions_put(struct kr_store *store, const char *item, const struct kr_region *regions,
                    size_t n, struct kr_err *err)
{
    if (!kr_db_run(store->db, KR_SQL_REGIONS_DROP, err, KR_TEXT(item)))
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct kr_region *r = &regions[i];
        if (!kr_db_run(store->db, KR_SQL_REGION_PUT, err, KR_TEXT(r->claim), KR_TEXT(store->home),
                       KR_TEXT(item), KR_TEXT(r->kind), KR_TEXT(r->name), KR_REAL(r->x),
                       KR_REAL(r->y), KR_REAL(r->w), KR_REAL(r->h), KR_INT(r->pixels),
                       KR_TEXT(r->person)))
            return false;
    }
    return true;
}

static void region_of_row(const struct kr_rows *rows, struct kr_arena *mem, void *out)
{
    struct kr_region *region = out;
    *region = (struct kr_region){.kind = kr_arena_strdup(mem, kr_row_text(rows, 2)),
                                 .name = kr_arena_strdup(mem, kr_row_text(rows, 3)),
                                 .x = kr_row_real(rows, 4),
                                 .y = kr_row_real(rows, 5),
                                 .w = kr_row_real(rows, 6),
                                 .h = kr_row_real(rows, 7),
                                 .pixels = kr_row_int(rows, 8)};
    kr_format(region->claim, sizeof region->claim, "%.36s", kr_row_text(rows, 0));
    kr_format(region->item, sizeof region->item, "%.36s", kr_row_text(rows, 1));
    kr_format(region->person, sizeof region->person, "%.36s", kr_row_text(rows, 9));
}

// "item_claim": the last of the page before.
static bool read_cursor(struct kr_arena *mem, const char *cursor, const char **item,
                        const char **claim, struct kr_err *err)
{
    struct kr_uuid id;
    *item = *claim = past_all;
    if (!*cursor)
        return true;
    const char *bar = strchr(cursor, '_');
    if (!bar)
        return kr_fail(err, KR_E_INVALID, "a cursor that is none of ours");
    *item = kr_arena_copy(mem, cursor, (size_t)(bar - cursor));
    *claim = bar + 1;
    return (kr_uuid_parse(*item, &id) && kr_uuid_parse(*claim, &id)) ||
           kr_fail(err, KR_E_INVALID, "a cursor that is none of ours");
}

bool kr_regions_open(struct kr_store *store, struct kr_arena *mem, const char *cursor, int limit,
                     struct kr_region_list *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    const char *item, *claim;
    void *list;
    limit = limit < 1 ? 1 : limit > 500 ? 500 : limit;
    *out = (struct kr_region_list){0};
    if (!read_cursor(mem, cursor, &item, &claim, err) ||
        !kr_db_query(store->db, KR_SQL_REGIONS_OPEN, &rows, err, KR_TEXT(store->home),
                     KR_TEXT(item), KR_TEXT(claim), KR_INT(limit + 1)) ||
        !kr_rows_take(&rows, mem, sizeof *out->at, region_of_row, &list, &out->n, err))
        return false;
    out->at = list;
    if (out->n <= (size_t)limit)
        return true;
    out->n = (size_t)limit;
    const struct kr_region *last = &out->at[out->n - 1];
    kr_format(out->next, sizeof out->next, "%s_%s", last->item, last->claim);
    return true;
}

bool kr_regions_open_count(struct kr_store *store, int64_t most, int64_t *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more = false;
    if (!kr_db_query(store->db, KR_SQL_REGIONS_OPEN_COUNT, &rows, err, KR_TEXT(store->home),
                     KR_INT(most)) ||
        !kr_rows_next(rows, &more, err))
        return false;
    *out = more ? kr_row_int(rows, 0) : 0;
    return true;
}

bool kr_regions_of_person(struct kr_store *store, struct kr_arena *mem, const char *person,
                          struct kr_region **out, size_t *n, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    void *list;
    if (!kr_db_query(store->db, KR_SQL_REGIONS_OF_PERSON, &rows, err, KR_TEXT(person)) ||
        !kr_rows_take(&rows, mem, sizeof **out, region_of_row, &list, n, err))
        return false;
    *out = list;
    return true;
}

bool kr_region_best(struct kr_store *store, struct kr_arena *mem, const char *person,
                    struct kr_region *out, bool *found, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    if (!kr_db_query(store->db, KR_SQL_REGION_BEST, &rows, err, KR_TEXT(person)) ||
        !kr_rows_next(rows, found, err))
        return false;
    if (*found)
        region_of_row(rows, mem, out);
    return true;
}
