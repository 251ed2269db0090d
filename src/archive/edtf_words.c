// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/edtf_priv.h"

#include "base/clock.h"

static const char *number(struct kr_arena *mem, int n)
{
    return kr_arena_format(mem, "%d", n);
}

static bool has_x(const char *pattern)
{
    return strchr(pattern, 'X');
}

static int digits(const char *text)
{
    int n = 0;
    for (; *text >= '0' && *text <= '9'; text++)
        n = n * 10 + (*text - '0');
    return n;
}

// Year 0 is 1 BC, as astronomers count and EDTF does.
static const char *year_words(struct kr_arena *mem, enum kr_lang lang, int year)
{
    if (year > 0)
        return kr_words(mem, lang, "date.year", "year", number(mem, year), NULL);
    return kr_words(mem, lang, "date.bc", "year", number(mem, 1 - year), NULL);
}

static const char *key_of(struct kr_arena *mem, const char *start, int n)
{
    return kr_arena_format(mem, "%s%d", start, n);
}

static const char *month_words(struct kr_arena *mem, enum kr_lang lang, const char *year, int month)
{
    return kr_words(mem, lang, "date.month", "year", year, "month",
                    kr_word(lang, key_of(mem, "date.month.", month)), NULL);
}

// "八十年代" where nobody would take it for another century, else "1880 年代".
static const char *decade_name(struct kr_arena *mem, enum kr_lang lang, int year)
{
    if (year >= 1930 && year < 2000)
        return kr_word(lang, key_of(mem, "date.decade.", year / 10 % 10));
    return kr_words(mem, lang, "date.decade.name", "year", number(mem, year), NULL);
}

static const char *century_words(struct kr_arena *mem, enum kr_lang lang, int n)
{
    int last = n % 100 >= 11 && n % 100 <= 13 ? 0 : n % 10;
    const char *key =
        last >= 1 && last <= 3 ? key_of(mem, "date.ordinal.", last) : "date.ordinal.other";
    const char *ordinal = kr_words(mem, lang, key, "n", number(mem, n), NULL);
    return kr_words(mem, lang, "date.century", "number", ordinal, NULL);
}

static int year_of(int64_t days)
{
    int year, month, day;
    kr_day_of(days, &year, &month, &day);
    return year;
}

// A year of which some digits are not known.
static const char *vague_year_words(struct kr_arena *mem, enum kr_lang lang,
                                    const struct kr_edtf_plain *date)
{
    const char *x = strchr(date->year, 'X');
    int from = year_of(date->from), to = year_of(date->to);
    if (!date->negative && !date->month[0] && !date->season && x == date->year + 3)
        return kr_words(mem, lang, "date.decade", "decade", decade_name(mem, lang, from), NULL);
    if (!date->negative && !date->month[0] && !date->season && strcmp(date->year + 2, "XX") == 0 &&
        x == date->year + 2)
        return century_words(mem, lang, from / 100 + 1);
    return kr_words(mem, lang, "date.between", "from", year_words(mem, lang, from), "to",
                    year_words(mem, lang, to), NULL);
}

static const char *bare_words(struct kr_arena *mem, enum kr_lang lang,
                              const struct kr_edtf_plain *date)
{
    if (has_x(date->year))
        return vague_year_words(mem, lang, date);
    int year_number = date->negative ? -digits(date->year) : digits(date->year);
    const char *year = number(mem, year_number);
    if (date->season)
        return kr_words(mem, lang, key_of(mem, "date.season.", date->season - 20), "year", year,
                        NULL);
    if (!date->month[0] || has_x(date->month))
        return year_words(mem, lang, year_number);
    const char *month = month_words(mem, lang, year, digits(date->month));
    if (date->day[0] >= '0' && date->day[0] <= '2' && date->day[1] == 'X')
        return kr_words(mem, lang, key_of(mem, "date.tens.", date->day[0] - '0'), "month", month,
                        NULL);
    if (!date->day[0] || has_x(date->day))
        return month;
    return kr_words(mem, lang, "date.day", "year", year, "month",
                    kr_word(lang, key_of(mem, "date.month.", digits(date->month))), "day",
                    number(mem, digits(date->day)), NULL);
}

static const char *plain_words(struct kr_arena *mem, enum kr_lang lang,
                               const struct kr_edtf_plain *date)
{
    uint8_t doubt = date->doubt[0] | date->doubt[1] | date->doubt[2];
    const char *words = bare_words(mem, lang, date);
    if (doubt & KR_EDTF_APPROXIMATE)
        words = kr_words(mem, lang, "date.around", "date", words, NULL);
    if (doubt & KR_EDTF_UNCERTAIN)
        words = kr_words(mem, lang, "date.perhaps", "date", words, NULL);
    return words;
}

static bool is_plain_year(const struct kr_edtf_plain *date, uint8_t doubt)
{
    return !date->month[0] && !date->season && !has_x(date->year) && !date->negative &&
           date->doubt[0] == doubt;
}

