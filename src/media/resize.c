// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/resize_priv.h"

#include <assert.h>
#include <math.h>

// Four lanes for each pixel whatever its bands: one vector for each tap.
typedef float lanes __attribute__((vector_size(16)));

// The part of the input that makes one output pixel or row.
struct window {
    int first;     // the first input index
    size_t weight; // where its weights begin
};

struct axis {
    int in, out, taps;
    struct window *window;
    float *weights;
};

struct kr_resize {
    struct kr_resize_shape shape;
    struct axis x, y;
    lanes *wide_row; // the input row, a vector for each pixel
    lanes *ring;     // the last y.taps rows, already narrowed
    lanes *sum;
    int pushed, pulled;
};

// Keys' kernel with a = -1/2.
static double cubic(double x)
{
    x = fabs(x);
    if (x < 1)
        return (1.5 * x - 2.5) * x * x + 1;
    if (x < 2)
        return ((-0.5 * x + 2.5) * x - 4) * x + 2;
    return 0;
}

static void axis_finish(struct axis *axis)
{
    kr_free(&axis->window);
    kr_free(&axis->weights);
}

// Weights that fall outside are laid on the border pixel; each window sums to 1.
static void axis_init(struct axis *axis, int in, int out)
{
    double scale = (double)in / out, reach = 2 * scale;
    int taps = (int)ceil(2 * reach) + 1;
    taps = taps > in ? in : taps;
    axis->in = in;
    axis->out = out;
    axis->taps = taps;
    axis->window = kr_new_array(struct window, (size_t)out);
    axis->weights = kr_new_array(float, (size_t)out *(size_t)taps);
    for (int o = 0; o < out; o++) {
        double centre = (o + 0.5) * scale - 0.5, total = 0;
        int from = (int)ceil(centre - reach), to = (int)floor(centre + reach);
        int first = from < 0 ? 0 : from;
        first = first > in - taps ? in - taps : first;
        float *weight = axis->weights + (size_t)o * (size_t)taps;
        for (int i = from; i <= to; i++) {
            int at = i < 0 ? 0 : i >= in ? in - 1 : i;
            at = at - first < 0 ? 0 : at - first >= taps ? taps - 1 : at - first;
            double w = cubic((i - centre) / scale);
            weight[at] += (float)w;
            total += w;
        }
        for (int k = 0; k < taps; k++)
            weight[k] = (float)(weight[k] / total);
        axis->window[o] = (struct window){first, (size_t)o * (size_t)taps};
    }
}

bool kr_resize_begin(const struct kr_resize_shape *shape, struct kr_resize **out,
                     struct kr_err *err)
{
    assert(shape->out_width >= 1 && shape->out_width <= shape->width);
    assert(shape->out_height >= 1 && shape->out_height <= shape->height);
    assert(shape->bands == 1 || shape->bands == 3 || shape->bands == 4);
    struct kr_resize *resize = kr_new(struct kr_resize);
    resize->shape = *shape;
    axis_init(&resize->x, shape->width, shape->out_width);
    axis_init(&resize->y, shape->height, shape->out_height);
    size_t ring = (size_t)resize->y.taps * (size_t)shape->out_width * sizeof(lanes);
    size_t row = ((size_t)shape->width + 1) * sizeof(lanes);
    void *memory = NULL;
    resize->sum = kr_new_array(lanes, (size_t)shape->out_width);
    bool ok = kr_big_alloc(row, KR_FRAME_MOST / 4, &memory, err);
    if (ok) {
        resize->wide_row = memory;
        ok = kr_big_alloc(ring, KR_FRAME_MOST / 4, &memory, err);
    }
    if (!ok) {
        kr_resize_end(&resize);
        return kr_within(err, "resize %d x %d", shape->width, shape->height);
    }
    resize->ring = memory;
    *out = resize;
    return true;
}

void kr_resize_end(struct kr_resize **resize)
{
    if (!*resize)
        return;
    axis_finish(&(*resize)->x);
    axis_finish(&(*resize)->y);
    kr_free(&(*resize)->wide_row);
    kr_free(&(*resize)->ring);
    kr_free(&(*resize)->sum);
    kr_free(resize);
}

