// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/scratches.h"

#include "harness.h"
#include <math.h>

enum { W = 240, H = 150, FRAMES = 20 };

static struct kr_frame *frame_of(struct kr_test *t, int width, int height)
{
    struct kr_frame *frame = NULL;
    EXPECT_OK(kr_frame_create(KR_YUV420, width, height, &frame, &t->err));
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < kr_frame_plane_height(frame, p); y++)
            memset(frame->plane[p] + y * frame->stride[p], 128, kr_frame_row_bytes(frame, p));
    return frame;
}

static void paint(struct kr_frame *f, int number)
{
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++) {
            double at = x + 3 * number;
            double v = 120 + 40 * sin(at * 0.05) + 30 * cos(y * 0.07 + at * 0.02) +
                       8 * sin(at * 0.6 + y * 0.9);
            f->plane[0][y * f->stride[0] + x] = (uint8_t)lrint(v);
        }
}

static void line(struct kr_frame *f, int x, int width, int from, int to, int by)
{
    for (int y = from; y < to; y++)
        for (int i = x; i < x + width; i++)
            if (i >= 0 && i < W) {
                uint8_t *v = &f->plane[0][y * f->stride[0] + i];
                *v = (uint8_t)fmin(fmax(*v + by, 0), 255);
            }
}

static void scratched(struct kr_frame *f, int number) // they wander by a pixel
{
    line(f, 70 + number % 2, 2, 0, H, 60);
    line(f, 170 - number % 2, 3, 0, H, -50);
}

static void poles(struct kr_frame *f, int number)
{
    line(f, 200 - 3 * number, 3, 0, H, -50); // it moves as the picture does
    line(f, 120, 2, 60, H, 70);              // it ends in the picture
    line(f, 40, 12, 0, H, 60);               // it is wide
}

static double apart(const struct kr_frame *a, const struct kr_frame *b)
{
    double sum = 0;
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++)
            sum += pow(a->plane[0][y * a->stride[0] + x] - b->plane[0][y * b->stride[0] + x], 2);
    return sum;
}

struct seen {
    int count;
    double before, after, changed;
};

static struct seen watch(struct kr_test *t, void (*spoil)(struct kr_frame *, int))
{
    struct kr_frame *frame = frame_of(t, W, H), *truth = frame_of(t, W, H), *in = frame_of(t, W, H);
    struct kr_scratches *scratches = kr_scratches_create(W, H);
    struct seen seen = {0};
    for (int i = 0; i < FRAMES; i++) {
        paint(frame, i);
        spoil(frame, i);
        kr_scratches_study(scratches, frame);
    }
    seen.count = kr_scratches_count(scratches);
    for (int i = 0; i < FRAMES; i++) {
        paint(truth, i);
        paint(frame, i);
        spoil(frame, i);
        kr_frame_copy(frame, in);
        (void)kr_scratches_mend(scratches, frame);
        seen.before += apart(in, truth);
        seen.after += apart(frame, truth);
        seen.changed += apart(frame, in);
    }
    print_message("%d lines: %.0f, then %.0f\n", seen.count, seen.before, seen.after);
    kr_scratches_destroy(&scratches);
    kr_frame_destroy(&frame);
    kr_frame_destroy(&truth);
    kr_frame_destroy(&in);
    return seen;
}

TEST(lines_that_stay_are_filled_while_the_picture_moves)
{
    struct seen seen = watch(t, scratched);
    EXPECT(seen.count == 2);
    EXPECT(seen.after < 0.05 * seen.before);
}

TEST(poles_and_doors_stay)
{
    struct seen seen = watch(t, poles);
    EXPECT(seen.count == 0 && seen.changed == 0);
}

TEST(any_size_is_studied)
{
    static const int sizes[][2] = {{1, 1}, {8, 2}, {9, 3}, {1, 300}, {301, 5}};
    for (size_t i = 0; i < KR_COUNT(sizes); i++) {
        struct kr_frame *frame = frame_of(t, sizes[i][0], sizes[i][1]);
        struct kr_scratches *scratches = kr_scratches_create(frame->width, frame->height);
        EXPECT(kr_scratches_count(scratches) == 0);
        for (int y = 0; y < frame->height; y++)
            frame->plane[0][y * frame->stride[0] + frame->width / 2] = 255;
        for (int k = 0; k < 4; k++)
            kr_scratches_study(scratches, frame);
        (void)kr_scratches_mend(scratches, frame);
        kr_scratches_destroy(&scratches);
        kr_frame_destroy(&frame);
    }
}

MAIN(CASE(lines_that_stay_are_filled_while_the_picture_moves), CASE(poles_and_doors_stay),
     CASE(any_size_is_studied))
