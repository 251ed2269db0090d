// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/edtf.h"

#include "archive/edtf_priv.h"
#include "base/clock.h"

// The normalised text as it is written; `full` once it would not fit.
struct line {
    char text[KR_EDTF_TEXT];
    size_t n;
    bool full;
};

static void write(struct line *line, const char *text)
{
    size_t n = strlen(text);
    if (n >= sizeof line->text - line->n) {
        line->full = true;
        return;
    }
    memcpy(line->text + line->n, text, n + 1);
    line->n += n;
}

static const char *doubt_sign(uint8_t doubt)
{
    static const char *const signs[] = {"", "?", "~", "%"};
    return signs[doubt & 3];
}

static void write_time(struct line *line, const struct kr_edtf_plain *date)
{
    char text[48];
    int s = date->second, offset = abs(date->offset_min);
    kr_format(text, sizeof text, "T%02d:%02d:%02d%s%s", s / 3600, s / 60 % 60, s % 60,
              date->fraction[0] ? "." : "", date->fraction);
    write(line, text);
    if (date->offset_min == KR_EDTF_NO_OFFSET)
        return;
    if (!date->offset_min)
        kr_format(text, sizeof text, "Z");
    else
        kr_format(text, sizeof text, "%c%02d:%02d", date->offset_min < 0 ? '-' : '+', offset / 60,
                  offset % 60);
    write(line, text);
}

// A doubt that all parts share stands once, at the end; others stand before their part.
static void write_plain(struct line *line, const struct kr_edtf_plain *date)
{
    char season[3];
    kr_format(season, sizeof season, "%02u", (unsigned)date->season % 100);
    const char *parts[] = {date->year, date->season ? season : date->month, date->day};
    int n = date->day[0] ? 3 : parts[1][0] ? 2 : 1;
    bool shared = true;
    for (int i = 1; i < n; i++)
        shared = shared && date->doubt[i] == date->doubt[0];
    for (int i = 0; i < n; i++) {
        write(line, i ? "-" : "");
        write(line, shared ? "" : doubt_sign(date->doubt[i]));
        write(line, i == 0 && date->negative ? "-" : "");
        write(line, parts[i]);
    }
    write(line, shared ? doubt_sign(date->doubt[0]) : "");
    if (date->second >= 0)
        write_time(line, date);
}

// One more plain date becomes part of the whole.
static bool add_plain(struct kr_edtf *whole, struct line *line, struct kr_str text,
                      struct kr_edtf_plain *date)
{
    if (!kr_edtf_plain_parse(text, date))
        return false;
    if (whole->form != KR_EDTF_DATE && date->second >= 0)
        return false;
    enum kr_edtf_precision precision = kr_edtf_plain_precision(date);
    if (precision < whole->precision)
        whole->precision = precision;
    uint8_t doubt = date->doubt[0] | date->doubt[1] | date->doubt[2];
    whole->uncertain = whole->uncertain || (doubt & KR_EDTF_UNCERTAIN);
    whole->approximate = whole->approximate || (doubt & KR_EDTF_APPROXIMATE);
    write_plain(line, date);
    return true;
}

static bool parse_single(struct kr_str text, struct kr_edtf *whole, struct line *line)
{
    struct kr_edtf_plain date;
    if (!add_plain(whole, line, text, &date))
        return false;
    whole->from = date.from;
    whole->to = date.to;
    whole->second = date.second;
    whole->offset_min = date.offset_min;
    return true;
}

// An end of an interval: nothing where unknown, ".." where open, else a date.
static bool parse_end(struct kr_str text, struct kr_edtf *whole, struct line *line, bool *told,
                      struct kr_edtf_plain *date)
{
    *told = false;
    if (!text.n)
        return true;
    if (text.n == 2 && memcmp(text.at, "..", 2) == 0) {
        write(line, "..");
        return true;
    }
    *told = true;
    return add_plain(whole, line, text, date);
}

static bool parse_interval(struct kr_str text, const char *slash, struct kr_edtf *whole,
                           struct line *line)
{
    struct kr_str left = {text.at, (size_t)(slash - text.at)};
    struct kr_str right = {slash + 1, text.n - left.n - 1};
    struct kr_edtf_plain a, b;
    bool has_a, has_b;
    whole->form = KR_EDTF_INTERVAL;
    if (!parse_end(left, whole, line, &has_a, &a))
        return false;
    write(line, "/");
    if (!parse_end(right, whole, line, &has_b, &b) || (!has_a && !has_b))
        return false;
    whole->from = has_a ? a.from : KR_EDTF_FIRST_DAY;
    whole->to = has_b ? b.to : KR_EDTF_LAST_DAY;
    return whole->from <= whole->to;
}

static struct kr_str trim(struct kr_str text)
{
    while (text.n && *text.at == ' ')
        text.at++, text.n--;
    while (text.n && text.at[text.n - 1] == ' ')
        text.n--;
    return text;
}

static void widen(struct kr_edtf *whole, int64_t from, int64_t to)
{
    whole->from = from < whole->from ? from : whole->from;
    whole->to = to > whole->to ? to : whole->to;
}

