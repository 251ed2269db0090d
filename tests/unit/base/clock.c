// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/clock.h"
#include "harness.h"

TEST(a_moment_is_written_as_rfc_3339)
{
    char text[KR_TIME_TEXT];
    kr_time_text(1795341600123, text);
    EXPECT_STR(text, "2026-11-22T10:00:00.123Z");
    kr_time_text(-1, text);
    EXPECT_STR(text, "1969-12-31T23:59:59.999Z");
    (void)t;
}

TEST(what_was_written_is_read_back)
{
    int64_t ms = 0;
    EXPECT(kr_time_parse("1933-05-06T07:08:09.010Z", &ms));
    char text[KR_TIME_TEXT];
    kr_time_text(ms, text);
    EXPECT_STR(text, "1933-05-06T07:08:09.010Z");
    EXPECT(!kr_time_parse("2026-13-01T00:00:00Z", &ms));
    EXPECT(!kr_time_parse("2026-11-22T10:00:00", &ms));
    EXPECT(!kr_time_parse("yesterday", &ms));
    (void)t;
}

TEST(every_day_of_four_centuries_comes_back)
{
    for (int64_t day = kr_days_of(1800, 1, 1); day < kr_days_of(2200, 1, 1); day++) {
        int y, m, d;
        kr_day_of(day, &y, &m, &d);
        EXPECT_INT(kr_days_of(y, m, d), day);
    }
    EXPECT_INT(kr_days_of(1970, 1, 1), 0);
    EXPECT_INT(kr_days_of(2000, 3, 1) - kr_days_of(2000, 2, 28), 2);
    EXPECT_INT(kr_days_of(1900, 3, 1) - kr_days_of(1900, 2, 28), 1);
    (void)t;
}

MAIN(CASE(a_moment_is_written_as_rfc_3339), CASE(what_was_written_is_read_back),
     CASE(every_day_of_four_centuries_comes_back))