// "1980~/1983~" is how we write the early eighties (edtf.h).
static const char *part_of_decade(struct kr_arena *mem, enum kr_lang lang,
                                  const struct kr_edtf_plain *a, const struct kr_edtf_plain *b)
{
    static const struct {
        char first, last;
        const char *key;
    } parts[] = {{'0', '3', "date.early"}, {'4', '6', "date.mid"}, {'7', '9', "date.late"}};
    if (!is_plain_year(a, KR_EDTF_APPROXIMATE) || !is_plain_year(b, KR_EDTF_APPROXIMATE) ||
        strncmp(a->year, b->year, 3) != 0)
        return NULL;
    const char *decade = decade_name(mem, lang, digits(a->year) / 10 * 10);
    for (size_t i = 0; i < KR_COUNT(parts); i++)
        if (a->year[3] == parts[i].first && b->year[3] == parts[i].last)
            return kr_words(mem, lang, parts[i].key, "span", decade, NULL);
    return NULL;
}

static const char *interval_words(struct kr_arena *mem, enum kr_lang lang, struct kr_str left,
                                  struct kr_str right)
{
    struct kr_edtf_plain a, b;
    bool has_a = kr_edtf_plain_parse(left, &a), has_b = kr_edtf_plain_parse(right, &b);
    if (!has_a && !has_b)
        return NULL;
    if (!has_b)
        return kr_words(mem, lang, "date.since", "date", plain_words(mem, lang, &a), NULL);
    if (!has_a)
        return kr_words(mem, lang, "date.until", "date", plain_words(mem, lang, &b), NULL);
    const char *part = part_of_decade(mem, lang, &a, &b);
    if (part)
        return part;
    return kr_words(mem, lang, "date.span", "from", plain_words(mem, lang, &a), "to",
                    plain_words(mem, lang, &b), NULL);
}

// "[..1948]" is said "before 1949"; other bounds say their last day or month.
static const char *bound_words(struct kr_arena *mem, enum kr_lang lang,
                               const struct kr_edtf_plain *date, bool before)
{
    if (is_plain_year(date, 0)) {
        int year = digits(date->year) + (before ? 1 : -1);
        return kr_words(mem, lang, before ? "date.before" : "date.after", "date",
                        year_words(mem, lang, year), NULL);
    }
    return kr_words(mem, lang, before ? "date.latest" : "date.earliest", "date",
                    plain_words(mem, lang, date), NULL);
}

static const char *member_words(struct kr_arena *mem, enum kr_lang lang, struct kr_str text,
                                bool one)
{
    struct kr_edtf_plain a, b;
    const char *dots = memmem(text.at, text.n, "..", 2);
    size_t left = dots ? (size_t)(dots - text.at) : text.n;
    bool has_a = kr_edtf_plain_parse((struct kr_str){text.at, left}, &a);
    if (!dots)
        return has_a ? plain_words(mem, lang, &a) : NULL;
    bool has_b = kr_edtf_plain_parse((struct kr_str){dots + 2, text.n - left - 2}, &b);
    if (!has_a && !has_b)
        return NULL;
    if (!has_a || !has_b)
        return bound_words(mem, lang, has_a ? &a : &b, has_b);
    return kr_words(mem, lang, one ? "date.between" : "date.span", "from",
                    plain_words(mem, lang, &a), "to", plain_words(mem, lang, &b), NULL);
}

// "1976, 1977 or 1980"
static const char *set_words(struct kr_arena *mem, enum kr_lang lang, struct kr_str rest, bool one)
{
    const char *words = NULL;
    while (rest.n) {
        const char *comma = memchr(rest.at, ',', rest.n);
        size_t n = comma ? (size_t)(comma - rest.at) : rest.n;
        const char *member = member_words(mem, lang, (struct kr_str){rest.at, n}, one);
        const char *joint = comma ? "date.comma" : one ? "date.or" : "date.and";
        if (!member)
            return NULL;
        words = words ? kr_words(mem, lang, joint, "a", words, "b", member, NULL) : member;
        n += comma ? 1 : 0;
        rest = (struct kr_str){rest.at + n, rest.n - n};
    }
    return words;
}

// Chinese sets a blank between a character and a number: 可能是 1985 年.
static const char *with_blanks(struct kr_arena *mem, const char *words)
{
    static const char comma[] = "、";
    char *out = kr_arena_alloc(mem, 2 * strlen(words) + 1), *to = out;
    for (const char *at = words; *at; at++) {
        bool after_han = at > words && (uint8_t)at[-1] >= 0x80;
        bool after_comma = at - words >= 3 && memcmp(at - 3, comma, 3) == 0;
        if (after_han && !after_comma && *at >= '0' && *at <= '9')
            *to++ = ' ';
        *to++ = *at;
    }
    return out;
}

const char *kr_edtf_words(struct kr_arena *mem, enum kr_lang lang, const char *text)
{
    struct kr_edtf date;
    struct kr_edtf_plain plain;
    const char *words = NULL;
    if (!text || !kr_edtf_parse(text, &date, NULL))
        return kr_arena_strdup(mem, text ? text : "");
    struct kr_str s = kr_str_of(date.text);
    const char *slash = strchr(date.text, '/');
    if (date.form == KR_EDTF_DATE && kr_edtf_plain_parse(s, &plain))
        words = plain_words(mem, lang, &plain);
    else if (date.form == KR_EDTF_INTERVAL && slash)
        words = interval_words(mem, lang, (struct kr_str){s.at, (size_t)(slash - s.at)},
                               kr_str_of(slash + 1));
    else if (s.n > 2)
        words =
            set_words(mem, lang, (struct kr_str){s.at + 1, s.n - 2}, date.form == KR_EDTF_ONE_OF);
    if (!words)
        return kr_arena_strdup(mem, text);
    return lang == KR_ZH ? with_blanks(mem, words) : words;
}
