// SPDX-License-Identifier: AGPL-3.0-or-later
#undef KR_ANALYSE // here they are made
#include "base/err.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

struct code_row {
    const char *key;
    int http, exit;
};

static const struct code_row rows[KR_CODE_COUNT] = {
    [KR_OK] = {"error.none", 200, 0},
#define KR_ERR(code, http, exit, key) [KR_E_##code] = {key, http, exit},
#include "base/err.def"
#undef KR_ERR
};

// A sentence cut short must not end inside a UTF-8 character.
static void end_on_a_character(char *text)
{
    size_t n = strlen(text), i = n;
    while (i > 0 && n - i < 4 && ((unsigned char)text[i - 1] & 0xC0) == 0x80)
        i--;
    if (i == 0)
        return;
    unsigned char lead = (unsigned char)text[i - 1];
    size_t want = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (lead >= 0x80 && n - (i - 1) < want)
        text[i - 1] = '\0';
}

__attribute__((format(printf, 3, 0))) static void state(struct kr_err *err, enum kr_code code,
                                                        const char *format, va_list args)
{
    err->code = code;
    vsnprintf(err->text, sizeof err->text, format, args);
    end_on_a_character(err->text);
}

bool kr_fail(struct kr_err *err, enum kr_code code, const char *format, ...)
{
    if (!err)
        return false;
    va_list args;
    va_start(args, format);
    state(err, code, format, args);
    va_end(args);
    return false;
}

static enum kr_code code_of_errno(int cause)
{
    switch (cause) {
    case ENOSPC:
    case EDQUOT:
        return KR_E_FULL;
    case ENOENT:
    case ENOTDIR:
        return KR_E_NOT_FOUND;
    case EACCES:
    case EPERM:
        return KR_E_REFUSED;
    case EINTR:
        return KR_E_INTERRUPTED;
    case EFBIG:
        return KR_E_TOO_BIG;
    case EEXIST:
        return KR_E_EXISTS;
    default:
        return KR_E_IO;
    }
}

bool kr_fail_errno(struct kr_err *err, const char *format, ...)
{
    int cause = errno;
    if (!err)
        return false;
    va_list args;
    va_start(args, format);
    state(err, code_of_errno(cause), format, args);
    va_end(args);
    size_t used = strlen(err->text);
    const char *why = strerrordesc_np(cause);
    snprintf(err->text + used, sizeof err->text - used, ": %s", why ? why : "unknown cause");
    for (char *c = err->text + used; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return false;
}

bool kr_within(struct kr_err *err, const char *format, ...)
{
    if (!err)
        return false;
    char cause[sizeof err->text];
    memcpy(cause, err->text, sizeof cause);
    va_list args;
    va_start(args, format);
    state(err, err->code, format, args);
    va_end(args);
    size_t used = strlen(err->text);
    snprintf(err->text + used, sizeof err->text - used, ": %s", cause);
    end_on_a_character(err->text);
    return false;
}

int kr_code_http(enum kr_code code)
{
    return rows[code].http;
}

int kr_code_exit(enum kr_code code)
{
    return rows[code].exit;
}

const char *kr_code_key(enum kr_code code)
{
    return rows[code].key;
}

const char *kr_code_name(enum kr_code code)
{
    return rows[code].key + strlen("error.");
}

enum kr_code kr_code_named(const char *name)
{
    for (int code = 0; code < KR_CODE_COUNT; code++)
        if (strcmp(kr_code_name((enum kr_code)code), name) == 0)
            return (enum kr_code)code;
    return KR_E_INTERNAL;
}
