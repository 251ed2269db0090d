// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/whites.h"

#include "harness.h"
#include <math.h>

enum { WIDTH = 64, HEIGHT = 48 };

static double unit(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) / (double)(1 << 24);
}

// A few muted colours and greys under a lamp; softly shaded, as things are.
static void room_under(const double lamp[3], struct kr_whites *whites)
{
    float linear[3 * WIDTH * HEIGHT];
    struct kr_small small = {.width = WIDTH, .height = HEIGHT, .cell = 8, .linear = linear};
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            uint32_t seed = (uint32_t)(y / 7 * 100 + x / 9) * 2654435761u + 41u;
            double grey = 0.05 + 0.8 * pow(unit(&seed), 2), colour = unit(&seed) < 0.3 ? 0 : 0.5;
            double shade = 0.8 + 0.1 * sin(x * 0.9) + 0.1 * sin(y * 1.1);
            for (int c = 0; c < 3; c++)
                linear[3 * (y * WIDTH + x) + c] =
                    (float)(lamp[c] * shade * grey * (1 - colour * unit(&seed)));
        }
    *whites = (struct kr_whites){0};
    kr_whites_add(whites, &small);
}

static double angle(const double a[3], const double b[3])
{
    double dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    double aa = a[0] * a[0] + a[1] * a[1] + a[2] * a[2];
    double bb = b[0] * b[0] + b[1] * b[1] + b[2] * b[2];
    return acos(fmin(dot / sqrt(aa * bb), 1)) * 180 / M_PI;
}

TEST(the_light_is_found)
{
    static const double lamps[][3] = {{1, 1, 1}, {1, 0.62, 0.3}, {0.75, 0.9, 1}, {0.85, 1, 0.72}};
    struct kr_whites whites;
    struct kr_white white;
    for (size_t i = 0; i < KR_COUNT(lamps); i++) {
        room_under(lamps[i], &whites);
        kr_whites_judge(&whites, &white);
        print_message("off by %.1f degrees, trust %.2f\n", angle(white.light, lamps[i]),
                      white.trust);
        EXPECT(angle(white.light, lamps[i]) < 7); // of 0, 23, 12 and 10
        EXPECT(white.warm == (i == 1));
    }
}

TEST(what_is_taken_away_is_that_light)
{
    static const double lamp[3] = {1, 0.62, 0.3};
    double m[3][3], out[3], luma[2] = {0, 0};
    kr_whites_matrix(lamp, 1, m);
    for (int i = 0; i < 3; i++) {
        static const double of[3] = {0.2126, 0.7152, 0.0722};
        out[i] = m[i][0] * lamp[0] + m[i][1] * lamp[1] + m[i][2] * lamp[2];
        luma[0] += of[i] * lamp[i];
        luma[1] += of[i] * out[i];
    }
    EXPECT(angle(out, (const double[3]){1, 1, 1}) < 0.2);
    EXPECT_NEAR(luma[1], luma[0], 0.01);
    kr_whites_matrix(lamp, 0, m);
    for (int i = 0; i < 9; i++)
        EXPECT_NEAR(m[i / 3][i % 3], i % 4 == 0, 1e-9);
}

TEST(nothing_is_told_of_nothing)
{
    static const double none[3] = {0, 0, 0};
    struct kr_whites whites = {0};
    struct kr_white white;
    kr_whites_judge(&whites, &white);
    EXPECT(white.trust == 0 && white.cast == 0);
    room_under(none, &whites);
    kr_whites_judge(&whites, &white);
    EXPECT(white.trust == 0 && white.light[1] == 1);
}

// A wall, brighter toward the lamp, with the noise that is left in the means of cells.
TEST(a_wall_may_be_of_that_colour)
{
    static const double paint[3] = {0.8, 0.6, 0.42};
    float linear[3 * WIDTH * HEIGHT];
    struct kr_small small = {.width = WIDTH, .height = HEIGHT, .cell = 8, .linear = linear};
    struct kr_whites whites = {0};
    struct kr_white white;
    uint32_t seed = 3;
    for (int i = 0; i < 3 * WIDTH * HEIGHT; i++)
        linear[i] = (float)(paint[i % 3] * (0.3 + 0.5 * (i / 3 % WIDTH) / WIDTH) *
                            (0.98 + 0.04 * unit(&seed)));
    kr_whites_add(&whites, &small);
    kr_whites_judge(&whites, &white);
    EXPECT(white.cast > 8 && white.trust < 0.05);
}

MAIN(CASE(a_wall_may_be_of_that_colour), CASE(the_light_is_found),
     CASE(what_is_taken_away_is_that_light), CASE(nothing_is_told_of_nothing))
