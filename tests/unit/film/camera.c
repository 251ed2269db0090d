// SPDX-License-Identifier: AGPL-3.0-or-later
#include "film/camera.h"

#include "harness.h"
#include <math.h>

static const double WHOLE[4] = {0, 0, 1, 1};

TEST(a_rectangle_is_shown_whole)
{
    (void)t;
    static const double rects[][4] = {{0, 0, 1, 1}, {0.5, 0.5, 0.5, 0.5}, {0.1, 0.7, 0.6, 0.2}};
    static const int sizes[][2] = {{4000, 3000}, {3000, 4000}, {1920, 1080}, {9000, 1000}};
    for (size_t r = 0; r < KR_COUNT(rects); r++)
        for (size_t s = 0; s < KR_COUNT(sizes); s++) {
            int w = sizes[s][0], h = sizes[s][1];
            struct kr_camera camera = kr_camera_of(rects[r], rects[r], w, h, 1920, 1080);
            double m[6];
            kr_camera_at(&camera, 0.3, m);
            EXPECT(m[2] <= rects[r][0] * w + 1e-6 && m[5] <= rects[r][1] * h + 1e-6);
            EXPECT(m[0] * 1920 + m[2] >= (rects[r][0] + rects[r][2]) * w - 1e-6);
            EXPECT(m[4] * 1080 + m[5] >= (rects[r][1] + rects[r][3]) * h - 1e-6);
        }
}

TEST(a_view_does_not_look_past_the_picture_where_it_need_not)
{
    (void)t;
    static const double corner[4] = {0, 0, 0.2, 0.4}; // upright: more is seen at its sides
    struct kr_camera camera = kr_camera_of(corner, corner, 1600, 900, 1920, 1080);
    double m[6];
    kr_camera_at(&camera, 0, m);
    EXPECT_NEAR(m[2], 0, 1e-6); // not left of the edge
    EXPECT_NEAR(m[5], 0, 1e-6);
}

// Seen from the picture: one point of it stays still while the camera nears.
TEST(nearing_goes_straight_and_evenly)
{
    (void)t;
    static const double near[4] = {0.3, 0.1, 0.5, 0.5};
    struct kr_camera camera = kr_camera_of(WHOLE, near, 3840, 2160, 1920, 1080);
    double first[6], m[6], last_log = 0, last_speed = 0;
    kr_camera_at(&camera, 0, first);
    // The point p of the frame with the same place in the picture in both views.
    double end[6];
    kr_camera_at(&camera, 1, end);
    double still = (end[2] - first[2]) / (first[0] - end[0]);
    for (int i = 0; i <= 200; i++) {
        kr_camera_at(&camera, i / 200.0, m);
        EXPECT_NEAR(m[0] * still + m[2], first[0] * still + first[2], 1e-6);
        double way = log(m[0] / first[0]), speed = way - last_log;
        if (i > 0)
            EXPECT(speed <= 1e-12); // never back
        if (i > 1)
            EXPECT_NEAR(speed, last_speed, 0.0005); // no jerk: of 0.69 in 200 steps
        last_log = way;
        last_speed = speed;
    }
    EXPECT_NEAR(end[0], first[0] / 2, 1e-9);
}

TEST(a_pan_without_nearing_moves_too)
{
    (void)t;
    static const double left[4] = {0, 0, 0.5, 0.5}, right[4] = {0.5, 0.5, 0.5, 0.5};
    struct kr_camera camera = kr_camera_of(left, right, 3840, 2160, 1920, 1080);
    double m[6];
    kr_camera_at(&camera, 0.5, m);
    EXPECT_NEAR(m[2], 960, 1e-6);
    EXPECT_NEAR(m[5], 540, 1e-6);
}

TEST(the_ease_begins_and_ends_at_rest)
{
    (void)t;
    EXPECT_NEAR(kr_ease(0), 0, 0);
    EXPECT_NEAR(kr_ease(1), 1, 1e-15);
    EXPECT_NEAR(kr_ease(0.5), 0.5, 1e-15);
    double d = 1e-3; // speed and acceleration at the ends
    EXPECT(kr_ease(d) / d < 1e-4 && kr_ease(d) / (d * d) < 0.02);
    EXPECT(kr_ease(-1) == 0 && kr_ease(7) == 1);
}

MAIN(CASE(a_rectangle_is_shown_whole),
     CASE(a_view_does_not_look_past_the_picture_where_it_need_not),
     CASE(nearing_goes_straight_and_evenly), CASE(a_pan_without_nearing_moves_too),
     CASE(the_ease_begins_and_ends_at_rest))
