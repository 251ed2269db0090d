// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/items_priv.h"
#include "store/persons.h"
#include "store/regions.h"

#include <stdlib.h>
#include <string.h>

bool kr_items_of_rows(struct kr_rows **rows, struct kr_arena *mem, struct kr_item_list *out,
                      struct kr_err *err)
{
    size_t room = 64;
    struct kr_item *at = kr_arena_array(mem, struct kr_item, room);
    size_t n = 0;
    for (bool more = true;; n++) {
        if (!kr_rows_next(*rows, &more, err))
            return false;
        if (!more)
            break;
        if (n == room) {
            struct kr_item *larger = kr_arena_array(mem, struct kr_item, room * 2);
            memcpy(larger, at, room * sizeof *at);
            at = larger;
            room *= 2;
        }
        kr_item_of_row(*rows, mem, &at[n]);
    }
    kr_rows_end(rows);
    *out = (struct kr_item_list){.n = n, .at = at, .total = -1};
    return true;
}

// Where a page begins: just after the last item of the page before. In the
// trash, `from` is when it was put there.
struct place {
    int64_t from, wall, num;
};

static bool place_of(const char *cursor, struct place *out, struct kr_err *err)
{
    *out = (struct place){INT64_MAX, INT64_MAX, INT64_MAX};
    if (!cursor || !*cursor)
        return true;
    char *end = NULL;
    long long part[3];
    for (int i = 0; i < 3; i++) {
        part[i] = strtoll(cursor, &end, 10);
        if (end == cursor || (*end != (i < 2 ? '_' : '\0')))
            return kr_fail(err, KR_E_INVALID, "a cursor that is none of ours");
        cursor = end + 1;
    }
    *out = (struct place){part[0], part[1], part[2]};
    return true;
}

// One more row than asked for tells whether there is a page after this one.
static void end_page(struct kr_item_list *list, int limit, bool trashed)
{
    if (list->n <= (size_t)limit)
        return;
    list->n = (size_t)limit;
    const struct kr_item *last = &list->at[list->n - 1];
    int64_t from = trashed ? last->trashed_ms : *last->date_edtf ? last->date_from : KR_UNDATED;
    kr_format(list->next, sizeof list->next, "%jd_%jd_%jd", (intmax_t)from, (intmax_t)last->wall_ms,
              (intmax_t)last->num);
}

static int sane_limit(int limit)
{
    return limit < 1 ? 1 : limit > 500 ? 500 : limit;
}

bool kr_items_page(struct kr_store *store, struct kr_arena *mem, const struct kr_items_query *query,
                   struct kr_item_list *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    int limit = sane_limit(query->limit);
    const char *kind = query->kind ? query->kind : "";
    int visible = query->hidden ? KR_HIDDEN : KR_VISIBLE;
    struct place after;
    if (!place_of(query->cursor, &after, err))
        return false;
    bool begun;
    if (query->trashed)
        begun = kr_db_query(store->db, KR_SQL_ITEMS_TRASHED, &rows, err, KR_TEXT(store->home),
                            KR_INT(query->before_ms ? query->before_ms : INT64_MAX),
                            KR_INT(after.from), KR_INT(after.num), KR_INT(limit + 1));
    else if (query->section)
        begun = kr_db_query(store->db, KR_SQL_ITEMS_OF_SECTION, &rows, err, KR_TEXT(store->home),
                            KR_TEXT(query->section), KR_INT(after.from), KR_INT(after.wall),
                            KR_INT(after.num), KR_TEXT(kind), KR_INT(limit + 1));
    else if (*kind)
        begun = kr_db_query(store->db, KR_SQL_ITEMS_OF_KIND, &rows, err, KR_TEXT(store->home),
                            KR_INT(after.from), KR_INT(after.wall), KR_INT(after.num),
                            KR_TEXT(kind), KR_INT(limit + 1), KR_INT(visible));
    else
        begun = kr_db_query(store->db, KR_SQL_ITEMS_PAGE, &rows, err, KR_TEXT(store->home),
                            KR_INT(after.from), KR_INT(after.wall), KR_INT(after.num),
                            KR_INT(limit + 1), KR_INT(visible));
    if (!begun || !kr_items_of_rows(&rows, mem, out, err))
        return false;
    end_page(out, limit, query->trashed);
    return true;
}

