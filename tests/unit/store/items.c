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

MAIN(CASE(an_item_comes_back_as_it_was_put),
     CASE(pages_follow_one_another_newest_first_without_gap_or_double),
     CASE(neighbours_are_those_of_the_page), CASE(sections_count_what_is_visible),
     CASE(of_a_stack_only_the_cover_is_visible),
     CASE(search_finds_words_and_days_and_forgets_with_the_item),
     CASE(a_file_is_known_again_by_place_size_and_time),
     CASE(what_was_forgotten_is_known_by_a_nameless_mark),
     CASE(each_item_is_seen_and_the_totals_agree))
