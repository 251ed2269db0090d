// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/body.h"
#include "archive_test.h"

static const char bodies[] = "[\"no-elbows\",\"one-hand\",\"rolls\"]";
static const char advice[] =
    "[{\"cause\":\"steps\",\"key\":\"walk\",\"unfit\":[\"rolls\"]},"
    "{\"cause\":\"steps\",\"key\":\"roll\",\"unfit\":[]},"
    "{\"cause\":\"tremor\",\"key\":\"both\",\"unfit\":[\"no-elbows\",\"one-hand\"]},"
    "{\"cause\":\"tremor\",\"key\":\"lean\",\"unfit\":[]}]";

static json_t *json_of(const char *text)
{
    json_t *json = json_loads(text, 0, NULL);
    EXPECT(json);
    return json;
}

static const char *kept(struct kr_test *t, struct kr_store *store, const char *door)
{
    const char *body;
    EXPECT_OK(kr_body_get(store, t->mem, door, &body, &t->err));
    return body;
}

static const char *account_of(struct kr_test *t, struct kr_store *store, const char *name,
                              const char *person, enum kr_role role)
{
    const struct kr_new_account account = {name, "a house by the bridge", person, role};
    char *id = kr_arena_alloc(t->mem, KR_UUID_TEXT);
    EXPECT_OK(kr_door_add(store, &account, id, &t->err));
    return id;
}

static const char *card_for(struct kr_test *t, struct kr_store *store, const char *person)
{
    const struct kr_new_invitation card = {.role = KR_ROLE_TELLER,
                                           .person = person,
                                           .label = "",
                                           .about = "",
                                           .made_by = "owner",
                                           .days = 1};
    char *id = kr_arena_alloc(t->mem, KR_UUID_TEXT), code[KR_CODE_TEXT];
    EXPECT_OK(kr_door_invite(store, &card, id, code, &t->err));
    return id;
}

TEST(words_are_kept_in_one_order_and_no_others)
{
    KR_AUTO(kr_json_drop) json_t *known = json_of(bodies);
    static const char *const wrong[] = {"flies", "rolls,", "rolls,rolls",
                                        ",",     "roll",   "rolls flies"};
    const char *out = "untouched";
    EXPECT_OK(kr_body_read(t->mem, "rolls,no-elbows", known, &out, &t->err));
    EXPECT_STR(out, "no-elbows,rolls");
    EXPECT_OK(kr_body_read(t->mem, "", known, &out, &t->err));
    EXPECT_STR(out, "");
    for (size_t i = 0; i < KR_COUNT(wrong); i++)
        EXPECT_FAIL(kr_body_read(t->mem, wrong[i], known, &out, &t->err), KR_E_INVALID);
}

TEST(what_was_said_before_there_was_an_account_comes_along)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "archive");
    static const char mei[] = "0197a000-0000-7000-8000-000000000001";
    EXPECT_OK(kr_body_set(store, store->home, "rolls", &t->err));
    EXPECT_OK(kr_body_set(store, mei, "one-hand", &t->err));
    const char *owner = account_of(t, store, "owner", "", KR_ROLE_OWNER);
    const char *second = account_of(t, store, "second", "", KR_ROLE_OWNER);
    const char *own = account_of(t, store, "mei", mei, KR_ROLE_TELLER);
    EXPECT_STR(kept(t, store, owner), "rolls");
    EXPECT_STR(kept(t, store, second), "");
    EXPECT_STR(kept(t, store, own), "one-hand");
    EXPECT_STR(kept(t, store, store->home), "");
    EXPECT_STR(kept(t, store, mei), "");
}

TEST(each_door_has_its_own_also_of_one_person)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "archive");
    static const char mei[] = "0197a000-0000-7000-8000-000000000001";
    const char *owner = account_of(t, store, "owner", "", KR_ROLE_OWNER);
    const char *own = account_of(t, store, "mei", mei, KR_ROLE_TELLER);
    const char *card = card_for(t, store, mei), *door;
    EXPECT_OK(kr_body_set(store, own, "rolls", &t->err));
    EXPECT_STR(kept(t, store, card), ""); // a keeper may have made it for themselves
    EXPECT_OK(kr_body_door_of(store, t->mem, mei, &door, &t->err));
    EXPECT_STR(door, own);
    EXPECT_OK(kr_body_door_of(store, t->mem, "owner", &door, &t->err));
    EXPECT_STR(door, owner);
    struct kr_visitor visitor = KR_VISITOR_NONE;
    memcpy(visitor.home, store->home, sizeof visitor.home);
    EXPECT_STR(kr_body_door(&visitor), store->home);
    visitor.invitation = card;
    visitor.person = mei;
    EXPECT_STR(kr_body_door(&visitor), card);
}