static bool count_of_person(struct kr_store *store, const char *person, int64_t *out,
                            struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more = false;
    if (!kr_db_query(store->db, KR_SQL_PICTURED_COUNT, &rows, err, KR_TEXT(store->home),
                     KR_TEXT(person)) ||
        !kr_rows_next(rows, &more, err))
        return false;
    *out = more ? kr_row_int(rows, 0) : 0;
    return true;
}

bool kr_items_of_person(struct kr_store *store, struct kr_arena *mem, const char *person,
                        const char *cursor, int limit, struct kr_item_list *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    struct place after;
    int64_t total;
    limit = sane_limit(limit);
    if (!place_of(cursor, &after, err) || !count_of_person(store, person, &total, err) ||
        !kr_db_query(store->db, KR_SQL_ITEMS_OF_PERSON, &rows, err, KR_TEXT(store->home),
                     KR_INT(after.from), KR_INT(after.wall), KR_INT(after.num), KR_TEXT(person),
                     KR_INT(limit + 1)) ||
        !kr_items_of_rows(&rows, mem, out, err))
        return false;
    end_page(out, limit, false);
    out->total = total;
    return true;
}

bool kr_items_unframed(struct kr_store *store, struct kr_arena *mem, const char *cursor, int limit,
                       struct kr_item_list *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    struct place after;
    limit = sane_limit(limit);
    if (!place_of(cursor, &after, err) ||
        !kr_db_query(store->db, KR_SQL_ITEMS_UNFRAMED, &rows, err, KR_TEXT(store->home),
                     KR_INT(after.from), KR_INT(after.wall), KR_INT(after.num),
                     KR_INT(limit + 1)) ||
        !kr_items_of_rows(&rows, mem, out, err))
        return false;
    end_page(out, limit, false);
    return true;
}

static bool neighbour(struct kr_store *store, enum kr_sql sql, const struct kr_item *item,
                      char out[static KR_UUID_TEXT], struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more = false;
    int64_t from = *item->date_edtf ? item->date_from : KR_UNDATED;
    if (!kr_db_query(store->db, sql, &rows, err, KR_TEXT(store->home), KR_INT(from),
                     KR_INT(item->wall_ms), KR_INT(item->num)) ||
        !kr_rows_next(rows, &more, err))
        return false;
    kr_format(out, KR_UUID_TEXT, "%.36s", more ? kr_row_text(rows, 0) : "");
    return true;
}

bool kr_item_neighbours(struct kr_store *store, const struct kr_item *item,
                        char previous[static KR_UUID_TEXT], char next[static KR_UUID_TEXT],
                        struct kr_err *err)
{
    return neighbour(store, KR_SQL_ITEM_PREVIOUS, item, previous, err) &&
           neighbour(store, KR_SQL_ITEM_NEXT, item, next, err);
}

bool kr_items_of_stack(struct kr_store *store, struct kr_arena *mem, const char *stack,
                       struct kr_item_list *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    return kr_db_query(store->db, KR_SQL_ITEMS_OF_STACK, &rows, err, KR_TEXT(stack)) &&
           kr_items_of_rows(&rows, mem, out, err);
}

bool kr_items_near(struct kr_store *store, struct kr_arena *mem, const char *near,
                   struct kr_item_list *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    return kr_db_query(store->db, KR_SQL_ITEMS_NEAR, &rows, err, KR_TEXT(near)) &&
           kr_items_of_rows(&rows, mem, out, err);
}

