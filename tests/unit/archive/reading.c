// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/reading.h"
#include "archive_test.h"
#include <stdlib.h>
#include <time.h>

static const struct kr_sniff jpeg = {
    .kind = KR_SNIFF_PHOTO, .mime = "image/jpeg", .ending = "jpg", .name = "JPEG picture"};

static json_t *parse(struct kr_test *t, const char *text)
{
    json_t *value = NULL;
    EXPECT_OK(kr_json_parse(kr_str_of(text), 1 << 20, &value, &t->err));
    return value;
}

static const struct kr_said *said(const struct kr_reading *reading, const char *predicate)
{
    for (size_t i = 0; i < reading->n; i++)
        if (strcmp(reading->said[i].predicate, predicate) == 0)
            return &reading->said[i];
    return NULL;
}

// All that is said of one predicate: "who value", one after another.
static const char *all_said(struct kr_test *t, const struct kr_reading *reading,
                            const char *predicate)
{
    struct kr_buf out = {0};
    for (size_t i = 0; i < reading->n; i++)
        if (strcmp(reading->said[i].predicate, predicate) == 0)
            kr_buf_format(&out, "%s%s %s", out.n ? " | " : "", reading->said[i].who,
                          kr_json_canonical(t->mem, reading->said[i].value));
    const char *copy = kr_arena_copy(t->mem, out.at ? out.at : "", out.n);
    kr_buf_finish(&out);
    return copy;
}

static struct kr_reading of_path(struct kr_test *t, const char *path)
{
    struct kr_reading reading = {.mem = t->mem};
    kr_reading_path(&reading, kr_str_of(path));
    return reading;
}

static struct kr_reading of_look(struct kr_test *t, const char *json)
{
    struct kr_reading reading = {.mem = t->mem};
    KR_AUTO(kr_json_drop) json_t *look = parse(t, json);
    kr_reading_look(&reading, &jpeg, look);
    return reading;
}

TEST(names_tell_days_and_of_what_they_are_the_day)
{
    struct kr_reading camera = of_path(t, "/x/IMG_20190321_110422.jpg");
    EXPECT_STR(all_said(t, &camera, "date"),
               "filename {\"edtf\":\"2019-03-21\",\"wall\":\"2019-03-21T11:04:22\"}");
    struct kr_reading saved = of_path(t, "/x/mmexport1553137462000.jpg");
    EXPECT(said(&saved, "saved") && !said(&saved, "date"));
    struct kr_reading scan = of_path(t, "/x/Scan_20190412.jpg");
    EXPECT(said(&scan, "scanned") && !said(&scan, "date"));
    struct kr_reading folder = of_path(t, "/x/1985 老屋/DSC_1990.jpg");
    EXPECT_STR(all_said(t, &folder, "date"), "folder {\"edtf\":\"1985\"}");
    struct kr_reading nothing = of_path(t, "picture.jpg");
    EXPECT_INT(nothing.n, 0);
}

// A name in UTC is told by the clock that held on its own day, not by today's.
TEST(summer_and_winter_have_their_own_clocks)
{
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
    struct kr_reading summer = of_path(t, "/x/PXL_20230706_120000000.jpg");
    struct kr_reading winter = of_path(t, "/x/PXL_20230106_120000000.jpg");
    EXPECT_STR(all_said(t, &summer, "date"),
               "filename {\"edtf\":\"2023-07-06\",\"wall\":\"2023-07-06T14:00:00\"}");
    EXPECT_STR(all_said(t, &winter, "date"),
               "filename {\"edtf\":\"2023-01-06\",\"wall\":\"2023-01-06T13:00:00\"}");
    unsetenv("TZ");
    tzset();
}

TEST(a_file_says_when_and_a_scanner_only_when_it_scanned)
{
    struct kr_reading shot =
        of_look(t, "{\"kind\":\"photo\",\"mime\":\"image/jpeg\",\"meta\":{\"dates\":["
                   "{\"source\":\"exif\",\"tag\":\"DateTimeOriginal\","
                   "\"wall\":\"2019-03-21T11:04:22\",\"offset\":\"+08:00\"}]}}");
    EXPECT_STR(all_said(t, &shot, "date"),
               "exif {\"edtf\":\"2019-03-21\",\"offset\":\"+08:00\",\"tag\":\"DateTimeOriginal\","
               "\"wall\":\"2019-03-21T11:04:22\"}");
    EXPECT(said(&shot, "date")->certain > 0.8);
    struct kr_reading scan =
        of_look(t, "{\"meta\":{\"is_scan\":true,\"dates\":[{\"source\":\"exif\","
                   "\"tag\":\"DateTimeOriginal\",\"wall\":\"2019-03-21T11:04:22\"}]}}");
    EXPECT(said(&scan, "scanned") && !said(&scan, "date"));
}

TEST(a_clock_that_was_never_set_and_days_that_cannot_be_say_nothing)
{
    static const char *const walls[] = {"1970-01-01T00:00:00",
                                        "2000-01-01T00:00:03",
                                        "1810-01-01T10:00:00",
                                        "2190-01-01T10:00:00",
                                        "2019-13-01T10:00:00",
                                        "0000-00-00T00:00:00",
                                        ""};
    for (size_t i = 0; i < KR_COUNT(walls); i++) {
        struct kr_reading reading = of_look(
            t, kr_arena_format(t->mem, "{\"meta\":{\"dates\":[{\"wall\":\"%s\"}]}}", walls[i]));
        EXPECT(!said(&reading, "date"));
    }
    struct kr_reading noon =
        of_look(t, "{\"meta\":{\"dates\":[{\"wall\":\"2000-01-01T12:00:00\"}]}}");
    EXPECT(said(&noon, "date"));
}

