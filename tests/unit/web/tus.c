// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/tus.h"
#include "harness.h"

static bool is_name(struct kr_str name, const char *want)
{
    return name.n == strlen(want) && memcmp(name.at, want, name.n) == 0;
}

TEST(the_name_and_time_of_a_file_are_read)
{
    struct kr_tus_meta meta;
    EXPECT_OK(kr_tus_meta_parse(
        t->mem, "filename 5aW25aW2LmpwZw==,lastmodified MTIzNDU2Nzg5MDEyMw==", &meta, &t->err));
    EXPECT(is_name(meta.name, "奶奶.jpg"));
    EXPECT_INT(meta.modified_ms, 1234567890123);
    EXPECT_OK(
        kr_tus_meta_parse(t->mem, "colour cmVk, filename YS9iLmpwZw== , empty", &meta, &t->err));
    EXPECT(is_name(meta.name, "a/b.jpg"));
    EXPECT_OK(kr_tus_meta_parse(t->mem, NULL, &meta, &t->err));
    EXPECT_INT(meta.name.n, 0);
}

TEST(a_name_that_is_not_utf8_stays_as_it_is)
{
    struct kr_tus_meta meta;
    EXPECT_OK(kr_tus_meta_parse(t->mem, "filename /y5qcGc=", &meta, &t->err));
    EXPECT(is_name(meta.name, "\xff.jpg"));
}

TEST(a_name_that_climbs_or_is_broken_is_refused)
{
    // "../x", "/etc/passwd", "a/../b", "a\0b", no base64, no number
    static const char *const bad[] = {"filename Li4veA==",
                                      "filename L2V0Yy9wYXNzd2Q=",
                                      "filename YS8uLi9i",
                                      "filename YQBi",
                                      "filename ?",
                                      "lastmodified c29vbg==",
                                      "lastmodified MTIzNDU2Nzg5MDEyMzQ1Njc4OTA="};
    struct kr_tus_meta meta;
    for (size_t i = 0; i < KR_COUNT(bad); i++)
        EXPECT_FAIL(kr_tus_meta_parse(t->mem, bad[i], &meta, &t->err), KR_E_USAGE);
}

TEST(a_patch_is_taken_only_where_the_bytes_end)
{
    (void)t;
    EXPECT_INT(kr_tus_patch(100, 40, "40", 60), 0);
    EXPECT_INT(kr_tus_patch(100, 40, "40", 10), 0);
    EXPECT_INT(kr_tus_patch(100, 40, "40", UINT64_MAX), 0);
    EXPECT_INT(kr_tus_patch(100, 100, "100", 0), 0); // asks for the result once more
    EXPECT_INT(kr_tus_patch(0, 0, "0", 0), 0);
    EXPECT_INT(kr_tus_patch(100, 40, "0", 60), 409);
    EXPECT_INT(kr_tus_patch(100, 40, "41", 1), 409);
    EXPECT_INT(kr_tus_patch(100, 40, "40", 61), 413);
    EXPECT_INT(kr_tus_patch(100, 100, "100", 1), 413);
    EXPECT_INT(kr_tus_patch(100, 40, NULL, 1), 400);
    EXPECT_INT(kr_tus_patch(100, 40, "-1", 1), 400);
    EXPECT_INT(kr_tus_patch(100, 40, "4o", 1), 400);
}

TEST(a_time_is_written_as_http_writes_it)
{
    (void)t;
    char text[KR_HTTP_DATE];
    kr_http_date(784111777000, text); // the example of RFC 9110
    EXPECT_STR(text, "Sun, 06 Nov 1994 08:49:37 GMT");
    kr_http_date(0, text);
    EXPECT_STR(text, "Thu, 01 Jan 1970 00:00:00 GMT");
    kr_http_date(951782400000, text);
    EXPECT_STR(text, "Tue, 29 Feb 2000 00:00:00 GMT");
}

MAIN(CASE(the_name_and_time_of_a_file_are_read), CASE(a_name_that_is_not_utf8_stays_as_it_is),
     CASE(a_name_that_climbs_or_is_broken_is_refused),
     CASE(a_patch_is_taken_only_where_the_bytes_end), CASE(a_time_is_written_as_http_writes_it))
