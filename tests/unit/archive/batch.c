// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/batch.h"
#include "archive/acts.h"
#include "archive/albums.h"
#include "archive/persons.h"
#include "archive/say.h"
#include "archive_test.h"

enum { MANY = 12 };

struct house {
    struct kr_store *store;
    const char *ids[MANY];
};

static struct house open_house(struct kr_test *t)
{
    struct house house = {.store = test_store(t, "a")};
    for (int i = 0; i < MANY; i++)
        house.ids[i] = test_kept(t, house.store, kr_arena_format(t->mem, "scan %d", i), "photo",
                                 kr_arena_format(t->mem, "/home/lin/scan-%d.png", i));
    return house;
}

static void close_house(struct house *house)
{
    kr_store_close(&house->store);
}

static bool try_act(struct kr_test *t, const struct house *house, size_t n, const char *todo,
                    const char *who, struct kr_batch_done *done)
{
    KR_AUTO(kr_json_drop) json_t *parsed = NULL;
    EXPECT_OK(kr_json_parse(kr_str_of(todo), 4096, &parsed, &t->err));
    const struct kr_batch batch = {
        .items = house->ids, .n = n, .todo = parsed, .who = who, .certain = 0.9};
    return kr_batch_run(house->store, t->mem, &batch, done, &t->err);
}

static struct kr_batch_done act(struct kr_test *t, const struct house *house, size_t n,
                                const char *todo)
{
    struct kr_batch_done done = {0};
    EXPECT_OK(try_act(t, house, n, todo, "owner", &done));
    return done;
}

static struct kr_batch_done undo(struct kr_test *t, const struct house *house, const char *name)
{
    struct kr_batch_done done = {0};
    EXPECT_OK(kr_batch_undo(house->store, t->mem, name, "owner", NULL, NULL, &done, &t->err));
    return done;
}

static struct kr_item item(struct kr_test *t, const struct house *house, int i)
{
    struct kr_item item;
    EXPECT_OK(kr_item_get(house->store, t->mem, house->ids[i], &item, &t->err));
    return item;
}

static void say(struct kr_test *t, const struct house *house, int i, const char *edtf,
                const char *who)
{
    KR_AUTO(kr_json_drop) json_t *value = json_string(edtf);
    EXPECT_OK(kr_say(house->store, house->ids[i], "date", value, who, 0.7, &t->err));
}

TEST(many_are_dated_at_once_and_one_undo_takes_it_back)
{
    KR_AUTO(close_house) struct house house = open_house(t);
    struct kr_batch_done done = act(t, &house, MANY, "{\"date\":\"八十年代\",\"place\":\"苏州\"}");
    EXPECT_INT(done.changed, MANY);
    EXPECT_INT(done.skip_count, 0);
    EXPECT_STR(item(t, &house, 3).date_edtf, "198X");
    EXPECT_STR(item(t, &house, 3).place, "苏州");
    struct kr_act told;
    EXPECT_OK(kr_act_get(house.store, t->mem, KR_EN, done.act, &told, &t->err));
    EXPECT_STR(told.what, "12 pictures: the 1980s, 苏州");
    EXPECT(told.stands);
    struct kr_batch_done again = act(t, &house, MANY, "{\"date\":\"八十年代\"}");
    EXPECT_INT(again.changed, 0);
    EXPECT_STR(again.skips[0].why, "already");
    struct kr_batch_done back = undo(t, &house, done.act);
    EXPECT_INT(back.changed, MANY);
    EXPECT_STR(item(t, &house, 3).date_edtf, "");
    EXPECT_STR(item(t, &house, 3).place, "");
    EXPECT_INT(undo(t, &house, done.act).changed, 0); // twice is once
    EXPECT_INT(undo(t, &house, back.act).changed, MANY);
    EXPECT_STR(item(t, &house, 3).date_edtf, "198X");
}

