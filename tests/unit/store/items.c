// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/items.h"
#include "store_test.h"
#include <math.h>

// An item of a day, as ingest would make it.
static struct kr_item item(struct kr_test *t, int number, const char *edtf, int64_t day,
                           const char *section)
{
    struct kr_item one = {
        .size = 1000,
        .kind = "photo",
        .mime = "image/jpeg",
        .damaged = "",
        .width = 400,
        .height = 200,
        .added_ms = 1700000000000,
        .date_edtf = edtf,
        .date_from = day,
        .date_to = day,
        .date_source = *edtf ? "exif" : "none",
        .date_certain = 1,
        .wall_ms = day * 86400000 + number,
        .section = section,
        .title = "",
        .caption = kr_arena_format(t->mem, "picture %d", number),
        .place = "",
        .camera = "",
        .names = "",
        .lat = NAN,
        .lon = NAN,
        .stack = "",
        .near = "",
        .phash = UINT64_MAX - (uint64_t)number,
        .preview = "",
        .extra = "{}",
    };
    kr_uuid_new_text(one.id);
    kr_format((char *)one.blob.sha256, sizeof one.blob.sha256, "blob %s", one.id + 14);
    return one;
}

static struct kr_item put(struct kr_test *t, struct kr_store *store, struct kr_item one,
                          const char *words)
{
    struct kr_item got;
    EXPECT_OK(kr_item_put(store, &one, words, &t->err));
    EXPECT_OK(kr_item_get(store, t->mem, one.id, &got, &t->err));
    return got;
}

static struct kr_item_list page(struct kr_test *t, struct kr_store *store, const char *cursor,
                                int limit)
{
    struct kr_item_list list;
    struct kr_items_query query = {.cursor = cursor, .limit = limit};
    EXPECT_OK(kr_items_page(store, t->mem, &query, &list, &t->err));
    return list;
}

static int64_t count_in(struct kr_test *t, struct kr_store *store, const char *key)
{
    struct kr_section *list;
    size_t n = 0;
    EXPECT_OK(kr_sections(store, t->mem, &list, &n, &t->err));
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i].key, key) == 0)
            return list[i].count;
    return 0;
}

TEST(an_item_comes_back_as_it_was_put)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    struct kr_item one = item(t, 1, "1985~", 5500, "1985");
    one.caption = "奶奶在老屋门前";
    one.lat = 39.9042;
    one.extra = "{\"keywords\":[\"老屋\"]}";
    one.favourite = true;
    struct kr_item got = put(t, store, one, "");
    EXPECT(got.num > 0 && got.phash == one.phash && got.lat == one.lat && isnan(got.lon));
    EXPECT_STR(got.caption, one.caption);
    EXPECT_STR(got.extra, one.extra);
    EXPECT_STR(got.date_edtf, "1985~");
    EXPECT_INT(got.date_from, 5500);
    EXPECT(got.favourite && memcmp(&got.blob, &one.blob, sizeof got.blob) == 0);
    one.caption = "again";
    EXPECT_INT(put(t, store, one, "").num, got.num);
    bool found = false;
    EXPECT_OK(kr_item_by_blob(store, t->mem, &one.blob, &got, &found, &t->err));
    EXPECT(found);
    EXPECT_STR(got.caption, "again");
    EXPECT_FAIL(kr_item_get(store, t->mem, "nobody", &got, &t->err), KR_E_NOT_FOUND);
}

