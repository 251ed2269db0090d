// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/passkeys.h"
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

static struct kr_passkey device_of(const char *account, const char *credential)
{
    struct kr_passkey passkey = {.credential = kr_str_of(credential),
                                 .key = KR_STR("x and y"),
                                 .algorithm = -7,
                                 .count = 5,
                                 .label = "奶奶的手机",
                                 .rp = "lamp.local"};
    memcpy(passkey.account, account, KR_UUID_TEXT);
    return passkey;
}

static struct kr_passkey known(struct kr_test *t, struct kr_store *store, const char *account,
                               const char *credential)
{
    struct kr_passkey passkey = device_of(account, credential);
    EXPECT_OK(kr_door_know(store, &passkey, &t->err));
    return passkey;
}

static size_t count_of(struct kr_test *t, struct kr_store *store, const char *account)
{
    struct kr_passkey *all;
    size_t n;
    EXPECT_OK(kr_passkeys_of_account(store, t->mem, account, &all, &n, &t->err));
    return n;
}

TEST(a_known_device_gives_a_session_like_a_password)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "archive");
    const char *anna = add(t, store, "anna", KR_ROLE_OWNER);
    char token[KR_TOKEN_TEXT];
    struct kr_visitor visitor;
    struct kr_account account;
    struct kr_passkey found, *all;
    size_t n;
    known(t, store, anna, "one");
    EXPECT_OK(kr_door_known(store, t->mem, KR_STR("one"), &found, &account, &t->err));
    EXPECT_STR(account.id, anna);
    EXPECT_INT(account.passkeys, 1);
    EXPECT_INT(found.used_ms, 0);
    EXPECT_INT(found.key.n, 7);
    EXPECT_OK(kr_door_by_passkey(store, &found, 6, "a phone", token, &t->err));
    EXPECT_OK(kr_door_enter(store, t->mem, token, &visitor, &t->err));
    EXPECT_STR(visitor.account, anna);
    EXPECT_INT(visitor.role, KR_ROLE_OWNER);
    EXPECT_OK(kr_passkeys_of_account(store, t->mem, anna, &all, &n, &t->err));
    EXPECT(n == 1 && all[0].used_ms > 0 && all[0].count == 6);
    EXPECT_FAIL(kr_door_known(store, t->mem, KR_STR("two"), &found, &account, &t->err),
                KR_E_REFUSED);
}

TEST(a_count_that_does_not_go_on_opens_nothing_unless_it_never_counted)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "archive");
    const char *anna = add(t, store, "anna", KR_ROLE_OWNER);
    static const int64_t back[] = {5, 4, 0};
    struct kr_passkey counting = known(t, store, anna, "counting");
    char token[KR_TOKEN_TEXT];
    struct kr_session *all;
    size_t n;
    for (size_t i = 0; i < KR_COUNT(back); i++) {
        t->err = (struct kr_err){0};
        EXPECT_FAIL(kr_door_by_passkey(store, &counting, back[i], "", token, &t->err),
                    KR_E_REFUSED);
    }
    EXPECT_OK(kr_sessions_all(store, t->mem, "", 0, &all, &n, &t->err));
    EXPECT_INT(n, 0);
    EXPECT_OK(kr_door_by_passkey(store, &counting, 6, "", token, &t->err));
    // Looked at before, spent meanwhile: the count that stands decides.
    EXPECT(!kr_door_by_passkey(store, &counting, 6, "", token, NULL));

    struct kr_passkey still = device_of(anna, "still");
    still.count = 0;
    EXPECT_OK(kr_door_know(store, &still, &t->err));
    EXPECT_OK(kr_door_by_passkey(store, &still, 0, "", token, &t->err));
    EXPECT_OK(kr_door_by_passkey(store, &still, 0, "", token, &t->err));
}

TEST(a_device_is_one_accounts_and_nobody_elses_to_name_or_take)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "archive");
    const char *anna = add(t, store, "anna", KR_ROLE_OWNER);
    const char *bao = add(t, store, "bao", KR_ROLE_VIEWER);
    struct kr_passkey annas = known(t, store, anna, "one"), again = device_of(bao, "one");
    EXPECT_FAIL(kr_door_know(store, &again, &t->err), KR_E_EXISTS);
    t->err = (struct kr_err){0};
    EXPECT_FAIL(kr_door_call(store, bao, annas.id, "mine", &t->err), KR_E_NOT_FOUND);
    t->err = (struct kr_err){0};
    EXPECT_FAIL(kr_passkey_drop(store, bao, annas.id, &t->err), KR_E_NOT_FOUND);
    t->err = (struct kr_err){0};
    EXPECT_FAIL(kr_door_call(store, anna, annas.id, " \n", &t->err), KR_E_INVALID);
    EXPECT_OK(kr_door_call(store, anna, annas.id, "the kitchen's", &t->err));
    EXPECT_INT(count_of(t, store, anna), 1);
    EXPECT_OK(kr_passkey_drop(store, anna, annas.id, &t->err));
    EXPECT_INT(count_of(t, store, anna), 0);
}

TEST(another_password_leaves_devices_known_and_the_end_of_an_account_forgets_them)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "archive");
    add(t, store, "owner", KR_ROLE_OWNER);
    const char *anna = add(t, store, "anna", KR_ROLE_VIEWER);
    struct kr_passkey annas = known(t, store, anna, "one"), found;
    struct kr_account account;
    char token[KR_TOKEN_TEXT];
    EXPECT_OK(kr_door_password(store, anna, "another long secret", "", &t->err));
    EXPECT_OK(kr_door_by_passkey(store, &annas, 6, "", token, &t->err));
    EXPECT_OK(kr_door_end(store, anna, &t->err));
    EXPECT_INT(count_of(t, store, anna), 0);
    EXPECT(!kr_door_known(store, t->mem, KR_STR("one"), &found, &account, NULL));
    EXPECT(!kr_door_by_passkey(store, &annas, 7, "", token, NULL));
}

TEST(an_account_has_so_many_and_no_more)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "archive");
    const char *anna = add(t, store, "anna", KR_ROLE_OWNER);
    for (int i = 0; i < KR_PASSKEYS_MOST; i++)
        known(t, store, anna, kr_arena_format(t->mem, "device %d", i));
    struct kr_passkey more = device_of(anna, "one more");
    EXPECT_FAIL(kr_door_know(store, &more, &t->err), KR_E_CONFLICT);
    EXPECT_INT(count_of(t, store, anna), KR_PASSKEYS_MOST);
}

MAIN(CASE(a_known_device_gives_a_session_like_a_password),
     CASE(a_count_that_does_not_go_on_opens_nothing_unless_it_never_counted),
     CASE(a_device_is_one_accounts_and_nobody_elses_to_name_or_take),
     CASE(another_password_leaves_devices_known_and_the_end_of_an_account_forgets_them),
     CASE(an_account_has_so_many_and_no_more))
