// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/marks.h"

#include "archive/say.h"
#include "archive/search.h"
#include "archive_test.h"

static struct kr_era era_of(struct kr_test *t)
{
    struct kr_era era;
    EXPECT_OK(kr_era_open(t->mem, NULL, &era, &t->err));
    return era;
}

static bool mark(struct kr_test *t, struct kr_store *store, const char *item, const char *json,
                 char claim[static KR_UUID_TEXT])
{
    KR_AUTO(kr_json_drop) json_t *value = NULL;
    struct kr_era era = era_of(t);
    t->err = (struct kr_err){0};
    EXPECT_OK(kr_json_parse(kr_str_of(json), 1 << 16, &value, &t->err));
    return kr_mark_say(store, &era, item, value, "owner", 0.9, claim, &t->err);
}

static int64_t pictures(struct kr_test *t, struct kr_store *store, const char *question)
{
    struct kr_search search = {0};
    struct kr_item_list list;
    kr_search_parse(t->mem, question, &search);
    search.cursor = "";
    search.limit = 100;
    EXPECT_OK(kr_items_search(store, t->mem, &search, &list, &t->err));
    return (int64_t)list.n;
}

static size_t row(struct kr_test *t, struct kr_store *store, const char *thing, const char *card,
                  struct kr_mark **marks)
{
    const struct kr_era_card *found;
    struct kr_era era = era_of(t);
    size_t n;
    EXPECT_OK(kr_marks_of(store, t->mem, &era, thing, card, marks, &n, &found, &t->err));
    return n;
}

static const char bicycle[] =
    "{\"thing\":\"永久牌自行车\",\"date\":\"1970s\",\"sentence\":\"爸爸的。\","
    "\"region\":{\"x\":0.1,\"y\":0.2,\"w\":0.3,\"h\":0.4}}";

TEST(a_marked_thing_finds_its_picture_in_both_languages_and_by_its_sound)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg");
    char claim[KR_UUID_TEXT];
    test_kept(t, store, "two", "photo", "b.jpg");
    EXPECT_OK(mark(t, store, item, bicycle, claim));
    static const char *const questions[] = {"自行车",    "永久牌",  "bicycle", "单车",
                                            "zixingche", "yongjiu", "bike",    "爸爸"};
    for (size_t i = 0; i < KR_COUNT(questions); i++)
        EXPECT_INT(pictures(t, store, questions[i]), 1);
    struct kr_era era = era_of(t);
    EXPECT_OK(kr_mark_take_back(store, item, claim, "owner", &t->err));
    for (size_t i = 0; i < KR_COUNT(questions); i++)
        EXPECT_INT(pictures(t, store, questions[i]), 0);
    EXPECT_FAIL(kr_mark_take_back(store, item, claim, "owner", &t->err), KR_E_NOT_FOUND);
    (void)era;
}

TEST(all_our_bicycles_stand_in_one_row_in_the_order_of_their_years)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *first = test_kept(t, store, "one", "photo", "a.jpg");
    const char *second = test_kept(t, store, "two", "photo", "b.jpg");
    const char *third = test_kept(t, store, "three", "photo", "c.jpg");
    KR_AUTO(kr_json_drop) json_t *when = json_string("1965");
    struct kr_mark *marks;
    char claim[KR_UUID_TEXT];
    EXPECT_OK(mark(t, store, first, bicycle, claim));
    EXPECT_OK(mark(t, store, second, "{\"thing\":\"Bike\"}", claim));
    EXPECT_OK(mark(t, store, third, "{\"thing\":\"单车\"}", claim));
    EXPECT_OK(kr_say(store, second, "date", when, "owner", 0.9, &t->err));
    EXPECT_INT(row(t, store, "", "china-daily.bicycle", &marks), 3);
    EXPECT_STR(marks[0].item, second); // its picture is of 1965
    EXPECT_STR(marks[1].item, first);
    EXPECT_STR(marks[2].item, third); // nobody knows: last
    EXPECT_INT(row(t, store, "自行车", "", &marks), 3);
    EXPECT_OK(kr_trash(store, first, "owner", &t->err));
    EXPECT_INT(row(t, store, "自行车", "", &marks), 2);
}

TEST(a_thing_without_a_card_is_known_by_its_name_alone)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg");
    const char *other = test_kept(t, store, "two", "photo", "b.jpg");
    struct kr_marked_thing *things;
    struct kr_mark *marks;
    char claim[KR_UUID_TEXT];
    size_t n;
    EXPECT_OK(mark(t, store, item, "{\"thing\":\"Grandpa's Accordion\"}", claim));
    EXPECT_OK(mark(t, store, other, "{\"thing\":\"grandpa's accordion\"}", claim));
    EXPECT_OK(mark(t, store, other, "{\"thing\":\"自行车\",\"card\":\"\"}", claim));
    EXPECT_INT(row(t, store, "GRANDPA'S ACCORDION", "", &marks), 2);
    EXPECT_OK(kr_marked_things(store, t->mem, &things, &n, &t->err));
    EXPECT_INT(n, 2);
    EXPECT_INT(things[0].count, 2);
    EXPECT_STR(things[1].card, "");
}

