// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/range.h"
#include "harness.h"

TEST(a_range_is_its_bytes)
{
    (void)t;
    struct kr_range range = kr_range_of("bytes=0-499", 10000);
    EXPECT_INT(range.type, KR_RANGE_PART);
    EXPECT_INT(range.from, 0);
    EXPECT_INT(range.length, 500);
    range = kr_range_of("bytes=9500-", 10000);
    EXPECT_INT(range.from, 9500);
    EXPECT_INT(range.length, 500);
    range = kr_range_of("Bytes=9999-9999", 10000);
    EXPECT_INT(range.length, 1);
}

TEST(an_end_beyond_the_file_stops_at_its_end)
{
    (void)t;
    EXPECT_INT(kr_range_of("bytes=9990-20000", 10000).length, 10);
    struct kr_range range = kr_range_of("bytes=1-99999999999999999999999999", 10);
    EXPECT_INT(range.type, KR_RANGE_PART);
    EXPECT_INT(range.length, 9);
}

TEST(a_suffix_counts_from_the_end)
{
    (void)t;
    struct kr_range range = kr_range_of("bytes=-500", 10000);
    EXPECT_INT(range.type, KR_RANGE_PART);
    EXPECT_INT(range.from, 9500);
    EXPECT_INT(range.length, 500);
    range = kr_range_of("bytes=-20000", 10000);
    EXPECT_INT(range.from, 0);
    EXPECT_INT(range.length, 10000);
}

TEST(what_does_not_exist_is_beyond)
{
    (void)t;
    static const char *const headers[] = {"bytes=10000-", "bytes=10000-10001", "bytes=-0",
                                          "bytes=18446744073709551616-"};
    for (size_t i = 0; i < KR_COUNT(headers); i++)
        EXPECT_INT(kr_range_of(headers[i], 10000).type, KR_RANGE_BEYOND);
    EXPECT_INT(kr_range_of("bytes=0-0", 0).type, KR_RANGE_BEYOND);
    EXPECT_INT(kr_range_of("bytes=-1", 0).type, KR_RANGE_BEYOND);
}

TEST(anything_else_is_the_whole)
{
    (void)t;
    static const char *const headers[] = {NULL,        "",           "bytes",     "bytes=",
                                          "bytes=-",   "bytes=a-b",  "bytes=5-4", "bytes=0-1,3-4",
                                          "items=0-1", "bytes=0-1x", "bytes=--5", "bytes=1"};
    for (size_t i = 0; i < KR_COUNT(headers); i++) {
        struct kr_range range = kr_range_of(headers[i], 10);
        EXPECT_INT(range.type, KR_RANGE_WHOLE);
        EXPECT_INT(range.length, 10);
    }
}

TEST(if_range_holds_for_the_same_bytes_only)
{
    (void)t;
    EXPECT(kr_range_holds(NULL, "\"a\""));
    EXPECT(kr_range_holds("\"a\"", "\"a\""));
    EXPECT(!kr_range_holds("\"b\"", "\"a\""));
    EXPECT(!kr_range_holds("W/\"a\"", "\"a\""));
    EXPECT(!kr_range_holds("Sun, 06 Nov 1994 08:49:37 GMT", "\"a\""));
    EXPECT(!kr_range_holds("\"a\"", NULL));
}

MAIN(CASE(a_range_is_its_bytes), CASE(an_end_beyond_the_file_stops_at_its_end),
     CASE(a_suffix_counts_from_the_end), CASE(what_does_not_exist_is_beyond),
     CASE(anything_else_is_the_whole), CASE(if_range_holds_for_the_same_bytes_only))
