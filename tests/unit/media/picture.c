// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/picture.h"
#include "made.h"
#include "media/exif_priv.h"
#include "media/map_priv.h"
#include "media/start.h"
#include <math.h>
#include <unistd.h>
#include <vips/vips.h>

// Red, green, blue and white quarters, in reading order.
static struct kr_frame *quarters(struct kr_test *t, int width, int height)
{
    static const uint8_t colours[4][3] = {
        {230, 30, 30}, {30, 200, 30}, {30, 30, 220}, {250, 250, 250}};
    struct kr_frame *frame = NULL;
    EXPECT_OK(kr_media_start(&t->err));
    EXPECT_OK(kr_frame_create(KR_RGB8, width, height, &frame, &t->err));
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            memcpy(frame->plane[0] + y * frame->stride[0] + 3 * x,
                   colours[2 * (y >= height / 2) + (x >= width / 2)], 3);
    return frame;
}

// Which of the four colours lies in a quarter: 'R', 'G', 'B', 'W'.
static char colour_at(const struct kr_frame *frame, int quarter)
{
    int w = frame->width / 2, h = frame->height / 2;
    double rgb[3];
    for (int c = 0; c < 3; c++)
        rgb[c] =
            made_mean(frame, quarter % 2 * w + w / 4, quarter / 2 * h + h / 4, w / 2, h / 2, c);
    bool r = rgb[0] > 128, g = rgb[1] > 128, b = rgb[2] > 128;
    return r && g && b ? 'W' : r ? 'R' : g ? 'G' : b ? 'B' : '?';
}

// A JPEG of the picture with an EXIF block that asks for a turn.
static int turned_jpeg(struct kr_test *t, const struct kr_frame *frame, int orientation)
{
    uint8_t head[] = {0xFF, 0xD8, 0xFF, 0xE1, 0,   34,  'E',  'x',
                      'i',  'f',  0,    0,    'M', 'M', 0,    42,
                      0,    0,    0,    8,    0,   1,   0x01, 0x12,
                      0,    3,    0,    0,    0,   1,   0,    (uint8_t)orientation,
                      0,    0,    0,    0,    0,   0};
    int plain = made_picture_file(t, frame, KR_JPEG, 95), fd = made_file();
    struct kr_str all;
    lseek(plain, 0, SEEK_SET);
    EXPECT_OK(kr_read_all(t->mem, plain, 1 << 22, &all, &t->err));
    EXPECT_OK(kr_write_all(fd, head, sizeof head, &t->err));
    EXPECT_OK(kr_write_all(fd, all.at + 2, all.n - 2, &t->err));
    close(plain);
    return fd;
}

TEST(all_eight_orientations_come_upright)
{
    // What is stored as R G / B W is shown as (EXIF 2.3, tag 0112):
    static const char *const shown[9] = {[1] = "RGBW", [2] = "GRWB", [3] = "WBGR", [4] = "BWRG",
                                         [5] = "RBGW", [6] = "BRWG", [7] = "WGBR", [8] = "GWRB"};
    struct kr_frame *frame = quarters(t, 96, 64);
    for (int o = 1; o <= 8; o++) {
        struct kr_frame *upright = NULL;
        struct kr_picture_params params = KR_PICTURE_DEFAULTS;
        int fd = turned_jpeg(t, frame, o);
        EXPECT_OK(kr_picture_load(fd, &params, &upright, &t->err));
        EXPECT_INT(upright->width, o >= 5 ? 64 : 96);
        char is[5] = {0};
        for (int q = 0; q < 4; q++)
            is[q] = colour_at(upright, q);
        EXPECT_STR(is, shown[o]);
        kr_frame_destroy(&upright);
        close(fd);
    }
    kr_frame_destroy(&frame);
}

TEST(sixteen_bits_survive_png_and_tiff)
{
    static const enum kr_picture_format formats[] = {KR_PNG, KR_TIFF};
    struct kr_frame *frame = made_picture(t, KR_RGB16, 61, 40);
    for (size_t i = 0; i < KR_COUNT(formats); i++) {
        struct kr_frame *again = NULL;
        struct kr_picture_params params = KR_PICTURE_DEFAULTS;
        int fd = made_picture_file(t, frame, formats[i], 90);
        params.pixels = KR_RGB16;
        EXPECT_OK(kr_picture_load(fd, &params, &again, &t->err));
        for (int y = 0; y < 40; y++)
            EXPECT(memcmp(frame->plane[0] + y * frame->stride[0],
                          again->plane[0] + y * again->stride[0], 61 * 6) == 0);
        kr_frame_destroy(&again);
        close(fd);
    }
    kr_frame_destroy(&frame);
}