TEST(what_others_said_meanwhile_stays_in_its_place)
{
    KR_AUTO(close_house) struct house house = open_house(t);
    say(t, &house, 0, "1979", "奶奶");
    struct kr_batch_done done = act(t, &house, 3, "{\"date\":\"1983\"}");
    say(t, &house, 1, "1986", "弟弟");
    EXPECT_STR(item(t, &house, 1).date_edtf, "1986");
    struct kr_batch_done back = undo(t, &house, done.act);
    EXPECT_STR(item(t, &house, 0).date_edtf, "1979");
    EXPECT_STR(item(t, &house, 1).date_edtf, "1986");
    EXPECT_STR(item(t, &house, 2).date_edtf, "");
    EXPECT_INT(undo(t, &house, back.act).changed, 3); // redone, in the old order of saying
    EXPECT_STR(item(t, &house, 0).date_edtf, "1983");
    EXPECT_STR(item(t, &house, 1).date_edtf, "1986");
}

TEST(a_wrong_clock_is_moved_and_vague_dates_are_passed_over)
{
    KR_AUTO(close_house) struct house house = open_house(t);
    KR_AUTO(kr_json_drop) json_t *none = NULL;
    test_claim(t, house.store, house.ids[0], "date", test_date("2019-03-21", "2019-03-21T23:10:00"),
               "exif", 0.9);
    test_shown(t, house.store, house.ids[0]);
    say(t, &house, 1, "1985", "owner");
    struct kr_batch_done done = act(t, &house, 3, "{\"date\":{\"shift\":\"+1h\"}}");
    EXPECT_INT(done.changed, 1);
    EXPECT_STR(item(t, &house, 0).date_edtf, "2019-03-22");
    EXPECT_INT(item(t, &house, 0).wall_ms % 86400000, 10 * 60000);
    EXPECT_STR(done.skips[0].why, "too_vague");
    EXPECT_STR(done.skips[1].why, "undated");
    undo(t, &house, done.act);
    EXPECT_STR(item(t, &house, 0).date_edtf, "2019-03-21");
    EXPECT_STR(item(t, &house, 0).date_source, "exif");
}

TEST(as_that_one_or_a_little_later)
{
    KR_AUTO(close_house) struct house house = open_house(t);
    struct kr_batch_done done;
    say(t, &house, 0, "1985-06", "owner");
    const char *like = kr_arena_format(t->mem, "{\"date\":{\"like\":\"%s\"}}", house.ids[0]);
    EXPECT_INT(act(t, &house, 3, like).changed, 2); // that one itself is so already
    EXPECT_STR(item(t, &house, 2).date_edtf, "1985-06");
    EXPECT_INT(act(t, &house, 2, "{\"date\":{\"step\":1}}").changed, 2);
    EXPECT_STR(item(t, &house, 1).date_edtf, "1985-07~");
    like = kr_arena_format(t->mem, "{\"date\":{\"like\":\"%s\"}}", house.ids[5]);
    EXPECT(!try_act(t, &house, 3, like, "owner", &done)); // nobody has dated it
    EXPECT_INT(t->err.code, KR_E_INVALID);
}

TEST(who_is_in_them_and_in_which_album)
{
    KR_AUTO(close_house) struct house house = open_house(t);
    KR_AUTO(kr_json_drop) json_t *name = json_string("王秀兰");
    char person[KR_UUID_TEXT], album[KR_UUID_TEXT];
    EXPECT_OK(kr_person_add(house.store, name, "owner", 1, person, &t->err));
    EXPECT_OK(kr_album_add(house.store, "老屋", "owner", album, &t->err));
    struct kr_batch_done done =
        act(t, &house, 4, "{\"persons\":[\"wxl\"],\"album\":\"老屋\",\"keyword\":[\"院子\"]}");
    EXPECT_INT(done.changed, 4);
    EXPECT(strstr(item(t, &house, 0).extra, "王秀兰") && strstr(item(t, &house, 0).extra, "院子"));
    struct kr_album seen;
    EXPECT_OK(kr_album_get(house.store, t->mem, album, &seen, &t->err));
    EXPECT_INT(seen.count, 4);
    EXPECT_INT(act(t, &house, 2, "{\"album\":\"-老屋\"}").changed, 2);
    EXPECT_OK(kr_album_get(house.store, t->mem, album, &seen, &t->err));
    EXPECT_INT(seen.count, 2);
    undo(t, &house, done.act);
    EXPECT_OK(kr_album_get(house.store, t->mem, album, &seen, &t->err));
    EXPECT_INT(seen.count, 0);
    EXPECT(!strstr(item(t, &house, 0).extra, "王秀兰"));
}

