// SPDX-License-Identifier: AGPL-3.0-or-later
// text.h: text from outside, text inside, and the one crossing between them.
//
// Text from outside is a struct kr_str: pointer and length, unproven. Text
// inside is a const char *: valid UTF-8 in normalisation form C, no zero byte.
// kr_text_in() is the only way from one to the other.

#pragma once
#include "base/mem.h"

struct kr_str {
    const char *at;
    size_t n;
};
#define KR_STR(literal) ((struct kr_str){(literal), sizeof(literal) - 1})
struct kr_str kr_str_of(const char *text); // borrows; NULL gives an empty one

// Formats into `out` of `size` bytes; an overflow is our own mistake (asserted).
void kr_format(char *out, size_t size, const char *format, ...) KR_PRINTF(3, 4);

// The crossing: NFC, and every byte that is no UTF-8 becomes U+FFFD, every
// control character but tab and newline a space. Never fails.
const char *kr_text_in(struct kr_arena *mem, struct kr_str outside);

// The same without blanks, tabs and newlines at its ends.
const char *kr_text_trimmed(struct kr_arena *mem, const char *outside);

// Whether these bytes are UTF-8 (RFC 3629: no surrogates, no overlong forms).
bool kr_is_utf8(struct kr_str bytes);

// A file name as ASCII-safe text: UTF-8 stays, '%', control characters and
// bytes that are no UTF-8 become %XX.
const char *kr_path_escape(struct kr_arena *mem, struct kr_str path);
struct kr_str kr_path_unescape(struct kr_arena *mem, const char *escaped); // its inverse

// RFC 4648 base64 with padding.
const char *kr_base64(struct kr_arena *mem, const void *bytes, size_t n);
KR_CHECK bool kr_base64_decode(struct kr_arena *mem, struct kr_str text, struct kr_str *out,
                               struct kr_err *err);

// Lower-case hex of `n` bytes into `out` (2 n + 1 bytes), and back.
void kr_hex(const uint8_t *bytes, size_t n, char *out);
KR_CHECK bool kr_unhex(const char *hex, uint8_t *out, size_t n);

// A whole decimal number in [least, most]; false (and *out untouched) for anything else.
KR_CHECK bool kr_parse_int(const char *text, int64_t least, int64_t most, int64_t *out);
// A finite decimal number in [least, most], always with '.', whatever the locale.
KR_CHECK bool kr_parse_real(const char *text, double least, double most, double *out);

bool kr_starts_with(const char *text, const char *start);
bool kr_ends_with(const char *text, const char *end);

// A text that grows. Init to {0}; finish frees. The text is always zero-ended.
struct kr_buf {
    char *at;
    size_t n, room;
};
void kr_buf_add(struct kr_buf *buf, const void *bytes, size_t n);
void kr_buf_text(struct kr_buf *buf, const char *text);
void kr_buf_format(struct kr_buf *buf, const char *format, ...) KR_PRINTF(2, 3);
void kr_buf_finish(struct kr_buf *buf);
