// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/accept.h"
#include "harness.h"

TEST(the_smallest_form_the_asker_takes_is_sent)
{
    (void)t;
    EXPECT_INT(kr_accept_encoding("gzip, deflate, br, zstd", true, true), KR_BROTLI);
    EXPECT_INT(kr_accept_encoding("gzip, deflate, br", true, false), KR_GZIP);
    EXPECT_INT(kr_accept_encoding("gzip;q=1.0, br;q=0.5", true, true), KR_GZIP);
    EXPECT_INT(kr_accept_encoding("*", true, true), KR_BROTLI);
    EXPECT_INT(kr_accept_encoding("gzip", false, false), KR_PLAIN);
}

TEST(plain_bytes_where_packed_ones_are_not_wished_for)
{
    (void)t;
    EXPECT_INT(kr_accept_encoding(NULL, true, true), KR_PLAIN);
    EXPECT_INT(kr_accept_encoding("", true, true), KR_PLAIN);
    EXPECT_INT(kr_accept_encoding("gzip;q=0, br;q=0.000", true, true), KR_PLAIN);
    EXPECT_INT(kr_accept_encoding("identity, gzip;q=0.2", true, true), KR_PLAIN);
    EXPECT_INT(kr_accept_encoding("gzip;q=nonsense", true, true), KR_PLAIN);
}

TEST(the_language_most_wished_for_is_spoken)
{
    (void)t;
    EXPECT_INT(kr_accept_language("zh-CN,zh;q=0.9,en;q=0.8", KR_EN), KR_ZH);
    EXPECT_INT(kr_accept_language("en-GB,zh;q=0.9", KR_ZH), KR_EN);
    EXPECT_INT(kr_accept_language("de, en;q=0.2, zh-Hant-TW;q=0.3", KR_EN), KR_ZH);
    EXPECT_INT(kr_accept_language("de,fr", KR_ZH), KR_ZH);
    EXPECT_INT(kr_accept_language("zha, enm", KR_ZH), KR_ZH); // Zhuang and Middle English
    EXPECT_INT(kr_accept_language(NULL, KR_EN), KR_EN);
}

TEST(a_cookie_is_found_among_others)
{
    (void)t;
    char value[8] = "";
    EXPECT(kr_cookie("a=1; lang=zh-CN; b=2", "lang", value, sizeof value));
    EXPECT_STR(value, "zh-CN");
    EXPECT(!kr_cookie("xlang=en; language=en", "lang", value, sizeof value));
    EXPECT(!kr_cookie("lang=much-too-long", "lang", value, sizeof value));
    EXPECT(!kr_cookie(NULL, "lang", value, sizeof value));
    EXPECT(!kr_cookie(";;;", "lang", value, sizeof value));
}

TEST(an_etag_is_found_in_a_list)
{
    (void)t;
    EXPECT(kr_etag_listed("\"x\", \"a\"", "\"a\"", true));
    EXPECT(kr_etag_listed("W/\"a\"", "\"a\"", true));
    EXPECT(!kr_etag_listed("W/\"a\"", "\"a\"", false));
    EXPECT(kr_etag_listed("*", "\"a\"", false));
    EXPECT(!kr_etag_listed("\"ab\"", "\"a\"", true));
    EXPECT(!kr_etag_listed(NULL, "\"a\"", true));
}

MAIN(CASE(the_smallest_form_the_asker_takes_is_sent),
     CASE(plain_bytes_where_packed_ones_are_not_wished_for),
     CASE(the_language_most_wished_for_is_spoken), CASE(a_cookie_is_found_among_others),
     CASE(an_etag_is_found_in_a_list))
