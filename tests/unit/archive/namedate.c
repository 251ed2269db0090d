// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/namedate.h"
#include "base/clock.h"
#include "harness.h"

// Names, and what they tell.
static const struct {
    const char *name, *edtf, *source;
    enum kr_namedate_kind kind;
} told[] = {
    {"IMG_20200827_231612.jpg", "2020-08-27T23:16:12", "filename", KR_NAME_CAPTURED},
    {"IMG_20200827_231612_123.jpg", "2020-08-27T23:16:12", "filename", KR_NAME_CAPTURED},
    {"VID_20191220_170832.mp4", "2019-12-20T17:08:32", "filename", KR_NAME_CAPTURED},
    {"IMG20190321110422.jpg", "2019-03-21T11:04:22", "filename", KR_NAME_CAPTURED},
    {"20190321_110422.jpg", "2019-03-21T11:04:22", "filename", KR_NAME_CAPTURED},
    {"2019-03-21 11.04.22.jpg", "2019-03-21T11:04:22", "filename", KR_NAME_CAPTURED},
    {"PXL_20231006_063000139.jpg", "2023-10-06T06:30:00Z", "filename", KR_NAME_CAPTURED},
    {"PXL_20231006_063000139.MP.jpg", "2023-10-06T06:30:00Z", "filename", KR_NAME_CAPTURED},
    {"wx_camera_1500000000000.jpg", "2017-07-14T02:40:00Z", "filename", KR_NAME_CAPTURED},
    {"IMG-20191006-WA0002.jpg", "2019-10-06", "filename-sent", KR_NAME_SENT},
    {"WhatsApp Image 2019-10-06 at 12.34.56.jpeg", "2019-10-06T12:34:56", "filename-sent",
     KR_NAME_SENT},
    {"photo_2019-03-21_11-04-22.jpg", "2019-03-21T11:04:22", "filename-sent", KR_NAME_SENT},
    {"微信图片_20190321110422.jpg", "2019-03-21T11:04:22", "filename-sent", KR_NAME_SENT},
    {"mmexport1553137462000.jpg", "2019-03-21T03:04:22Z", "filename-saved", KR_NAME_SAVED},
    {"12_mmexport1553137462000.jpg", "2019-03-21T03:04:22Z", "filename-saved", KR_NAME_SAVED},
    {"mmexport1553137462000_2.jpg", "2019-03-21T03:04:22Z", "filename-saved", KR_NAME_SAVED},
    {"IMG_20200827_231612 (1).jpg", "2020-08-27T23:16:12", "filename", KR_NAME_CAPTURED},
    {"Screenshot_2021-05-06-07-08-09.png", "2021-05-06T07:08:09", "filename", KR_NAME_SCREEN},
    {"Screenshot_20210506-070809.png", "2021-05-06T07:08:09", "filename", KR_NAME_SCREEN},
    {"屏幕截图 2021-05-06 070809.png", "2021-05-06T07:08:09", "filename", KR_NAME_SCREEN},
    {"Scan_20190412.tif", "2019-04-12", "filename-scan", KR_NAME_SCANNED},
    {"扫描_2019-04-12.pdf", "2019-04-12", "filename-scan", KR_NAME_SCANNED},
    {"CamScanner 2019-04-12 10.11.12.jpg", "2019-04-12T10:11:12", "filename-scan", KR_NAME_SCANNED},
    {"1985-06 wedding.jpg", "1985-06", "filename", KR_NAME_WRITTEN},
    {"1985-06-06 wedding.jpg", "1985-06-06", "filename", KR_NAME_WRITTEN},
    {"198X.jpg", "198X", "filename", KR_NAME_WRITTEN},
    {"198x village.jpg", "198X", "filename", KR_NAME_WRITTEN},
    {"1976春节.jpg", "1976-01-31~", "filename", KR_NAME_WRITTEN},
    {"1985年夏天 老屋.jpg", "1985-22", "filename", KR_NAME_WRITTEN},
    {"八十年代全家福.jpg", "198X", "filename", KR_NAME_WRITTEN},
    {"wedding 1985.jpg", "1985", "filename", KR_NAME_WRITTEN},
    {"wedding_1985.jpg", "1985", "filename", KR_NAME_WRITTEN},
    {"1985 wedding.jpg", "1985", "filename", KR_NAME_WRITTEN},
    {"婚礼1985.jpg", "1985", "filename", KR_NAME_WRITTEN},
    {"summer 1985 at the lake.jpg", "1985-22", "filename", KR_NAME_WRITTEN},
    {"grandma around 1950.jpg", "1950~", "filename", KR_NAME_WRITTEN},
    {"一九五二年 爷爷参军.jpg", "1952", "filename", KR_NAME_WRITTEN},
    {"民国三十年 太公.jpg", "1941", "filename", KR_NAME_WRITTEN},
    {"1985-21.jpg", "1985", "filename", KR_NAME_WRITTEN}, // the 21st of them, not spring
    {"1985_001.jpg", "1985", "filename", KR_NAME_WRITTEN},
};

TEST(a_name_tells_when_and_what_its_day_is_the_day_of)
{
    for (size_t i = 0; i < KR_COUNT(told); i++) {
        struct kr_namedate said;
        bool any = kr_namedate_of_file(kr_str_of(told[i].name), 0, &said);
        if (!any || strcmp(said.date.text, told[i].edtf) != 0)
            print_message("%s: %s\n", told[i].name, any ? said.date.text : "nothing");
        EXPECT(any);
        EXPECT_STR(said.date.text, told[i].edtf);
        EXPECT_STR(said.source, told[i].source);
        EXPECT_INT(said.kind, told[i].kind);
        EXPECT(said.saved == (told[i].kind == KR_NAME_SAVED));
        EXPECT(said.scan == (told[i].kind == KR_NAME_SCANNED));
        EXPECT(said.has_wall == (said.date.second >= 0));
    }
    (void)t;
}

