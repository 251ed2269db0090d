// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/flow_priv.h"

#include "harness.h"
#include <math.h>

static struct kr_frame *frame_of(struct kr_test *t, int width, int height)
{
    struct kr_frame *frame = NULL;
    EXPECT_OK(kr_frame_create(KR_YUV420, width, height, &frame, &t->err));
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < kr_frame_plane_height(frame, p); y++)
            memset(frame->plane[p] + y * frame->stride[p], 128, kr_frame_row_bytes(frame, p));
    return frame;
}

// Clouds of many sizes: a sum of waves whose directions follow from the golden angle.
static double cloud(double x, double y)
{
    double sum = 0;
    for (int k = 0; k < 14; k++) {
        double angle = 2.39996 * k, pitch = 0.035 * pow(1.22, k);
        sum += 11 * sin((x * cos(angle) + y * sin(angle)) * pitch + 1.7 * k);
    }
    return fmin(fmax(128 + sum, 0), 255);
}

// What stood at `to` of (x, y) before: a shift, a turn and a zoom about the middle.
struct move {
    double dx, dy, turn, zoom, gain;
};

static void moved(const struct move *m, double x, double y, double *to_x, double *to_y)
{
    double cx = x - 180, cy = y - 144;
    *to_x = 180 + m->zoom * (cos(m->turn) * cx - sin(m->turn) * cy) + m->dx;
    *to_y = 144 + m->zoom * (sin(m->turn) * cx + cos(m->turn) * cy) + m->dy;
}

// The frame before, when `back` is NULL; else the one after the move, which shows at a point
// what was where the move came from.
static void paint(struct kr_frame *f, const struct move *back)
{
    for (int y = 0; y < f->height; y++)
        for (int x = 0; x < f->width; x++) {
            double at_x = x, at_y = y;
            if (back) { // the inverse of a shift, a turn and a zoom
                double cx = (x - 180 - back->dx) / back->zoom,
                       cy = (y - 144 - back->dy) / back->zoom;
                at_x = 180 + cos(back->turn) * cx + sin(back->turn) * cy;
                at_y = 144 - sin(back->turn) * cx + cos(back->turn) * cy;
            }
            double gain = back ? back->gain : 1;
            f->plane[0][y * f->stride[0] + x] = (uint8_t)lrint(fmin(cloud(at_x, at_y) * gain, 255));
        }
}

static double error_of(const struct kr_flow *flow, const struct move *m, int width, int height)
{
    float *u = kr_new_array(float, (size_t)width), *v = kr_new_array(float, (size_t)width);
    double sum = 0, n = 0;
    for (int y = 24; y < height - 24; y++) {
        kr_flow_row(flow, (float)y, 1, width, u, v);
        for (int x = 24; x < width - 24; x++, n++) {
            double to_x, to_y;
            moved(m, x, y, &to_x, &to_y);
            sum += hypot((double)u[x] - (to_x - x), (double)v[x] - (to_y - y));
        }
    }
    kr_free(&u);
    kr_free(&v);
    return sum / n;
}

static double flow_error(struct kr_test *t, const struct move *m)
{
    enum { W = 360, H = 288 };
    struct kr_frame *a = frame_of(t, W, H), *b = frame_of(t, W, H);
    struct kr_flow_view *from = kr_flow_view_create(W, H), *to = kr_flow_view_create(W, H);
    struct kr_flow *flow = kr_flow_create(W, H, 0);
    paint(a, NULL);
    paint(b, m);
    kr_flow_view_take(from, a);
    kr_flow_view_take(to, b);
    kr_flow_between(from, to, flow);
    double error = error_of(flow, m, W, H);
    kr_flow_destroy(&flow);
    kr_flow_view_destroy(&from);
    kr_flow_view_destroy(&to);
    kr_frame_destroy(&a);
    kr_frame_destroy(&b);
    return error;
}

TEST(a_known_motion_is_found_to_a_fraction_of_a_pixel)
{
    static const struct move moves[] = {
        {0, 0, 0, 1, 1},        {3.4, -2.2, 0, 1, 1}, {-21, 13, 0, 1, 1},
        {1.5, 0.5, 0.03, 1, 1}, {0, 0, 0, 1.03, 1},   {4, -3, 0.01, 1.01, 0.88},
    };
    static const double most[] = {0.001, 0.1, 0.15, 0.15, 0.15, 0.25}; // px; the last one flickers
    for (size_t i = 0; i < KR_COUNT(moves); i++) {
        double error = flow_error(t, &moves[i]);
        print_message("move %zu: error %.3f px\n", i, error);
        EXPECT(error < most[i]);
    }
}

