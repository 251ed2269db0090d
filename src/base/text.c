// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/text.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

struct kr_str kr_str_of(const char *text)
{
    return (struct kr_str){text, text ? strlen(text) : 0};
}

void kr_format(char *out, size_t size, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(out, size, format, args);
    va_end(args);
    assert(n >= 0 && (size_t)n < size);
    (void)n;
}

// The length of the UTF-8 character at `at`, 0 if there is none (RFC 3629, section 4).
static size_t utf8_length(const unsigned char *at, size_t n)
{
    unsigned char a = at[0];
    if (a < 0x80)
        return 1;
    size_t length = a >= 0xC2 && a <= 0xDF   ? 2
                    : (a & 0xF0) == 0xE0     ? 3
                    : a >= 0xF0 && a <= 0xF4 ? 4
                                             : 0;
    if (length == 0 || n < length)
        return 0;
    unsigned char least = a == 0xE0 ? 0xA0 : a == 0xF0 ? 0x90 : 0x80;
    unsigned char most = a == 0xED ? 0x9F : a == 0xF4 ? 0x8F : 0xBF;
    if (at[1] < least || at[1] > most)
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    return length;
}

bool kr_is_utf8(struct kr_str bytes)
{
    for (size_t i = 0, step; i < bytes.n; i += step) {
        step = utf8_length((const unsigned char *)bytes.at + i, bytes.n - i);
        if (step == 0)
            return false;
    }
    return true;
}

static bool is_control(const unsigned char *at, size_t length)
{
    if (length == 1)
        return (at[0] < 0x20 && at[0] != '\t' && at[0] != '\n') || at[0] == 0x7F;
    return length == 2 && at[0] == 0xC2 && at[1] < 0xA0; // C1 controls
}

static char *cleaned(struct kr_arena *mem, struct kr_str outside, bool *plain)
{
    char *clean = kr_arena_alloc(mem, outside.n * 3 + 1);
    size_t used = 0;
    *plain = true;
    for (size_t i = 0, step; i < outside.n; i += step) {
        const unsigned char *at = (const unsigned char *)outside.at + i;
        step = utf8_length(at, outside.n - i);
        if (step > 1)
            *plain = false;
        if (step == 0) {
            memcpy(clean + used, "\xEF\xBF\xBD", 3);
            used += 3;
            step = 1;
        } else if (is_control(at, step)) {
            clean[used++] = ' ';
        } else {
            memcpy(clean + used, at, step);
            used += step;
        }
    }
    clean[used] = '\0';
    return clean;
}

static const char *composed(struct kr_arena *mem, const char *text)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
    int32_t n = (int32_t)strlen(text);
    UChar *wide = kr_arena_array(mem, UChar, (size_t)n + 1);
    UChar *normal = kr_arena_array(mem, UChar, (size_t)n * 3 + 1);
    char *narrow = kr_arena_alloc(mem, (size_t)n * 9 + 1);
    int32_t wide_n = 0, normal_n, narrow_n = 0;
    u_strFromUTF8(wide, n + 1, &wide_n, text, n, &status);
    normal_n = unorm2_normalize(nfc, wide, wide_n, normal, n * 3 + 1, &status);
    u_strToUTF8(narrow, n * 9 + 1, &narrow_n, normal, normal_n, &status);
    return U_FAILURE(status) ? text : narrow;
}

const char *kr_text_in(struct kr_arena *mem, struct kr_str outside)
{
    assert(outside.n < INT32_MAX / 16);
    bool plain;
    const char *clean = cleaned(mem, outside, &plain);
    return plain ? clean : composed(mem, clean);
}

const char *kr_text_trimmed(struct kr_arena *mem, const char *outside)
{
    const char *text = kr_text_in(mem, kr_str_of(outside));
    text += strspn(text, " \t\n");
    size_t n = strlen(text);
    while (n && strchr(" \t\n", text[n - 1]))
        n--;
    return kr_arena_copy(mem, text, n);
}

const char *kr_path_escape(struct kr_arena *mem, struct kr_str path)
{
    char *out = kr_arena_alloc(mem, path.n * 3 + 1);
    size_t used = 0;
    for (size_t i = 0, step; i < path.n; i += step) {
        const unsigned char *at = (const unsigned char *)path.at + i;
        step = utf8_length(at, path.n - i);
        bool as_is = step > 1 || (step == 1 && *at >= 0x20 && *at != 0x7F && *at != '%');
        if (as_is) {
            memcpy(out + used, at, step);
            used += step;
        } else {
            snprintf(out + used, 4, "%%%02X", *at);
            used += 3;
            step = 1;
        }
    }
    return out;
}

