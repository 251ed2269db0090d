// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/rounds.h"

#include "archive/asks.h"
#include "archive/persons.h"
#include "archive_test.h"
#include "base/clock.h"

static const int64_t day = INT64_C(86400000);

static bool say(struct kr_test *t, struct kr_store *store, const char *id, const char *seen,
                const char *json, char out[static KR_UUID_TEXT])
{
    KR_AUTO(kr_json_drop) json_t *value = NULL;
    t->err = (struct kr_err){0};
    EXPECT_OK(kr_json_parse(kr_str_of(json), 1 << 20, &value, &t->err));
    return kr_round_say(store, id, seen, value, "owner", out, &t->err);
}

static const char *begin(struct kr_test *t, struct kr_store *store)
{
    char *id = kr_arena_alloc(t->mem, KR_UUID_TEXT);
    EXPECT_OK(say(t, store, "", "", "{\"places\":[{\"name\":\"贵阳\"},{\"name\":\"山里\"}]}", id));
    return id;
}

static bool ask(struct kr_test *t, struct kr_store *store, const char *item, const char *round,
                int place, char out[static KR_UUID_TEXT])
{
    KR_AUTO(kr_json_drop) json_t *value = kr_json_new_object();
    kr_json_set_str(value, "item", item);
    kr_json_set_str(value, "text", "那天吃了什么？");
    kr_json_set_str(value, "round", round);
    kr_json_set_int(value, "place", place);
    t->err = (struct kr_err){0};
    return kr_ask_say(store, value, "owner", out, &t->err);
}

static bool may(struct kr_test *t, struct kr_store *store, const char *round, int place,
                int64_t days)
{
    t->err = (struct kr_err){0};
    bool fine = kr_round_may_ask(store, round, place, kr_now_ms() + days * day, &t->err);
    EXPECT(fine || t->err.code == KR_E_REFUSED);
    return fine;
}

TEST(it_goes_round_once_a_week)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg"), *round = begin(t, store);
    char id[KR_UUID_TEXT];
    EXPECT(may(t, store, round, 0, 0) && may(t, store, round, 1, 0)); // whoever likes begins
    EXPECT_OK(ask(t, store, item, round, 0, id));
    EXPECT(!ask(t, store, item, round, 1, id));
    EXPECT_INT(t->err.code, KR_E_REFUSED);
    EXPECT(!may(t, store, round, 1, 6));
    EXPECT(may(t, store, round, 1, 8) && !may(t, store, round, 0, 8));
    EXPECT(may(t, store, round, 1, 15) && may(t, store, round, 0, 15)); // nothing stops
    EXPECT(may(t, store, round, 0, -400)); // a clock set back holds nobody up
}

TEST(what_is_taken_back_was_not_asked)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg"), *round = begin(t, store);
    const struct kr_listener nobody = {"", ""};
    char id[KR_UUID_TEXT];
    struct kr_ask *asks;
    size_t n;
    EXPECT_OK(ask(t, store, item, round, 0, id));
    EXPECT_OK(kr_asks_of_round(store, t->mem, round, &nobody, &asks, &n, &t->err));
    EXPECT_INT(n, 1);
    EXPECT_OK(kr_asks_rebuild(store, &t->err));
    EXPECT_OK(kr_asks_of_round(store, t->mem, round, &nobody, &asks, &n, &t->err));
    EXPECT_INT(n, 1);
    EXPECT_OK(kr_ask_take_back(store, id, "owner", &t->err));
    EXPECT(may(t, store, round, 0, 0));
}

TEST(it_is_said_anew_and_ended)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *id = begin(t, store);
    const char *other = "{\"places\":[{\"name\":\"深圳\"},{\"name\":\"山里\"}]}";
    struct kr_round round, *rounds;
    char said[KR_UUID_TEXT];
    size_t n;
    EXPECT_OK(kr_round_get(store, t->mem, id, &round, &t->err));
    EXPECT_OK(say(t, store, id, round.claim, other, said));
    EXPECT_STR(said, id);
    EXPECT(!say(t, store, id, round.claim, other, said));
    EXPECT_INT(t->err.code, KR_E_CONFLICT);
    EXPECT_OK(kr_rounds_of_home(store, t->mem, &rounds, &n, &t->err));
    EXPECT_INT(n, 1);
    EXPECT_OK(kr_round_end(store, id, "owner", &t->err)); // and not as it was said first
    EXPECT_OK(kr_rounds_of_home(store, t->mem, &rounds, &n, &t->err));
    EXPECT_INT(n, 0);
    EXPECT(!kr_round_end(store, id, "owner", &t->err));
    EXPECT_INT(t->err.code, KR_E_NOT_FOUND);
}

TEST(what_is_no_round_is_refused)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg"), *round = begin(t, store);
    static const char *const wrong[] = {
        "{}",
        "[]",
        "{\"places\":[{\"name\":\"a\"}]}",
        "{\"places\":[{\"name\":\"a\"},{\"name\":\"\"}]}",
        "{\"places\":[{\"name\":\"a\"},{\"name\":\"b\\nc\"}]}",
        "{\"places\":[{\"name\":\"a\"},{\"name\":\"b\"},{\"name\":\"c\"}]}",
        "{\"places\":[{\"name\":\"a\",\"persons\":[\"nobody\"]},{\"name\":\"b\"}]}",
        "{\"places\":[{\"name\":\"a\",\"persons\":[7]},{\"name\":\"b\"}]}"};
    char id[KR_UUID_TEXT];
    for (size_t i = 0; i < KR_COUNT(wrong); i++) {
        EXPECT(!say(t, store, "", "", wrong[i], id));
        EXPECT_INT(t->err.code, KR_E_INVALID);
    }
    EXPECT(!ask(t, store, item, "no-such-round", 0, id));
    EXPECT_INT(t->err.code, KR_E_NOT_FOUND);
    EXPECT(!ask(t, store, item, round, 2, id));
    EXPECT_INT(t->err.code, KR_E_INVALID);
}

TEST(who_is_where_is_told)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    KR_AUTO(kr_json_drop) json_t *name = json_string("外婆"), *told = NULL;
    char who[KR_UUID_TEXT], id[KR_UUID_TEXT];
    struct kr_round round;
    EXPECT_OK(kr_person_add(store, name, "owner", 1, who, &t->err));
    EXPECT_OK(say(t, store, "", "",
                  kr_arena_format(t->mem,
                                  "{\"places\":[{\"name\":\"贵阳\"},"
                                  "{\"name\":\"山里\",\"persons\":[\"%s\"]}]}",
                                  who),
                  id));
    EXPECT_OK(kr_round_get(store, t->mem, id, &round, &t->err));
    EXPECT_INT(kr_round_place_of(&round, who), 1);
    EXPECT_INT(kr_round_place_of(&round, ""), -1);
    const struct kr_listener she = {who, who};
    EXPECT_OK(kr_round_json(store, t->mem, &round, &she, kr_now_ms(), &told, &t->err));
    EXPECT_INT(kr_json_int(told, "mine", -1), 1);
    EXPECT(json_is_null(kr_json_get(told, "turn")) && json_is_true(kr_json_get(told, "now")));
}

MAIN(CASE(it_goes_round_once_a_week), CASE(what_is_taken_back_was_not_asked),
     CASE(it_is_said_anew_and_ended), CASE(what_is_no_round_is_refused), CASE(who_is_where_is_told))
