// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/edtf_said_priv.h"
#include "base/clock.h"

enum { MOST = 120 }; // bytes of a phrase

static const char *doubt_of(const struct kr_said_point *p)
{
    return p->approximate ? (p->uncertain ? "%" : "~") : p->uncertain ? "?" : "";
}

// The point as EDTF; false where it needs a year and has none.
static bool write_point(const struct kr_said_point *p, char out[static KR_EDTF_TEXT])
{
    const char *doubt = doubt_of(p);
    if (!p->year[0])
        return false;
    if (p->part) {
        static const char from[] = "?047", to[] = "?369";
        if (p->year[3] != 'X' || p->year[2] == 'X' || p->month || p->season)
            return false;
        const char *sign = p->uncertain ? "%" : "~";
        kr_format(out, KR_EDTF_TEXT, "%.3s%c%s/%.3s%c%s", p->year, from[p->part], sign, p->year,
                  to[p->part], sign);
    } else if (p->season) {
        kr_format(out, KR_EDTF_TEXT, "%s-%d%s", p->year, p->season, doubt);
    } else if (p->day[0]) {
        kr_format(out, KR_EDTF_TEXT, "%s-%02d-%s%s", p->year, p->month, p->day, doubt);
    } else if (p->month) {
        kr_format(out, KR_EDTF_TEXT, "%s-%02d%s", p->year, p->month, doubt);
    } else {
        kr_format(out, KR_EDTF_TEXT, "%s%s", p->year, doubt);
    }
    return true;
}

// The day before the first or after the last, as vague as the date itself was.
static bool write_bound(const struct kr_said_point *p, bool before, char out[static KR_EDTF_TEXT])
{
    char text[KR_EDTF_TEXT], bound[32];
    struct kr_edtf date;
    int year, month, day;
    if (!write_point(p, text) || !kr_edtf_parse(text, &date, NULL))
        return false;
    kr_day_of(before ? date.from - 1 : date.to + 1, &year, &month, &day);
    if (year < 1 || year > 9999)
        return false;
    if (p->day[0] || p->season)
        kr_format(bound, sizeof bound, "%04d-%02d-%02d", year, month, day);
    else if (p->month)
        kr_format(bound, sizeof bound, "%04d-%02d", year, month);
    else
        kr_format(bound, sizeof bound, "%04d", year);
    kr_format(out, KR_EDTF_TEXT, before ? "[..%s]" : "[%s..]", bound);
    return true;
}

static bool write_two(const char *format_start, const struct kr_said_point *a, const char *joint,
                      const struct kr_said_point *b, const char *format_end,
                      char out[static KR_EDTF_TEXT])
{
    char left[KR_EDTF_TEXT], right[KR_EDTF_TEXT];
    if (a->part || b->part || !write_point(a, left) || !write_point(b, right))
        return false;
    if (strlen(left) + strlen(right) + 8 > KR_EDTF_TEXT)
        return false;
    kr_format(out, KR_EDTF_TEXT, "%s%.40s%s%.40s%s", format_start, left, joint, right, format_end);
    return true;
}

static bool at_end(struct kr_said *c)
{
    kr_said_skip(c);
    return !*c->at;
}

// "1976-78": the century is that of the first.
static bool take_short_year(struct kr_said *c, const struct kr_said_point *a,
                            struct kr_said_point *b)
{
    struct kr_said start = *c;
    int n, count;
    *b = (struct kr_said_point){0};
    if (a->year[0] && !a->month && kr_said_number(c, &n, &count) && count == 2) {
        kr_format(b->year, sizeof b->year, "%.2s%02d", a->year, n % 100);
        TAKES(c, "年");
        struct kr_said end = *c;
        TAKES(&end, "之间", "间");
        if (at_end(&end) && strcmp(a->year, b->year) < 0)
            return true;
    }
    *c = start;
    return false;
}

// The second of two dates; a month alone takes the year of the first.
static bool take_second(struct kr_said *c, const struct kr_said_point *a, struct kr_said_point *b)
{
    if (take_short_year(c, a, b))
        return true;
    if (!kr_said_point(c, b))
        return false;
    if (!b->year[0])
        memcpy(b->year, a->year, sizeof b->year);
    return true;
}

static bool write_range(struct kr_said *c, struct kr_said_point *a, bool between,
                        char out[static KR_EDTF_TEXT])
{
    struct kr_said_point b;
    if (!take_second(c, a, &b))
        return false;
    if (TAKES(c, "之间", "间"))
        between = true;
    if (!at_end(c))
        return false;
    return between ? write_two("[", a, "..", &b, "]", out) : write_two("", a, "/", &b, "", out);
}