TEST(a_fitted_picture_is_the_same_but_smaller)
{
    static const int sizes[] = {2000, 700, 300, 100, 17};
    struct kr_frame *frame = quarters(t, 1600, 1200);
    int fd = made_picture_file(t, frame, KR_JPEG, 95);
    for (size_t i = 0; i < KR_COUNT(sizes); i++) {
        struct kr_frame *small = NULL;
        struct kr_picture_params params = KR_PICTURE_DEFAULTS;
        params.fit = sizes[i];
        EXPECT_OK(kr_picture_load(fd, &params, &small, &t->err));
        EXPECT_INT(small->width, sizes[i] > 1600 ? 1600 : sizes[i]);
        EXPECT_NEAR(small->height, small->width * 0.75, 0.51);
        EXPECT(colour_at(small, 0) == 'R' && colour_at(small, 3) == 'W');
        kr_frame_destroy(&small);
    }
    close(fd);
    kr_frame_destroy(&frame);
}

TEST(alpha_is_laid_on_white)
{
    VipsImage *see_through = NULL;
    void *bytes = NULL;
    size_t n = 0;
    struct kr_frame *frame = NULL;
    struct kr_picture_params params = KR_PICTURE_DEFAULTS;
    EXPECT_OK(kr_media_start(&t->err));
    EXPECT(vips_black(&see_through, 20, 20, "bands", 4, NULL) == 0);
    see_through->Type = VIPS_INTERPRETATION_sRGB;
    EXPECT(vips_pngsave_buffer(see_through, &bytes, &n, NULL) == 0);
    int fd = kr_test_bytes(bytes, n);
    EXPECT_OK(kr_picture_load(fd, &params, &frame, &t->err));
    EXPECT_NEAR(made_mean(frame, 0, 0, 20, 20, 1), 255, 0);
    g_object_unref(see_through);
    g_free(bytes);
    close(fd);
    kr_frame_destroy(&frame);
}

TEST(ink_and_wide_gamut_become_srgb)
{
    struct kr_frame *frame = NULL;
    struct kr_picture_params params = KR_PICTURE_DEFAULTS;
    VipsImage *srgb = NULL, *p3 = NULL, *ink = NULL, *one = NULL;
    void *bytes = NULL;
    size_t n = 0;
    double orange[] = {240, 120, 40};
    EXPECT_OK(kr_media_start(&t->err));
    EXPECT(vips_black(&one, 32, 32, "bands", 3, NULL) == 0);
    EXPECT(vips_linear(one, &srgb, (double[]){1, 1, 1}, orange, 3, "uchar", TRUE, NULL) == 0);
    srgb->Type = VIPS_INTERPRETATION_sRGB;
    EXPECT(vips_icc_transform(srgb, &p3, "p3", "input_profile", "srgb", NULL) == 0);
    EXPECT(vips_pngsave_buffer(p3, &bytes, &n, NULL) == 0);
    int fd = kr_test_bytes(bytes, n);
    EXPECT_OK(kr_picture_load(fd, &params, &frame, &t->err));
    for (int c = 0; c < 3; c++)
        EXPECT_NEAR(made_mean(frame, 0, 0, 32, 32, c), orange[c], 3);
    g_free(bytes);
    close(fd);
    kr_frame_destroy(&frame);
    EXPECT(vips_icc_transform(srgb, &ink, "cmyk", "input_profile", "srgb", NULL) == 0);
    EXPECT(vips_jpegsave_buffer(ink, &bytes, &n, "Q", 100, NULL) == 0);
    fd = kr_test_bytes(bytes, n);
    EXPECT_OK(kr_picture_load(fd, &params, &frame, &t->err));
    for (int c = 0; c < 3; c++) // a press reaches less of it
        EXPECT_NEAR(made_mean(frame, 0, 0, 32, 32, c), orange[c], 30);
    g_free(bytes);
    close(fd);
    kr_frame_destroy(&frame);
    VipsImage *all[] = {srgb, p3, ink, one};
    for (size_t i = 0; i < KR_COUNT(all); i++)
        g_object_unref(all[i]);
}

TEST(half_a_photograph_is_shown_as_far_as_it_goes)
{
    struct kr_frame *frame = quarters(t, 640, 480), *half = NULL;
    struct kr_picture_params params = KR_PICTURE_DEFAULTS;
    int fd = made_picture_file(t, frame, KR_JPEG, 95);
    off_t size = lseek(fd, 0, SEEK_END);
    EXPECT(ftruncate(fd, size * 6 / 10) == 0);
    EXPECT_OK(kr_picture_load(fd, &params, &half, &t->err));
    EXPECT_INT(half->height, 480);
    EXPECT(colour_at(half, 0) == 'R' && colour_at(half, 1) == 'G');
    kr_frame_destroy(&half);
    EXPECT(ftruncate(fd, 300) == 0);
    EXPECT_FAIL(kr_picture_load(fd, &params, &half, &t->err), KR_E_DAMAGED);
    close(fd);
    kr_frame_destroy(&frame);
}

