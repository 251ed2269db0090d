// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/tape_priv.h"

#include "restore/window.h"

#include "harness.h"
#include <math.h>

enum { W = 240, H = 160, FRAMES = 24, TORN = 6, LATE = 4 };

static struct kr_frame *frame_of(struct kr_test *t, int width, int height)
{
    struct kr_frame *frame = NULL;
    EXPECT_OK(kr_frame_create(KR_YUV420, width, height, &frame, &t->err));
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < kr_frame_plane_height(frame, p); y++)
            memset(frame->plane[p] + y * frame->stride[p], 128, kr_frame_row_bytes(frame, p));
    return frame;
}

static double chance(uint32_t *state) // -1 .. 1, like two dice
{
    double sum = 0;
    for (int i = 0; i < 2; i++) {
        *state = *state * 1664525U + 1013904223U;
        sum += (*state >> 8) / (double)(1 << 24) - 0.5;
    }
    return sum;
}

// Coloured patches on a soft ground; the camera pans by 2 px a frame.
static void paint(struct kr_frame *f, int number)
{
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < kr_frame_plane_height(f, p); y++)
            for (size_t i = 0; i < kr_frame_row_bytes(f, p); i++) {
                int x = (p ? 2 * (int)i : (int)i) + 2 * number, row = p ? 2 * y : y;
                int patch = (x / 40 * 7 + row / 32 * 5) % 6;
                double v = p == 0   ? 70 + 18 * patch + 8 * sin(x * 0.4) + 8 * cos(row * 0.5)
                           : p == 1 ? 98 + 12 * patch
                                    : 158 - 11 * patch;
                f->plane[p][y * f->stride[p] + (ptrdiff_t)i] = (uint8_t)lrint(v);
            }
}

// As a tape gives it back: colours late and snowing in streaks, luma noisy, the last lines torn.
static void wear(struct kr_frame *f, uint32_t *state)
{
    for (int p = 0; p < 3; p++) {
        int n = (int)kr_frame_row_bytes(f, p), late = p ? LATE / 2 : 0;
        for (int y = 0; y < kr_frame_plane_height(f, p); y++) {
            uint8_t *row = f->plane[p] + y * f->stride[p];
            double snow = 0;
            for (int x = n - 1; x >= 0; x--) {
                if (!p || x % 6 == 5)
                    snow = (p ? 44 : 14) * chance(state);
                row[x] = (uint8_t)fmin(fmax(row[x >= late ? x - late : 0] + snow, 0), 255);
            }
        }
    }
    for (int y = H - TORN; y < H; y++)
        for (int x = 0; x < W; x++)
            f->plane[0][y * f->stride[0] + x] = (uint8_t)(128 + 90 * chance(state));
}

static double error_of(const struct kr_frame *a, const struct kr_frame *b, int plane)
{
    double sum = 0, n = 0;
    for (int y = 8; y < kr_frame_plane_height(a, plane) - 8; y++)
        for (int x = 8; x < (int)kr_frame_row_bytes(a, plane) - 8; x++, n++)
            sum += pow(a->plane[plane][y * a->stride[plane] + x] -
                           b->plane[plane][y * b->stride[plane] + x],
                       2);
    return sqrt(sum / n);
}

static void study(struct kr_test *t, bool worn, struct kr_tape_found *found)
{
    struct kr_frame *frame = frame_of(t, W, H);
    struct kr_tape *tape = NULL;
    uint32_t state = 11;
    EXPECT_OK(kr_tape_create(W, H, &tape, &t->err));
    for (int i = 0; i < FRAMES; i++) {
        paint(frame, i);
        if (worn)
            wear(frame, &state);
        kr_tape_study(tape, frame);
    }
    kr_tape_found(tape, found);
    print_message("delay %.2f %.2f, noise %.1f %.1f, %d lines\n", found->delay[0], found->delay[1],
                  found->luma_noise, found->chroma_noise, found->head_lines);
    kr_tape_destroy(&tape);
    kr_frame_destroy(&frame);
}

TEST(what_a_tape_did_is_measured)
{
    struct kr_tape_found worn, clean;
    study(t, true, &worn);
    study(t, false, &clean);
    for (int p = 0; p < 2; p++)
        EXPECT(fabs(worn.delay[p] - LATE) < 1 && clean.delay[p] == 0);
    EXPECT(worn.chroma_noise > 8 && clean.chroma_noise < 3);
    EXPECT(worn.luma_noise > 2 && worn.luma_noise < 12);
    EXPECT(worn.head_lines >= TORN && worn.head_lines <= TORN + 1 && clean.head_lines == 0);
}

