// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/guided.h"

#include "harness.h"
#include <math.h>

enum { WIDTH = 60, HEIGHT = 40 };

static float *room_for(int width, int height)
{
    return kr_new_array(float, kr_guided_room(width, height));
}

TEST(noise_goes_and_an_edge_stays)
{
    float v[WIDTH * HEIGHT], *room = room_for(WIDTH, HEIGHT);
    uint32_t seed = 7;
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        seed = seed * 1664525u + 1013904223u;
        v[i] = (i % WIDTH < WIDTH / 2 ? -6.0f : 0.0f) + (float)(seed >> 20) / 4096 * 0.4f - 0.2f;
    }
    kr_guided(v, WIDTH, HEIGHT, 4, 0.4f, v, room);
    double dark = 0, bright = 0;
    for (int y = 0; y < HEIGHT; y++) {
        dark = fmax(dark, fabs((double)v[y * WIDTH + WIDTH / 2 - 1] + 6));
        bright = fmax(bright, fabs((double)v[y * WIDTH + WIDTH / 2]));
        EXPECT(fabsf(v[y * WIDTH + 10] + 6) < 0.08f); // it was 0.2
    }
    EXPECT(dark < 0.6 && bright < 0.6); // a mean would give 3 there
    kr_free(&room);
}

TEST(tiny_pictures_keep_their_mean)
{
    for (int size = 1; size < 4; size++) {
        float v[9] = {1, 1, 1, 1, 1, 1, 1, 1, 1}, *room = room_for(size, size);
        kr_guided(v, size, size, 15, 0.4f, v, room);
        EXPECT_NEAR((double)v[0], 1, 1e-5);
        kr_free(&room);
    }
}

MAIN(CASE(noise_goes_and_an_edge_stays), CASE(tiny_pictures_keep_their_mean))