TEST(what_a_camera_writes_for_a_caption_is_none)
{
    struct kr_reading camera = of_look(t, "{\"meta\":{\"caption\":\"OLYMPUS DIGITAL CAMERA\"}}");
    EXPECT(!said(&camera, "caption"));
    struct kr_reading person = of_look(t, "{\"meta\":{\"caption\":\" \\n奶奶在老屋门前\"}}");
    EXPECT_STR(all_said(t, &person, "caption"), "file \"奶奶在老屋门前\"");
    EXPECT_STR(said(&person, "caption")->who, "file");
}

// Whatever took over the decoder may answer anything.
TEST(a_lying_answer_becomes_no_claim_of_a_person_and_no_header)
{
    struct kr_reading lie = of_look(
        t, "{\"kind\":\"owner\",\"mime\":\"text/html\\r\\nX: y\",\"preview\":\"javascript:1\","
           "\"damaged\":\"a\\u0007b\",\"meta\":{\"dates\":[{\"source\":\"owner\","
           "\"wall\":\"1985-06-01T10:00:00\"}],\"keywords\":[{\"a\":1},7,\"\",\"桥\"],"
           "\"caption\":\"e\\u0301\\u0001\",\"regions\":[7,{\"name\":\"奶奶\",\"x\":0.5,"
           "\"evil\":{}}]}}");
    EXPECT_STR(all_said(t, &lie, "seen"),
               "kinreel {\"damaged\":\"a b\",\"kind\":\"photo\",\"mime\":\"image/jpeg\"}");
    EXPECT_STR(said(&lie, "date")->who, "file");
    EXPECT_STR(all_said(t, &lie, "keyword"), "file \"桥\"");
    EXPECT_STR(all_said(t, &lie, "caption"), "file \"é \"");
    const struct kr_said *region = said(&lie, "region");
    EXPECT(region && !kr_json_get(region->value, "evil"));
}

TEST(one_monstrous_claim_is_left_out_and_the_rest_stays)
{
    struct kr_reading reading = {.mem = t->mem};
    struct kr_buf long_text = {0};
    while (long_text.n < 300000)
        kr_buf_text(&long_text, "more and more of it ");
    kr_reading_add(&reading, "gps", json_string(long_text.at), "exif", 0.9);
    kr_reading_add(&reading, "title", json_string("short"), "exif", 0.9);
    kr_buf_finish(&long_text);
    EXPECT_INT(reading.n, 1);
    EXPECT_STR(reading.said[0].predicate, "title");
}

TEST(a_tiny_picture_becomes_what_a_page_can_show)
{
    struct kr_reading reading = of_look(t, "{\"preview\":\"UklGRg==\",\"phash\":\"00ff\"}");
    EXPECT_STR(kr_json_str(said(&reading, "seen")->value, "preview", ""),
               "data:image/webp;base64,UklGRg==");
    EXPECT_STR(kr_json_str(said(&reading, "seen")->value, "phash", ""), "00ff");
    reading = of_look(t, "{\"flat\":true,\"phash\":\"00ff\"}");
    EXPECT(!kr_json_get(said(&reading, "seen")->value, "phash"));
}

TEST(a_takeout_note_tells_moment_place_people_and_love)
{
    struct kr_reading reading = {.mem = t->mem};
    KR_AUTO(kr_json_drop)
    json_t *note =
        parse(t, "{\"dates\":[{\"ms\":1696573868000,\"certain\":0.6}],\"caption\":\"桥\","
                 "\"gps\":{\"lat\":48.8,\"lon\":2.3},\"people\":[\"奶奶\",\"\"],"
                 "\"favourite\":true}");
    kr_reading_takeout(&reading, note);
    EXPECT_STR(all_said(t, &reading, "date"),
               "sidecar {\"edtf\":\"2023-10-06\",\"offset\":\"+00:00\","
               "\"wall\":\"2023-10-06T06:31:08\"}");
    EXPECT_STR(all_said(t, &reading, "person"), "sidecar \"奶奶\"");
    EXPECT_STR(all_said(t, &reading, "caption"), "sidecar \"桥\"");
    EXPECT_STR(all_said(t, &reading, "favourite"), "sidecar true");
    EXPECT(said(&reading, "gps"));
}

TEST(files_speak_as_files_and_everybody_else_is_a_person)
{
    EXPECT(kr_is_source("exif") && kr_is_source("filename-sent") && kr_is_source("kinreel"));
    EXPECT(!kr_is_source("owner") && !kr_is_source("奶奶") && !kr_is_source("") &&
           !kr_is_source("0190a1b2-c3d4-7000-8000-000000000001"));
}

MAIN(CASE(names_tell_days_and_of_what_they_are_the_day),
     CASE(summer_and_winter_have_their_own_clocks),
     CASE(a_file_says_when_and_a_scanner_only_when_it_scanned),
     CASE(a_clock_that_was_never_set_and_days_that_cannot_be_say_nothing),
     CASE(what_a_camera_writes_for_a_caption_is_none),
     CASE(a_lying_answer_becomes_no_claim_of_a_person_and_no_header),
     CASE(one_monstrous_claim_is_left_out_and_the_rest_stays),
     CASE(a_tiny_picture_becomes_what_a_page_can_show),
     CASE(a_takeout_note_tells_moment_place_people_and_love),
     CASE(files_speak_as_files_and_everybody_else_is_a_person))