static bool understand(struct kr_said *c, char out[static KR_EDTF_TEXT])
{
    struct kr_said_point a, b;
    char text[KR_EDTF_TEXT];
    int open = TAKE(c, "before", "after", "since", "until", "till", "between", "from", "从");
    if (!kr_said_point(c, &a))
        return false;
    if (open == 0 || TAKES(c, "之前", "以前", "前"))
        return at_end(c) && write_bound(&a, true, out);
    if (open == 1 || TAKES(c, "之后", "以后", "后"))
        return at_end(c) && write_bound(&a, false, out);
    if (open == 2 || TAKES(c, "以来", "起")) {
        kr_format(out, KR_EDTF_TEXT, "%.100s/..", write_point(&a, text) && !a.part ? text : "");
        return at_end(c);
    }
    if (open == 3 || open == 4) {
        kr_format(out, KR_EDTF_TEXT, "../%.100s", write_point(&a, text) && !a.part ? text : "");
        return at_end(c);
    }
    if (TAKES(c, "or", "或者", "或是", "或", "还是"))
        return take_second(c, &a, &b) && at_end(c) && write_two("[", &a, ",", &b, "]", out);
    if (TAKES(c, "and", "和", "与"))
        return write_range(c, &a, true, out);
    a.approximate = a.approximate && !(*c->at >= '0' && *c->at <= '9'); // "1976~1978"
    if ((*c->at >= '0' && *c->at <= '9') || TAKES(c, "到", "至", "-", "~", "to", "until", "till"))
        return write_range(c, &a, open == 5, out);
    return at_end(c) && open < 5 && write_point(&a, out);
}

// Lower case, one kind of dash, ASCII where full width was typed.
static bool simplify(const char *text, char out[static MOST + 1])
{
    static const struct {
        const char *from;
        char to;
    } signs[] = {{"–", '-'}, {"—", '-'}, {"−", '-'}, {"〜", '~'}, {"　", ' '}, {" ", ' '}};
    size_t n = 0;
    while (*text) {
        const unsigned char *u = (const unsigned char *)text;
        size_t used = 0;
        if (n >= MOST)
            return false;
        for (size_t i = 0; i < KR_COUNT(signs) && !used; i++) {
            if (strncmp(text, signs[i].from, strlen(signs[i].from)) == 0) {
                used = strlen(signs[i].from);
                out[n++] = signs[i].to;
            }
        }
        if (!used && u[0] == 0xEF && ((u[1] == 0xBC && u[2] >= 0x81) || u[1] == 0xBD)) {
            int ch = u[1] == 0xBC ? u[2] - 0x80 + 0x20 : u[2] - 0x80 + 0x60; // U+FF01 to U+FF5E
            out[n++] = (char)(ch >= 'A' && ch <= 'Z' ? ch + 32 : ch);
            used = u[2] ? 3 : 2;
        }
        if (!used) {
            out[n++] = *text >= 'A' && *text <= 'Z' ? (char)(*text + 32) : *text;
            used = 1;
        }
        text += used;
    }
    out[n] = 0;
    return true;
}

// EDTF as typed by hand: spaces around it, small x.
static bool is_edtf_already(const char *simple, struct kr_edtf *out)
{
    char text[MOST + 1];
    size_t n = 0;
    while (*simple == ' ')
        simple++;
    for (; *simple; simple++)
        text[n++] = *simple >= 'a' && *simple <= 'z' ? (char)(*simple - 32) : *simple;
    while (n && text[n - 1] == ' ')
        n--;
    text[n] = 0;
    return kr_edtf_parse(text, out, NULL);
}

bool kr_edtf_from_phrase(const char *text, struct kr_edtf *out, struct kr_err *err)
{
    char simple[MOST + 1], edtf[KR_EDTF_TEXT] = "";
    if (!simplify(text, simple))
        return kr_fail(err, KR_E_INVALID, "too long for a date");
    if (is_edtf_already(simple, out))
        return true;
    struct kr_said c = {simple};
    if (!understand(&c, edtf) || !kr_edtf_parse(edtf, out, NULL))
        return kr_fail(err, KR_E_INVALID,
                       "no date is heard in this; say it like 1985, around 1985, early 1980s, "
                       "spring 1976, 6 June 1985");
    return true;
}
