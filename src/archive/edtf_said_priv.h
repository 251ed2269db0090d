// SPDX-License-Identifier: AGPL-3.0-or-later
// edtf_said_priv.h: one date as it is said, heard word by word; for edtf_phrase.c.
#pragma once
#include "archive/edtf.h"

// Where we are in the phrase: simplified text, ended by a zero byte.
struct kr_said {
    const char *at;
};

// One date as it was said, before it is written as EDTF.
struct kr_said_point {
    char year[5];            // digits or X; "" where only a month was said
    int month, season, part; // 0 where not said; part: early, mid, late of a decade
    char day[3];             // digits or X
    bool approximate, uncertain;
};

void kr_said_skip(struct kr_said *c); // blanks

// Takes one of the words of a list; its index, or -1. A Latin word ends where letters end.
int kr_said_one(struct kr_said *c, const char *const *list, size_t n);
bool kr_said_any(struct kr_said *c, const char *const *list, size_t n); // whether it did
#define LIST(...) (const char *const[]){__VA_ARGS__}, KR_COUNT(((const char *const[]){__VA_ARGS__}))
#define TAKE(c, ...) kr_said_one((c), LIST(__VA_ARGS__))
#define TAKES(c, ...) kr_said_any((c), LIST(__VA_ARGS__))

// A number in digits or in Chinese, and of how many signs.
bool kr_said_number(struct kr_said *c, int *value, int *count);
// A whole date with its doubts.
bool kr_said_point(struct kr_said *c, struct kr_said_point *p);