static size_t in_line(struct kr_test *t, const struct house *house)
{
    return test_line(t, house->store).n;
}

TEST(hidden_is_out_of_sight_and_the_trash_is_undone_too)
{
    KR_AUTO(close_house) struct house house = open_house(t);
    struct kr_totals totals;
    struct kr_item_list list;
    struct kr_batch_done hid = act(t, &house, 5, "{\"hidden\":true}");
    struct kr_batch_done threw = act(t, &house, 2, "{\"trashed\":true}");
    EXPECT_INT(in_line(t, &house), MANY - 5);
    EXPECT_OK(kr_items_totals(house.store, &totals, &t->err));
    EXPECT(totals.items == MANY - 5 && totals.hidden == 3 && totals.trash == 2);
    struct kr_items_query query = {.hidden = true, .limit = 100};
    EXPECT_OK(kr_items_page(house.store, t->mem, &query, &list, &t->err));
    EXPECT_INT(list.n, 3);
    const char *const *found;
    size_t n;
    EXPECT_OK(kr_batch_find(house.store, t->mem, "undated:", &found, &n, &t->err));
    EXPECT_INT(n, MANY - 5);
    EXPECT_OK(kr_batch_find(house.store, t->mem, "hidden:", &found, &n, &t->err));
    EXPECT_INT(n, 3);
    undo(t, &house, threw.act);
    EXPECT_OK(kr_items_totals(house.store, &totals, &t->err));
    EXPECT(totals.hidden == 5 && totals.trash == 0);
    undo(t, &house, hid.act);
    EXPECT_INT(in_line(t, &house), MANY);
}

static bool stop_soon(void *context)
{
    int *left = context;
    return (*left)-- > 0;
}

TEST(a_stopped_act_is_ended_under_its_own_name)
{
    KR_AUTO(close_house) struct house house = open_house(t);
    KR_AUTO(kr_json_drop) json_t *todo = json_pack("{s:s}", "date", "1983");
    int left = 0;
    char name[KR_UUID_TEXT];
    kr_uuid_new_text(name);
    struct kr_batch batch = {
        .items = house.ids, .n = 5, .todo = todo, .who = "owner", .certain = 0.9, .act = name};
    struct kr_batch_done done;
    EXPECT_OK(kr_batch_run(house.store, t->mem, &batch, &done, &t->err)); // five of twelve
    batch.n = MANY;
    batch.go_on = stop_soon;
    batch.context = &left;
    EXPECT_FAIL(kr_batch_run(house.store, t->mem, &batch, &done, &t->err), KR_E_INTERRUPTED);
    EXPECT_STR(done.act, name);
    batch.go_on = NULL;
    EXPECT_OK(kr_batch_run(house.store, t->mem, &batch, &done, &t->err));
    EXPECT_INT(done.changed, MANY);
    struct kr_claim_list claims;
    EXPECT_OK(kr_claims_of_act(house.store, t->mem, name, &claims, &t->err));
    EXPECT_INT(claims.n, MANY); // nothing said twice
    EXPECT_INT(undo(t, &house, name).changed, MANY);
}

