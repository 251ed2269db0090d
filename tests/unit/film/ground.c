// SPDX-License-Identifier: AGPL-3.0-or-later
#include "film/ground.h"

#include "film/yuv.h"
#include "harness.h"

static struct kr_frame *frame(struct kr_test *t, int w, int h, uint32_t colour)
{
    struct kr_frame *out = NULL;
    EXPECT_OK(kr_frame_create(KR_YUV420, w, h, &out, &t->err));
    kr_yuv_fill(out, colour);
    return out;
}

TEST(the_ground_is_dark_and_soft_and_of_the_pictures_own_light)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *picture = frame(t, 300, 400, 0x404040);
    KR_AUTO(kr_frame_destroy) struct kr_frame *ground = frame(t, 160, 90, 0);
    kr_yuv_rect(picture, 150, 0, 150, 400, 0xFFFFFF); // a hard edge
    kr_ground_blur(picture, ground);
    const uint8_t *row = ground->plane[0] + 45 * ground->stride[0];
    EXPECT(row[0] < row[80] && row[80] < row[159]); // left dark, right bright
    EXPECT(row[159] < 125);                         // never as bright as the picture
    for (int x = 1; x < 160; x++)
        EXPECT(row[x] - row[x - 1] <= 6); // nothing sharp is left
    EXPECT(abs(ground->plane[1][0] - 128) <= 1 && abs(ground->plane[2][0] - 128) <= 1);
}

// The picture's left edge lies at x = 10.25 and its top at y = -5 (outside).
TEST(an_edge_is_drawn_to_a_fraction_of_a_pixel)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *ground = frame(t, 40, 20, 0x000000);
    KR_AUTO(kr_frame_destroy) struct kr_frame *out = frame(t, 40, 20, 0xFFFFFF);
    static const double m[6] = {1, 0, -10.25, 0, 1, 5};
    EXPECT(kr_ground_shows(m, 100, 100, 40, 20));
    kr_ground_around(ground, m, 100, 100, out);
    EXPECT_INT(out->plane[0][9], 16);
    EXPECT_NEAR(out->plane[0][10], 16 + 0.75 * 219, 1);
    EXPECT_INT(out->plane[0][11], 235);
    EXPECT_INT(out->plane[0][39], 235);
}

TEST(a_view_inside_the_picture_shows_no_ground)
{
    (void)t;
    static const double inside[6] = {1, 0, 5, 0, 1, 5}, exact[6] = {2, 0, 0, 0, 2, 0};
    EXPECT(!kr_ground_shows(inside, 100, 100, 40, 20));
    EXPECT(!kr_ground_shows(exact, 80, 40, 40, 20));
    EXPECT(kr_ground_shows(exact, 79, 40, 40, 20));
}

MAIN(CASE(the_ground_is_dark_and_soft_and_of_the_pictures_own_light),
     CASE(an_edge_is_drawn_to_a_fraction_of_a_pixel),
     CASE(a_view_inside_the_picture_shows_no_ground))