// One member of a set: a date, "a..b"; "..b" where it is the first, "a.." the last.
static bool parse_member(struct kr_str text, bool first, bool last, struct kr_edtf *whole,
                         struct line *line)
{
    struct kr_edtf_plain a, b;
    const char *dots = memmem(text.at, text.n, "..", 2);
    if (!dots) {
        if (!add_plain(whole, line, text, &a))
            return false;
        widen(whole, a.from, a.to);
        return true;
    }
    struct kr_str left = {text.at, (size_t)(dots - text.at)};
    struct kr_str right = {dots + 2, text.n - left.n - 2};
    if ((!left.n && !first) || (!right.n && !last) || (!left.n && !right.n))
        return false;
    if (left.n && !add_plain(whole, line, left, &a))
        return false;
    write(line, "..");
    if (right.n && !add_plain(whole, line, right, &b))
        return false;
    int64_t from = left.n ? a.from : KR_EDTF_FIRST_DAY;
    int64_t to = right.n ? b.to : KR_EDTF_LAST_DAY;
    widen(whole, from, to);
    return from <= to;
}

static bool parse_set(struct kr_str text, struct kr_edtf *whole, struct line *line)
{
    bool one = text.at[0] == '[';
    if (text.n < 3 || text.at[text.n - 1] != (one ? ']' : '}'))
        return false;
    whole->form = one ? KR_EDTF_ONE_OF : KR_EDTF_ALL_OF;
    whole->from = INT64_MAX;
    whole->to = INT64_MIN;
    write(line, one ? "[" : "{");
    struct kr_str rest = {text.at + 1, text.n - 2};
    for (bool first = true;; first = false) {
        const char *comma = memchr(rest.at, ',', rest.n);
        struct kr_str member = {rest.at, comma ? (size_t)(comma - rest.at) : rest.n};
        if (!parse_member(trim(member), first, !comma, whole, line))
            return false;
        if (!comma)
            break;
        write(line, ",");
        rest = (struct kr_str){comma + 1, rest.n - member.n - 1};
    }
    write(line, one ? "]" : "}");
    return true;
}

static bool parse(struct kr_str text, struct kr_edtf *whole, struct line *line)
{
    const char *slash = memchr(text.at, '/', text.n);
    if (!text.n || text.n >= KR_EDTF_TEXT)
        return false;
    if (text.at[0] == '[' || text.at[0] == '{')
        return parse_set(text, whole, line);
    return slash ? parse_interval(text, slash, whole, line) : parse_single(text, whole, line);
}

bool kr_edtf_parse(const char *text, struct kr_edtf *out, struct kr_err *err)
{
    struct kr_edtf whole = {
        .precision = KR_EDTF_TIME, .second = -1, .offset_min = KR_EDTF_NO_OFFSET};
    struct line line = {0};
    if (!parse(kr_str_of(text), &whole, &line) || line.full)
        return kr_fail(err, KR_E_INVALID,
                       "this is no date such as 1985-06-01, 1985~, 198X or "
                       "1976/1978 (EDTF)");
    memcpy(whole.text, line.text, line.n + 1);
    *out = whole;
    return true;
}

static void decade_of(int year, char out[static KR_EDTF_SECTION])
{
    int digits = abs(year) / 10;
    kr_format(out, KR_EDTF_SECTION, "%s%03dX", year < 0 ? "-" : "", digits);
}

void kr_edtf_section(const struct kr_edtf *date, char out[static KR_EDTF_SECTION])
{
    bool open_start = !date || date->from == KR_EDTF_FIRST_DAY;
    bool open_end = !date || date->to == KR_EDTF_LAST_DAY;
    if (open_start && open_end) {
        kr_format(out, KR_EDTF_SECTION, "none");
        return;
    }
    int year, month, day, end_year, end_month;
    kr_day_of(date->from, &year, &month, &day);
    kr_day_of(date->to, &end_year, &end_month, &day);
    bool narrow = date->to - date->from < 366;
    if (open_start)
        decade_of(end_year, out);
    else if (open_end || !narrow)
        decade_of(year, out);
    else if (year == end_year && month == end_month)
        kr_format(out, KR_EDTF_SECTION, "%s%04d-%02d", year < 0 ? "-" : "", abs(year), month);
    else
        kr_format(out, KR_EDTF_SECTION, "%s%04d", year < 0 ? "-" : "", abs(year));
}

int kr_edtf_compare(const struct kr_edtf *a, const struct kr_edtf *b)
{
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    if (a->to != b->to)
        return a->to < b->to ? -1 : 1;
    if (a->second != b->second)
        return a->second < b->second ? -1 : 1;
    return strcmp(a->text, b->text);
}

void kr_edtf_band(const struct kr_edtf *date, int64_t *from, int64_t *to)
{
    static const int further[] = {
        [KR_EDTF_CENTURY] = 3652, [KR_EDTF_DECADE] = 730, [KR_EDTF_YEAR] = 365,
        [KR_EDTF_SEASON] = 91,    [KR_EDTF_MONTH] = 31,   [KR_EDTF_DAY] = 3};
    int64_t days = date->approximate ? further[date->precision] : 0;
    int year, month, day;
    *from = date->from;
    *to = date->to;
    if (days == 365) { // whole years: 1985~ is drawn from 1984-01-01 to 1986-12-31
        kr_day_of(date->from, &year, &month, &day);
        *from = kr_days_of(year - 1, month, month == 2 ? 28 : day);
        kr_day_of(date->to, &year, &month, &day);
        *to = kr_days_of(year + 1, month, month == 2 ? 28 : day);
    } else {
        *from -= days;
        *to += days;
    }
    *from = *from < KR_EDTF_FIRST_DAY ? KR_EDTF_FIRST_DAY : *from;
    *to = *to > KR_EDTF_LAST_DAY ? KR_EDTF_LAST_DAY : *to;
}
