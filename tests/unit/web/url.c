// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/url.h"
#include "harness.h"

static struct kr_str str(const char *text)
{
    return kr_str_of(text);
}

TEST(a_path_and_its_fields_are_taken_apart)
{
    struct kr_url url;
    EXPECT_OK(kr_url_parse(t->mem, str("/api/v1/items?section=1985-06&limit=20&q=%E5%A5%B6+b"),
                           &url, &t->err));
    EXPECT_INT(url.segment_count, 3);
    EXPECT_STR(url.segments[2], "items");
    EXPECT_STR(kr_url_value(&url, "section"), "1985-06");
    EXPECT_STR(kr_url_value(&url, "limit"), "20");
    EXPECT_STR(kr_url_value(&url, "q"), "奶 b");
    EXPECT_STR(kr_url_value(&url, "nothing"), "");
}

TEST(the_root_has_no_segments_and_a_last_slash_adds_none)
{
    struct kr_url url;
    EXPECT_OK(kr_url_parse(t->mem, str("/"), &url, &t->err));
    EXPECT_INT(url.segment_count, 0);
    EXPECT_OK(kr_url_parse(t->mem, str("/films/"), &url, &t->err));
    EXPECT_INT(url.segment_count, 1);
}

TEST(an_escaped_slash_stays_inside_its_segment)
{
    struct kr_url url;
    EXPECT_OK(kr_url_parse(t->mem, str("/a%2Fb/c"), &url, &t->err));
    EXPECT_INT(url.segment_count, 2);
    EXPECT_STR(url.segments[0], "a/b");
}

TEST(what_could_lead_astray_is_refused)
{
    static const char *const bad[] = {"",
                                      "a/b",
                                      "http://localhost/",
                                      "*",
                                      "//x",
                                      "/a//b",
                                      "/a/../b",
                                      "/%2e%2E/etc",
                                      "/a/./b",
                                      "/%",
                                      "/%4",
                                      "/%zz",
                                      "/%00",
                                      "/a%0ab",
                                      "/\x01",
                                      "/%ff",
                                      "/%c0%af",
                                      "/?q=%ff",
                                      "/a#b",
                                      "/1/2/3/4/5/6/7/8/9/10/11/12/13"};
    struct kr_url url;
    for (size_t i = 0; i < KR_COUNT(bad); i++) {
        print_message("%s\n", bad[i]);
        EXPECT_FAIL(kr_url_parse(t->mem, str(bad[i]), &url, &t->err), KR_E_USAGE);
    }
}

TEST(an_endless_address_is_refused)
{
    struct kr_url url;
    char *text = kr_arena_alloc(t->mem, KR_URL_MOST + 2);
    memset(text, 'a', KR_URL_MOST + 1);
    text[0] = '/';
    EXPECT_FAIL(kr_url_parse(t->mem, str(text), &url, &t->err), KR_E_USAGE);
}

TEST(too_many_fields_are_refused)
{
    KR_AUTO(kr_buf_finish) struct kr_buf text = {0};
    struct kr_url url;
    kr_buf_text(&text, "/?");
    for (int i = 0; i < KR_URL_PAIRS; i++)
        kr_buf_text(&text, "a=1&");
    EXPECT_OK(kr_url_parse(t->mem, (struct kr_str){text.at, text.n}, &url, &t->err));
    kr_buf_text(&text, "a=1");
    EXPECT_FAIL(kr_url_parse(t->mem, (struct kr_str){text.at, text.n}, &url, &t->err), KR_E_USAGE);
}

MAIN(CASE(a_path_and_its_fields_are_taken_apart),
     CASE(the_root_has_no_segments_and_a_last_slash_adds_none),
     CASE(an_escaped_slash_stays_inside_its_segment), CASE(what_could_lead_astray_is_refused),
     CASE(an_endless_address_is_refused), CASE(too_many_fields_are_refused))
