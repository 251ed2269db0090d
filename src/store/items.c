// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/items.h"

#include "store/items_priv.h"
#include <math.h>
#include <string.h>

enum { MERGE_PAGES = 200 }; // of the index of words, in one step

void kr_item_of_row(const struct kr_rows *rows, struct kr_arena *mem, struct kr_item *out)
{
    struct kr_item item = {
        .num = kr_row_int(rows, 0),
        .size = (uint64_t)kr_row_int(rows, 3),
        .kind = kr_arena_strdup(mem, kr_row_text(rows, 4)),
        .mime = kr_arena_strdup(mem, kr_row_text(rows, 5)),
        .damaged = kr_arena_strdup(mem, kr_row_text(rows, 6)),
        .width = (int)kr_row_int(rows, 7),
        .height = (int)kr_row_int(rows, 8),
        .duration_ms = kr_row_int(rows, 9),
        .added_ms = kr_row_int(rows, 10),
        .date_edtf = kr_arena_strdup(mem, kr_row_text(rows, 11)),
        .date_from = kr_row_int(rows, 12),
        .date_to = kr_row_int(rows, 13),
        .date_source = kr_arena_strdup(mem, kr_row_text(rows, 14)),
        .date_certain = kr_row_real(rows, 15),
        .wall_ms = kr_row_int(rows, 16),
        .section = kr_arena_strdup(mem, kr_row_text(rows, 17)),
        .title = kr_arena_strdup(mem, kr_row_text(rows, 18)),
        .caption = kr_arena_strdup(mem, kr_row_text(rows, 19)),
        .place = kr_arena_strdup(mem, kr_row_text(rows, 20)),
        .camera = kr_arena_strdup(mem, kr_row_text(rows, 21)),
        .names = kr_arena_strdup(mem, kr_row_text(rows, 22)),
        .lat = kr_row_null(rows, 23) ? NAN : kr_row_real(rows, 23),
        .lon = kr_row_null(rows, 24) ? NAN : kr_row_real(rows, 24),
        .favourite = kr_row_int(rows, 25) != 0,
        .trashed_ms = kr_row_int(rows, 26),
        .stack = kr_arena_strdup(mem, kr_row_text(rows, 27)),
        .stack_n = (int)kr_row_int(rows, 28),
        .near = kr_arena_strdup(mem, kr_row_text(rows, 29)),
        .phash = (uint64_t)kr_row_int(rows, 30),
        .preview = kr_arena_strdup(mem, kr_row_text(rows, 31)),
        .extra = kr_arena_strdup(mem, kr_row_text(rows, 32)),
        .renditions = (int)kr_row_int(rows, 33),
        .hidden = kr_row_int(rows, 34) != 0,
    };
    kr_format(item.id, sizeof item.id, "%.36s", kr_row_text(rows, 1));
    struct kr_str sha256 = kr_row_bytes(rows, 2);
    if (sha256.n == sizeof item.blob.sha256)
        memcpy(item.blob.sha256, sha256.at, sha256.n);
    if (!*item.date_edtf)
        item.date_from = item.date_to = 0;
    *out = item;
}

// Where an item stands on the line of time, and what it counts as.
struct shelf {
    bool visible, undated;
    int away; // 1: in the trash, 2: hidden
    char section[16], kind[8];
    double ratio;
    int64_t num, size;
};

static bool shelf_of(struct kr_store *store, const char *id, struct shelf *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more = false;
    if (!kr_db_query(store->db, KR_SQL_ITEM_SHELF, &rows, err, KR_TEXT(id)) ||
        !kr_rows_next(rows, &more, err))
        return false;
    *out = (struct shelf){0};
    if (!more)
        return true;
    *out = (struct shelf){.num = kr_row_int(rows, 0),
                          .visible = kr_row_int(rows, 2) == KR_VISIBLE,
                          .ratio = kr_row_real(rows, 3),
                          .size = kr_row_int(rows, 5),
                          .undated = kr_row_int(rows, 6) != 0,
                          .away = (int)kr_row_int(rows, 7)};
    kr_format(out->section, sizeof out->section, "%.15s", kr_row_text(rows, 1));
    kr_format(out->kind, sizeof out->kind, "%.7s", kr_row_text(rows, 4));
    return true;
}

// Adds an item to the counts of its section and its kind, or (-1) takes it out.
static bool count_shelf(struct kr_store *store, const struct shelf *shelf, int times,
                        struct kr_err *err)
{
    if (!shelf->num)
        return true;
    if (!kr_db_run(store->db, KR_SQL_TALLY_MOVE, err, KR_TEXT(store->home), KR_TEXT(shelf->kind),
                   KR_INT(shelf->away), KR_INT(times), KR_INT(times * shelf->undated),
                   KR_INT(times * shelf->size)))
        return false;
    return !shelf->visible ||
           kr_db_run(store->db, KR_SQL_SECTION_MOVE, err, KR_TEXT(store->home),
                     KR_TEXT(shelf->section), KR_INT(times), KR_REAL(times * shelf->ratio));
}

