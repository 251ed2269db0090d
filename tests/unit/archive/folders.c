// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/folders.h"
#include "archive_test.h"
#include <string.h>

static void make(struct kr_test *t, const char *name)
{
    EXPECT(mkdir(test_path(t, name), 0755) == 0);
}

static void put(struct kr_test *t, const char *name)
{
    int fd = open(test_path(t, name), O_CREAT | O_WRONLY, 0644);
    EXPECT(fd >= 0);
    close(fd);
}

static struct kr_folders look(struct kr_test *t, struct kr_store *store, const char *path)
{
    struct kr_folders folders;
    EXPECT_OK(kr_folders_of(store, t->mem, path, &folders, &t->err));
    return folders;
}

TEST(folders_are_listed_as_they_read_and_files_only_counted)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "archive");
    make(t, "p");
    make(t, "p/b");
    make(t, "p/A");
    make(t, "p/.hidden");
    make(t, "p/1985 \xff%");
    put(t, "p/one.jpg");
    put(t, "p/two.jpg");
    EXPECT(symlink("b", test_path(t, "p/linked")) == 0);
    struct kr_folders found = look(t, store, test_path(t, "p"));
    EXPECT_INT(found.n, 4);
    EXPECT_STR(found.at[0].name, "1985 %FF%25");
    EXPECT_STR(found.at[1].name, "A");
    EXPECT_STR(found.at[2].name, "b");
    EXPECT_STR(found.at[3].name, "linked");
    EXPECT_INT(found.files, 2);
    EXPECT(!found.empty && !found.more && !found.archive && found.writable && found.same_disk);
    EXPECT(found.free_bytes > 0);
    // What was told is taken back, whatever its bytes.
    struct kr_folders inside = look(t, store, found.at[0].path);
    EXPECT(inside.empty);
    EXPECT_STR(inside.parent, found.path);
    EXPECT(look(t, store, test_path(t, "archive")).archive);
    EXPECT_STR(look(t, store, "/").parent, "");
    EXPECT_STR(look(t, store, test_path(t, "p/b/../A/.")).path, found.at[1].path);
}

TEST(what_is_no_folder_is_refused_with_its_reason)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "archive");
    struct kr_folders found;
    put(t, "file");
    EXPECT_FAIL(kr_folders_of(store, t->mem, test_path(t, "none"), &found, &t->err),
                KR_E_NOT_FOUND);
    EXPECT_FAIL(kr_folders_of(store, t->mem, test_path(t, "file"), &found, &t->err),
                KR_E_NOT_FOUND);
    EXPECT_FAIL(kr_folders_of(store, t->mem, "photos", &found, &t->err), KR_E_INVALID);
    EXPECT_FAIL(kr_folders_of(store, t->mem, "/%00etc", &found, &t->err), KR_E_INVALID);
    make(t, "closed");
    EXPECT(chmod(t->dir, 0755) == 0 && chmod(test_path(t, "closed"), 0700) == 0);
    if (geteuid() != 0)
        return;
    EXPECT(seteuid(65534) == 0); // root may read everything
    bool fine = kr_folders_of(store, t->mem, test_path(t, "closed"), &found, &t->err);
    EXPECT(seteuid(0) == 0);
    EXPECT_FAIL(fine, KR_E_REFUSED);
}

TEST(one_begins_at_home_or_at_the_root)
{
    struct kr_folder *places;
    size_t n;
    make(t, "home");
    put(t, "home/x");
    EXPECT(setenv("HOME", test_path(t, "home"), 1) == 0);
    kr_folder_places(t->mem, &places, &n);
    EXPECT(n >= 2);
    EXPECT_STR(places[0].name, "home");
    EXPECT_STR(places[0].path, test_path(t, "home"));
    EXPECT_STR(places[n - 1].name, "all");
    EXPECT_STR(places[n - 1].path, "/");
}

MAIN(CASE(folders_are_listed_as_they_read_and_files_only_counted),
     CASE(what_is_no_folder_is_refused_with_its_reason), CASE(one_begins_at_home_or_at_the_root))