TEST(counters_and_impossible_days_say_nothing)
{
    static const char *const names[] = {"DSC_1985.jpg",
                                        "IMG_2019.jpg",
                                        "IMG 1985.jpg",
                                        "DSCF1985.JPG",
                                        "DSC01985.JPG",
                                        "100_1985.jpg",
                                        "P1985.jpg",
                                        "1985.jpg",
                                        "照片1985.jpg",
                                        "scan1985.jpg",
                                        "scan001985.jpg",
                                        "IMG_20201327_231612.jpg",
                                        "IMG_20990101_101010.jpg",
                                        "IMG_18250101_101010.jpg",
                                        "2099 party.jpg",
                                        "20年同学会.jpg",
                                        "received_1985678901234567.jpeg",
                                        "photo.jpg",
                                        "",
                                        ".jpg",
                                        "IMG_20200230_101010.jpg",
                                        "mmexport12.jpg",
                                        "GOPR1985.MP4",
                                        "abc1985def.jpg",
                                        "0001.jpg",
                                        "12345678.jpg",
                                        "20191399.jpg",
                                        "wx_camera_9999999999999.jpg"};
    for (size_t i = 0; i < KR_COUNT(names); i++) {
        struct kr_namedate said;
        bool any = kr_namedate_of_file(kr_str_of(names[i]), 0, &said);
        if (any)
            print_message("%s: %s\n", names[i], said.date.text);
        EXPECT(!any);
    }
    (void)t;
}

TEST(a_camera_is_surer_than_a_messenger_and_that_than_the_day_of_saving)
{
    static const char *const falling[] = {"IMG_20200827_231612.jpg", "1985-06 wedding.jpg",
                                          "IMG-20191006-WA0002.jpg", "mmexport1553137462000.jpg"};
    double before = 1;
    for (size_t i = 0; i < KR_COUNT(falling); i++) {
        struct kr_namedate said;
        EXPECT(kr_namedate_of_file(kr_str_of(falling[i]), 0, &said));
        EXPECT(said.certain < before);
        before = said.certain;
    }
    (void)t;
}

TEST(a_moment_is_told_on_the_clock_of_the_house)
{
    struct kr_namedate said;
    EXPECT(kr_namedate_of_file(kr_str_of("mmexport1553184262000.jpg"), 480, &said));
    EXPECT_STR(said.date.text, "2019-03-22T00:04:22+08:00"); // still the day before in London
    EXPECT_INT(said.wall_ms, kr_days_of(2019, 3, 22) * 86400000 + 262000);
    EXPECT(kr_namedate_of_file(kr_str_of("PXL_20231006_003000139.jpg"), -120, &said));
    EXPECT_STR(said.date.text, "2023-10-05T22:30:00-02:00");
    EXPECT(kr_namedate_of_file(kr_str_of("IMG_20200827_231612.jpg"), 480, &said));
    EXPECT_STR(said.date.text, "2020-08-27T23:16:12"); // a wall clock needs no zone
    (void)t;
}

TEST(folders_say_it_less_surely)
{
    static const char *const rows[][2] = {{"1985", "1985"},
                                          {"2019-03-21 北京", "2019-03-21"},
                                          {"1985年夏天 老屋", "1985-22"},
                                          {"Photos from 2023", "2023"},
                                          {"1976-1978 乡下", "1976/1978"},
                                          {"80年代", "198X"}};
    static const char *const silent[] = {"DCIM",          "100CANON", "Camera", "IMG_1985",
                                         "Scan_20190412", "春节12",   ""};
    struct kr_namedate said, file;
    for (size_t i = 0; i < KR_COUNT(rows); i++) {
        bool any = kr_namedate_of_folder(kr_str_of(rows[i][0]), &said);
        if (!any || strcmp(said.date.text, rows[i][1]) != 0)
            print_message("%s: %s\n", rows[i][0], any ? said.date.text : "nothing");
        EXPECT(any);
        EXPECT_STR(said.date.text, rows[i][1]);
        EXPECT_STR(said.source, "folder");
    }
    for (size_t i = 0; i < KR_COUNT(silent); i++)
        EXPECT(!kr_namedate_of_folder(kr_str_of(silent[i]), &said));
    EXPECT(kr_namedate_of_folder(kr_str_of("1985 老屋"), &said));
    EXPECT(kr_namedate_of_file(kr_str_of("1985 老屋.jpg"), 0, &file));
    EXPECT(said.certain < file.certain);
    (void)t;
}

TEST(bytes_that_are_no_text_do_no_harm)
{
    struct kr_namedate said;
    EXPECT(kr_namedate_of_file(KR_STR("\xC4\xCC\xC4\xCC 1985-06.jpg"), 0, &said));
    EXPECT_STR(said.date.text, "1985-06");
    EXPECT(!kr_namedate_of_file(KR_STR("1985\0-06.jpg"), 0, &said));
    char *endless = kr_arena_alloc(t->mem, 5000);
    memset(endless, '1', 4999);
    EXPECT(!kr_namedate_of_file(kr_str_of(endless), 0, &said));
}

MAIN(CASE(a_name_tells_when_and_what_its_day_is_the_day_of),
     CASE(counters_and_impossible_days_say_nothing),
     CASE(a_camera_is_surer_than_a_messenger_and_that_than_the_day_of_saving),
     CASE(a_moment_is_told_on_the_clock_of_the_house), CASE(folders_say_it_less_surely),
     CASE(bytes_that_are_no_text_do_no_harm))