static bool recount(struct kr_store *store, const char *id, const struct shelf *before,
                    struct shelf *after, struct kr_err *err)
{
    return count_shelf(store, before, -1, err) && shelf_of(store, id, after, err) &&
           count_shelf(store, after, 1, err);
}

static bool put_row(struct kr_store *store, const struct kr_item *item, struct kr_err *err)
{
    bool dated = *item->date_edtf;
    bool covered = *item->stack && strcmp(item->stack, item->id) != 0;
    int visible = item->trashed_ms || covered ? 0 : item->hidden ? KR_HIDDEN : KR_VISIBLE;
    return kr_db_run(
        store->db, KR_SQL_ITEM_PUT, err, KR_TEXT(item->id), KR_TEXT(store->home),
        KR_BYTES(item->blob.sha256, sizeof item->blob.sha256), KR_INT((int64_t)item->size),
        KR_TEXT(item->kind), KR_TEXT(item->mime), KR_TEXT(item->damaged), KR_INT(item->width),
        KR_INT(item->height), KR_INT(item->duration_ms), KR_INT(item->added_ms),
        KR_TEXT(item->date_edtf), KR_INT(dated ? item->date_from : KR_UNDATED),
        KR_INT(dated ? item->date_to : KR_UNDATED), KR_TEXT(item->date_source),
        KR_REAL(item->date_certain), KR_INT(item->wall_ms), KR_TEXT(item->section),
        KR_TEXT(item->title), KR_TEXT(item->caption), KR_TEXT(item->place), KR_TEXT(item->camera),
        KR_TEXT(item->names), isnan(item->lat) ? KR_NULL : KR_REAL(item->lat),
        isnan(item->lon) ? KR_NULL : KR_REAL(item->lon), KR_INT(item->favourite),
        KR_INT(item->trashed_ms), KR_TEXT(item->stack), KR_INT(item->stack_n), KR_TEXT(item->near),
        KR_INT((int64_t)item->phash), KR_TEXT(item->preview), KR_TEXT(item->extra), KR_INT(visible),
        KR_INT(item->hidden));
}

bool kr_item_put(struct kr_store *store, const struct kr_item *item, const char *search_text,
                 struct kr_err *err)
{
    struct shelf before, after;
    return shelf_of(store, item->id, &before, err) && put_row(store, item, err) &&
           recount(store, item->id, &before, &after, err) &&
           kr_db_run(store->db, KR_SQL_SEARCH_DROP, err, KR_INT(after.num)) &&
           kr_db_run(store->db, KR_SQL_SEARCH_PUT, err, KR_INT(after.num), KR_TEXT(search_text));
}

bool kr_item_set_groups(struct kr_store *store, const char *id, const char *stack, int stack_n,
                        const char *near, struct kr_err *err)
{
    struct shelf before, after;
    return shelf_of(store, id, &before, err) &&
           kr_db_run(store->db, KR_SQL_ITEM_GROUPS, err, KR_TEXT(id), KR_TEXT(stack),
                     KR_INT(stack_n), KR_TEXT(near)) &&
           recount(store, id, &before, &after, err);
}

bool kr_item_drop(struct kr_store *store, const char *id, struct kr_err *err)
{
    struct shelf before;
    return shelf_of(store, id, &before, err) && count_shelf(store, &before, -1, err) &&
           kr_db_run(store->db, KR_SQL_SEARCH_DROP, err, KR_INT(before.num)) &&
           kr_found_drop(store, id, err) &&
           kr_db_run(store->db, KR_SQL_PICTURED_DROP, err, KR_TEXT(id)) &&
           kr_db_run(store->db, KR_SQL_RELEASE_DROP, err, KR_TEXT(id)) &&
           kr_db_run(store->db, KR_SQL_REGIONS_DROP, err, KR_TEXT(id)) &&
           kr_db_run(store->db, KR_SQL_MARKS_DROP, err, KR_TEXT(id)) &&
           kr_db_run(store->db, KR_SQL_ALBUM_ITEM_DROP, err, KR_TEXT(id)) &&
           kr_db_run(store->db, KR_SQL_ALBUM_PLACE_FORGET, err, KR_TEXT(id)) &&
           kr_db_run(store->db, KR_SQL_ITEM_DROP, err, KR_TEXT(id));
}

// The documentation of FTS5 ends such a merge where it touched fewer than two rows.
bool kr_items_tidy(struct kr_store *store, struct kr_err *err)
{
    int64_t pages = -MERGE_PAGES; // less than none: all pieces into one
    for (int64_t touched = 2; touched >= 2; pages = MERGE_PAGES) {
        int64_t before = kr_db_touched(store->db);
        if (!kr_db_run(store->db, KR_SQL_SEARCH_TIDY, err, KR_INT(pages)))
            return false;
        touched = kr_db_touched(store->db) - before;
    }
    return kr_db_empty_log(store->db, err);
}