TEST(colours_come_clean_and_on_their_edges)
{
    struct kr_frame *frame = frame_of(t, W, H), *truth = frame_of(t, W, H);
    struct kr_frame *out = frame_of(t, W, H);
    struct kr_window *window = NULL;
    struct kr_tape *tape = NULL;
    struct kr_flow *far[2] = {kr_flow_create(W, H, KR_WINDOW_HALVED),
                              kr_flow_create(W, H, KR_WINDOW_HALVED)};
    struct kr_tape_found found = {{LATE, LATE}, 5, 15, TORN};
    uint32_t state = 5;
    EXPECT_OK(kr_tape_create(W, H, &tape, &t->err));
    EXPECT_OK(kr_window_create(W, H, &window, &t->err));
    double before[3];
    for (int i = 0; i < KR_WINDOW_FRAMES; i++) {
        paint(frame, i);
        if (i == 2)
            kr_frame_copy(frame, truth);
        wear(frame, &state);
        for (int p = 0; i == 2 && p < 3; p++)
            before[p] = error_of(frame, truth, p);
        kr_tape_straighten(&found, kr_window_push(window, frame, i == 0));
    }
    kr_flow_join(kr_window_flow(window, 2, -1), kr_window_flow(window, 1, -1), far[0]);
    kr_flow_join(kr_window_flow(window, 2, 1), kr_window_flow(window, 3, 1), far[1]);
    struct kr_tape_side side[KR_TAPE_SIDES] = {
        {kr_window_near(window, 2, -1), kr_window_flow(window, 2, -1)},
        {kr_window_near(window, 2, 1), kr_window_flow(window, 2, 1)},
        {kr_window_near(window, 2, -2), far[0]},
        {kr_window_near(window, 2, 2), far[1]},
    };
    kr_tape_clean(tape, &found, kr_window_frame(window, 2), side, 1, out);
    for (int p = 0; p < 3; p++) {
        double after = error_of(out, truth, p);
        print_message("plane %d: error %.2f, then %.2f\n", p, before[p], after);
        EXPECT(after < (p ? 0.45 : 0.85) * before[p]);
    }
    kr_tape_clean(tape, &found, kr_window_frame(window, 2), side, 0, out);
    EXPECT(error_of(out, kr_window_frame(window, 2), 1) == 0); // strength 0
    for (int y = 0; y < TORN; y++) // covered by what lies above, mirrored
        EXPECT(memcmp(out->plane[0] + (H - TORN + y) * out->stride[0],
                      out->plane[0] + (H - TORN - 1 - y) * out->stride[0], W) == 0);
    kr_flow_destroy(&far[0]);
    kr_flow_destroy(&far[1]);
    kr_window_destroy(&window);
    kr_tape_destroy(&tape);
    kr_frame_destroy(&frame);
    kr_frame_destroy(&truth);
    kr_frame_destroy(&out);
}

// Against means taken one by one.
TEST(the_guided_filter_is_the_one_of_the_paper)
{
    enum { N = 23, M = 17, R = 3 };
    float guide[N * M], in[N * M], out[N * M], *work[4], slope[N * M], rest[N * M];
    uint32_t state = 3;
    for (int i = 0; i < 4; i++)
        work[i] = kr_new_array(float, N *M);
    for (int i = 0; i < N * M; i++) {
        guide[i] = (float)chance(&state);
        in[i] = (float)(100 + 20 * chance(&state) + 10 * (double)guide[i]);
    }
    kr_tape_guided(guide, in, N, M, R, 0.01F, work, out);
    for (int pass = 0; pass < 2; pass++)
        for (int at = 0; at < N * M; at++) {
            double n = 0, g = 0, p = 0, gg = 0, gp = 0, a = 0, b = 0;
            for (int y = at / N - R; y <= at / N + R; y++)
                for (int x = at % N - R; x <= at % N + R; x++) {
                    if (x < 0 || y < 0 || x >= N || y >= M)
                        continue;
                    int k = y * N + x;
                    n++;
                    g += (double)guide[k];
                    p += (double)in[k];
                    gg += (double)(guide[k] * guide[k]);
                    gp += (double)(guide[k] * in[k]);
                    a += pass ? (double)slope[k] : 0;
                    b += pass ? (double)rest[k] : 0;
                }
            double line = (gp / n - g / n * p / n) / (gg / n - g / n * g / n + 0.01);
            if (pass)
                EXPECT(fabs(a / n * (double)guide[at] + b / n - (double)out[at]) < 1e-3);
            else {
                slope[at] = (float)line;
                rest[at] = (float)(p / n - line * g / n);
            }
        }
    for (int i = 0; i < 4; i++)
        kr_free(&work[i]);
}

TEST(any_size_is_cleaned)
{
    static const int sizes[][2] = {{1, 1}, {3, 2}, {17, 9}, {1, 300}, {301, 3}};
    for (size_t i = 0; i < KR_COUNT(sizes); i++) {
        struct kr_frame *frame = frame_of(t, sizes[i][0], sizes[i][1]);
        struct kr_frame *out = frame_of(t, sizes[i][0], sizes[i][1]);
        struct kr_flow *flow = kr_flow_create(frame->width, frame->height, 1);
        struct kr_tape *tape = NULL;
        struct kr_tape_found found;
        EXPECT_OK(kr_tape_create(frame->width, frame->height, &tape, &t->err));
        kr_tape_found(tape, &found); // of nothing
        EXPECT(found.head_lines == 0 && found.delay[0] == 0 && found.chroma_noise == 0);
        kr_tape_study(tape, frame);
        found = (struct kr_tape_found){{9, -9}, 0, 0, 4};
        kr_tape_straighten(&found, frame);
        struct kr_tape_side side[KR_TAPE_SIDES] = {{frame, flow}};
        kr_tape_clean(tape, &found, frame, side, 1, out);
        EXPECT(out->plane[0][0] == 128 && out->plane[2][0] == 128);
        kr_tape_destroy(&tape);
        kr_flow_destroy(&flow);
        kr_frame_destroy(&frame);
        kr_frame_destroy(&out);
    }
}

MAIN(CASE(what_a_tape_did_is_measured), CASE(colours_come_clean_and_on_their_edges),
     CASE(the_guided_filter_is_the_one_of_the_paper), CASE(any_size_is_cleaned))
