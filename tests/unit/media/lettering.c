// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/lettering.h"
#include "made.h"
#include "media/start.h"

static struct kr_frame *set(struct kr_test *t, const struct kr_lettering *lettering)
{
    struct kr_frame *frame = NULL;
    EXPECT_OK(kr_media_start(&t->err));
    if (!kr_lettering_set(lettering, &frame, &t->err) && t->err.code == KR_E_NOT_FOUND)
        SKIP("no fonts");
    EXPECT_OK(frame != NULL);
    return frame;
}

static double ink_of(const struct kr_frame *frame)
{
    double ink = 0;
    for (int y = 0; y < frame->height; y++)
        for (int x = 0; x < frame->width; x++)
            ink += frame->plane[0][y * frame->stride[0] + 4 * x + 3];
    return ink / 255;
}

TEST(chinese_and_english_leave_ink)
{
    struct kr_lettering row = {.text = "奶奶在老屋门前",
                               .lang = "zh-CN",
                               .serif = true,
                               .size_px = 48,
                               .width_px = 800,
                               .colour = 0xFF8000};
    struct kr_frame *chinese = set(t, &row);
    EXPECT_NEAR(chinese->width, 7 * 48, 20);
    EXPECT(ink_of(chinese) > 48 * 48 * 7 * 0.08);
    row.text = "The house";
    row.lang = "en";
    struct kr_frame *english = set(t, &row);
    EXPECT(ink_of(english) > 48 * 48 * 0.3);
    bool orange = false;
    for (int x = 0; x < chinese->width * 4 && !orange; x += 4) {
        const uint8_t *at = chinese->plane[0] + chinese->height / 2 * chinese->stride[0] + x;
        orange = at[3] == 255 && at[0] == 255 && at[1] == 128 && at[2] == 0;
    }
    EXPECT(orange);
    kr_frame_destroy(&chinese);
    kr_frame_destroy(&english);
}

TEST(long_lines_wrap_and_bold_is_heavier)
{
    struct kr_lettering row = {
        .text = "家影家影家影家影家影家影", .lang = "zh-CN", .size_px = 30, .width_px = 1000};
    struct kr_frame *one = set(t, &row);
    row.width_px = 200;
    struct kr_frame *two = set(t, &row);
    EXPECT(two->width <= 204 && two->height > one->height * 3 / 2);
    row.bold = true;
    struct kr_frame *bold = set(t, &row);
    EXPECT(ink_of(bold) > ink_of(two) * 1.15);
    kr_frame_destroy(&one);
    kr_frame_destroy(&two);
    kr_frame_destroy(&bold);
}

TEST(absurd_sizes_are_refused)
{
    struct kr_frame *frame = NULL;
    struct kr_lettering row = {.text = "a", .lang = "en", .size_px = 1e9, .width_px = 100};
    EXPECT_OK(kr_media_start(&t->err));
    EXPECT_FAIL(kr_lettering_set(&row, &frame, &t->err), KR_E_TOO_BIG);
}

// A frame of one colour, half seen through.
static struct kr_frame *glass(struct kr_test *t, int width, int height, uint8_t alpha)
{
    struct kr_frame *frame = NULL;
    EXPECT_OK(kr_frame_create(KR_RGBA8, width, height, &frame, &t->err));
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            memcpy(frame->plane[0] + y * frame->stride[0] + 4 * x, (uint8_t[]){255, 0, 0, alpha},
                   4);
    return frame;
}

TEST(laying_over_blends_and_stays_inside)
{
    struct kr_frame *over = glass(t, 10, 6, 255), *rgb = NULL, *film = NULL;
    EXPECT_OK(kr_frame_create(KR_RGB8, 20, 12, &rgb, &t->err));
    EXPECT_OK(kr_frame_create(KR_YUV420, 21, 13, &film, &t->err));
    memset(rgb->plane[0], 100, (size_t)rgb->stride[0] * 12);
    kr_lay_over(over, 0.5, -5, -3, rgb);
    EXPECT_NEAR(rgb->plane[0][0], 178, 1);
    EXPECT_NEAR(rgb->plane[0][1], 50, 1);
    EXPECT_INT(rgb->plane[0][3 * rgb->stride[0]], 100);
    EXPECT_INT(rgb->plane[0][3 * 5], 100);
    static const int corners[][2] = {{-9, -5}, {18, 10}, {100, 100}, {-100, 3}, {0x7FFFFFF0, 1}};
    for (size_t i = 0; i < KR_COUNT(corners); i++)
        kr_lay_over(over, 1, corners[i][0], corners[i][1], rgb);
    made_film_frame(film, 0);
    kr_lay_over(over, 1, 15, 9, film);                             // over the border
    EXPECT_NEAR(film->plane[0][10 * film->stride[0] + 16], 63, 1); // BT.709 red
    EXPECT_NEAR(film->plane[1][5 * film->stride[1] + 8], 102, 1);
    EXPECT_NEAR(film->plane[2][5 * film->stride[2] + 8], 240, 1);
    EXPECT_INT(film->plane[0][0], 40);
    kr_frame_destroy(&over);
    kr_frame_destroy(&rgb);
    kr_frame_destroy(&film);
}

MAIN(CASE(chinese_and_english_leave_ink), CASE(long_lines_wrap_and_bold_is_heavier),
     CASE(absurd_sizes_are_refused), CASE(laying_over_blends_and_stays_inside))
