// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/door.h"
#include "archive_test.h"

static const char secret[] = "a house by the bridge";

static const char *add(struct kr_test *t, struct kr_store *store, const char *name,
                       enum kr_role role)
{
    const struct kr_new_account account = {name, secret, "", role};
    char *id = kr_arena_alloc(t->mem, KR_UUID_TEXT);
    EXPECT_OK(kr_door_add(store, &account, id, &t->err));
    return id;
}

static enum kr_role role_of(struct kr_test *t, struct kr_store *store, const char *token)
{
    struct kr_visitor visitor;
    EXPECT_OK(kr_door_enter(store, t->mem, token, &visitor, &t->err));
    return visitor.role;
}

TEST(the_first_account_is_the_owners_and_the_last_owner_stays)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "archive");
    const struct kr_new_account viewer = {"anna", secret, "", KR_ROLE_VIEWER};
    const enum kr_role less = KR_ROLE_KEEPER;
    char id[KR_UUID_TEXT];
    EXPECT(!kr_door_add(store, &viewer, id, &t->err));
    EXPECT_INT(t->err.code, KR_E_REFUSED);
    const char *owner = add(t, store, "妈妈", KR_ROLE_OWNER);
    EXPECT(!kr_door_change(store, owner, &less, NULL, NULL));
    EXPECT(!kr_door_end(store, owner, NULL));
    add(t, store, "爸爸", KR_ROLE_OWNER);
    EXPECT_OK(kr_door_change(store, owner, &less, NULL, &t->err));
}

TEST(one_name_reads_as_one_whatever_its_case_and_width)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "archive");
    static const char *const taken[] = {"anna b", "ＡＮＮＡ　Ｂ", "Anna-B"};
    char id[KR_UUID_TEXT];
    add(t, store, "Anna B", KR_ROLE_OWNER);
    for (size_t i = 0; i < KR_COUNT(taken); i++) {
        const struct kr_new_account again = {taken[i], secret, "", KR_ROLE_VIEWER};
        t->err = (struct kr_err){0};
        EXPECT(!kr_door_add(store, &again, id, &t->err));
        EXPECT_INT(t->err.code, KR_E_EXISTS);
    }
    const struct kr_new_account nameless = {"…", secret, "", KR_ROLE_VIEWER};
    EXPECT(!kr_door_add(store, &nameless, id, NULL));
}

TEST(a_role_holds_from_the_next_look_on)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "archive");
    const enum kr_role keeper = KR_ROLE_KEEPER;
    char token[KR_TOKEN_TEXT];
    add(t, store, "owner", KR_ROLE_OWNER);
    const char *anna = add(t, store, "anna", KR_ROLE_VIEWER);
    EXPECT_OK(kr_door_sign_in(store, "ANNA", secret, "", token, &t->err));
    EXPECT_INT(role_of(t, store, token), KR_ROLE_VIEWER);
    EXPECT_OK(kr_door_change(store, anna, &keeper, NULL, &t->err));
    EXPECT_INT(role_of(t, store, token), KR_ROLE_KEEPER);
    EXPECT_OK(kr_door_end(store, anna, &t->err));
    EXPECT_INT(role_of(t, store, token), KR_ROLE_NOBODY);
    EXPECT(!kr_door_sign_in(store, "anna", secret, "", token, NULL));
}

TEST(a_card_opens_until_it_is_taken_back_or_over_and_never_again)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "archive");
    const struct kr_new_invitation card = {.role = KR_ROLE_TELLER,
                                           .person = "",
                                           .label = "奶奶",
                                           .about = "",
                                           .made_by = "owner",
                                           .days = 1};
    char id[KR_UUID_TEXT], code[KR_CODE_TEXT], token[KR_TOKEN_TEXT];
    EXPECT_OK(kr_door_invite(store, &card, id, code, &t->err));
    enum kr_role role = KR_ROLE_NOBODY;
    EXPECT_OK(kr_door_opens(store, code, &role, &t->err)); // looking uses nothing up
    EXPECT(role >= KR_ROLE_GUEST && role <= KR_ROLE_KEEPER);
    EXPECT_OK(kr_door_open(store, code, "a phone", token, &t->err));
    EXPECT_INT(role_of(t, store, token), KR_ROLE_TELLER);
    EXPECT_OK(kr_door_take_back(store, id, &t->err));
    EXPECT_INT(role_of(t, store, token), KR_ROLE_NOBODY);
    EXPECT(!kr_door_open(store, code, "", token, &t->err));
    EXPECT_INT(t->err.code, KR_E_REFUSED);

    // Over by its own time: noticed once, it stays over, though the clock goes back.
    EXPECT_OK(kr_door_invite(store, &card, id, code, &t->err));
    EXPECT_OK(kr_door_open(store, code, "", token, &t->err));
    int64_t tomorrow = (INT64_C(1) << 50);
    EXPECT_OK(kr_invitations_expire(store, tomorrow, &t->err));
    EXPECT(!kr_door_open(store, code, "", token, NULL));
    EXPECT_INT(role_of(t, store, token), KR_ROLE_NOBODY);
}

TEST(homes_do_not_reach_into_each_other)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "archive");
    char other[KR_UUID_TEXT], first[KR_UUID_TEXT], token[KR_TOKEN_TEXT];
    const enum kr_role keeper = KR_ROLE_KEEPER;
    struct kr_visitor visitor;
    const char *owner = add(t, store, "owner", KR_ROLE_OWNER);
    memcpy(first, store->home, sizeof first);
    EXPECT_OK(kr_home_add(store, "another", other, &t->err));
    memcpy(store->home, other, sizeof other);
    EXPECT(!kr_door_change(store, owner, &keeper, NULL, &t->err));
    EXPECT_INT(t->err.code, KR_E_NOT_FOUND);
    add(t, store, "neighbour", KR_ROLE_KEEPER);
    memcpy(store->home, first, sizeof first);
    EXPECT_OK(kr_door_sign_in(store, "neighbour", secret, "", token, &t->err));
    EXPECT_OK(kr_door_enter(store, t->mem, token, &visitor, &t->err));
    EXPECT_STR(visitor.home, other);
}

MAIN(CASE(the_first_account_is_the_owners_and_the_last_owner_stays),
     CASE(one_name_reads_as_one_whatever_its_case_and_width),
     CASE(a_role_holds_from_the_next_look_on),
     CASE(a_card_opens_until_it_is_taken_back_or_over_and_never_again),
     CASE(homes_do_not_reach_into_each_other))