// Two families may keep one house: what one owner said before their home had an account is no
// business of the other's.
TEST(each_home_has_its_own_where_nobody_has_an_account)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "archive");
    char first[KR_UUID_TEXT], second[KR_UUID_TEXT];
    const char *door;
    memcpy(first, store->home, sizeof first);
    EXPECT_OK(kr_home_add(store, "the neighbours", second, &t->err));
    EXPECT_OK(kr_body_door_of(store, t->mem, "owner", &door, &t->err));
    EXPECT_OK(kr_body_set(store, door, "rolls", &t->err));
    kr_store_enter(store, second);
    EXPECT_OK(kr_body_door_of(store, t->mem, "owner", &door, &t->err));
    EXPECT_STR(kept(t, store, door), "");
    const char *theirs = account_of(t, store, "neighbour", "", KR_ROLE_OWNER);
    EXPECT_STR(kept(t, store, theirs), "");
    kr_store_enter(store, first);
    EXPECT_OK(kr_body_door_of(store, t->mem, "owner", &door, &t->err));
    EXPECT_STR(kept(t, store, door), "rolls");
    EXPECT_STR(kept(t, store, account_of(t, store, "owner", "", KR_ROLE_OWNER)), "rolls");
}

TEST(it_goes_with_the_door)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "archive");
    account_of(t, store, "owner", "", KR_ROLE_OWNER);
    const char *anna = account_of(t, store, "anna", "", KR_ROLE_TELLER);
    const char *card = card_for(t, store, ""), *other = card_for(t, store, "");
    EXPECT_OK(kr_body_set(store, anna, "one-hand", &t->err));
    EXPECT_OK(kr_body_set(store, card, "rolls", &t->err));
    EXPECT_OK(kr_body_set(store, other, "no-elbows", &t->err));
    EXPECT_OK(kr_door_end(store, anna, &t->err));
    EXPECT_STR(kept(t, store, anna), "");
    EXPECT_STR(kept(t, store, card), "rolls");
    EXPECT_OK(kr_door_take_back(store, card, &t->err));
    EXPECT_STR(kept(t, store, card), "");
    EXPECT_OK(kr_invitations_expire(store, INT64_C(1) << 50, &t->err));
    EXPECT_OK(kr_door_sweep(store, &t->err));
    EXPECT_STR(kept(t, store, other), "");
}

TEST(advice_asks_of_nobody_what_they_cannot_do)
{
    KR_AUTO(kr_json_drop) json_t *known = json_of(advice);
    KR_AUTO(kr_json_drop)
    json_t *judged =
        json_of("{\"advice\":[{\"cause\":\"tremor\",\"key\":\"both\"},"
                "{\"cause\":\"steps\",\"key\":\"walk\"},{\"cause\":\"comet\",\"key\":\"look\"}]}");
    static const struct {
        const char *body, *said;
    } rows[] = {{"", "both walk look"},
                {"rolls", "both roll look"},
                {"one-hand,rolls", "lean roll look"},
                {"no-elbows", "lean walk look"}};
    for (size_t i = 0; i < KR_COUNT(rows); i++) {
        const char *said = "";
        kr_body_fit(judged, known, rows[i].body);
        for (size_t k = 0; k < 3; k++)
            said = kr_arena_format(
                t->mem, "%s%s%s", said, k ? " " : "",
                kr_json_str(json_array_get(kr_json_get(judged, "advice"), k), "key", ""));
        EXPECT_STR(said, rows[i].said);
    }
}

MAIN(CASE(words_are_kept_in_one_order_and_no_others),
     CASE(what_was_said_before_there_was_an_account_comes_along),
     CASE(each_door_has_its_own_also_of_one_person),
     CASE(each_home_has_its_own_where_nobody_has_an_account), CASE(it_goes_with_the_door),
     CASE(advice_asks_of_nobody_what_they_cannot_do))