TEST(pages_follow_one_another_newest_first_without_gap_or_double)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    for (int i = 0; i < 25; i++) // days that repeat, and some that nobody knows
        put(t, store, item(t, i, i % 5 ? "1990" : "", i % 5 ? 7000 + i / 3 : 0, "1990"), "");
    char seen[25][KR_UUID_TEXT];
    size_t n = 0;
    int64_t last = INT64_MAX;
    bool undated = false;
    for (const char *cursor = "";;) {
        struct kr_item_list list = page(t, store, cursor, 7);
        for (size_t i = 0; i < list.n; i++, n++) {
            EXPECT(n < 25);
            kr_format(seen[n], KR_UUID_TEXT, "%s", list.at[i].id);
            for (size_t j = 0; j < n; j++)
                EXPECT(strcmp(seen[j], seen[n]) != 0);
            undated = undated || !*list.at[i].date_edtf;
            EXPECT(!*list.at[i].date_edtf == undated); // they stand at the end
            EXPECT(undated || list.at[i].date_from <= last);
            last = list.at[i].date_from;
        }
        if (!*list.next)
            break;
        cursor = kr_arena_strdup(t->mem, list.next);
    }
    EXPECT_INT(n, 25);
    struct kr_item_list list;
    struct kr_items_query bad = {.cursor = "1_2", .limit = 5};
    EXPECT_FAIL(kr_items_page(store, t->mem, &bad, &list, &t->err), KR_E_INVALID);
}

TEST(neighbours_are_those_of_the_page)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    char previous[KR_UUID_TEXT], next[KR_UUID_TEXT];
    for (int i = 0; i < 6; i++)
        put(t, store, item(t, i, i ? "1990" : "", i ? 7000 + i / 2 : 0, "1990"), "");
    struct kr_item_list list = page(t, store, "", 10);
    for (size_t i = 0; i < list.n; i++) {
        EXPECT_OK(kr_item_neighbours(store, &list.at[i], previous, next, &t->err));
        EXPECT_STR(previous, i ? list.at[i - 1].id : "");
        EXPECT_STR(next, i + 1 < list.n ? list.at[i + 1].id : "");
    }
}

TEST(sections_count_what_is_visible)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    struct kr_item one = put(t, store, item(t, 1, "1985-06", 5630, "1985-06"), "");
    struct kr_item two = put(t, store, item(t, 2, "1985-06", 5631, "1985-06"), "");
    EXPECT_INT(count_in(t, store, "1985-06"), 2);
    one.section = "1984";
    put(t, store, one, "");
    EXPECT_INT(count_in(t, store, "1985-06"), 1);
    EXPECT_INT(count_in(t, store, "1984"), 1);
    two.trashed_ms = 1;
    put(t, store, two, "");
    EXPECT_INT(count_in(t, store, "1985-06"), 0);
    EXPECT_INT(page(t, store, "", 10).n, 1);
    EXPECT_OK(kr_item_drop(store, one.id, &t->err));
    EXPECT_INT(count_in(t, store, "1984"), 0);
    struct kr_item_list trash;
    struct kr_items_query query = {.limit = 10, .trashed = true};
    EXPECT_OK(kr_items_page(store, t->mem, &query, &trash, &t->err));
    EXPECT_INT(trash.n, 1);
}

TEST(of_a_stack_only_the_cover_is_visible)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    struct kr_item cover = put(t, store, item(t, 1, "1985", 5630, "1985"), "");
    struct kr_item behind = put(t, store, item(t, 2, "1985", 5630, "1985"), "");
    EXPECT_OK(kr_item_set_groups(store, cover.id, cover.id, 2, "g", &t->err));
    EXPECT_OK(kr_item_set_groups(store, behind.id, cover.id, 2, "g", &t->err));
    struct kr_item_list list = page(t, store, "", 10);
    EXPECT_INT(list.n, 1);
    EXPECT_STR(list.at[0].id, cover.id);
    EXPECT_INT(count_in(t, store, "1985"), 1);
    EXPECT_OK(kr_items_of_stack(store, t->mem, cover.id, &list, &t->err));
    EXPECT_INT(list.n, 2);
    EXPECT_OK(kr_items_near(store, t->mem, "g", &list, &t->err));
    EXPECT_INT(list.n, 2);
    EXPECT_OK(kr_item_set_groups(store, behind.id, "", 0, "", &t->err));
    EXPECT_INT(page(t, store, "", 10).n, 2);
}