bool kr_item_get(struct kr_store *store, struct kr_arena *mem, const char *id, struct kr_item *out,
                 struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more = false;
    if (!kr_db_query(store->db, KR_SQL_ITEM_GET, &rows, err, KR_TEXT(store->home), KR_TEXT(id)) ||
        !kr_rows_next(rows, &more, err))
        return false;
    if (!more)
        return kr_fail(err, KR_E_NOT_FOUND, "no item %.36s", id);
    kr_item_of_row(rows, mem, out);
    return true;
}

bool kr_item_by_blob(struct kr_store *store, struct kr_arena *mem, const struct kr_blob_id *blob,
                     struct kr_item *out, bool *found, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    if (!kr_db_query(store->db, KR_SQL_ITEM_BY_BLOB, &rows, err, KR_TEXT(store->home),
                     KR_BYTES(blob->sha256, sizeof blob->sha256)) ||
        !kr_rows_next(rows, found, err))
        return false;
    if (*found)
        kr_item_of_row(rows, mem, out);
    return true;
}

bool kr_found_put(struct kr_store *store, const char *item, struct kr_str path, uint64_t size,
                  int64_t mtime_ns, struct kr_err *err)
{
    return kr_db_run(store->db, KR_SQL_FOUND_PUT, err, KR_TEXT(store->home),
                     KR_BYTES(path.at, path.n), KR_TEXT(item), KR_INT((int64_t)size),
                     KR_INT(mtime_ns));
}

bool kr_found_known(struct kr_store *store, struct kr_str path, uint64_t size, int64_t mtime_ns,
                    char item[static KR_UUID_TEXT], bool *known, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    if (!kr_db_query(store->db, KR_SQL_FOUND_KNOWN, &rows, err, KR_TEXT(store->home),
                     KR_BYTES(path.at, path.n), KR_INT((int64_t)size), KR_INT(mtime_ns),
                     KR_TEXT(item)) ||
        !kr_rows_next(rows, known, err))
        return false;
    if (*known)
        kr_format(item, KR_UUID_TEXT, "%.36s", kr_row_text(rows, 0));
    return true;
}

bool kr_found_each(struct kr_store *store,
                   void (*see)(void *context, const char *item, struct kr_str path), void *context,
                   struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    if (!kr_db_query(store->db, KR_SQL_FOUND_ALL, &rows, err, KR_TEXT(store->home)))
        return false;
    for (bool more = true;;) {
        if (!kr_rows_next(rows, &more, err))
            return false;
        if (!more)
            return true;
        see(context, kr_row_text(rows, 0), kr_row_bytes(rows, 1));
    }
}

bool kr_found_drop(struct kr_store *store, const char *item, struct kr_err *err)
{
    return kr_db_run(store->db, KR_SQL_FOUND_DROP, err, KR_TEXT(item));
}

bool kr_items_recount(struct kr_store *store, struct kr_err *err)
{
    return kr_db_run(store->db, KR_SQL_SECTION_CLEAR, err, KR_TEXT(store->home)) &&
           kr_db_run(store->db, KR_SQL_SECTION_RECOUNT, err, KR_TEXT(store->home)) &&
           kr_db_run(store->db, KR_SQL_TALLY_CLEAR, err, KR_TEXT(store->home)) &&
           kr_db_run(store->db, KR_SQL_TALLY_RECOUNT, err, KR_TEXT(store->home));
}

// The mark cannot be read back into the blob's name by someone who has only
// the folder: it is hashed together with the home.
static void mark_of(struct kr_store *store, const struct kr_blob_id *blob,
                    uint8_t out[static KR_SHA256_SIZE])
{
    struct kr_sha256 *hash = kr_sha256_begin();
    kr_sha256_add(hash, store->home, strlen(store->home));
    kr_sha256_add(hash, blob->sha256, sizeof blob->sha256);
    kr_sha256_end(&hash, out);
}

bool kr_tombstone_put(struct kr_store *store, const struct kr_blob_id *blob, struct kr_err *err)
{
    uint8_t mark[KR_SHA256_SIZE];
    mark_of(store, blob, mark);
    return kr_db_run(store->db, KR_SQL_TOMBSTONE_PUT, err, KR_TEXT(store->home),
                     KR_BYTES(mark, sizeof mark));
}

bool kr_tombstone_known(struct kr_store *store, const struct kr_blob_id *blob, bool *known,
                        struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    uint8_t mark[KR_SHA256_SIZE];
    mark_of(store, blob, mark);
    return kr_db_query(store->db, KR_SQL_TOMBSTONE_KNOWN, &rows, err, KR_TEXT(store->home),
                       KR_BYTES(mark, sizeof mark)) &&
           kr_rows_next(rows, known, err);
}
