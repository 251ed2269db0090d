// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/age.h"

#include "base/clock.h"
#include "harness.h"

static const char *words(struct kr_test *t, enum kr_lang lang, const char *born, const char *at)
{
    struct kr_age age;
    EXPECT(kr_age_at(born, at, &age));
    return kr_age_words(t->mem, lang, &age);
}

TEST(an_age_is_as_sure_as_its_days)
{
    static const struct {
        const char *born, *at, *zh, *en;
    } rows[] = {
        {"1979-03-02", "1985-06-01", "六岁", "six"},
        {"1979-03-02", "1985-03-01", "五岁", "five"},
        {"1979-03-02", "1985-03-02", "六岁", "six"},
        {"1979-03", "1985~", "大约五六岁", "about five or six"},
        {"1979", "1985", "五六岁", "five or six"},
        {"1978-12-31", "1985", "六七岁", "six or seven"},
        {"1983-06-01", "1985", "一两岁", "one or two"},
        {"1983-06-01", "1985-07", "两岁", "two"},
        {"1982-06-01", "1985", "两三岁", "two or three"},
        {"1972-06", "1985", "十二三岁", "twelve or thirteen"},
        {"1975", "1985", "九到十岁", "nine or ten"},
        {"1974-06-01", "1985", "十到十一岁", "ten or eleven"},
        {"1965-06-01", "1985", "十九到二十岁", "nineteen or twenty"},
        {"1950-01-01", "198X", "三十到三十九岁", "thirty to thirty-nine"},
        {"1882-05-05", "1985-06", "一百零三岁", "103"},
        {"1870-01-01", "1985-06", "一百一十五岁", "115"},
        {"1885-01-01", "1985-06", "一百岁", "100"},
        {"1985-02-01", "1985-06", "不到一岁", "under one"},
        {"1984-08", "1985", "一岁左右", "around one"},
        {"1961-06-30", "1985-07-01", "二十四岁", "twenty-four"},
        {"1986-01-01", "1985", "", ""},
    };
    for (size_t i = 0; i < KR_COUNT(rows); i++) {
        EXPECT_STR(words(t, KR_ZH, rows[i].born, rows[i].at), rows[i].zh);
        EXPECT_STR(words(t, KR_EN, rows[i].born, rows[i].at), rows[i].en);
    }
}

TEST(a_picture_before_the_birth_is_known_as_such)
{
    struct kr_age age;
    (void)t;
    EXPECT(kr_age_at("1986", "1985", &age) && age.unborn);
    EXPECT(kr_age_at("1985", "1985", &age) && !age.unborn && age.from == 0 && age.to == 0);
    EXPECT(kr_age_at("1985-06", "198X", &age) && !age.unborn && age.from == 0 && age.to == 4);
}

TEST(what_has_no_bound_gives_no_age)
{
    struct kr_age age;
    (void)t;
    EXPECT(!kr_age_at("", "1985", &age));
    EXPECT(!kr_age_at("1979", "", &age));
    EXPECT(!kr_age_at("../1979", "1985", &age));
    EXPECT(!kr_age_at("1979", "1985/..", &age));
    EXPECT(!kr_age_at("long ago", "1985", &age));
}

TEST(leap_days_are_counted)
{
    (void)t;
    EXPECT_INT(kr_years_between(kr_days_of(1980, 2, 29), kr_days_of(1985, 2, 28)), 4);
    EXPECT_INT(kr_years_between(kr_days_of(1980, 2, 29), kr_days_of(1985, 3, 1)), 5);
    EXPECT_INT(kr_years_between(kr_days_of(1985, 1, 1), kr_days_of(1984, 12, 31)), -1);
}

MAIN(CASE(an_age_is_as_sure_as_its_days), CASE(a_picture_before_the_birth_is_known_as_such),
     CASE(what_has_no_bound_gives_no_age), CASE(leap_days_are_counted))