TEST(search_finds_words_and_days_and_forgets_with_the_item)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    struct kr_item_list list;
    struct kr_item one = put(t, store, item(t, 1, "1985", 5630, "1985"), "奶奶 奶 老屋 屋");
    put(t, store, item(t, 2, "1995", 9200, "1995"), "爷爷 爷 老屋 屋");
    struct kr_search search = {.match = "\"奶奶\"", .from = 1, .to = 0, .limit = 10};
    EXPECT_OK(kr_items_search(store, t->mem, &search, &list, &t->err));
    EXPECT_INT(list.n, 1);
    EXPECT_INT(list.total, 1);
    EXPECT_STR(list.at[0].id, one.id);
    search = (struct kr_search){.match = "\"老屋\"", .from = 9000, .to = 9300, .limit = 10};
    EXPECT_OK(kr_items_search(store, t->mem, &search, &list, &t->err));
    EXPECT_INT(list.n, 1);
    search = (struct kr_search){.match = "\"老屋\"", .from = 1, .to = 0, .limit = 1};
    EXPECT_OK(kr_items_search(store, t->mem, &search, &list, &t->err));
    EXPECT_INT(list.n, 1);
    EXPECT(*list.next && list.total == 2);
    EXPECT_OK(kr_item_drop(store, one.id, &t->err));
    search = (struct kr_search){.match = "\"奶奶\"", .from = 1, .to = 0, .limit = 10};
    EXPECT_OK(kr_items_search(store, t->mem, &search, &list, &t->err));
    EXPECT_INT(list.n, 0);
}

TEST(a_file_is_known_again_by_place_size_and_time)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    struct kr_item one = put(t, store, item(t, 1, "", 0, "none"), "");
    const struct kr_str path = {"caf\xe9\n.jpg", 9}; // no UTF-8, and a line end
    char id[KR_UUID_TEXT] = "";
    bool known = false;
    EXPECT_OK(kr_found_put(store, one.id, path, 10, 20, &t->err));
    EXPECT_OK(kr_found_put(store, one.id, path, 10, 21, &t->err)); // found again, touched
    EXPECT_OK(kr_found_known(store, path, 10, 21, id, &known, &t->err));
    EXPECT(known);
    EXPECT_STR(id, one.id);
    EXPECT_OK(kr_found_known(store, path, 11, 21, id, &known, &t->err));
    EXPECT(!known);
}

TEST(what_was_forgotten_is_known_by_a_nameless_mark)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    struct kr_blob_id blob = test_keep(t, store, "private"), other = test_keep(t, store, "x");
    bool known = true;
    EXPECT_OK(kr_tombstone_known(store, &blob, &known, &t->err));
    EXPECT(!known);
    EXPECT_OK(kr_tombstone_put(store, &blob, &t->err));
    EXPECT_OK(kr_tombstone_put(store, &blob, &t->err));
    EXPECT_OK(kr_tombstone_known(store, &blob, &known, &t->err));
    EXPECT(known);
    EXPECT_OK(kr_tombstone_known(store, &other, &known, &t->err));
    EXPECT(!known);
}

static bool count(void *context, const struct kr_item *one, struct kr_err *err)
{
    (void)one, (void)err;
    ++*(int *)context;
    return true;
}

TEST(each_item_is_seen_and_the_totals_agree)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    struct kr_totals totals;
    int n = 0;
    EXPECT_OK(kr_tx_begin(store->db, &tx, &t->err));
    for (int i = 0; i < 1003; i++) { // more than two pages
        struct kr_item one = item(t, i, i % 2 ? "1985" : "", i % 2 ? 5630 : 0, "none");
        one.kind = i % 4 ? "photo" : "video";
        one.trashed_ms = i == 7;
        EXPECT_OK(kr_item_put(store, &one, "", &t->err));
    }
    EXPECT_OK(kr_items_each(store, count, &n, &t->err));
    EXPECT_INT(n, 1003);
    EXPECT_OK(kr_items_totals(store, &totals, &t->err));
    EXPECT_INT(totals.items, 1002);
    EXPECT_INT(totals.photos + totals.videos, 1002);
    EXPECT_INT(totals.videos, 251);
    EXPECT_INT(totals.undated, 502);
    EXPECT_INT(totals.trash, 1);
}

