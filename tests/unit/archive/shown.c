// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/shown.h"
#include "archive_test.h"
#include <math.h>

static const char *kept(struct kr_test *t, struct kr_store *store)
{
    return test_kept(t, store, "bytes", "photo", "/home/lin/a.jpg");
}

static void date(struct kr_test *t, struct kr_store *store, const char *id, const char *edtf,
                 const char *who, double certain)
{
    test_claim(t, store, id, "date", test_date(edtf, NULL), who, certain);
}

TEST(a_persons_word_comes_before_the_surest_file)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *id = kept(t, store);
    EXPECT_STR(test_shown(t, store, id).section, "none");
    EXPECT_STR(test_shown(t, store, id).date_source, "none");
    date(t, store, id, "2019-03-21", "exif", 0.9);
    date(t, store, id, "1985", "filename", 0.5);
    EXPECT_STR(test_shown(t, store, id).date_edtf, "2019-03-21");
    EXPECT_STR(test_shown(t, store, id).section, "2019-03");
    date(t, store, id, "1985~", "奶奶", 0.1);
    struct kr_item item = test_shown(t, store, id);
    EXPECT_STR(item.date_edtf, "1985~");
    EXPECT_STR(item.date_source, "person");
    EXPECT_STR(item.section, "1985");
    date(t, store, id, "1984", "owner", 0.05); // the last word, however sure the first was
    EXPECT_STR(test_shown(t, store, id).date_edtf, "1984");
}

TEST(the_day_of_scanning_or_saving_is_never_shown_as_the_day)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *id = kept(t, store);
    test_claim(t, store, id, "scanned", test_date("2019-04-12", NULL), "exif", 0.9);
    test_claim(t, store, id, "saved", test_date("2020-04-12", NULL), "filename-saved", 0.9);
    EXPECT_STR(test_shown(t, store, id).date_edtf, "");
    date(t, store, id, "198X", "folder", 0.2);
    EXPECT_STR(test_shown(t, store, id).date_edtf, "198X");
}

TEST(what_is_taken_back_no_longer_counts)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *id = kept(t, store);
    date(t, store, id, "2019-03-21", "exif", 0.9);
    struct kr_claim wrong = {.predicate = "date", .who = "owner", .certain = 0.9};
    KR_AUTO(kr_json_drop) json_t *value = test_date("1885", NULL);
    wrong.value = value;
    kr_format(wrong.subject, sizeof wrong.subject, "%s", id);
    EXPECT_OK(kr_claim_add(store, &wrong, &t->err));
    EXPECT_STR(test_shown(t, store, id).date_edtf, "1885");
    struct kr_claim back = {
        .predicate = "retract", .who = "owner", .certain = 1, .retracts = wrong.id};
    KR_AUTO(kr_json_drop) json_t *nothing = json_null();
    back.value = nothing;
    kr_format(back.subject, sizeof back.subject, "%s", id);
    EXPECT_OK(kr_claim_add(store, &back, &t->err));
    EXPECT_STR(test_shown(t, store, id).date_edtf, "2019-03-21");
}

// Threads bring files in any order; what is shown must not depend on it.
TEST(equally_sure_words_of_files_show_the_same_in_any_order)
{
    static const char *const words[][2] = {
        {"1986", "folder"}, {"1985", "folder"}, {"1990", "filename"}, {"1995-05-05", "exif"}};
    static const int orders[][4] = {{0, 1, 2, 3}, {3, 2, 1, 0}, {1, 3, 0, 2}, {2, 0, 3, 1}};
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    for (size_t order = 0; order < KR_COUNT(orders); order++) {
        const char *id =
            test_kept(t, store, kr_arena_format(t->mem, "%zu", order), "photo", "/a.jpg");
        for (int i = 0; i < 3; i++) // without exif: the earlier of two folders' days
            if (strcmp(words[orders[order][i]][1], "folder") == 0)
                date(t, store, id, words[orders[order][i]][0], "folder", 0.5);
        for (int i = 0; i < 4; i++)
            date(t, store, id, words[orders[order][i]][0], words[orders[order][i]][1], 0.6);
        EXPECT_STR(test_shown(t, store, id).date_edtf, "1995-05-05");
    }
    const char *id = test_kept(t, store, "folders", "photo", "/b.jpg");
    date(t, store, id, "1986", "folder", 0.5);
    date(t, store, id, "1985", "folder", 0.5);
    EXPECT_STR(test_shown(t, store, id).date_edtf, "1985");
    date(t, store, id, "1987", "folder", 0.5);
    EXPECT_STR(test_shown(t, store, id).date_edtf, "1985");
}

