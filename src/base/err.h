// SPDX-License-Identifier: AGPL-3.0-or-later
// err.h: how kinreel says that something went wrong.
//
// A function that can fail returns bool, is marked KR_CHECK, and fills a
// struct kr_err that its caller owns: a code for whoever acts differently, and
// a sentence built on the way up for whoever reads the log. The attempt stands
// before the cause: "keep original ab/12: flush: no space left on device".
// A NULL err is allowed everywhere: then only the bool is told.

#pragma once
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#define KR_CHECK __attribute__((warn_unused_result))
#define KR_PRINTF(text, first) __attribute__((format(printf, text, first)))
#define KR_AUTO(finish) __attribute__((cleanup(finish)))

enum kr_code {
    KR_OK,
#define KR_ERR(code, http, exit, key) KR_E_##code,
#include "base/err.def"
#undef KR_ERR
    KR_CODE_COUNT
};

struct kr_err {
    enum kr_code code;
    char text[480]; // valid UTF-8, no full stop; empty while code is KR_OK
};

// States a first cause. Always returns false, so that `return kr_fail(...)` reads well.
bool kr_fail(struct kr_err *err, enum kr_code code, const char *format, ...) KR_PRINTF(3, 4);

// States a first cause from errno: ENOSPC and EDQUOT become KR_E_FULL, ENOENT
// KR_E_NOT_FOUND, EACCES and EPERM KR_E_REFUSED, EINTR KR_E_INTERRUPTED, EFBIG
// KR_E_TOO_BIG, EEXIST KR_E_EXISTS, else KR_E_IO.
bool kr_fail_errno(struct kr_err *err, const char *format, ...) KR_PRINTF(2, 3);

// Adds in front where we were; the first cause stays. Always returns false.
bool kr_within(struct kr_err *err, const char *format, ...) KR_PRINTF(2, 3);

// A checker that reads one file at a time cannot know that these three always
// return false; `make lint` says so.
#ifdef KR_ANALYSE
#define kr_fail(...) (kr_fail(__VA_ARGS__), false)
#define kr_fail_errno(...) (kr_fail_errno(__VA_ARGS__), false)
#define kr_within(...) (kr_within(__VA_ARGS__), false)
#endif

// What a code means at the edges. `key` names a sentence in words/.
int kr_code_http(enum kr_code code);
int kr_code_exit(enum kr_code code);
const char *kr_code_key(enum kr_code code);
const char *kr_code_name(enum kr_code code);  // "not_found"
enum kr_code kr_code_named(const char *name); // KR_E_INTERNAL for a name nobody knows