// What the counts must be, from the rows themselves.
struct recount {
    struct kr_totals totals;
    char keys[8][16];
    int64_t counts[8];
};

static bool count_row(void *context, const struct kr_item *item, struct kr_err *err)
{
    struct recount *is = context;
    (void)err;
    if (item->trashed_ms) {
        is->totals.trash++;
        return true;
    }
    is->totals.items++;
    is->totals.bytes += (int64_t)item->size;
    is->totals.undated += !*item->date_edtf;
    is->totals.photos += strcmp(item->kind, "photo") == 0;
    is->totals.videos += strcmp(item->kind, "video") == 0;
    is->totals.sounds += strcmp(item->kind, "audio") == 0;
    if (*item->stack && strcmp(item->stack, item->id) != 0)
        return true;
    int i = 0;
    while (is->keys[i][0] && strcmp(is->keys[i], item->section) != 0)
        i++;
    kr_format(is->keys[i], sizeof is->keys[i], "%s", item->section);
    is->counts[i]++;
    return true;
}

static void expect_counts(struct kr_test *t, struct kr_store *store)
{
    struct recount is = {0};
    struct kr_totals totals;
    struct kr_section *sections;
    size_t n, wanted = 0;
    EXPECT_OK(kr_items_each(store, count_row, &is, &t->err));
    EXPECT_OK(kr_items_totals(store, &totals, &t->err));
    EXPECT(memcmp(&totals, &is.totals, sizeof totals) == 0);
    EXPECT_OK(kr_sections(store, t->mem, &sections, &n, &t->err));
    for (size_t i = 0; i < KR_COUNT(is.keys) && is.keys[i][0]; i++, wanted++)
        EXPECT_INT(count_in(t, store, is.keys[i]), is.counts[i]);
    EXPECT_INT(n, wanted);
}

// All visible ones, page by page: none missing, none twice, in order.
static void expect_pages(struct kr_test *t, struct kr_store *store, int limit, int64_t wanted)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    char cursor[64] = "";
    struct kr_items_query query = {.limit = limit, .cursor = cursor};
    struct kr_item last = {0};
    int64_t n = 0;
    do {
        struct kr_item_list list;
        EXPECT_OK(kr_items_page(store, mem, &query, &list, &t->err));
        for (size_t i = 0; i < list.n; i++, n++) {
            const struct kr_item *now = &list.at[i];
            bool later = !last.num || (*last.date_edtf && !*now->date_edtf) ||
                         (!*last.date_edtf == !*now->date_edtf &&
                          (last.date_from > now->date_from ||
                           (last.date_from == now->date_from &&
                            (last.wall_ms > now->wall_ms ||
                             (last.wall_ms == now->wall_ms && last.num > now->num)))));
            EXPECT(later);
            last = *now;
        }
        kr_format(cursor, sizeof cursor, "%s", list.next);
    } while (*cursor);
    EXPECT_INT(n, wanted);
}

