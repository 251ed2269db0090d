// SPDX-License-Identifier: AGPL-3.0-or-later
// harness.h: how our unit tests read. Each test gets a folder of its own, an
// arena and an error to fill; EXPECT stops it at the first broken promise.
//
//   TEST(a_thing_stays) { EXPECT_OK(kr_keep(t->folder, &t->err)); }
//   MAIN(CASE(a_thing_stays))

#pragma once
#include "base/file.h"
// cmocka wants these before it
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka
#include <cmocka.h>

struct kr_test {
    char dir[64]; // a new, empty folder; removed afterwards
    int folder;   // a descriptor of it
    struct kr_arena *mem;
    struct kr_err err;
};
struct kr_case {
    const char *name;
    void (*run)(struct kr_test *t);
};

#define TEST(name) static void name(__attribute__((unused)) struct kr_test *t)
#define CASE(name)                                                                                 \
    {                                                                                              \
#name, name                                                                                \
    }
#define MAIN(...)                                                                                  \
    int main(void)                                                                                 \
    {                                                                                              \
        static const struct kr_case cases[] = {__VA_ARGS__};                                       \
        return kr_run_cases(__FILE__, cases, KR_COUNT(cases));                                     \
    }
int kr_run_cases(const char *file, const struct kr_case *cases, size_t n);

#define EXPECT(truth) _assert_true((truth) ? 1 : 0, #truth, __FILE__, __LINE__)
#define EXPECT_OK(call) kr_expect_ok((call), #call, &t->err, __FILE__, __LINE__)
#define EXPECT_FAIL(call, code) kr_expect_fail((call), #call, &t->err, (code), __FILE__, __LINE__)
#define EXPECT_STR(is, want) _assert_string_equal((is), (want), __FILE__, __LINE__)
#define EXPECT_INT(is, want) kr_expect_int((is), (want), #is, __FILE__, __LINE__)
#define EXPECT_NEAR(is, want, within)                                                              \
    kr_expect_near((is), (want), (within), #is, __FILE__, __LINE__)
#ifdef KR_ANALYSE // a checker cannot know that these end the test: told here
#undef EXPECT
#undef EXPECT_OK
#undef EXPECT_FAIL
#define EXPECT(truth) ((truth) ? (void)0 : abort())
#define EXPECT_OK(call) EXPECT(call)
#define EXPECT_FAIL(call, want) EXPECT(!(call) && t->err.code == (want))
#define skip() abort()
#endif
#define SKIP(why)                                                                                  \
    do {                                                                                           \
        print_message("skipped: %s\n", (why));                                                     \
        skip();                                                                                    \
    } while (0)

void kr_expect_ok(bool ok, const char *call, const struct kr_err *err, const char *file, int line);
void kr_expect_fail(bool ok, const char *call, const struct kr_err *err, enum kr_code code,
                    const char *file, int line);
void kr_expect_int(int64_t is, int64_t want, const char *what, const char *file, int line);
void kr_expect_near(double is, double want, double within, const char *what, const char *file,
                    int line);

// A descriptor of a file with these bytes, at its start; closed with the test's process.
int kr_test_bytes(const void *bytes, size_t n);
// How many descriptors this process holds, that of the looking included.
int kr_test_open_fds(void);
// The path of a real file below ../shared/material, or NULL where there is none.
const char *kr_test_material(struct kr_test *t, const char *path);
