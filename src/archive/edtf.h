// SPDX-License-Identifier: AGPL-3.0-or-later
// edtf.h: dates as far as anybody knows them: "1985~", "198X", "1976-21".
//
// The Library of Congress's Extended Date/Time Format (4 February 2019): level 0
// and 1, and of level 2 the digits nobody remembers (X anywhere), qualified
// parts ("2004-?06-11") and sets ("[1667,1668]" one of, "{1960,1961}" all of).
// Not taken: years beyond four digits, exponents, significant digits (S),
// sub-year numbers above 24, and ISO's two- and three-digit centuries and
// decades (write 19XX, 198X). An interval must not end before it begins.
// Pure; any thread.

#pragma once
#include "base/words.h"

enum { KR_EDTF_TEXT = 128, KR_EDTF_SECTION = 16 };

// An open or unknown end is the first or the last day we can write:
// -9999-01-01 and 9999-12-31, in days since 1970-01-01.
#define KR_EDTF_FIRST_DAY INT64_C(-4371587)
#define KR_EDTF_LAST_DAY INT64_C(2932896)

enum kr_edtf_precision { // widest first; of a span, that of its vaguer end
    KR_EDTF_CENTURY,     // a century or wider
    KR_EDTF_DECADE,
    KR_EDTF_YEAR,
    KR_EDTF_SEASON,
    KR_EDTF_MONTH,
    KR_EDTF_DAY,
    KR_EDTF_TIME,
};
enum kr_edtf_form { KR_EDTF_DATE, KR_EDTF_INTERVAL, KR_EDTF_ONE_OF, KR_EDTF_ALL_OF };

struct kr_edtf {
    char text[KR_EDTF_TEXT]; // normalised: two texts of one meaning are mostly one text
    int64_t from, to;        // days since 1970-01-01, inclusive, as the wall calendar has them
    enum kr_edtf_form form;
    enum kr_edtf_precision precision;
    bool approximate, uncertain; // any part of it
    int second;                  // of the day, on the wall's clock; -1 without a time
    int offset_min;              // of that clock from UTC; KR_EDTF_NO_OFFSET where not told
};
enum { KR_EDTF_NO_OFFSET = 9999 };

// KR_E_INVALID with a sentence for anything that is not such a date. Seasons
// are those of the northern calendar: 21 is March to May, 24 December to
// February of the year after. 24:00:00 becomes the next day's 00:00:00.
KR_CHECK bool kr_edtf_parse(const char *text, struct kr_edtf *out, struct kr_err *err);

// What people say, in Chinese or English: 八十年代初, 1985年左右, 1976年春天,
// 民国三十年, "early 1980s", "between 1976 and 1978", "6 June 1985"; EDTF itself too.
// Names of eras without numbers (文革期间, "during the war") are KR_E_INVALID.
// "early", "mid" and "late" become 1980~/1983~, 1984~/1986~, 1987~/1989~.
KR_CHECK bool kr_edtf_from_phrase(const char *text, struct kr_edtf *out, struct kr_err *err);

// The date as people say it: 八十年代初, 1985 年前后, "spring 1976", "June 1985".
// The time of day is left out. `text` must be what kr_edtf_parse() accepts,
// else it is given back as it is; "" is given back too.
const char *kr_edtf_words(struct kr_arena *mem, enum kr_lang lang, const char *text);

// The chapter of the line of time: "1985-06" where the month is known, "1985",
// "198X" for a decade or wider (a span over a year: the decade it begins in, or,
// open towards the past, ends in), "none" for NULL and for what has no bound at all.
void kr_edtf_section(const struct kr_edtf *date, char out[static KR_EDTF_SECTION]);

// Order of time: by first day, last day, time, then text. <0, 0, >0.
int kr_edtf_compare(const struct kr_edtf *a, const struct kr_edtf *b);

// How wide to draw it: an approximate year reaches a year further on both sides, a
// month a month, a decade two years, a day three days; else from and to themselves.
void kr_edtf_band(const struct kr_edtf *date, int64_t *from, int64_t *to);
