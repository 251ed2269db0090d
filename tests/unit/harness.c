// SPDX-License-Identifier: AGPL-3.0-or-later
#include "harness.h"

#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int set_up(void **state)
{
    struct kr_test *t = kr_new(struct kr_test);
    kr_format(t->dir, sizeof t->dir, "/tmp/kinreel-test-XXXXXX");
    if (!mkdtemp(t->dir) || !kr_open_folder(AT_FDCWD, t->dir, false, &t->folder, &t->err))
        return -1;
    t->mem = kr_arena_create();
    *state = t;
    return 0;
}

static int tear_down(void **state)
{
    struct kr_test *t = *state;
    close(t->folder);
    bool gone = kr_remove_tree(AT_FDCWD, t->dir, &t->err);
    kr_arena_destroy(&t->mem);
    free(t);
    return gone ? 0 : -1;
}

static const struct kr_case *running; // cmocka hands a test no more than its state

static int set_up_case(void **state)
{
    running = *state; // cmocka puts initial_state there
    return set_up(state);
}

static void run_case(void **state)
{
    running->run(*state);
}

int kr_run_cases(const char *file, const struct kr_case *cases, size_t n)
{
    struct CMUnitTest *tests = kr_new_array(struct CMUnitTest, n);
    for (size_t i = 0; i < n; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, run_case, set_up_case, tear_down,
                                       (void *)(uintptr_t)&cases[i]};
    int failed = _cmocka_run_group_tests(file, tests, n, NULL, NULL);
    free(tests);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

void kr_expect_ok(bool ok, const char *call, const struct kr_err *err, const char *file, int line)
{
    if (ok)
        return;
    print_error("%s\n  failed: %s\n", call, err->text);
    _fail(file, line);
}

void kr_expect_fail(bool ok, const char *call, const struct kr_err *err, enum kr_code code,
                    const char *file, int line)
{
    if (!ok && err->code == code && err->text[0])
        return;
    print_error("%s\n  %s (%s), wanted %s\n", call, ok ? "succeeded" : err->text,
                kr_code_name(err->code), kr_code_name(code));
    _fail(file, line);
}

void kr_expect_int(int64_t is, int64_t want, const char *what, const char *file, int line)
{
    if (is == want)
        return;
    print_error("%s is %jd, wanted %jd\n", what, (intmax_t)is, (intmax_t)want);
    _fail(file, line);
}

void kr_expect_near(double is, double want, double within, const char *what, const char *file,
                    int line)
{
    if (fabs(is - want) <= within)
        return;
    print_error("%s is %.6g, wanted %.6g within %.3g\n", what, is, want, within);
    _fail(file, line);
}

int kr_test_bytes(const void *bytes, size_t n)
{
    int fd;
    if (!kr_memory_file("test", &fd, NULL) || !kr_write_all(fd, bytes, n, NULL) ||
        lseek(fd, 0, SEEK_SET) != 0)
        abort();
    return fd;
}

int kr_test_open_fds(void)
{
    DIR *dir = opendir("/proc/self/fd");
    int n = 0;
    while (dir && readdir(dir))
        n++;
    if (dir)
        closedir(dir);
    return n;
}

const char *kr_test_material(struct kr_test *t, const char *path)
{
    const char *root = getenv("KINREEL_MATERIAL");
    if (!root)
        return NULL;
    const char *full = kr_arena_format(t->mem, "%s/%s", root, path);
    return access(full, R_OK) == 0 ? full : NULL;
}
