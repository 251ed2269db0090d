// SPDX-License-Identifier: AGPL-3.0-or-later
#include "film/yuv.h"

#include "harness.h"

static struct kr_frame *frame(struct kr_test *t, enum kr_pixels pixels, int w, int h)
{
    struct kr_frame *out = NULL;
    EXPECT_OK(kr_frame_create(pixels, w, h, &out, &t->err));
    return out;
}

static void fill_rgb(struct kr_frame *rgb, int r, int g, int b)
{
    for (int y = 0; y < rgb->height; y++)
        for (int x = 0; x < rgb->width; x++) {
            uint8_t *at = rgb->plane[0] + y * rgb->stride[0] + 3 * x;
            at[0] = (uint8_t)r;
            at[1] = (uint8_t)g;
            at[2] = (uint8_t)b;
        }
}

// Values from ITU-R BT.709, computed in double precision and rounded.
TEST(known_colours_have_their_known_values)
{
    static const struct {
        int rgb[3], yuv[3];
    } known[] = {
        {{0, 0, 0}, {16, 128, 128}},        {{255, 255, 255}, {235, 128, 128}},
        {{255, 0, 0}, {63, 102, 240}},      {{0, 255, 0}, {173, 42, 26}},
        {{0, 0, 255}, {32, 240, 118}},      {{128, 128, 128}, {126, 128, 128}},
        {{246, 242, 234}, {224, 124, 130}},
    };
    KR_AUTO(kr_frame_destroy) struct kr_frame *rgb = frame(t, KR_RGB8, 5, 3);
    KR_AUTO(kr_frame_destroy) struct kr_frame *yuv = frame(t, KR_YUV420, 5, 3);
    for (size_t i = 0; i < KR_COUNT(known); i++) {
        const int *c = known[i].rgb;
        uint8_t flat[3];
        fill_rgb(rgb, c[0], c[1], c[2]);
        kr_yuv_of_rgb(rgb, yuv);
        kr_yuv_of_colour((uint32_t)(c[0] << 16 | c[1] << 8 | c[2]), flat);
        for (int p = 0; p < 3; p++) {
            EXPECT_INT(yuv->plane[p][0], known[i].yuv[p]);
            EXPECT_INT(yuv->plane[p][p ? yuv->stride[p] + 2 : 2 * yuv->stride[p] + 4],
                       known[i].yuv[p]);
            EXPECT_INT(flat[p], known[i].yuv[p]);
        }
    }
}

TEST(there_and_back_stays_within_a_step_and_greys_stay_grey)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *rgb = frame(t, KR_RGB8, 4, 4);
    KR_AUTO(kr_frame_destroy) struct kr_frame *back = frame(t, KR_RGB8, 4, 4);
    KR_AUTO(kr_frame_destroy) struct kr_frame *yuv = frame(t, KR_YUV420, 4, 4);
    double sum = 0;
    for (int grey = 0; grey < 256; grey++) {
        fill_rgb(rgb, grey, grey, grey);
        kr_yuv_of_rgb(rgb, yuv);
        EXPECT(yuv->plane[1][0] == 128 && yuv->plane[2][0] == 128);
        kr_rgb_of_yuv(yuv, back);
        EXPECT(abs(back->plane[0][0] - grey) <= 1);
        sum += back->plane[0][0] - grey;
    }
    EXPECT(sum / 256 < 0.1 && sum / 256 > -0.1); // no bias
}

TEST(a_cross_fade_goes_from_one_to_the_other)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *a = frame(t, KR_YUV420, 64, 6);
    KR_AUTO(kr_frame_destroy) struct kr_frame *b = frame(t, KR_YUV420, 64, 6);
    kr_yuv_fill(a, 0x000000);
    kr_yuv_fill(b, 0xFFFFFF);
    kr_yuv_blend(a, b, 0);
    EXPECT_INT(a->plane[0][63], 16);
    kr_yuv_blend(a, b, 128);
    EXPECT_INT(a->plane[0][63], 126);
    kr_yuv_blend(a, b, 256);
    EXPECT_INT(a->plane[0][63], 235);
}

TEST(a_rectangle_stays_inside_the_frame)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *yuv = frame(t, KR_YUV420, 20, 10);
    kr_yuv_fill(yuv, 0);
    kr_yuv_rect(yuv, -4, 6, 8, 100, 0xFFFFFF);
    EXPECT_INT(yuv->plane[0][6 * yuv->stride[0] + 3], 235);
    EXPECT_INT(yuv->plane[0][6 * yuv->stride[0] + 4], 16);
    EXPECT_INT(yuv->plane[0][9 * yuv->stride[0]], 235);
    EXPECT_INT(yuv->plane[0][5 * yuv->stride[0]], 16);
}

MAIN(CASE(known_colours_have_their_known_values),
     CASE(there_and_back_stays_within_a_step_and_greys_stay_grey),
     CASE(a_cross_fade_goes_from_one_to_the_other), CASE(a_rectangle_stays_inside_the_frame))
