// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/file.h"
#include "harness.h"
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TEST(a_copy_is_the_same_and_stops_at_its_limit)
{
    char bytes[300000];
    memset(bytes, 'x', sizeof bytes);
    int from = kr_test_bytes(bytes, sizeof bytes);
    int to = kr_test_bytes("", 0);
    uint64_t copied = 0;
    EXPECT_OK(kr_copy(from, to, sizeof bytes, &copied, &t->err));
    EXPECT_INT((int64_t)copied, sizeof bytes);
    lseek(from, 0, SEEK_SET);
    EXPECT_FAIL(kr_copy(from, to, sizeof bytes - 1, NULL, &t->err), KR_E_TOO_BIG);
    close(from);
    close(to);
}

TEST(folders_are_made_and_removed_with_all_in_them)
{
    KR_AUTO(kr_fd_close) int deep = -1;
    EXPECT_OK(kr_open_folder(t->folder, "a/b/c", true, &deep, &t->err));
    int fd = openat(deep, "file", O_CREAT | O_WRONLY, 0600);
    EXPECT(fd >= 0);
    close(fd);
    EXPECT(symlinkat("/", deep, "link") == 0);
    EXPECT_OK(kr_remove_tree(t->folder, "a", &t->err));
    EXPECT(faccessat(t->folder, "a", F_OK, 0) != 0);
    EXPECT(access("/tmp", F_OK) == 0); // the link was removed, not followed
    EXPECT_OK(kr_remove_tree(t->folder, "a", &t->err));
}

TEST(what_came_with_the_program_lies_beside_it)
{
    char program[4096], own[4200];
    ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
    EXPECT(n > 0);
    program[n] = '\0';
    const char *name = strrchr(program, '/') + 1;
    kr_format(own, sizeof own, "%s", program);
    EXPECT_STR(kr_shipped(t->mem, name), own);
    EXPECT(kr_shipped(t->mem, "no such thing") == NULL);
}

TEST(reading_has_a_limit)
{
    int fd = kr_test_bytes("a long reel", 11);
    struct kr_str text;
    EXPECT_FAIL(kr_read_all(t->mem, fd, 4, &text, &t->err), KR_E_TOO_BIG);
    lseek(fd, 0, SEEK_SET);
    EXPECT_OK(kr_read_all(t->mem, fd, 11, &text, &t->err));
    EXPECT_STR(text.at, "a long reel");
    close(fd);
}

MAIN(CASE(a_copy_is_the_same_and_stops_at_its_limit),
     CASE(folders_are_made_and_removed_with_all_in_them),
     CASE(what_came_with_the_program_lies_beside_it), CASE(reading_has_a_limit))
