// SPDX-License-Identifier: AGPL-3.0-or-later
// age.h: how old somebody was on a day that nobody knows exactly. Pure; any thread.

#pragma once
#include "archive/edtf.h"
#include "base/json.h"

struct kr_age {
    int from, to; // whole years, inclusive; `from` is never below 0
    bool about;   // one of the two days is only about so
    bool unborn;  // the day is before the birth, whatever is meant by both
};

// False where one of the two is no date, or has no bound on the side that counts.
KR_CHECK bool kr_age_at(const char *born_edtf, const char *at_edtf, struct kr_age *out);
// Whole years from one day to another (days since 1970-01-01); negative before the birth.
int kr_years_between(int64_t from, int64_t to);

// "六岁", "六七岁", "十二三岁", 大约六岁; "six", "six or seven", "about six"; "" for the unborn.
const char *kr_age_words(struct kr_arena *mem, enum kr_lang lang, const struct kr_age *age);
// {"from","to","about","text"}, the text in words.
json_t *kr_age_new_json(struct kr_arena *mem, enum kr_lang lang, const struct kr_age *age);