TEST(a_side_car_that_somebody_wrote_again_shows_its_later_word)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *id = kept(t, store);
    test_claim(t, store, id, "caption", json_string("out of the file"), "file", 0.8);
    test_claim(t, store, id, "caption", json_string("b first"), "sidecar", 0.8);
    EXPECT_STR(test_shown(t, store, id).caption, "b first");
    test_claim(t, store, id, "caption", json_string("a again"), "sidecar", 0.8);
    EXPECT_STR(test_shown(t, store, id).caption, "a again");
    test_claim(t, store, id, "caption", json_string("c later"), "sidecar", 0.8);
    EXPECT_STR(test_shown(t, store, id).caption, "c later");
}

TEST(each_name_is_shown_once_as_people_read_it)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *id = test_kept(t, store, "x", "photo", "/z/50%.jpg");
    test_found(t, store, id, "/z/50%.jpg", 2); // touched
    test_found(t, store, id, "/b/老屋\n1.jpg", 3);
    test_found(t, store, id, "/c/50%.jpg", 4);
    EXPECT_STR(test_shown(t, store, id).names, "老屋 1.jpg\n50%.jpg");
}

TEST(numbers_that_cannot_be_are_not_shown)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *id = kept(t, store);
    json_t *seen = kr_json_new_object(), *gps = kr_json_new_object();
    kr_json_set_str(seen, "kind", "photo");
    kr_json_set_int(seen, "width", -5);
    kr_json_set_int(seen, "height", INT64_C(1) << 40);
    kr_json_set_int(seen, "duration_ms", -1);
    kr_json_set_real(gps, "lat", 1000);
    kr_json_set_real(gps, "lon", 116.4);
    test_claim(t, store, id, "seen", seen, "kinreel", 1);
    test_claim(t, store, id, "gps", gps, "exif", 0.9);
    struct kr_item item = test_shown(t, store, id);
    EXPECT(item.width == 0 && item.height == 1000000 && item.duration_ms == 0);
    EXPECT(isnan(item.lat) && item.lon == 116.4);
}

TEST(the_order_inside_a_day_follows_the_clock)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *id = kept(t, store);
    test_claim(t, store, id, "date", test_date("1970-01-02", "1970-01-02T01:00:00.5"), "exif", 0.9);
    EXPECT_INT(test_shown(t, store, id).wall_ms, 90000000);
    test_claim(t, store, id, "date", test_date("1970-01-03T01:00:00", NULL), "owner", 0.9);
    EXPECT_INT(test_shown(t, store, id).wall_ms, 2 * 86400000 + 3600000);
}

static int64_t count_of(struct kr_test *t, struct kr_store *store, const char *key)
{
    struct kr_section *list;
    size_t n;
    int64_t count = 0;
    EXPECT_OK(kr_sections(store, t->mem, &list, &n, &t->err));
    for (size_t i = 0; i < n; i++)
        count += strcmp(list[i].key, key) == 0 ? list[i].count : 0;
    return count;
}