// "1985-06" and "1985" and "198X" each stand for a span; the order is by its
// beginning, as that of the items in them, and the wider span comes later.
static int64_t section_rank(const struct kr_section *section)
{
    if (section->year == 0)
        return INT64_MIN;
    int64_t year = (int64_t)section->year * 16;
    return strchr(section->key, 'X') ? year - 1 : year + section->month;
}

static int newest_first(const void *left, const void *right)
{
    int64_t a = section_rank(left), b = section_rank(right);
    return a < b ? 1 : a > b ? -1 : 0;
}

static void read_key(struct kr_section *section)
{
    char digits[16];
    kr_format(digits, sizeof digits, "%.15s", section->key);
    for (char *c = digits; *c; c++)
        *c = *c == 'X' ? '0' : *c;
    char *end = digits;
    long year = strtol(digits, &end, 10);
    section->year = end == digits ? 0 : (int)year;
    section->month = *end == '-' && end != digits ? (int)strtol(end + 1, NULL, 10) : 0;
}

bool kr_sections(struct kr_store *store, struct kr_arena *mem, struct kr_section **out, size_t *n,
                 struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    if (!kr_db_query(store->db, KR_SQL_SECTIONS, &rows, err, KR_TEXT(store->home)))
        return false;
    size_t room = 0, count = 0;
    struct kr_section *list = NULL;
    for (bool more = true;; count++) {
        if (!kr_rows_next(rows, &more, err))
            return false;
        if (!more)
            break;
        if (count == room) {
            struct kr_section *larger = kr_arena_array(mem, struct kr_section, room * 2 + 64);
            if (count)
                memcpy(larger, list, count * sizeof *list);
            list = larger;
            room = room * 2 + 64;
        }
        list[count] = (struct kr_section){.key = kr_arena_strdup(mem, kr_row_text(rows, 0)),
                                          .count = kr_row_int(rows, 1),
                                          .ratio_sum = kr_row_real(rows, 2)};
        read_key(&list[count]);
    }
    if (count)
        qsort(list, count, sizeof *list, newest_first);
    *out = list;
    *n = count;
    return true;
}

enum { FEW = 2000 }; // of that many it is cheaper to look each up than to go along the line

static bool count_found(struct kr_store *store, const struct kr_search *search, int64_t *total,
                        struct kr_err *err)
{
    enum kr_sql query = *search->match ? KR_SQL_ITEMS_FOUND_COUNT : KR_SQL_ITEMS_SEARCH_COUNT;
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more = false;
    if (!kr_db_query(store->db, query, &rows, err, KR_TEXT(store->home), KR_TEXT(search->match),
                     KR_TEXT(search->kind ? search->kind : ""), KR_INT(search->from),
                     KR_INT(search->to), KR_INT(search->undated),
                     KR_INT(search->hidden ? KR_HIDDEN : KR_VISIBLE)) ||
        !kr_rows_next(rows, &more, err))
        return false;
    *total = kr_row_int(rows, 0);
    return true;
}

bool kr_items_search(struct kr_store *store, struct kr_arena *mem, const struct kr_search *search,
                     struct kr_item_list *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    int limit = sane_limit(search->limit);
    struct place after;
    int64_t total = -1;
    if (!place_of(search->cursor, &after, err) || !count_found(store, search, &total, err))
        return false;
    enum kr_sql query = *search->match && total < FEW ? KR_SQL_ITEMS_FOUND : KR_SQL_ITEMS_SEARCH;
    if (!kr_db_query(store->db, query, &rows, err, KR_TEXT(store->home), KR_INT(after.from),
                     KR_INT(after.wall), KR_INT(after.num), KR_TEXT(search->match),
                     KR_TEXT(search->kind ? search->kind : ""), KR_INT(search->from),
                     KR_INT(search->to), KR_INT(search->undated), KR_INT(limit + 1),
                     KR_INT(search->hidden ? KR_HIDDEN : KR_VISIBLE)) ||
        !kr_items_of_rows(&rows, mem, out, err))
        return false;
    end_page(out, limit, false);
    out->total = total;
    return true;
}

