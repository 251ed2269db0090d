// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/jitter_priv.h"

#include "harness.h"
#include <math.h>

enum { W = 320, H = 160, FRAMES = 30 };

static struct kr_frame *frame_of(struct kr_test *t)
{
    struct kr_frame *frame = NULL;
    EXPECT_OK(kr_frame_create(KR_YUV420, W, H, &frame, &t->err));
    return frame;
}

static double chance(uint32_t *state) // -1 .. 1
{
    *state = *state * 1664525U + 1013904223U;
    return (*state >> 8) / (double)(1 << 23) - 1;
}

static double scene(double x, double y)
{
    return 128 + 40 * sin(x * 0.11 + 2 * sin(y * 0.05)) + 25 * sin(x * 0.31 - y * 0.04) +
           20 * sin(x * 0.019 + y * 0.13);
}

// The camera pans by 1.5 px a frame; each line begins `away` px too far to the right.
static void paint(struct kr_frame *f, int number, const float *away)
{
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < kr_frame_plane_height(f, p); y++)
            for (int x = 0; x < (int)kr_frame_row_bytes(f, p); x++) {
                double line = p ? 2 * y + 0.5 : y, by = away ? (double)away[p ? 2 * y : y] : 0;
                double at = (p ? 2 * x : x) - by + 1.5 * number;
                double v = p ? 128 + (scene(at, line) - 128) / 3 : scene(at, line);
                f->plane[p][y * f->stride[p] + x] = (uint8_t)lrint(v);
            }
    f->at_us = 40000 * (int64_t)number;
}

// Waves down the frame, anew in each, and a little of each line's own: some 1.4 px.
static void tremble(uint32_t *state, float *away)
{
    double phase[4];
    for (int k = 0; k < 4; k++)
        phase[k] = 4 * chance(state);
    for (int y = 0; y < H; y++) {
        double by = 0.5 * chance(state);
        for (int k = 0; k < 4; k++)
            by += sin(y * (0.13 + 0.05 * k) + phase[k]);
        away[y] = (float)by;
    }
}

struct squares {
    double before, after;
    int count;
};

static double apart(const struct kr_frame *a, const struct kr_frame *b)
{
    double sum = 0;
    for (int y = 0; y < H; y++)
        for (int x = 8; x < W - 8; x++)
            sum += pow(a->plane[0][y * a->stride[0] + x] - b->plane[0][y * b->stride[0] + x], 2);
    return sum;
}

static void take(struct kr_jitter *jitter, struct kr_frame *truth, struct squares *s)
{
    for (;;) {
        KR_AUTO(kr_frame_destroy) struct kr_frame *out = NULL;
        bool begins;
        kr_jitter_pull(jitter, 1, &out, &begins);
        if (!out)
            return;
        paint(truth, s->count, NULL);
        EXPECT(out->at_us == truth->at_us && begins == (s->count == 0));
        s->after += apart(out, truth);
        s->count++;
    }
}

static struct squares watch(struct kr_test *t, bool worn, double *measure)
{
    struct kr_frame *frame = frame_of(t), *truth = frame_of(t);
    struct kr_jitter *jitter = NULL;
    struct squares s = {0};
    float away[H];
    EXPECT_OK(kr_jitter_create(W, H, &jitter, &t->err));
    for (int pass = 0; pass < 2; pass++) {
        uint32_t state = 5;
        for (int i = 0; i < FRAMES; i++) {
            tremble(&state, away);
            paint(frame, i, worn ? away : NULL);
            paint(truth, i, NULL);
            if (pass == 0) {
                kr_jitter_study(jitter, frame, i == 0);
                continue;
            }
            s.before += apart(frame, truth);
            EXPECT_OK(kr_jitter_push(jitter, frame, i == 0, &t->err));
            take(jitter, truth, &s);
        }
    }
    kr_jitter_end(jitter);
    take(jitter, truth, &s);
    *measure = kr_jitter_measure(jitter);
    kr_jitter_destroy(&jitter);
    kr_frame_destroy(&frame);
    kr_frame_destroy(&truth);
    print_message("%.2f px; %.0f, then %.0f\n", *measure, s.before, s.after);
    return s;
}

TEST(lines_that_tremble_are_straightened)
{
    double measure;
    struct squares s = watch(t, true, &measure);
    EXPECT(s.count == FRAMES);
    EXPECT(fabs(measure - 1.42) < 0.3);
    EXPECT(s.after < 0.25 * s.before); // of squares: half of the way is left at the most
}

TEST(a_pan_does_not_look_like_lines_that_tremble)
{
    double measure;
    struct squares s = watch(t, false, &measure);
    EXPECT(s.count == FRAMES);
    EXPECT(measure < 0.1);
}

TEST(a_shift_moves_luma_and_colour_together)
{
    struct kr_frame *frame = frame_of(t), *truth = frame_of(t);
    float away[H];
    for (int y = 0; y < H; y++)
        away[y] =
            (float)(3 * sin(y / 2 * 0.2)); // NOLINT(bugprone-integer-division): pairs of lines
    paint(frame, 0, away);
    paint(truth, 0, NULL);
    kr_jitter_shift(frame, away);
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < kr_frame_plane_height(frame, p); y++)
            for (int x = 8; x + 8 < (int)kr_frame_row_bytes(frame, p); x++)
                EXPECT(abs(frame->plane[p][y * frame->stride[p] + x] -
                           truth->plane[p][y * truth->stride[p] + x]) <= 2);
    kr_frame_destroy(&frame);
    kr_frame_destroy(&truth);
}

MAIN(CASE(lines_that_tremble_are_straightened), CASE(a_pan_does_not_look_like_lines_that_tremble),
     CASE(a_shift_moves_luma_and_colour_together))