TEST(a_lost_or_wrong_index_is_made_again_from_the_claims)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *ids[56]; // more than one transaction
    for (int i = 0; i < 56; i++) {
        ids[i] = test_kept(t, store, kr_arena_format(t->mem, "%d", i), "photo",
                           kr_arena_format(t->mem, "/p/%d.jpg", i));
        date(t, store, ids[i], i % 2 ? "1985" : "1986", "exif", 0.9);
    }
    struct kr_item wrong = test_shown(t, store, ids[3]), stray = wrong;
    wrong.caption = "nobody said this";
    wrong.section = "1999";
    kr_uuid_new_text(stray.id);
    memset(&stray.blob, 7, sizeof stray.blob);
    EXPECT_OK(kr_item_put(store, &wrong, "", &t->err));
    EXPECT_OK(kr_item_put(store, &stray, "", &t->err));
    EXPECT_OK(kr_item_drop(store, ids[5], &t->err));
    EXPECT_OK(kr_rebuild(store, NULL, NULL, &t->err));
    EXPECT_INT(count_of(t, store, "1985"), 28);
    EXPECT_INT(count_of(t, store, "1986"), 28);
    EXPECT_INT(count_of(t, store, "1999"), 0);
    struct kr_item item;
    EXPECT_FAIL(kr_item_get(store, t->mem, stray.id, &item, &t->err), KR_E_NOT_FOUND);
    EXPECT_OK(kr_item_get(store, t->mem, ids[5], &item, &t->err));
    EXPECT_STR(item.names, "5.jpg");
    char id[KR_UUID_TEXT] = "";
    bool known = false;
    EXPECT_OK(kr_found_known(store, KR_STR("/p/5.jpg"), 7, 1, id, &known, &t->err));
    EXPECT(known);
    struct kr_totals totals;
    EXPECT_OK(kr_items_totals(store, &totals, &t->err));
    EXPECT_INT(totals.items, 56);
}

static bool stop_at_once(void *context, double done)
{
    (void)context;
    (void)done;
    return false;
}

TEST(a_rebuild_that_was_stopped_is_still_due_and_lost_nobody)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    for (int i = 0; i < 52; i++)
        test_kept(t, store, kr_arena_format(t->mem, "%d", i), "photo", "/a.jpg");
    bool due = true;
    EXPECT_OK(kr_rebuild_is_due(store, &due, &t->err));
    EXPECT(!due);
    EXPECT_FAIL(kr_rebuild(store, stop_at_once, NULL, &t->err), KR_E_INTERRUPTED);
    EXPECT_OK(kr_rebuild_is_due(store, &due, &t->err));
    EXPECT(due);
    EXPECT_INT(test_line(t, store).n, 52); // readers saw all of them all the time
    EXPECT_OK(kr_rebuild(store, NULL, NULL, &t->err));
    EXPECT_OK(kr_rebuild_is_due(store, &due, &t->err));
    EXPECT(!due);
}

TEST(of_what_nobody_kept_nothing_is_shown)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    char id[KR_UUID_TEXT];
    kr_uuid_new_text(id);
    date(t, store, id, "1985", "owner", 1);
    EXPECT_FAIL(kr_shown_refresh(store, id, &t->err), KR_E_NOT_FOUND);
}

MAIN(CASE(a_persons_word_comes_before_the_surest_file),
     CASE(the_day_of_scanning_or_saving_is_never_shown_as_the_day),
     CASE(what_is_taken_back_no_longer_counts),
     CASE(equally_sure_words_of_files_show_the_same_in_any_order),
     CASE(a_side_car_that_somebody_wrote_again_shows_its_later_word),
     CASE(each_name_is_shown_once_as_people_read_it), CASE(numbers_that_cannot_be_are_not_shown),
     CASE(the_order_inside_a_day_follows_the_clock),
     CASE(a_lost_or_wrong_index_is_made_again_from_the_claims),
     CASE(a_rebuild_that_was_stopped_is_still_due_and_lost_nobody),
     CASE(of_what_nobody_kept_nothing_is_shown))
