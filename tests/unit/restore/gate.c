// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/gate.h"

#include "harness.h"
#include <math.h>

enum { W = 320, H = 240, FRAMES = 60, CUT = 40 };
enum kind { FILM, HAND };

static double chance(uint32_t *state) // -1 .. 1
{
    *state = *state * 1664525U + 1013904223U;
    return (*state >> 8) / (double)(1 << 23) - 1;
}

static double scene(double x, double y)
{
    double sum = 0;
    for (int k = 0; k < 8; k++) {
        double angle = 2.39996 * k, pitch = 0.06 * pow(1.25, k);
        sum += 14 * sin((x * cos(angle) + y * sin(angle)) * pitch + 1.7 * k);
    }
    return fmin(fmax(128 + sum, 0), 255);
}

static void paint(struct kr_frame *f, double dx, double dy, double light)
{
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++)
            f->plane[0][y * f->stride[0] + x] =
                (uint8_t)lrint(fmin(light * scene(x - dx, y - dy), 255));
    for (int p = 1; p < 3; p++)
        for (int y = 0; y < H / 2; y++)
            memset(f->plane[p] + y * f->stride[p], 128, W / 2);
}

struct seen {
    double measure, kept;
    double before, after; // squares of what frames jump by against their neighbours, px
};

// A pan of 1 px a frame, and a sway; film jumps up to 3 px besides and its light flickers.
static void place(enum kind kind, int i, uint32_t *state, double out[2])
{
    out[0] = i + 6 * sin(i * 0.15);
    out[1] = 4 * sin(i * 0.2 + 1);
    for (int k = 0; k < 2; k++)
        out[k] += kind == FILM ? 3 * chance(state) : 0;
}

static double third(const double v[4])
{
    return pow(v[3] - 3 * v[2] + 3 * v[1] - v[0], 2);
}

static struct seen watch(struct kr_test *t, enum kind kind, double strength)
{
    struct kr_gate *gate = NULL;
    struct kr_frame *frame = NULL;
    struct seen seen = {0};
    struct kr_motion motion;
    double at[2], was[2][FRAMES], is[2][FRAMES];
    uint32_t state = 9;
    EXPECT_OK(kr_gate_create(W, H, &gate, &t->err));
    EXPECT_OK(kr_frame_create(KR_YUV420, W, H, &frame, &t->err));
    for (int i = 0; i < FRAMES; i++) {
        place(kind, i, &state, at);
        was[0][i] = at[0];
        was[1][i] = at[1];
        paint(frame, at[0], at[1], kind == FILM ? 0.8 + 0.08 * chance(&state) : 0.8);
        kr_gate_study(gate, frame, i == 0 || i == CUT, &motion);
    }
    seen.measure = kr_gate_measure(gate);
    seen.kept = kr_gate_settle(gate, strength);
    for (int i = 0; i < FRAMES; i++) {
        double m[6];
        kr_gate_map(gate, (size_t)i, m);
        EXPECT(m[2] >= -1e-6 && m[5] >= -1e-6 && m[0] * W + m[2] <= W + 1e-6 &&
               m[4] * H + m[5] <= H + 1e-6);
        is[0][i] = was[0][i] - m[2];
        is[1][i] = was[1][i] - m[5];
    }
    for (int k = 0; k < 2; k++)
        for (int i = 4; i < CUT - 4; i++) {
            seen.before += third(was[k] + i - 3);
            seen.after += third(is[k] + i - 3);
        }
    kr_frame_destroy(&frame);
    kr_gate_destroy(&gate);
    print_message("%.2f px, kept %.3f; %.1f, then %.1f\n", seen.measure, seen.kept, seen.before,
                  seen.after);
    return seen;
}

TEST(film_that_weaves_is_held_and_no_border_shows)
{
    struct seen seen = watch(t, FILM, 1);
    EXPECT(fabs(seen.measure - sqrt(6)) < 0.4);
    EXPECT(seen.kept >= 0.95 && seen.kept < 0.99);
    EXPECT(seen.after < 0.05 * seen.before);
}

TEST(a_hand_that_sways_is_no_weaving)
{
    EXPECT(watch(t, HAND, 1).measure == 0);
}

TEST(what_may_be_cut_follows_the_strength_and_what_fits_is_held_all_the_way)
{
    struct seen all = watch(t, FILM, 1), usual = watch(t, FILM, 0.8), little = watch(t, FILM, 0.2);
    EXPECT(usual.after < 1.5 * all.after);
    EXPECT(little.kept >= 0.99 && little.after < little.before && little.after > 4 * usual.after);
    EXPECT(watch(t, FILM, 0).kept == 1);
}

MAIN(CASE(film_that_weaves_is_held_and_no_border_shows), CASE(a_hand_that_sways_is_no_weaving),
     CASE(what_may_be_cut_follows_the_strength_and_what_fits_is_held_all_the_way))
