// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/dirt.h"

#include "restore/window.h"

#include "harness.h"
#include <math.h>

enum { W = 240, H = 180 };

static struct kr_frame *frame_of(struct kr_test *t, int width, int height)
{
    struct kr_frame *frame = NULL;
    EXPECT_OK(kr_frame_create(KR_YUV420, width, height, &frame, &t->err));
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < kr_frame_plane_height(frame, p); y++)
            memset(frame->plane[p] + y * frame->stride[p], 128, kr_frame_row_bytes(frame, p));
    return frame;
}

static double cloud(double x, double y)
{
    double sum = 0;
    for (int k = 0; k < 12; k++) {
        double angle = 2.39996 * k, pitch = 0.05 * pow(1.2, k);
        sum += 9 * sin((x * cos(angle) + y * sin(angle)) * pitch + 1.7 * k);
    }
    return fmin(fmax(128 + sum, 20), 235);
}

// The camera pans by 2.5 px a frame.
static void paint(struct kr_frame *f, int number)
{
    for (int y = 0; y < f->height; y++)
        for (int x = 0; x < f->width; x++)
            f->plane[0][y * f->stride[0] + x] = (uint8_t)lrint(cloud(x + 2.5 * number, y - number));
    for (int y = 0; y < (f->height + 1) / 2; y++)
        memset(f->plane[1] + y * f->stride[1], 128, (size_t)(f->width + 1) / 2);
}

static void disc(struct kr_frame *f, int cx, int cy, int radius, uint8_t value)
{
    for (int y = cy - radius; y <= cy + radius; y++)
        for (int x = cx - radius; x <= cx + radius; x++)
            if (hypot(x - cx, y - cy) <= radius) {
                f->plane[0][y * f->stride[0] + x] = value;
                f->plane[1][y / 2 * f->stride[1] + x / 2] = 90;
            }
}

static double apart(const struct kr_frame *a, const struct kr_frame *b)
{
    double worst = 0;
    for (int p = 0; p < 2; p++)
        for (int y = 0; y < kr_frame_plane_height(a, p); y++)
            for (size_t x = 0; x < kr_frame_row_bytes(a, p); x++)
                worst = fmax(worst, abs(a->plane[p][y * a->stride[p] + (ptrdiff_t)x] -
                                        b->plane[p][y * b->stride[p] + (ptrdiff_t)x]));
    return worst;
}

// Three frames; `spoil` paints what it likes on each. Returns the middle one, mended.
static struct kr_frame *mended(struct kr_test *t, void (*spoil)(struct kr_frame *, int),
                               struct kr_dirt_found *found)
{
    struct kr_window *window = NULL;
    struct kr_dirt *dirt = NULL;
    EXPECT_OK(kr_window_create(W, H, &window, &t->err));
    EXPECT_OK(kr_dirt_create(W, H, &dirt, &t->err));
    struct kr_frame *frame = frame_of(t, W, H);
    for (int i = 0; i < 3; i++) {
        paint(frame, i);
        spoil(frame, i);
        kr_window_push(window, frame, i == 0);
    }
    struct kr_dirt_side side[2];
    for (int i = 0; i < 2; i++) {
        int by = 2 * i - 1;
        side[i].frame = kr_window_near(window, 1, by);
        side[i].there = kr_window_flow(window, 1, by);
        side[i].back = kr_window_flow(window, i ? 2 : 0, -by);
    }
    kr_frame_copy(kr_window_frame(window, 1), frame);
    kr_dirt_clean(dirt, side, false, frame, found);
    kr_window_destroy(&window);
    kr_dirt_destroy(&dirt);
    return frame;
}

static void specks(struct kr_frame *f, int number)
{
    static const int at[][3] = {
        {40, 40, 5}, {120, 90, 7}, {200, 50, 3}, {70, 140, 6}, {170, 150, 4}};
    for (size_t i = 0; number == 1 && i < KR_COUNT(at); i++)
        disc(f, at[i][0], at[i][1], at[i][2], i % 2 ? 235 : 16);
}

TEST(specks_of_one_frame_go_while_the_camera_pans)
{
    struct kr_frame *truth = frame_of(t, W, H);
    struct kr_dirt_found found;
    struct kr_frame *frame = mended(t, specks, &found);
    paint(truth, 1);
    print_message("%d spots, worst sample %.0f apart\n", found.spots, apart(frame, truth));
    EXPECT(found.spots == 5 && found.share > 0.005);
    EXPECT(apart(frame, truth) <= 24); // it was 110
    kr_frame_destroy(&frame);
    kr_frame_destroy(&truth);
}

static void nothing(struct kr_frame *f, int number)
{
    (void)f, (void)number;
}

static void snow(struct kr_frame *f, int number)
{
    for (int i = 0; i < 6; i++) // flakes fall by 7 px and drift, against the pan
        disc(f, 30 + 32 * i + 3 * number, 25 + 14 * i + 7 * number, 2 + i % 3, 230);
}

static void flash(struct kr_frame *f, int number)
{
    if (number == 1)
        disc(f, W / 2, H / 2, 50, 235); // a lamp that goes on is no speck
}

TEST(what_is_clean_moves_or_is_large_stays_as_it_is)
{
    void (*const spoilers[])(struct kr_frame *, int) = {nothing, snow, flash};
    for (size_t i = 0; i < KR_COUNT(spoilers); i++) {
        struct kr_frame *truth = frame_of(t, W, H);
        struct kr_dirt_found found;
        struct kr_frame *frame = mended(t, spoilers[i], &found);
        paint(truth, 1);
        spoilers[i](truth, 1);
        print_message("%zu: %d spots\n", i, found.spots);
        EXPECT(apart(frame, truth) == 0);
        kr_frame_destroy(&frame);
        kr_frame_destroy(&truth);
    }
}

TEST(any_size_is_looked_at)
{
    static const int sizes[][2] = {{1, 1}, {3, 2}, {17, 9}, {1, 300}, {501, 3}};
    for (size_t i = 0; i < KR_COUNT(sizes); i++) {
        struct kr_window *window = NULL;
        struct kr_dirt *dirt = NULL;
        struct kr_frame *frame = frame_of(t, sizes[i][0], sizes[i][1]);
        EXPECT_OK(kr_window_create(frame->width, frame->height, &window, &t->err));
        EXPECT_OK(kr_dirt_create(frame->width, frame->height, &dirt, &t->err));
        for (int k = 0; k < 3; k++) {
            frame->plane[0][0] = (uint8_t)(k == 1 ? 255 : 0);
            kr_window_push(window, frame, false);
        }
        struct kr_dirt_side side[2] = {
            {kr_window_near(window, 1, -1), kr_window_flow(window, 1, -1),
             kr_window_flow(window, 0, 1)},
            {kr_window_near(window, 1, 1), kr_window_flow(window, 1, 1),
             kr_window_flow(window, 2, -1)},
        };
        struct kr_dirt_found found;
        kr_dirt_clean(dirt, side, false, frame, &found);
        EXPECT(found.share <= 1);
        side[0].frame = NULL; // the first of a shot
        kr_dirt_clean(dirt, side, false, frame, &found);
        EXPECT(found.spots == 0);
        kr_window_destroy(&window);
        kr_dirt_destroy(&dirt);
        kr_frame_destroy(&frame);
    }
}

MAIN(CASE(specks_of_one_frame_go_while_the_camera_pans),
     CASE(what_is_clean_moves_or_is_large_stays_as_it_is), CASE(any_size_is_looked_at))