TEST(what_is_no_picture_is_unsupported_and_a_bomb_too_big)
{
    struct kr_frame *frame = NULL;
    struct kr_picture_params params = KR_PICTURE_DEFAULTS;
    EXPECT_OK(kr_media_start(&t->err));
    int text = kr_test_bytes("just a letter home", 18), none = kr_test_bytes("", 0);
    EXPECT_FAIL(kr_picture_load(text, &params, &frame, &t->err), KR_E_UNSUPPORTED);
    EXPECT_FAIL(kr_picture_load(none, &params, &frame, &t->err), KR_E_UNSUPPORTED);
    struct kr_frame *small = quarters(t, 200, 200);
    int fd = made_picture_file(t, small, KR_PNG, 90);
    params.most_pixels = 39999;
    EXPECT_FAIL(kr_picture_load(fd, &params, &frame, &t->err), KR_E_TOO_BIG);
    close(text);
    close(none);
    close(fd);
    kr_frame_destroy(&small);
}

TEST(metadata_goes_along_but_the_turn_is_done)
{
    struct kr_frame *frame = quarters(t, 96, 64), *upright = NULL;
    struct kr_picture_params params = KR_PICTURE_DEFAULTS;
    struct kr_picture_save_params save = KR_PICTURE_SAVE_DEFAULTS;
    int from = turned_jpeg(t, frame, 6), to = made_file();
    EXPECT_OK(kr_picture_load(from, &params, &upright, &t->err));
    save.metadata_from = from;
    EXPECT_OK(kr_picture_save(upright, to, &save, &t->err));
    struct kr_map map;
    EXPECT_OK(kr_map_open(to, &map, &t->err));
    GExiv2Metadata *metadata = kr_exif_of_file(map.bytes);
    EXPECT(metadata && gexiv2_metadata_has_exif(metadata));
    EXPECT_INT(kr_exif_orientation(metadata), 1);
    kr_exif_close(&metadata);
    kr_map_close(&map);
    close(from);
    close(to);
    kr_frame_destroy(&frame);
    kr_frame_destroy(&upright);
}

TEST(bmp_and_pixmap_are_read_without_libvips)
{
    // 2 x 2, bottom row first: blue white / red green (24 bit BMP)
    static const uint8_t bmp[] = {'B', 'M', 70,  0,   0, 0, 0,  0,  0,    0,  54,   0,  0,    0,
                                  40,  0,   0,   0,   2, 0, 0,  0,  2,    0,  0,    0,  1,    0,
                                  24,  0,   0,   0,   0, 0, 16, 0,  0,    0,  0,    0,  0,    0,
                                  0,   0,   0,   0,   0, 0, 0,  0,  0,    0,  0,    0,  0xDC, 30,
                                  30,  250, 250, 250, 0, 0, 30, 30, 0xE6, 30, 0xC8, 30, 0,    0};
    static const char binary[] = "P6 1 1 255\n\x0A\xC8\x1E";
    struct kr_frame *frame = NULL;
    struct kr_picture_params params = KR_PICTURE_DEFAULTS;
    EXPECT_OK(kr_media_start(&t->err));
    int fd = kr_test_bytes(bmp, sizeof bmp);
    EXPECT_OK(kr_picture_load(fd, &params, &frame, &t->err));
    EXPECT_INT(frame->plane[0][0], 0xE6);
    EXPECT_INT(frame->plane[0][frame->stride[0] + 2], 0xDC);
    kr_frame_destroy(&frame);
    close(fd);
    fd = kr_test_bytes(binary, sizeof binary - 1);
    EXPECT_OK(kr_picture_load(fd, &params, &frame, &t->err));
    EXPECT_INT(frame->plane[0][1], 200);
    kr_frame_destroy(&frame);
    close(fd);
}

TEST(formats_are_known_by_their_endings)
{
    (void)t;
    enum kr_picture_format format = KR_JPEG;
    EXPECT(kr_picture_format_of("grandma.TIFF", &format) && format == KR_TIFF);
    EXPECT(kr_picture_format_of("webp", &format) && format == KR_WEBP);
    EXPECT(!kr_picture_format_of("a.bmp", &format) && !kr_picture_format_of("", &format));
}

MAIN(CASE(all_eight_orientations_come_upright), CASE(sixteen_bits_survive_png_and_tiff),
     CASE(a_fitted_picture_is_the_same_but_smaller), CASE(alpha_is_laid_on_white),
     CASE(ink_and_wide_gamut_become_srgb), CASE(half_a_photograph_is_shown_as_far_as_it_goes),
     CASE(what_is_no_picture_is_unsupported_and_a_bomb_too_big),
     CASE(metadata_goes_along_but_the_turn_is_done), CASE(bmp_and_pixmap_are_read_without_libvips),
     CASE(formats_are_known_by_their_endings))
