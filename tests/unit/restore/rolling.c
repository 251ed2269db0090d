// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/rolling.h"

#include "harness.h"
#include <math.h>

enum { FRAMES = 200, WIDTH = 640, HEIGHT = 360 };

static double unit(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (double)(*seed >> 8) / (1 << 24) - 0.5;
}

static double way(int axis, double at)
{
    return 9 * sin(2 * M_PI * 2.1 * at / 30 + axis) + 2 * sin(2 * M_PI * 8 * at / 30 + 2 * axis);
}

static double speed(int axis, double at)
{
    return (way(axis, at + 1e-3) - way(axis, at - 1e-3)) / 2e-3;
}

// What an eye finds while a sensor reads its lines within `readout` of a frame's time.
static void look(struct kr_motion *motion, double readout, bool upright, double noise)
{
    uint32_t seed = 7;
    for (int i = 0; i < FRAMES; i++) {
        double side = upright ? WIDTH : HEIGHT;
        double x = readout * (speed(0, i) - speed(0, i - 1)) / side;
        double y = readout * (speed(1, i) - speed(1, i - 1)) / side;
        motion[i] = (struct kr_motion){
            .dx = (float)(way(0, i) - way(0, i - 1)),
            .dy = (float)(way(1, i) - way(1, i - 1)),
            .turn = (float)(upright ? y / 2 : -x / 2),
            .grow = (float)(upright ? x / 2 : y / 2),
            .lean = (float)((upright ? y : x) + noise * unit(&seed)),
            .stretch = (float)((upright ? -x : y) + noise * unit(&seed)),
            .trust = i ? 0.9f : 0,
        };
    }
}

TEST(how_long_the_lines_take_is_found_whichever_way_they_run)
{
    for (int upright = 0; upright <= 1; upright++)
        for (double readout = -0.8; readout < 1; readout += 0.4) {
            struct kr_motion motion[FRAMES];
            look(motion, readout, upright, 0.002);
            struct kr_rolling found = kr_rolling_of(motion, FRAMES, WIDTH, HEIGHT);
            print_message("readout %.1f: %.3f\n", readout, found.readout);
            EXPECT_NEAR(found.readout, fabs(readout) < 0.1 ? 0 : readout, 0.1);
            EXPECT(found.readout == 0 || found.upright == upright);
        }
}

TEST(the_bend_of_a_frame_is_its_speed_and_no_turn_is_left)
{
    struct kr_motion motion[FRAMES];
    double before[2] = {0, 0}, k[2], worst = 0, left = 0;
    look(motion, 0.6, false, 0.001);
    struct kr_rolling found = kr_rolling_of(motion, FRAMES, WIDTH, HEIGHT);
    for (int i = 3; i < FRAMES - 4; i++) {
        kr_rolling_bend(&found, motion, FRAMES, (size_t)i, WIDTH, HEIGHT, k);
        worst = fmax(worst, fabs(k[0] * HEIGHT - 0.6 * speed(0, i)));
        if (i > 3) {
            kr_rolling_unturn(&found, before, k, &motion[i]);
            left = fmax(left, fabs((double)motion[i].turn));
        }
        memcpy(before, k, sizeof before);
    }
    EXPECT(worst < 0.5); // px between the first line and the last; 3.5 uncorrected
    EXPECT(left < 0.001);
}

TEST(what_speed_does_not_explain_is_left_alone)
{
    struct kr_motion motion[FRAMES];
    look(motion, 0.5, false, 0.2); // corners that jump about
    EXPECT(kr_rolling_of(motion, FRAMES, WIDTH, HEIGHT).readout == 0);
    EXPECT(kr_rolling_of(motion, 20, WIDTH, HEIGHT).readout == 0);
    EXPECT(kr_rolling_of(motion, 0, WIDTH, HEIGHT).readout == 0);
    memset(motion, 0, sizeof motion); // a stand
    EXPECT(kr_rolling_of(motion, FRAMES, WIDTH, HEIGHT).readout == 0);
}

MAIN(CASE(how_long_the_lines_take_is_found_whichever_way_they_run),
     CASE(the_bend_of_a_frame_is_its_speed_and_no_turn_is_left),
     CASE(what_speed_does_not_explain_is_left_alone))
