// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/store.h"
#include "store_test.h"
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>

static const char *path(struct kr_test *t, const char *name)
{
    return kr_arena_format(t->mem, "%s/%s", t->dir, name);
}

TEST(a_new_archive_opens_again_with_the_same_home)
{
    KR_AUTO(kr_store_close) struct kr_store *first = test_archive(t, "a/deep");
    KR_AUTO(kr_store_close) struct kr_store *second = NULL;
    EXPECT_OK(kr_store_open(path(t, "a/deep"), KR_STORE_READ, &second, &t->err));
    EXPECT(strlen(first->home) == KR_UUID_TEXT - 1);
    EXPECT_STR(second->home, first->home);
    struct kr_str text = {"", 0};
    EXPECT_OK(kr_read_file(t->mem, first->dir, "README.txt", 10000, &text, &t->err));
    EXPECT(strstr(text.at, "sha256sum")); // both languages tell how to check it by hand
    EXPECT(kr_is_utf8(text) && strstr(text.at, "档案") && strstr(text.at, "archive"));
}

TEST(only_an_empty_folder_becomes_an_archive)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    EXPECT(store);
    EXPECT_FAIL(kr_store_init(path(t, "a"), true, &t->err), KR_E_EXISTS);
    EXPECT(mkdirat(t->folder, "b", 0755) == 0 && mkdirat(t->folder, "b/music", 0755) == 0);
    EXPECT_FAIL(kr_store_init(path(t, "b"), true, &t->err), KR_E_EXISTS);
    EXPECT(mkdirat(t->folder, ".git", 0755) == 0);
    EXPECT_FAIL(kr_store_init(path(t, "c"), false, &t->err), KR_E_REFUSED);
    EXPECT_OK(kr_store_init(path(t, "d"), true, &t->err));
}

TEST(a_folder_without_a_database_is_no_archive)
{
    struct kr_store *store = NULL;
    EXPECT_FAIL(kr_store_open(path(t, "nothing"), KR_STORE_WRITE, &store, &t->err), KR_E_NOT_FOUND);
    EXPECT_FAIL(kr_store_open(t->dir, KR_STORE_WRITE, &store, &t->err), KR_E_NOT_FOUND);
    EXPECT(faccessat(t->folder, "blobs", F_OK, 0) != 0); // and nothing was made in it
}

TEST(opened_for_reading_it_cannot_be_written)
{
    KR_AUTO(kr_store_close) struct kr_store *writer = test_archive(t, "a");
    KR_AUTO(kr_store_close) struct kr_store *reader = NULL;
    EXPECT(writer);
    EXPECT_OK(kr_store_open(path(t, "a"), KR_STORE_READ, &reader, &t->err));
    EXPECT_FAIL(kr_store_set_setting(reader, "trash.days", "1", &t->err), KR_E_REFUSED);
}

TEST(a_setting_is_said_and_taken_back)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    const char *value = "before";
    EXPECT_OK(kr_store_setting(store, t->mem, "trash.days", &value, &t->err));
    EXPECT(!value);
    EXPECT_OK(kr_store_set_setting(store, "trash.days", "60", &t->err));
    EXPECT_OK(kr_store_set_setting(store, "trash.days", "90", &t->err));
    EXPECT_OK(kr_store_setting(store, t->mem, "trash.days", &value, &t->err));
    EXPECT_STR(value, "90");
    EXPECT_OK(kr_store_set_setting(store, "trash.days", NULL, &t->err));
    EXPECT_OK(kr_store_setting(store, t->mem, "trash.days", &value, &t->err));
    EXPECT(!value);
}

TEST(opening_sweeps_what_a_crash_left)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    static const char left[] = "a/tmp/0190a1b2-c3d4-7000-8000-000000000001";
    EXPECT(mkdirat(t->folder, left, 0700) == 0);
    kr_store_close(&store);
    EXPECT_OK(kr_store_open(path(t, "a"), KR_STORE_WRITE, &store, &t->err));
    EXPECT(faccessat(t->folder, left, F_OK, 0) != 0);
}