TEST(what_is_no_mark_is_refused_and_leaves_nothing)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg");
    struct kr_claim_list before, after;
    char claim[KR_UUID_TEXT];
    static const char *const wrong[] = {
        "{}",
        "{\"thing\":\" \"}",
        "{\"thing\":5}",
        "{\"thing\":\"a\\nb\"}",
        "{\"thing\":\"a\",\"card\":\"nobody.knows\"}",
        "{\"thing\":\"a\",\"region\":{\"x\":0.9,\"y\":0,\"w\":0.2,\"h\":0.1}}",
        "{\"thing\":\"a\",\"region\":{\"x\":0,\"y\":0,\"w\":0,\"h\":0.1}}",
        "{\"thing\":\"a\",\"region\":[0,0,1,1]}",
        "{\"thing\":\"a\",\"date\":\"when we were young\"}",
        "{\"thing\":\"a\",\"voice\":\"nowhere\"}",
    };
    EXPECT_OK(kr_claims_of(store, t->mem, item, &before, &t->err));
    for (size_t i = 0; i < KR_COUNT(wrong); i++)
        EXPECT_FAIL(mark(t, store, item, wrong[i], claim), KR_E_INVALID);
    const char *photo = kr_arena_format(t->mem, "{\"thing\":\"a\",\"voice\":\"%s\"}", item);
    EXPECT_FAIL(mark(t, store, item, photo, claim), KR_E_INVALID); // a picture has no voice
    EXPECT_OK(kr_claims_of(store, t->mem, item, &after, &t->err));
    EXPECT_INT(after.n, before.n);
}

TEST(a_voice_tells_of_it_and_the_row_says_all)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg");
    const char *voice = test_kept(t, store, "told", "audio", "a.flac");
    KR_AUTO(kr_json_drop) json_t *extra = NULL, *list = NULL;
    char claim[KR_UUID_TEXT];
    EXPECT_OK(mark(t, store, item,
                   kr_arena_format(t->mem,
                                   "{\"thing\":\"收音机\",\"voice\":\"%s\",\"date\":"
                                   "\"七十年代\"}",
                                   voice),
                   claim));
    struct kr_item shown = test_shown(t, store, item);
    EXPECT_OK(kr_json_parse(kr_str_of(shown.extra), 1 << 20, &extra, &t->err));
    list = kr_marks_new_list(store, t->mem, KR_EN, extra);
    const json_t *one = json_array_get(list, 0);
    EXPECT_STR(kr_json_str(one, "voice", ""), voice);
    EXPECT_STR(kr_json_str(one, "card", ""), "china-daily.radio");
    EXPECT_STR(kr_json_str(kr_json_get(one, "date"), "edtf", ""), "197X");
    EXPECT_STR(kr_json_str(kr_json_get(one, "date"), "text", ""), "the 1970s");
    EXPECT(json_is_null(kr_json_get(one, "region")));
    EXPECT_STR(kr_json_str(one, "who", ""), "owner");
}

TEST(made_again_the_marks_are_the_same_and_a_forgotten_picture_takes_its_own_along)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg");
    struct kr_mark *marks;
    char claim[KR_UUID_TEXT];
    int64_t gone;
    EXPECT_OK(mark(t, store, item, bicycle, claim));
    EXPECT_OK(kr_rebuild(store, NULL, NULL, &t->err));
    EXPECT_INT(row(t, store, "bicycle", "", &marks), 1);
    EXPECT_STR(marks[0].claim, claim);
    EXPECT_STR(kr_json_str(marks[0].value, "sentence", ""), "爸爸的。");
    EXPECT_OK(kr_trash(store, item, "owner", &t->err));
    EXPECT_OK(kr_trash_empty(store, 0, &gone, &t->err));
    EXPECT_FAIL(kr_mark_get(store, t->mem, claim, &marks[0], &t->err), KR_E_NOT_FOUND);
}

TEST(a_picture_holds_so_many_marks_and_no_more)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg");
    char claim[KR_UUID_TEXT];
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    EXPECT_OK(kr_tx_begin(store->db, &tx, &t->err));
    for (int i = 0; i < KR_MARKS_OF_ITEM; i++) {
        json_t *value = kr_json_new_object();
        kr_json_set_str(value, "thing", kr_arena_format(t->mem, "thing %d", i));
        test_claim(t, store, item, "mark", value, "owner", 1);
    }
    EXPECT_OK(kr_tx_commit(&tx, &t->err));
    EXPECT_FAIL(mark(t, store, item, bicycle, claim), KR_E_TOO_BIG);
}

MAIN(CASE(a_marked_thing_finds_its_picture_in_both_languages_and_by_its_sound),
     CASE(all_our_bicycles_stand_in_one_row_in_the_order_of_their_years),
     CASE(a_thing_without_a_card_is_known_by_its_name_alone),
     CASE(what_is_no_mark_is_refused_and_leaves_nothing),
     CASE(a_voice_tells_of_it_and_the_row_says_all),
     CASE(made_again_the_marks_are_the_same_and_a_forgotten_picture_takes_its_own_along),
     CASE(a_picture_holds_so_many_marks_and_no_more))
