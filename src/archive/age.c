// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/age.h"

#include "base/clock.h"
#include <string.h>

enum { OLDEST = 199, UNITS_EN = 20 };

int kr_years_between(int64_t from, int64_t to)
{
    int y0, m0, d0, y1, m1, d1;
    kr_day_of(from, &y0, &m0, &d0);
    kr_day_of(to, &y1, &m1, &d1);
    return y1 - y0 - (m1 < m0 || (m1 == m0 && d1 < d0));
}

bool kr_age_at(const char *born_edtf, const char *at_edtf, struct kr_age *out)
{
    struct kr_edtf born, at;
    if (!kr_edtf_parse(born_edtf, &born, NULL) || !kr_edtf_parse(at_edtf, &at, NULL))
        return false;
    if (born.from <= KR_EDTF_FIRST_DAY || born.to >= KR_EDTF_LAST_DAY ||
        at.from <= KR_EDTF_FIRST_DAY || at.to >= KR_EDTF_LAST_DAY)
        return false;
    int least = kr_years_between(born.to, at.from), most = kr_years_between(born.from, at.to);
    *out = (struct kr_age){.from = least < 0 ? 0 : least,
                           .to = most < 0 ? 0 : most,
                           .about =
                               born.approximate || at.approximate || born.uncertain || at.uncertain,
                           .unborn = at.to < born.from};
    return true;
}

// The n-th of a list "zero|one|two".
static const char *nth(struct kr_arena *mem, const char *list, int n)
{
    for (; n > 0 && strchr(list, '|'); n--)
        list = strchr(list, '|') + 1;
    return kr_arena_copy(mem, list, strcspn(list, "|"));
}

static const char *unit(struct kr_arena *mem, enum kr_lang lang, int n)
{
    return nth(mem, kr_word(lang, "age.units"), n);
}

// 六, 十二, 二十, 一百零三; "six", "twelve", "twenty-three".
static const char *zh_number(struct kr_arena *mem, int n)
{
    const char *ten = unit(mem, KR_ZH, 10);
    if (n >= 100) {
        const char *rest =
            n % 100 == 0 ? ""
            : n % 100 < 10
                ? kr_arena_format(mem, "%s%s", unit(mem, KR_ZH, 0), unit(mem, KR_ZH, n % 100))
            : n % 100 < 20
                ? kr_arena_format(mem, "%s%s", unit(mem, KR_ZH, 1), zh_number(mem, n % 100))
                : zh_number(mem, n % 100);
        return kr_arena_format(mem, "%s%s%s", unit(mem, KR_ZH, n / 100), unit(mem, KR_ZH, 11),
                               rest);
    }
    if (n <= 10)
        return unit(mem, KR_ZH, n);
    return kr_arena_format(mem, "%s%s%s", n < 20 ? "" : unit(mem, KR_ZH, n / 10), ten,
                           n % 10 ? unit(mem, KR_ZH, n % 10) : "");
}

static const char *en_number(struct kr_arena *mem, int n)
{
    if (n >= 100)
        return kr_arena_format(mem, "%d", n);
    if (n < UNITS_EN)
        return unit(mem, KR_EN, n);
    const char *tens = nth(mem, kr_word(KR_EN, "age.tens"), n / 10 - 2);
    return n % 10 ? kr_arena_format(mem, "%s-%s", tens, unit(mem, KR_EN, n % 10)) : tens;
}

static const char *number(struct kr_arena *mem, enum kr_lang lang, int n)
{
    if (lang == KR_EN)
        return en_number(mem, n);
    return n == 2 ? kr_word(KR_ZH, "age.two") : zh_number(mem, n);
}

// 六七岁, 十二三岁: two neighbours below the same ten are said in one breath.
static const char *zh_neighbours(struct kr_arena *mem, int from)
{
    const char *first = from % 10 == 2 && from < 10 ? kr_word(KR_ZH, "age.two")
                        : from == 1                 ? unit(mem, KR_ZH, 1)
                                                    : zh_number(mem, from);
    const char *second = from == 1 ? kr_word(KR_ZH, "age.two") : unit(mem, KR_ZH, from % 10 + 1);
    return kr_arena_format(mem, "%s%s", first, second);
}

static const char *span(struct kr_arena *mem, enum kr_lang lang, const struct kr_age *age)
{
    bool neighbours = age->to == age->from + 1;
    if (lang == KR_ZH && neighbours && age->from % 10 != 0 && age->from % 10 != 9)
        return kr_words(mem, lang, "age.one", "n", zh_neighbours(mem, age->from), NULL);
    return kr_words(mem, lang, neighbours && age->from > 0 ? "age.either" : "age.span", "from",
                    number(mem, lang, age->from), "to", number(mem, lang, age->to), NULL);
}

const char *kr_age_words(struct kr_arena *mem, enum kr_lang lang, const struct kr_age *age)
{
    const char *said;
    if (age->unborn || age->from > OLDEST)
        return "";
    if (age->from == 0 && age->to <= 1)
        said = kr_word(lang, age->to == 0 ? "age.first_year" : "age.first_years");
    else if (age->to > OLDEST)
        said = kr_words(mem, lang, "age.least", "n", number(mem, lang, age->from), NULL);
    else if (age->from == age->to)
        said = kr_words(mem, lang, "age.one", "n", number(mem, lang, age->from), NULL);
    else
        said = span(mem, lang, age);
    return age->about ? kr_words(mem, lang, "age.about", "age", said, NULL) : said;
}

json_t *kr_age_new_json(struct kr_arena *mem, enum kr_lang lang, const struct kr_age *age)
{
    json_t *out = kr_json_new_object();
    kr_json_set_int(out, "from", age->from);
    kr_json_set_int(out, "to", age->to);
    kr_json_set_bool(out, "about", age->about);
    kr_json_set_str(out, "text", kr_age_words(mem, lang, age));
    return out;
}
