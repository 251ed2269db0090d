// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/text.h"
#include "harness.h"
#include <string.h>

TEST(text_from_outside_becomes_nfc_utf8)
{
    EXPECT_STR(kr_text_in(t->mem, KR_STR("e\xCC\x81t\xC3\xA9")), "\xC3\xA9t\xC3\xA9");
    EXPECT_STR(kr_text_in(t->mem, KR_STR("a\xFF\xC0\x80z")),
               "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz");
    EXPECT_STR(kr_text_in(t->mem, KR_STR("a\0b\x1B[2J\nc")), "a b [2J\nc");
    EXPECT_STR(kr_text_in(t->mem, (struct kr_str){NULL, 0}), "");
    EXPECT_STR(kr_text_trimmed(t->mem, " \n奶奶 的\t "), "奶奶 的");
    EXPECT_STR(kr_text_trimmed(t->mem, " \n"), "");
}

TEST(only_well_formed_utf8_counts)
{
    static const char *const bad[] = {"\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE5\xA5",
                                      "\x80"};
    for (size_t i = 0; i < KR_COUNT(bad); i++)
        EXPECT(!kr_is_utf8(kr_str_of(bad[i])));
    EXPECT(kr_is_utf8(KR_STR("奶奶 𠮷 é")));
    (void)t;
}

TEST(a_file_name_is_escaped_so_that_it_can_be_told_apart)
{
    struct kr_str name = KR_STR("奶奶/a%b\n\xFF.jpg");
    EXPECT_STR(kr_path_escape(t->mem, name), "奶奶/a%25b%0A%FF.jpg");
    EXPECT_STR(kr_path_unescape(t->mem, kr_path_escape(t->mem, name)).at, name.at);
    EXPECT_STR(kr_path_unescape(t->mem, "50% of %4").at, "50% of %4");
}

TEST(base64_goes_there_and_back)
{
    static const char *const pairs[][2] = {
        {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}};
    for (size_t i = 0; i < KR_COUNT(pairs); i++) {
        EXPECT_STR(kr_base64(t->mem, pairs[i][0], strlen(pairs[i][0])), pairs[i][1]);
        struct kr_str back;
        EXPECT_OK(kr_base64_decode(t->mem, kr_str_of(pairs[i][1]), &back, &t->err));
        EXPECT_INT((int64_t)back.n, (int64_t)strlen(pairs[i][0]));
        EXPECT_STR(back.at, pairs[i][0]);
    }
    struct kr_str back;
    EXPECT_FAIL(kr_base64_decode(t->mem, KR_STR("Zg="), &back, &t->err), KR_E_INVALID);
    EXPECT_FAIL(kr_base64_decode(t->mem, KR_STR("Z~=="), &back, &t->err), KR_E_INVALID);
}

TEST(numbers_are_whole_or_refused)
{
    int64_t n = 5;
    double r = 5;
    EXPECT(kr_parse_int("-12", -20, 20, &n) && n == -12);
    static const char *const bad[] = {"", "1x", " 1", "+1", "21", "99999999999999999999", "-"};
    for (size_t i = 0; i < KR_COUNT(bad); i++)
        EXPECT(!kr_parse_int(bad[i], -20, 20, &n));
    EXPECT(kr_parse_real("0.25", 0, 1, &r));
    EXPECT_NEAR(r, 0.25, 1e-12);
    EXPECT(!kr_parse_real("nan", 0, 1, &r) && !kr_parse_real("1e3", 0, 2000, &r));
    (void)t;
}

TEST(a_growing_text_keeps_its_zero)
{
    KR_AUTO(kr_buf_finish) struct kr_buf buf = {0};
    for (int i = 0; i < 1000; i++)
        kr_buf_format(&buf, "%03d", i);
    EXPECT_INT((int64_t)buf.n, 3000);
    EXPECT(strlen(buf.at) == 3000 && kr_ends_with(buf.at, "999"));
    (void)t;
}

MAIN(CASE(text_from_outside_becomes_nfc_utf8), CASE(only_well_formed_utf8_counts),
     CASE(a_file_name_is_escaped_so_that_it_can_be_told_apart), CASE(base64_goes_there_and_back),
     CASE(numbers_are_whole_or_refused), CASE(a_growing_text_keeps_its_zero))
