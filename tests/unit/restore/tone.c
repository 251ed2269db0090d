// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/tone_priv.h"

#include "harness.h"
#include <math.h>

enum { WIDTH = 83, CHROMA = 42, FINE = KR_TONE_FINE };

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

struct lines {
    uint16_t luma[2][WIDTH + 1], cb[CHROMA], cr[CHROMA];
    float gain[CHROMA], root[CHROMA];
    uint8_t to[4][WIDTH + 1];
};

static struct kr_tone_row row_of(struct lines *l)
{
    return (struct kr_tone_row){.luma = {l->luma[0], l->luma[1]},
                                .cb = l->cb,
                                .cr = l->cr,
                                .to_luma = {l->to[0], l->to[1]},
                                .to_cb = l->to[2],
                                .to_cr = l->to[3],
                                .gain = l->gain,
                                .root = l->root,
                                .width = WIDTH};
}

static void fill(struct lines *l, uint32_t seed)
{
    for (int i = 0; i <= WIDTH; i++)
        for (int j = 0; j < 2; j++)
            l->luma[j][i] = (uint16_t)(next(&seed) % (255 * FINE + 1));
    for (int i = 0; i < CHROMA; i++) {
        l->cb[i] = (uint16_t)(next(&seed) % (255 * FINE + 1));
        l->cr[i] = (uint16_t)(next(&seed) % (255 * FINE + 1));
        float stops = (float)(next(&seed) % 1000) / 200 - 0.7f;
        l->gain[i] = exp2f(stops);
        l->root[i] = exp2f(stops / 2.4f);
    }
}

TEST(vectors_give_the_same_bytes)
{
    struct kr_tone tone = {true, {{0.8f, 0.1f, 0}, {0.05f, 1, 0}, {0, 0.2f, 1.9f}}, 0.6f};
    for (uint32_t seed = 1; seed < 200; seed++) {
        struct lines a = {0}, b = {0};
        fill(&a, seed);
        fill(&b, seed);
        tone.mixes = seed % 2;
        tone.white = (float)(seed % 10) / 9;
        struct kr_tone_row one = row_of(&a), other = row_of(&b);
        kr_tone_rows(&tone, &one);
        kr_tone_samples(&tone, &other, 0, CHROMA);
        EXPECT(memcmp(a.to, b.to, sizeof a.to) == 0);
    }
}

// A grey ramp: brighter stays brighter, nothing grey gets a colour, white is reached.
TEST(a_gain_is_a_gain_in_linear_light)
{
    struct lines l = {0};
    struct kr_tone tone = {.white = 0.3f};
    for (int i = 0; i <= WIDTH; i++)
        l.luma[0][i] = l.luma[1][i] = (uint16_t)((16 + i) * FINE);
    for (int i = 0; i < CHROMA; i++) {
        l.cb[i] = l.cr[i] = 128 * FINE;
        l.gain[i] = 4;
        l.root[i] = exp2f(2 / 2.4f);
    }
    struct kr_tone_row row = row_of(&l);
    kr_tone_rows(&tone, &row);
    for (int i = 1; i < WIDTH; i++)
        EXPECT(l.to[0][i] >= l.to[0][i - 1]);
    for (int i = 20; i < WIDTH && l.to[0][i] < 180; i++) {
        double was = pow((i / 219.0 + 0.055) / 1.055, 2.4);
        double is = pow(((l.to[0][i] - 16) / 219.0 + 0.055) / 1.055, 2.4);
        EXPECT_NEAR(is / was, 4, 0.25);
    }
    EXPECT(l.to[0][0] == 16 && l.to[2][10] == 128 && l.to[3][40] == 128);
}

MAIN(CASE(vectors_give_the_same_bytes), CASE(a_gain_is_a_gain_in_linear_light))
