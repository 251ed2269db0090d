// SPDX-License-Identifier: AGPL-3.0-or-later
#include "harness.h"
#include "media/sniff_priv.h"

static enum kr_kind kind_of(const char *bytes, size_t n, const char *ending)
{
    char head[64] = {0};
    memcpy(head, bytes, n);
    return kr_sniff((struct kr_str){head, sizeof head}, ending).kind;
}
#define KIND(bytes, ending) kind_of((bytes), sizeof(bytes) - 1, (ending))

TEST(bytes_tell_and_endings_lie)
{
    (void)t;
    EXPECT_INT(KIND("\xFF\xD8\xFF\xE1", "png"), KR_KIND_JPEG);
    EXPECT_INT(KIND("\x89PNG\r\n\x1A\n", "jpg"), KR_KIND_PNG);
    EXPECT_INT(KIND("\0\0\0\x20"
                    "ftypheic",
                    "jpg"),
               KR_KIND_HEIC);
    EXPECT_INT(KIND("\0\0\0\x20"
                    "ftypisom",
                    "heic"),
               KR_KIND_FILM);
    EXPECT_INT(KIND("RIFF\1\2\3\4WEBP", ""), KR_KIND_WEBP);
    EXPECT_INT(KIND("RIFF\1\2\3\4AVI ", ""), KR_KIND_FILM);
    EXPECT_INT(KIND("\xFF\xFB\x90\x44", ""), KR_KIND_FILM);
    EXPECT_INT(KIND("Dear all", "jpg"), KR_KIND_UNKNOWN);
}

TEST(a_camera_file_is_known_before_the_tiff_it_looks_like)
{
    (void)t;
    EXPECT_INT(KIND("II*\0\x10\0\0\0CR\2\0", "tif"), KR_KIND_RAW);
    EXPECT_INT(KIND("II*\0\x08\0\0\0", "nef"), KR_KIND_RAW);
    EXPECT_INT(KIND("MM\0*\0\0\0\x08", "tif"), KR_KIND_TIFF);
    EXPECT_INT(KIND("II*\0\x08\0\0\0\1\0\x12\xC6\1\0\4\0\0\0\1\4\0\0", ""), KR_KIND_RAW); // DNG
    EXPECT_INT(KIND("FUJIFILMCCD-RAW ", ""), KR_KIND_RAW);
}

TEST(a_head_cut_anywhere_is_no_harm)
{
    (void)t;
    static const char head[] = "II*\0\x08\0\0\0\xFF\xFF\x12\xC6\1\0\4\0\0\0\1\4\0\0";
    for (size_t n = 0; n < sizeof head; n++) {
        char *exact = malloc(n + 1);
        memcpy(exact, head, n);
        kr_sniff((struct kr_str){exact, n}, "nef");
        kr_sniff((struct kr_str){exact, n}, "");
        free(exact);
    }
}

MAIN(CASE(bytes_tell_and_endings_lie), CASE(a_camera_file_is_known_before_the_tiff_it_looks_like),
     CASE(a_head_cut_anywhere_is_no_harm))