TEST(an_archive_does_not_begin_deep_inside_a_work_tree)
{
    EXPECT(mkdirat(t->folder, "tree", 0755) == 0 && mkdirat(t->folder, "tree/.git", 0755) == 0);
    EXPECT(mkdirat(t->folder, "tree/a", 0755) == 0 && mkdirat(t->folder, "tree/a/b", 0755) == 0);
    EXPECT_FAIL(kr_store_init(path(t, "tree/a/b"), false, &t->err), KR_E_REFUSED);
    EXPECT(faccessat(t->folder, "tree/a/b/kinreel.db", F_OK, 0) != 0);
    EXPECT(symlinkat("tree/a/b", t->folder, "way") == 0); // a link does not lead out of it
    EXPECT_FAIL(kr_store_init(path(t, "way"), false, &t->err), KR_E_REFUSED);
    EXPECT_OK(kr_store_init(path(t, "outside"), false, &t->err));
}

// The environment before the archive, the archive before the default, nonsense never.
TEST(the_setting_that_counts_is_the_nearest_that_makes_sense)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    int64_t days = 0;
    EXPECT_OK(kr_store_number(store, "trash.days", &days, &t->err));
    EXPECT_INT(days, 30);
    EXPECT_OK(kr_store_set_setting(store, "trash.days", "60", &t->err));
    EXPECT_OK(kr_store_number(store, "trash.days", &days, &t->err));
    EXPECT_INT(days, 60);
    setenv("KINREEL_TRASH_DAYS", "90", 1);
    EXPECT_OK(kr_store_number(store, "trash.days", &days, &t->err));
    EXPECT_INT(days, 90);
    setenv("KINREEL_TRASH_DAYS", "soon", 1);
    EXPECT_OK(kr_store_number(store, "trash.days", &days, &t->err));
    EXPECT_INT(days, 60);
    unsetenv("KINREEL_TRASH_DAYS");
    EXPECT_OK(kr_store_set_setting(store, "trash.days", "-1", &t->err));
    EXPECT_OK(kr_store_number(store, "trash.days", &days, &t->err));
    EXPECT_INT(days, 30);
}

static void set_version(struct kr_test *t, const char *pragma)
{
    sqlite3 *raw = NULL;
    EXPECT(sqlite3_open(path(t, "a/kinreel.db"), &raw) == SQLITE_OK);
    EXPECT(sqlite3_exec(raw, pragma, NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_close(raw);
}

TEST(what_a_newer_kinreel_wrote_is_not_even_read)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    kr_store_close(&store);
    set_version(t, "PRAGMA user_version = 9000");
    EXPECT_FAIL(kr_store_open(path(t, "a"), KR_STORE_READ, &store, &t->err), KR_E_UNSUPPORTED);
    EXPECT_FAIL(kr_store_open(path(t, "a"), KR_STORE_WRITE, &store, &t->err), KR_E_UNSUPPORTED);
}

TEST(a_note_is_swapped_only_when_nobody_wrote_another)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    const char *note;
    EXPECT_OK(kr_store_noted(store, t->mem, "groups", &note, &t->err));
    EXPECT_STR(note, "");
    EXPECT_OK(kr_store_note(store, "groups", "one", &t->err));
    EXPECT_OK(kr_store_swap_note(store, "groups", "other", "", &t->err));
    EXPECT_OK(kr_store_noted(store, t->mem, "groups", &note, &t->err));
    EXPECT_STR(note, "one");
    EXPECT_OK(kr_store_swap_note(store, "groups", "one", "", &t->err));
    EXPECT_OK(kr_store_noted(store, t->mem, "groups", &note, &t->err));
    EXPECT_STR(note, "");
}

MAIN(CASE(a_new_archive_opens_again_with_the_same_home),
     CASE(only_an_empty_folder_becomes_an_archive), CASE(a_folder_without_a_database_is_no_archive),
     CASE(opened_for_reading_it_cannot_be_written), CASE(a_setting_is_said_and_taken_back),
     CASE(opening_sweeps_what_a_crash_left),
     CASE(an_archive_does_not_begin_deep_inside_a_work_tree),
     CASE(the_setting_that_counts_is_the_nearest_that_makes_sense),
     CASE(what_a_newer_kinreel_wrote_is_not_even_read),
     CASE(a_note_is_swapped_only_when_nobody_wrote_another))