// Whatever happens to items, in whatever order, the counts are those of the rows.
TEST(counts_and_pages_are_right_after_every_change)
{
    enum { ITEMS = 24, STEPS = 400 };
    static const char *const sections[] = {"1985-06", "1985", "198X", "none"};
    static const char *const kinds[] = {"photo", "video", "audio"};
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    struct kr_item items[ITEMS];
    unsigned chance = 20261122;
    EXPECT_OK(kr_tx_begin(store->db, &tx, &t->err)); // one flush for all of it
    for (int i = 0; i < ITEMS; i++)
        items[i] = item(t, i, "", 0, "none");
    for (int step = 0; step < STEPS; step++) {
        chance = chance * 1664525 + 1013904223;
        unsigned dice = chance >> 8;
        struct kr_item *one = &items[dice % ITEMS];
        const struct kr_item *cover = &items[dice / 7 % ITEMS];
        switch (dice / ITEMS % 5) {
        case 0:
            one->section = sections[dice / 11 % 4];
            one->date_edtf = strcmp(one->section, "none") == 0 ? "" : "1985";
            one->date_from = one->date_to = *one->date_edtf ? 5000 + dice / 13 % 3 : 0;
            one->wall_ms = dice / 17 % 3;
            break;
        case 1:
            one->trashed_ms = one->trashed_ms ? 0 : step + 1;
            break;
        case 2:
            one->kind = kinds[dice / 19 % 3];
            one->width = (int)(dice / 23 % 500);
            one->height = (int)(dice / 29 % 2 * 300);
            break;
        case 3:
            one->stack = dice & 1 ? cover->id : "";
            EXPECT_OK(kr_item_set_groups(store, one->id, one->stack, 2, "", &t->err));
            continue;
        default:
            EXPECT_OK(kr_item_drop(store, one->id, &t->err));
            expect_counts(t, store);
            continue;
        }
        EXPECT_OK(kr_item_put(store, one, "words", &t->err));
        if (step % 8 == 0)
            expect_counts(t, store);
    }
    expect_counts(t, store);
    struct kr_section *list;
    size_t n;
    int64_t visible = 0;
    EXPECT_OK(kr_sections(store, t->mem, &list, &n, &t->err));
    for (size_t i = 0; i < n; i++)
        visible += list[i].count;
    expect_pages(t, store, 1, visible);
    expect_pages(t, store, 3, visible);
    EXPECT_OK(kr_items_recount(store, &t->err));
    expect_counts(t, store);
}

TEST(a_side_car_is_known_for_its_own_item_alone)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    struct kr_item one = put(t, store, item(t, 1, "", 0, "none"), "");
    struct kr_item two = put(t, store, item(t, 2, "", 0, "none"), "");
    const struct kr_str note = KR_STR("/p/a.xmp");
    bool known = false;
    EXPECT_OK(kr_found_put(store, one.id, note, 10, 20, &t->err));
    EXPECT_OK(kr_found_known(store, note, 10, 20, two.id, &known, &t->err));
    EXPECT(!known);
    EXPECT_OK(kr_found_known(store, note, 10, 20, one.id, &known, &t->err));
    EXPECT(known);
    EXPECT_OK(kr_found_drop(store, one.id, &t->err));
    EXPECT_OK(kr_found_known(store, note, 10, 20, one.id, &known, &t->err));
    EXPECT(!known);
}

TEST(words_of_a_dropped_item_leave_the_disk)
{
    static const char secret[] = "unspeakable";
    struct kr_store *store = test_archive(t, "a");
    struct kr_item one = put(t, store, item(t, 1, "", 0, "none"), secret);
    for (int i = 2; i < 40; i++)
        put(t, store, item(t, i, "", 0, "none"), "harmless words");
    EXPECT_OK(kr_item_drop(store, one.id, &t->err));
    EXPECT_OK(kr_items_tidy(store, &t->err));
    struct kr_str bytes;
    EXPECT_OK(kr_read_file(t->mem, store->dir, "kinreel.db", 1 << 26, &bytes, &t->err));
    EXPECT(!memmem(bytes.at, bytes.n, secret, strlen(secret)));
    EXPECT_OK(kr_read_file(t->mem, store->dir, "kinreel.db-wal", 1 << 26, &bytes, &t->err));
    EXPECT(!memmem(bytes.at, bytes.n, secret, strlen(secret)));
    kr_store_close(&store);
}

MAIN(CASE(an_item_comes_back_as_it_was_put),
     CASE(pages_follow_one_another_newest_first_without_gap_or_double),
     CASE(neighbours_are_those_of_the_page), CASE(sections_count_what_is_visible),
     CASE(of_a_stack_only_the_cover_is_visible),
     CASE(search_finds_words_and_days_and_forgets_with_the_item),
     CASE(a_file_is_known_again_by_place_size_and_time),
     CASE(what_was_forgotten_is_known_by_a_nameless_mark),
     CASE(each_item_is_seen_and_the_totals_agree),
     CASE(counts_and_pages_are_right_after_every_change),
     CASE(a_side_car_is_known_for_its_own_item_alone), CASE(words_of_a_dropped_item_leave_the_disk))
