// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/shots.h"

#include "harness.h"
#include <math.h>

enum { WIDTH = 320, HEIGHT = 180, FRAMES = 12 };

// A room of soft patches, seen from `x` on, under a lamp; another room for another seed.
static void see(struct kr_frame *f, uint32_t room, int x0, double lamp)
{
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            double at = x + x0 + room * 61.0;
            double v = 0.5 + 0.25 * sin(at * 0.021 * (1 + room % 3)) * cos(y * 0.04 + room) +
                       0.2 * sin(at * 0.11 + y * 0.07 * room);
            f->plane[0][y * f->stride[0] + x] =
                (uint8_t)lrint(fmin(fmax(16 + 219 * lamp * v * v, 16), 235));
        }
}

static struct kr_frame *blank(struct kr_test *t)
{
    struct kr_frame *frame = NULL;
    EXPECT_OK(kr_frame_create(KR_YUV420, WIDTH, HEIGHT, &frame, &t->err));
    return frame;
}

TEST(a_lamp_that_flickers_cuts_nothing)
{
    struct kr_frame *f = blank(t);
    for (double part = 0.13; part < 0.3; part += 0.12) {
        struct kr_shots shots = {0};
        for (int i = 0; i < FRAMES; i++) {
            see(f, 1, 2 * i, 1 + (i % 2 ? part : -part));
            EXPECT(kr_shots_begins(&shots, f) == (i == 0));
        }
    }
    kr_frame_destroy(&f);
}

TEST(a_pan_cuts_nothing)
{
    struct kr_frame *f = blank(t);
    struct kr_shots shots = {0};
    for (int i = 0; i < FRAMES; i++) {
        see(f, 1, WIDTH / 10 * i, 1);
        EXPECT(kr_shots_begins(&shots, f) == (i == 0));
    }
    kr_frame_destroy(&f);
}

TEST(another_room_is_another_shot_though_it_flickers)
{
    struct kr_frame *f = blank(t);
    struct kr_shots shots = {0};
    for (int i = 0; i < FRAMES; i++) {
        see(f, i < 6 ? 1 : 2, i, (i < 6 ? 1 : 0.5) * (i % 2 ? 1.13 : 0.87));
        EXPECT(kr_shots_begins(&shots, f) == (i == 0 || i == 6));
    }
    kr_frame_destroy(&f);
}

MAIN(CASE(a_lamp_that_flickers_cuts_nothing), CASE(a_pan_cuts_nothing),
     CASE(another_room_is_another_shot_though_it_flickers))