static int digit_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct kr_str kr_path_unescape(struct kr_arena *mem, const char *escaped)
{
    char *out = kr_arena_strdup(mem, escaped);
    size_t used = 0;
    for (const char *at = escaped; *at; at++) {
        int high = at[0] == '%' ? digit_of((char)tolower((unsigned char)at[1])) : -1;
        int low = high >= 0 ? digit_of((char)tolower((unsigned char)at[2])) : -1;
        out[used++] = low >= 0 ? (char)(high << 4 | low) : *at;
        at += low >= 0 ? 2 : 0;
    }
    out[used] = '\0';
    return (struct kr_str){out, used};
}

const char *kr_base64(struct kr_arena *mem, const void *bytes, size_t n)
{
    assert(n < INT32_MAX / 2);
    unsigned char *out = kr_arena_alloc(mem, (n + 2) / 3 * 4 + 1);
    EVP_EncodeBlock(out, bytes, (int)n);
    return (const char *)out;
}

bool kr_base64_decode(struct kr_arena *mem, struct kr_str text, struct kr_str *out,
                      struct kr_err *err)
{
    if (text.n % 4 != 0 || text.n > INT32_MAX / 2)
        return kr_fail(err, KR_E_INVALID, "base64 of %zu characters", text.n);
    unsigned char *bytes = kr_arena_alloc(mem, text.n / 4 * 3 + 1);
    int n = text.n ? EVP_DecodeBlock(bytes, (const unsigned char *)text.at, (int)text.n) : 0;
    if (n < 0)
        return kr_fail(err, KR_E_INVALID, "no base64");
    size_t padding = 0;
    while (padding < 2 && padding < text.n && text.at[text.n - 1 - padding] == '=')
        padding++;
    *out = (struct kr_str){(const char *)bytes, (size_t)n - padding};
    bytes[out->n] = '\0';
    return true;
}

void kr_hex(const uint8_t *bytes, size_t n, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * n] = '\0';
}

bool kr_unhex(const char *hex, uint8_t *out, size_t n)
{
    if (strlen(hex) != 2 * n)
        return false;
    for (size_t i = 0; i < 2 * n; i++)
        if (digit_of(hex[i]) < 0)
            return false;
    for (size_t i = 0; i < n; i++)
        out[i] = (uint8_t)(16 * digit_of(hex[2 * i]) + digit_of(hex[2 * i + 1]));
    return true;
}

bool kr_parse_int(const char *text, int64_t least, int64_t most, int64_t *out)
{
    if (!isdigit((unsigned char)*text) && *text != '-')
        return false;
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno || *end || end == text || value < least || value > most)
        return false;
    *out = value;
    return true;
}

bool kr_parse_real(const char *text, double least, double most, double *out)
{
    const char *digits = *text == '-' ? text + 1 : text;
    if (!isdigit((unsigned char)*digits))
        return false;
    int64_t whole = 0, places = 1, part = 0;
    for (; isdigit((unsigned char)*digits); digits++) {
        if (whole > INT64_MAX / 20)
            return false;
        whole = whole * 10 + (*digits - '0');
    }
    if (*digits == '.')
        for (digits++; isdigit((unsigned char)*digits); digits++)
            if (places < INT64_MAX / 20) {
                part = part * 10 + (*digits - '0');
                places *= 10;
            }
    double value = (double)whole + (double)part / (double)places;
    value = *text == '-' ? -value : value;
    if (*digits || value < least || value > most)
        return false;
    *out = value;
    return true;
}

bool kr_starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

bool kr_ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && memcmp(text + n - m, end, m) == 0;
}

static void make_room(struct kr_buf *buf, size_t more)
{
    assert(more < SIZE_MAX / 4 && buf->n < SIZE_MAX / 4);
    if (buf->room - buf->n > more)
        return;
    buf->room = (buf->n + more + 1) * 3 / 2 + 64;
    buf->at = kr_realloc_array(buf->at, buf->room, 1);
}

void kr_buf_add(struct kr_buf *buf, const void *bytes, size_t n)
{
    make_room(buf, n);
    if (n)
        memcpy(buf->at + buf->n, bytes, n);
    buf->n += n;
    buf->at[buf->n] = '\0';
}

void kr_buf_text(struct kr_buf *buf, const char *text)
{
    kr_buf_add(buf, text, strlen(text));
}

void kr_buf_format(struct kr_buf *buf, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    assert(n >= 0);
    make_room(buf, (size_t)n);
    vsnprintf(buf->at + buf->n, (size_t)n + 1, format, again);
    buf->n += (size_t)n;
    va_end(again);
    va_end(args);
}

void kr_buf_finish(struct kr_buf *buf)
{
    kr_free(&buf->at);
    *buf = (struct kr_buf){0};
}
