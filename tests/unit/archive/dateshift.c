// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/dateshift.h"
#include "harness.h"

static const char *shifted(struct kr_test *t, const char *date, const char *by)
{
    KR_AUTO(kr_json_drop) json_t *value = NULL;
    KR_AUTO(kr_json_drop) json_t *out = NULL;
    int64_t seconds;
    EXPECT_OK(kr_json_parse(kr_str_of(date), 1024, &value, &t->err));
    EXPECT_OK(kr_shift_parse(by, &seconds, &t->err));
    if (!kr_date_shift(value, seconds, &out, &t->err))
        return "";
    return kr_arena_format(t->mem, "%s %s %s", kr_json_str(out, "edtf", ""),
                           kr_json_str(out, "wall", "-"), kr_json_str(out, "offset", "-"));
}

TEST(how_far_is_read_as_people_write_it)
{
    static const struct {
        const char *text;
        int64_t seconds;
    } said[] = {{"+8h", 28800},     {"-1d", -86400}, {"1 day 2 hours, 30 min", 95400},
                {"-3小时", -10800}, {"2天", 172800}, {"−90m", -5400}};
    for (size_t i = 0; i < KR_COUNT(said); i++) {
        int64_t seconds = 0;
        EXPECT_OK(kr_shift_parse(said[i].text, &seconds, &t->err));
        EXPECT_INT(seconds, said[i].seconds);
    }
    static const char *const none[] = {"", "+", "8", "h", "8x", "1d-", "0h", "99999999d", "1d 2"};
    for (size_t i = 0; i < KR_COUNT(none); i++) {
        int64_t seconds;
        EXPECT_FAIL(kr_shift_parse(none[i], &seconds, &t->err), KR_E_INVALID);
    }
}

TEST(across_midnight_the_day_changes_and_the_clock_is_kept)
{
    const char *late = "{\"edtf\":\"2019-12-31\",\"wall\":\"2019-12-31T22:30:05.25\","
                       "\"offset\":\"+08:00\",\"tag\":\"DateTimeOriginal\"}";
    EXPECT_STR(shifted(t, late, "+2h"), "2020-01-01 2020-01-01T00:30:05.25 +08:00");
    EXPECT_STR(shifted(t, late, "-23h"), "2019-12-30 2019-12-30T23:30:05.25 +08:00");
    EXPECT_STR(shifted(t, late, "1h"), "2019-12-31 2019-12-31T23:30:05.25 +08:00");
    EXPECT_STR(shifted(t, "{\"edtf\":\"2000-02-28T23:59:59\"}", "+1m"), "2000-02-29T00:00:59 - -");
    EXPECT_STR(shifted(t, "{\"edtf\":\"2000-02-28T23:59:59+08:00\"}", "-1d"),
               "2000-02-27T23:59:59+08:00 - -");
    EXPECT_STR(shifted(t, "{\"edtf\":\"1969-12-31T23:00:00\"}", "+2h"), "1970-01-01T01:00:00 - -");
}

TEST(a_day_without_a_clock_moves_by_days_and_keeps_its_doubt)
{
    EXPECT_STR(shifted(t, "{\"edtf\":\"1985-06-30~\"}", "+1d"), "1985-07-01~ - -");
    EXPECT_STR(shifted(t, "{\"edtf\":\"1985-06-30\"}", "+1h"), "");
    EXPECT_STR(shifted(t, "{\"edtf\":\"1985\"}", "+1d"), "");
    EXPECT_STR(shifted(t, "{\"edtf\":\"1985-06-01/1985-06-03\"}", "+1d"), "");
    EXPECT_STR(shifted(t, "{\"edtf\":\"0001-01-01\"}", "-1d"), "");
    // A clock of another day does not belong to this date.
    EXPECT_STR(shifted(t, "{\"edtf\":\"1985-06-30\",\"wall\":\"2019-01-01T10:00:00\"}", "+1d"),
               "1985-07-01 - -");
}

static const char *stepped(struct kr_test *t, const char *edtf, int step)
{
    KR_AUTO(kr_json_drop) json_t *out = NULL;
    if (!kr_date_step(edtf, step, &out, &t->err))
        return "";
    return kr_arena_strdup(t->mem, kr_json_str(out, "edtf", ""));
}

TEST(a_little_earlier_or_later_is_as_wide_as_the_date)
{
    EXPECT_STR(stepped(t, "1985-06-01", -1), "1985-05-31~");
    EXPECT_STR(stepped(t, "1985-12", 1), "1986-01~");
    EXPECT_STR(stepped(t, "1985~", 1), "1986~");
    EXPECT_STR(stepped(t, "1985-21", -1), "1984-24~");
    EXPECT_STR(stepped(t, "1985-23", 1), "1985-24~");
    EXPECT_STR(stepped(t, "1985-24", 1), "1986-21~");
    EXPECT_STR(stepped(t, "198X", -1), "1977~/1979~");
    EXPECT_STR(stepped(t, "198X", 1), "1990~/1992~");
    EXPECT_STR(stepped(t, "../1985", -1), "");
}

MAIN(CASE(how_far_is_read_as_people_write_it),
     CASE(across_midnight_the_day_changes_and_the_clock_is_kept),
     CASE(a_day_without_a_clock_moves_by_days_and_keeps_its_doubt),
     CASE(a_little_earlier_or_later_is_as_wide_as_the_date))