TEST(vectors_give_the_same_numbers)
{
    enum { W = 203, H = 151 };
    static const struct move move = {5.3, -2.7, 0.02, 1.01, 0.95};
    struct kr_frame *a = frame_of(t, W, H), *b = frame_of(t, W, H);
    struct kr_flow_view *from = kr_flow_view_create(W, H), *to = kr_flow_view_create(W, H);
    struct kr_flow *one = kr_flow_create(W, H, 0), *other = kr_flow_create(W, H, 0);
    paint(a, NULL);
    paint(b, &move);
    kr_flow_view_take(from, a);
    kr_flow_view_take(to, b);
    kr_flow_between_by(from, to, one, false);
    if (kr_flow_has_avx2())
        kr_flow_between_by(from, to, other, true);
    else
        kr_flow_between_by(from, to, other, false);
    size_t bytes = (size_t)one->width * (size_t)one->height * sizeof *one->u;
    EXPECT(memcmp(one->u, other->u, bytes) == 0 && memcmp(one->v, other->v, bytes) == 0);
    struct kr_frame *c = frame_of(t, W, H), *d = frame_of(t, W, H);
    kr_flow_bring_by(one, b, c, false);
    kr_flow_bring_by(one, b, d, kr_flow_has_avx2());
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < kr_frame_plane_height(c, p); y++)
            EXPECT(memcmp(c->plane[p] + y * c->stride[p], d->plane[p] + y * d->stride[p],
                          kr_frame_row_bytes(c, p)) == 0);
    kr_frame_destroy(&c);
    kr_frame_destroy(&d);
    kr_flow_destroy(&one);
    kr_flow_destroy(&other);
    kr_flow_view_destroy(&from);
    kr_flow_view_destroy(&to);
    kr_frame_destroy(&a);
    kr_frame_destroy(&b);
}

TEST(what_moved_is_brought_back)
{
    enum { W = 360, H = 288 };
    static const struct move move = {7.5, -4.25, 0, 1, 1};
    struct kr_frame *a = frame_of(t, W, H), *b = frame_of(t, W, H), *c = frame_of(t, W, H);
    struct kr_flow_view *from = kr_flow_view_create(W, H), *to = kr_flow_view_create(W, H);
    struct kr_flow *flow = kr_flow_create(W, H, 0), *twice = kr_flow_create(W, H, 0);
    paint(a, NULL);
    paint(b, &move);
    kr_flow_view_take(from, a);
    kr_flow_view_take(to, b);
    kr_flow_between(from, to, flow);
    kr_flow_bring(flow, b, c);
    double apart = 0;
    for (int y = 24; y < H - 24; y++)
        for (int x = 24; x < W - 24; x++)
            apart += abs(a->plane[0][y * a->stride[0] + x] - c->plane[0][y * c->stride[0] + x]);
    apart /= (W - 48) * (H - 48);
    print_message("brought back: %.2f levels apart\n", apart);
    EXPECT(apart < 3);
    kr_flow_join(flow, flow, twice);
    static const struct move both = {15, -8.5, 0, 1, 1};
    EXPECT(error_of(twice, &both, W, H) < 0.3);
    kr_flow_destroy(&flow);
    kr_flow_destroy(&twice);
    kr_flow_view_destroy(&from);
    kr_flow_view_destroy(&to);
    kr_frame_destroy(&a);
    kr_frame_destroy(&b);
    kr_frame_destroy(&c);
}

TEST(any_size_gives_numbers)
{
    static const int sizes[][2] = {{1, 1}, {3, 2}, {17, 9}, {1, 700}, {2000, 3}, {7680, 4320}};
    for (size_t i = 0; i < KR_COUNT(sizes); i++) {
        int w = sizes[i][0], h = sizes[i][1];
        struct kr_frame *a = frame_of(t, w, h);
        struct kr_flow_view *from = kr_flow_view_create(w, h), *to = kr_flow_view_create(w, h);
        struct kr_flow *flow = kr_flow_create(w, h, 0);
        kr_flow_view_take(from, a);
        memset(a->plane[0], 30, (size_t)w);
        kr_flow_view_take(to, a);
        kr_flow_between(from, to, flow);
        for (ptrdiff_t k = 0; k < (ptrdiff_t)flow->width * flow->height; k++)
            EXPECT(isfinite(flow->u[k]) && isfinite(flow->v[k]));
        kr_flow_destroy(&flow);
        kr_flow_view_destroy(&from);
        kr_flow_view_destroy(&to);
        kr_frame_destroy(&a);
    }
}

MAIN(CASE(a_known_motion_is_found_to_a_fraction_of_a_pixel), CASE(vectors_give_the_same_numbers),
     CASE(what_moved_is_brought_back), CASE(any_size_gives_numbers))