#define WIDEN(type)                                                                                \
    do {                                                                                           \
        const type *in = row;                                                                      \
        if (bands == 1)                                                                            \
            for (int x = 0; x < n; x++)                                                            \
                out[x] = (lanes){in[x], 0, 0, 0};                                                  \
        else if (bands == 3)                                                                       \
            for (int x = 0; x < n; x++, in += 3)                                                   \
                out[x] = (lanes){in[0], in[1], in[2], 0};                                          \
        else                                                                                       \
            for (int x = 0; x < n; x++, in += 4)                                                   \
                out[x] = (lanes){in[0], in[1], in[2], in[3]};                                      \
    } while (0)

static void widen(const void *row, bool wide, int bands, int n, lanes *out)
{
    if (wide)
        WIDEN(uint16_t);
    else
        WIDEN(uint8_t);
}

static void narrow_row(const struct axis *x, const lanes *in, lanes *out)
{
    for (int o = 0; o < x->out; o++) {
        const lanes *pixel = in + x->window[o].first;
        const float *weight = x->weights + x->window[o].weight;
        lanes sum = {0};
        for (int k = 0; k < x->taps; k++)
            sum += pixel[k] * weight[k];
        out[o] = sum;
    }
}

void kr_resize_push(struct kr_resize *resize, const void *row)
{
    const struct kr_resize_shape *shape = &resize->shape;
    assert(resize->pushed < shape->height);
    size_t slot = (size_t)(resize->pushed % resize->y.taps) * (size_t)shape->out_width;
    widen(row, shape->wide, shape->bands, shape->width, resize->wide_row);
    if (shape->out_width == shape->width)
        memcpy(resize->ring + slot, resize->wide_row, (size_t)shape->width * sizeof(lanes));
    else
        narrow_row(&resize->x, resize->wide_row, resize->ring + slot);
    resize->pushed++;
}

#define NARROW(type, most)                                                                         \
    do {                                                                                           \
        type *to = row;                                                                            \
        for (int x = 0; x < n; x++)                                                                \
            for (int b = 0; b < bands; b++) {                                                      \
                float v = in[x][b] + 0.5f;                                                         \
                *to++ = (type)(v < 0 ? 0 : v > (most) ? (most) : v);                               \
            }                                                                                      \
    } while (0)

static void round_off(const lanes *in, bool wide, int bands, int n, void *row)
{
    if (wide)
        NARROW(uint16_t, 65535);
    else
        NARROW(uint8_t, 255);
}

bool kr_resize_pull(struct kr_resize *resize, void *row)
{
    const struct axis *y = &resize->y;
    if (resize->pulled >= y->out)
        return false;
    const struct window *window = &y->window[resize->pulled];
    if (window->first + y->taps > resize->pushed)
        return false;
    int n = resize->shape.out_width;
    for (int k = 0; k < y->taps; k++) {
        float weight = y->weights[window->weight + (size_t)k];
        const lanes *in = resize->ring + (size_t)((window->first + k) % y->taps) * (size_t)n;
        if (k == 0)
            for (int x = 0; x < n; x++)
                resize->sum[x] = in[x] * weight;
        else if (weight != 0)
            for (int x = 0; x < n; x++)
                resize->sum[x] += in[x] * weight;
    }
    round_off(resize->sum, resize->shape.wide, resize->shape.bands, n, row);
    resize->pulled++;
    return true;
}

bool kr_frame_resize(const struct kr_frame *from, struct kr_frame *to, struct kr_err *err)
{
    assert(from->pixels == to->pixels && from->pixels != KR_YUV420 && from->pixels != KR_RGBA8);
    struct kr_resize_shape shape = {from->width,
                                    from->height,
                                    to->width,
                                    to->height,
                                    from->pixels == KR_GRAY8 ? 1 : 3,
                                    from->pixels == KR_RGB16};
    KR_AUTO(kr_resize_end) struct kr_resize *resize = NULL;
    if (!kr_resize_begin(&shape, &resize, err))
        return false;
    int out = 0;
    for (int y = 0; y < from->height; y++) {
        kr_resize_push(resize, from->plane[0] + y * from->stride[0]);
        while (out < to->height && kr_resize_pull(resize, to->plane[0] + out * to->stride[0]))
            out++;
    }
    assert(out == to->height);
    return true;
}

void kr_fit(int width, int height, int longest, int *out_width, int *out_height)
{
    int most = width > height ? width : height;
    if (longest <= 0 || most <= longest) {
        *out_width = width;
        *out_height = height;
        return;
    }
    *out_width = (int)(((int64_t)width * longest + most / 2) / most);
    *out_height = (int)(((int64_t)height * longest + most / 2) / most);
    *out_width = *out_width < 1 ? 1 : *out_width;
    *out_height = *out_height < 1 ? 1 : *out_height;
}