TEST(what_cannot_be_understood_changes_nothing)
{
    KR_AUTO(close_house) struct house house = open_house(t);
    static const char *const wrong[] = {"{}",
                                        "{\"date\":\"when it snowed\"}",
                                        "{\"date\":{\"shift\":\"soon\"}}",
                                        "{\"date\":{\"step\":2}}",
                                        "{\"date\":{\"like\":\"x\"}}",
                                        "{\"persons\":\"nobody\"}",
                                        "{\"album\":\"none\"}",
                                        "{\"favourite\":7}",
                                        "{\"kept\":\"x\"}",
                                        "{\"place\":\"苏州\",\"rating\":9}"};
    struct kr_batch_done done;
    for (size_t i = 0; i < KR_COUNT(wrong); i++)
        EXPECT(!try_act(t, &house, 2, wrong[i], "owner", &done));
    const char *const *acts;
    size_t n;
    EXPECT_OK(kr_acts_before(house.store, t->mem, NULL, 5, &acts, &n, &t->err));
    EXPECT_INT(n, 0);
    EXPECT_FAIL(
        kr_batch_undo(house.store, t->mem, house.ids[0], "owner", NULL, NULL, &done, &t->err),
        KR_E_NOT_FOUND);
    struct house strange = {.store = house.store, .ids = {house.ids[0], "nobody"}};
    EXPECT_OK(try_act(t, &strange, 2, "{\"favourite\":true}", "owner", &done));
    EXPECT(done.changed == 1 && done.skip_count == 1 && strcmp(done.skips[0].why, "gone") == 0);
}

TEST(rebuild_and_the_text_alone_give_the_same)
{
    KR_AUTO(close_house) struct house house = open_house(t);
    char album[KR_UUID_TEXT];
    EXPECT_OK(kr_album_add(house.store, "老屋", "owner", album, &t->err));
    act(t, &house, 4, "{\"album\":\"老屋\",\"date\":\"1983\"}");
    struct kr_batch_done done = act(t, &house, MANY, "{\"hidden\":true}");
    struct kr_batch_done back = undo(t, &house, done.act);
    KR_AUTO(kr_json_drop) json_t *order = json_pack("[s,s]", house.ids[2], house.ids[0]);
    EXPECT_OK(kr_album_arrange(house.store, album, order, "owner", &t->err));
    EXPECT_OK(kr_rebuild(house.store, NULL, NULL, &t->err));
    const char *const *ids;
    size_t n;
    EXPECT_OK(kr_album_order(house.store, t->mem, album, &ids, &n, &t->err));
    EXPECT(n == 4 && strcmp(ids[0], house.ids[2]) == 0 && strcmp(ids[1], house.ids[0]) == 0);
    EXPECT_INT(in_line(t, &house), MANY);
    // Another database made of the lines alone knows the acts too.
    KR_AUTO(kr_store_close) struct kr_store *other = test_store(t, "b");
    EXPECT(rename(test_path(t, "b/claims"), test_path(t, "b/none")) == 0);
    EXPECT(rename(test_path(t, "a/claims"), test_path(t, "b/claims")) == 0);
    int64_t count;
    EXPECT_OK(kr_claims_from_text(other, &count, &t->err));
    kr_format(other->home, sizeof other->home, "%s", house.store->home);
    struct kr_claim_list claims;
    EXPECT_OK(kr_claims_of_act(other, t->mem, back.act, &claims, &t->err));
    EXPECT_INT(claims.n, MANY);
}

MAIN(CASE(many_are_dated_at_once_and_one_undo_takes_it_back),
     CASE(what_others_said_meanwhile_stays_in_its_place),
     CASE(a_wrong_clock_is_moved_and_vague_dates_are_passed_over),
     CASE(as_that_one_or_a_little_later), CASE(who_is_in_them_and_in_which_album),
     CASE(hidden_is_out_of_sight_and_the_trash_is_undone_too),
     CASE(a_stopped_act_is_ended_under_its_own_name),
     CASE(what_cannot_be_understood_changes_nothing),
     CASE(rebuild_and_the_text_alone_give_the_same))