static bool one_count(struct kr_store *store, enum kr_sql sql, int64_t *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more = false;
    if (!kr_db_query(store->db, sql, &rows, err, KR_TEXT(store->home)) ||
        !kr_rows_next(rows, &more, err))
        return false;
    *out = kr_row_int(rows, 0);
    return true;
}

static void add_tally(const struct kr_rows *rows, struct kr_totals *totals)
{
    const char *kind = kr_row_text(rows, 0);
    int64_t count = kr_row_int(rows, 2);
    int64_t away = kr_row_int(rows, 1);
    totals->trash += away == 1 ? count : 0;
    totals->hidden += away == KR_HIDDEN ? count : 0;
    if (away)
        return;
    totals->items += count;
    totals->photos += strcmp(kind, "photo") == 0 ? count : 0;
    totals->videos += strcmp(kind, "video") == 0 ? count : 0;
    totals->sounds += strcmp(kind, "audio") == 0 ? count : 0;
    totals->undated += kr_row_int(rows, 3);
    totals->bytes += kr_row_int(rows, 4);
}

bool kr_items_totals(struct kr_store *store, struct kr_totals *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    struct kr_totals totals = {0};
    if (!kr_db_query(store->db, KR_SQL_TALLIES, &rows, err, KR_TEXT(store->home)))
        return false;
    for (bool more = true;;) {
        if (!kr_rows_next(rows, &more, err))
            return false;
        if (!more)
            break;
        add_tally(rows, &totals);
    }
    if (!one_count(store, KR_SQL_FILM_COUNT, &totals.films, err))
        return false;
    *out = totals;
    return true;
}

// Page by page, so that `see` may write while the list goes on.
bool kr_items_each(struct kr_store *store,
                   bool (*see)(void *context, const struct kr_item *item, struct kr_err *err),
                   void *context, struct kr_err *err)
{
    for (int64_t last = 0;;) {
        KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
        KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
        struct kr_item_list list;
        if (!kr_db_query(store->db, KR_SQL_ITEMS_ALL, &rows, err, KR_TEXT(store->home),
                         KR_INT(last)) ||
            !kr_items_of_rows(&rows, mem, &list, err))
            return false;
        for (size_t i = 0; i < list.n; i++)
            if (!see(context, &list.at[i], err))
                return false;
        if (list.n == 0)
            return true;
        last = list.at[list.n - 1].num;
    }
}

static bool highest_row(struct kr_store *store, int64_t *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more = false;
    if (!kr_db_query(store->db, KR_SQL_ITEMS_NUMBER, &rows, err) || !kr_rows_next(rows, &more, err))
        return false;
    *out = more ? kr_row_int(rows, 0) : 0;
    return true;
}

static bool items_from(struct kr_store *store, struct kr_arena *mem, int64_t num, int limit,
                       struct kr_item_list *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    return kr_db_query(store->db, KR_SQL_ITEMS_AROUND, &rows, err, KR_TEXT(store->home),
                       KR_INT(num), KR_INT(limit)) &&
           kr_items_of_rows(&rows, mem, out, err);
}

bool kr_items_drawn(struct kr_store *store, struct kr_arena *mem, uint64_t lot, int limit,
                    struct kr_item_list *out, struct kr_err *err)
{
    struct kr_item_list first, rest;
    int64_t highest;
    limit = sane_limit(limit);
    if (!highest_row(store, &highest, err))
        return false;
    int64_t num = (int64_t)(lot % ((uint64_t)highest + 1));
    if (!items_from(store, mem, num, limit, &first, err) ||
        !items_from(store, mem, 0, limit, &rest, err))
        return false;
    struct kr_item *at = kr_arena_array(mem, struct kr_item, first.n + rest.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < first.n; i++)
        at[n++] = first.at[i];
    for (size_t i = 0; i < rest.n && n < (size_t)limit && rest.at[i].num < num; i++)
        at[n++] = rest.at[i];
    *out = (struct kr_item_list){.n = n, .at = at, .total = -1};
    return true;
}
