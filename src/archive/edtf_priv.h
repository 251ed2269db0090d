// SPDX-License-Identifier: AGPL-3.0-or-later
// edtf_priv.h: one plain date taken apart, for edtf.c and its words.
#pragma once
#include "archive/edtf.h"

enum { KR_EDTF_UNCERTAIN = 1, KR_EDTF_APPROXIMATE = 2 };

struct kr_edtf_plain {
    bool negative;
    char year[5];  // four digits or X
    char month[3]; // two digits or X, "" where not told
    char day[3];
    int season;        // 21 to 24, else 0
    uint8_t doubt[3];  // KR_EDTF_UNCERTAIN | KR_EDTF_APPROXIMATE of year, month or season, day
    int second;        // of the day, -1 without a time
    char fraction[10]; // digits after the second, "" without
    int offset_min;    // KR_EDTF_NO_OFFSET without
    int64_t from, to;
};

// False for what is no plain date (EDTF without intervals and sets) or no day that ever was.
bool kr_edtf_plain_parse(struct kr_str text, struct kr_edtf_plain *out);
enum kr_edtf_precision kr_edtf_plain_precision(const struct kr_edtf_plain *date);
