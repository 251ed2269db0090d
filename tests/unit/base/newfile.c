// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/newfile.h"
#include "harness.h"
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int entries_of(int folder)
{
    DIR *dir = fdopendir(openat(folder, ".", O_RDONLY | O_DIRECTORY));
    int n = -2; // . and ..
    while (readdir(dir))
        n++;
    closedir(dir);
    return n;
}

static const char *content(struct kr_test *t, const char *path)
{
    struct kr_str text = {"", 0};
    EXPECT_OK(kr_read_file(t->mem, t->folder, path, 100, &text, &t->err));
    return text.at;
}

TEST(a_published_file_bears_its_name_and_nothing_else_stays)
{
    KR_AUTO(kr_newfile_discard) struct kr_newfile file = KR_NEWFILE_NONE;
    EXPECT_OK(kr_newfile_begin(t->folder, &file, &t->err));
    EXPECT_OK(kr_newfile_write(&file, "reel", 4, &t->err));
    EXPECT_INT(entries_of(t->folder), 0);
    EXPECT_OK(kr_newfile_publish(&file, "ab/reel", &t->err));
    EXPECT_STR(content(t, "ab/reel"), "reel");
    EXPECT_INT(entries_of(t->folder), 1);
}

TEST(publishing_never_writes_over_and_replacing_does)
{
    for (int i = 0; i < 2; i++) {
        KR_AUTO(kr_newfile_discard) struct kr_newfile file = KR_NEWFILE_NONE;
        EXPECT_OK(kr_newfile_begin(t->folder, &file, &t->err));
        EXPECT_OK(kr_newfile_write(&file, i ? "two" : "one", 3, &t->err));
        EXPECT_OK(kr_newfile_publish(&file, "name", &t->err));
    }
    EXPECT_STR(content(t, "name"), "one");
    KR_AUTO(kr_newfile_discard) struct kr_newfile file = KR_NEWFILE_NONE;
    EXPECT_OK(kr_newfile_begin(t->folder, &file, &t->err));
    EXPECT_OK(kr_newfile_write(&file, "three", 5, &t->err));
    EXPECT_OK(kr_newfile_replace(&file, "name", &t->err));
    EXPECT_STR(content(t, "name"), "three");
    EXPECT_INT(entries_of(t->folder), 1);
}

TEST(a_discarded_file_leaves_nothing)
{
    struct kr_newfile file = KR_NEWFILE_NONE;
    EXPECT_OK(kr_newfile_begin(t->folder, &file, &t->err));
    EXPECT_OK(kr_newfile_write(&file, "reel", 4, &t->err));
    kr_newfile_discard(&file);
    kr_newfile_discard(&file);
    EXPECT_INT(entries_of(t->folder), 0);
}

MAIN(CASE(a_published_file_bears_its_name_and_nothing_else_stays),
     CASE(publishing_never_writes_over_and_replacing_does), CASE(a_discarded_file_leaves_nothing))
