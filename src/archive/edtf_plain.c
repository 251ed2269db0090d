// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/edtf_priv.h"

#include "base/clock.h"

enum { YEAR, MONTH, DAY };

struct cursor {
    const char *at, *end;
};

static bool take(struct cursor *c, char wanted)
{
    if (c->at == c->end || *c->at != wanted)
        return false;
    c->at++;
    return true;
}

static uint8_t take_doubt(struct cursor *c)
{
    if (take(c, '?'))
        return KR_EDTF_UNCERTAIN;
    if (take(c, '~'))
        return KR_EDTF_APPROXIMATE;
    return take(c, '%') ? KR_EDTF_UNCERTAIN | KR_EDTF_APPROXIMATE : 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// `n` characters that are digits or X.
static bool take_pattern(struct cursor *c, size_t n, char *out)
{
    if ((size_t)(c->end - c->at) < n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!is_digit(c->at[i]) && c->at[i] != 'X')
            return false;
    memcpy(out, c->at, n);
    out[n] = 0;
    c->at += n;
    return true;
}

static bool take_two(struct cursor *c, int most, int *out)
{
    if (c->end - c->at < 2 || !is_digit(c->at[0]) || !is_digit(c->at[1]))
        return false;
    *out = (c->at[0] - '0') * 10 + (c->at[1] - '0');
    c->at += 2;
    return *out <= most;
}

// Z, +hh or +hh:mm, from -12:00 to +14:00; ISO 8601 has no -00:00.
static bool take_offset(struct cursor *c, int *out)
{
    if (take(c, 'Z')) {
        *out = 0;
        return true;
    }
    bool minus = take(c, '-');
    int hours = 0, minutes = 0;
    if (!minus && !take(c, '+'))
        return false;
    if (!take_two(c, 14, &hours) || (take(c, ':') && !take_two(c, 59, &minutes)))
        return false;
    int offset = hours * 60 + minutes;
    *out = minus ? -offset : offset;
    return minus ? offset > 0 && offset <= 12 * 60 : offset <= 14 * 60;
}

static bool take_fraction(struct cursor *c, char out[static 10])
{
    size_t n = 0;
    while (c->at < c->end && is_digit(*c->at) && n < 9)
        out[n++] = *c->at++;
    out[n] = 0;
    return n > 0;
}

static bool take_time(struct cursor *c, struct kr_edtf_plain *date)
{
    int h, m, s;
    if (!take_two(c, 24, &h) || !take(c, ':') || !take_two(c, 59, &m) || !take(c, ':') ||
        !take_two(c, 59, &s))
        return false;
    if (h == 24 && (m || s))
        return false;
    date->second = h * 3600 + m * 60 + s;
    if (take(c, '.') && !take_fraction(c, date->fraction))
        return false;
    return c->at == c->end || take_offset(c, &date->offset_min);
}

static bool has_x(const char *pattern)
{
    return strchr(pattern, 'X');
}

static bool fits(const char *pattern, int value, int digits)
{
    for (int i = digits - 1; i >= 0; i--, value /= 10)
        if (pattern[i] != 'X' && pattern[i] - '0' != value % 10)
            return false;
    return true;
}

static int month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

// The first or the last day of one month that fits.
static bool edge_of_month(const struct kr_edtf_plain *date, bool last, int year, int month,
                          int64_t *out)
{
    int most = month_days(year, month);
    if (!date->day[0]) {
        *out = kr_days_of(year, month, last ? most : 1);
        return true;
    }
    for (int i = 1; i <= most; i++) {
        int day = last ? most + 1 - i : i;
        if (fits(date->day, day, 2)) {
            *out = kr_days_of(year, month, day);
            return true;
        }
    }
    return false;
}

static bool edge_of_season(const struct kr_edtf_plain *date, bool last, int year, int64_t *out)
{
    int month = (date->season - 20) * 3; // the first month: 3, 6, 9, 12
    if (last && month == 12)
        *out = kr_days_of(year + 1, 3, 1) - 1;
    else if (last)
        *out = kr_days_of(year, month + 3, 1) - 1;
    else
        *out = kr_days_of(year, month, 1);
    return true;
}

static bool edge_of_year(const struct kr_edtf_plain *date, bool last, int year, int64_t *out)
{
    if (date->season)
        return edge_of_season(date, last, year, out);
    if (!date->month[0])
        return edge_of_month(date, last, year, last ? 12 : 1, out);
    for (int i = 1; i <= 12; i++) {
        int month = last ? 13 - i : i;
        if (fits(date->month, month, 2) && edge_of_month(date, last, year, month, out))
            return true;
    }
    return false;
}

// The digits of the year with every X read as `x`.
static int year_with(const char *pattern, char x)
{
    int year = 0;
    for (; *pattern; pattern++)
        year = year * 10 + (*pattern == 'X' ? x : *pattern) - '0';
    return year;
}

// The first or the last day that fits the whole date: whatever is unspecified is tried
// in order, which ends early unless no such day ever was.
static bool edge(const struct kr_edtf_plain *date, bool last, int64_t *out)
{
    int low = year_with(date->year, '0'), high = year_with(date->year, '9');
    bool down = last != date->negative; // which way to go through the digits of the year
    for (int i = 0; i <= high - low; i++) {
        int digits = down ? high - i : low + i;
        if (!fits(date->year, digits, 4) || (date->negative && digits == 0))
            continue;
        if (edge_of_year(date, last, date->negative ? -digits : digits, out))
            return true;
    }
    return false;
}

static bool take_month(struct cursor *c, struct kr_edtf_plain *date)
{
    date->doubt[MONTH] |= take_doubt(c);
    if (!take_pattern(c, 2, date->month))
        return false;
    if (date->month[0] == '2' && date->month[1] >= '1' && date->month[1] <= '4') {
        date->season = 20 + date->month[1] - '0';
        date->month[0] = 0;
    }
    uint8_t doubt = take_doubt(c); // on the right: of all that stands to its left
    date->doubt[YEAR] |= doubt;
    date->doubt[MONTH] |= doubt;
    return true;
}

static bool take_day(struct cursor *c, struct kr_edtf_plain *date)
{
    date->doubt[DAY] |= take_doubt(c);
    if (!take_pattern(c, 2, date->day))
        return false;
    uint8_t doubt = take_doubt(c);
    for (int i = 0; i < 3; i++)
        date->doubt[i] |= doubt;
    return true;
}

static bool take_parts(struct cursor *c, struct kr_edtf_plain *date)
{
    date->doubt[YEAR] = take_doubt(c);
    date->negative = take(c, '-');
    if (!take_pattern(c, 4, date->year))
        return false;
    date->doubt[YEAR] |= take_doubt(c);
    if (take(c, '-') && !take_month(c, date))
        return false;
    if (date->month[0] && take(c, '-') && !take_day(c, date))
        return false;
    if (date->day[0] && take(c, 'T')) {
        if (has_x(date->year) || has_x(date->month) || has_x(date->day) || date->doubt[YEAR] ||
            date->doubt[MONTH] || date->doubt[DAY] || !take_time(c, date))
            return false;
    }
    return c->at == c->end;
}

// 24:00:00 is the next day's first moment.
static bool settle_midnight(struct kr_edtf_plain *date)
{
    if (date->second < 24 * 3600)
        return true;
    int year, month, day;
    kr_day_of(date->from + 1, &year, &month, &day);
    if (year > 9999)
        return false;
    date->negative = year < 0;
    kr_format(date->year, sizeof date->year, "%04u", (unsigned)abs(year) % 10000);
    kr_format(date->month, sizeof date->month, "%02u", (unsigned)month % 100);
    kr_format(date->day, sizeof date->day, "%02u", (unsigned)day % 100);
    date->from++, date->to++;
    date->second = 0;
    return true;
}

bool kr_edtf_plain_parse(struct kr_str text, struct kr_edtf_plain *out)
{
    struct kr_edtf_plain date = {.second = -1, .offset_min = KR_EDTF_NO_OFFSET};
    struct cursor c = {text.at, text.at + text.n};
    if (!take_parts(&c, &date) || !edge(&date, false, &date.from) || !edge(&date, true, &date.to))
        return false;
    if (!settle_midnight(&date))
        return false;
    *out = date;
    return true;
}

enum kr_edtf_precision kr_edtf_plain_precision(const struct kr_edtf_plain *date)
{
    if (has_x(date->year))
        return strchr(date->year, 'X') == date->year + 3 ? KR_EDTF_DECADE : KR_EDTF_CENTURY;
    if (date->second >= 0)
        return KR_EDTF_TIME;
    if (date->season)
        return KR_EDTF_SEASON;
    if (!date->month[0] || has_x(date->month))
        return KR_EDTF_YEAR;
    return date->day[0] && !has_x(date->day) ? KR_EDTF_DAY : KR_EDTF_MONTH;
}
