// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/border.h"

#include "restore/warp.h"
#include <assert.h>
#include <math.h>

enum { RING = 2 * KR_BORDER_REACH + 1, STRIPS = 4 };

struct kr_border {
    int width, height;
    struct kr_frame *ring[RING]; // frame i lies in i % RING
    size_t came, shown;
    bool ended;
};

struct strip {
    int x0, y0, x1, y1; // px of what is shown; x0 and y0 are even
};

bool kr_border_create(int width, int height, struct kr_border **out, struct kr_err *err)
{
    KR_AUTO(kr_border_destroy) struct kr_border *border = kr_new(struct kr_border);
    border->width = width;
    border->height = height;
    for (int i = 0; i < RING; i++)
        if (!kr_frame_create(KR_YUV420, width, height, &border->ring[i], err))
            return kr_within(err, "keep frames for their borders");
    *out = border;
    border = NULL;
    return true;
}

void kr_border_destroy(struct kr_border **border)
{
    if (*border)
        for (int i = 0; i < RING; i++)
            kr_frame_destroy(&(*border)->ring[i]);
    kr_free(border);
}

bool kr_border_push(struct kr_border *border, const struct kr_frame *frame, struct kr_err *err)
{
    if (border->came >= border->shown + KR_BORDER_REACH + 1)
        return kr_fail(err, KR_E_INTERNAL, "frames are pushed that nobody pulls");
    kr_frame_copy(frame, border->ring[border->came % RING]);
    border->came++;
    return true;
}

void kr_border_end(struct kr_border *border)
{
    border->ended = true;
}

const struct kr_frame *kr_border_next(struct kr_border *border, size_t *at)
{
    bool has_next = border->ended ? border->shown < border->came
                                  : border->came > border->shown + KR_BORDER_REACH;
    if (!has_next)
        return NULL;
    *at = border->shown++;
    return border->ring[*at % RING];
}

// How much of a frame is taken at a point of what is shown: all inside, nothing outside.
static double share_at(const struct kr_border *border, const double m[6], double x, double y)
{
    double at_x = m[0] * x + m[1] * y + m[2], at_y = m[3] * x + m[4] * y + m[5];
    double inside = fmin(fmin(at_x, border->width - at_x), fmin(at_y, border->height - at_y));
    return fmin(fmax(inside / (KR_BORDER_FADES * border->width), 0), 1);
}

// A frame that is a part of `whole`.
static struct kr_frame part_of(const struct kr_frame *whole, const struct strip *strip)
{
    struct kr_frame part = *whole;
    part.width = strip->x1 - strip->x0;
    part.height = strip->y1 - strip->y0;
    for (int p = 0; p < 3; p++) {
        int half = p > 0;
        part.plane[p] += (strip->y0 >> half) * part.stride[p] + (strip->x0 >> half);
    }
    return part;
}

static void lay_on(const struct kr_border *border, const double m[6], const struct strip *strip,
                   const struct kr_frame *above, struct kr_frame *below)
{
    for (int p = 0; p < 3; p++) {
        int step = p ? 2 : 1, n = (int)kr_frame_row_bytes(below, p);
        for (int y = 0; y < kr_frame_plane_height(below, p); y++) {
            const uint8_t *from = above->plane[p] + y * above->stride[p];
            uint8_t *to = below->plane[p] + y * below->stride[p];
            double at_y = strip->y0 + (y + 0.5) * step;
            for (int x = 0; x < n; x++) {
                double share = share_at(border, m, strip->x0 + (x + 0.5) * step, at_y);
                to[x] = (uint8_t)lrint(to[x] + share * (from[x] - to[x]));
            }
        }
    }
}

static void warp_strip(const struct kr_frame *in, const double m[6], const struct strip *strip,
                       struct kr_frame *out)
{
    double moved[6];
    memcpy(moved, m, sizeof moved);
    moved[2] += m[0] * strip->x0 + m[1] * strip->y0;
    moved[5] += m[3] * strip->x0 + m[4] * strip->y0;
    kr_warp_affine(in, moved, out);
}

static const struct kr_frame *frame_at(const struct kr_border *border, int offset)
{
    ptrdiff_t i = (ptrdiff_t)border->shown - 1 + offset;
    assert(i >= 0 && i < (ptrdiff_t)border->came && abs(offset) <= KR_BORDER_REACH);
    return border->ring[(size_t)i % RING];
}

static void fill_strip(const struct kr_border *border, const double m[6],
                       const struct kr_border_layer *layers, size_t n, const struct strip *strip,
                       struct kr_frame room[2], struct kr_frame *shown)
{
    const struct strip corner = {0, 0, strip->x1 - strip->x0, strip->y1 - strip->y0};
    struct kr_frame own = part_of(shown, strip), below = part_of(&room[0], &corner);
    struct kr_frame above = part_of(&room[1], &corner);
    kr_frame_copy(&own, &below);
    for (size_t i = 0; i < n; i++) {
        warp_strip(frame_at(border, layers[i].offset), layers[i].m, strip, &above);
        lay_on(border, layers[i].m, strip, &above, &below);
    }
    lay_on(border, m, strip, &own, &below);
    kr_frame_copy(&below, &own);
}

// How far from its edge a side of what is shown is not all the frame's own: where
// along * k + a corner's offset first is `fades`.
static int side_of(double along, const double ends[2], double fades, int most)
{
    double least = fmin(ends[0], ends[1]);
    if (!(along > 0.1))
        return most;
    int k = (int)ceil(fmin(fmax((fades - least) / along, 0), most));
    return k + (k & 1) < most ? k + (k & 1) : most;
}

static void strips_of(const struct kr_border *border, const double m[6],
                      struct strip strips[STRIPS])
{
    double w = border->width, h = border->height, fades = KR_BORDER_FADES * w;
    const double left[2] = {m[2], m[1] * h + m[2]}, top[2] = {m[5], m[3] * w + m[5]};
    const double right[2] = {w - m[0] * w - m[2], w - m[0] * w - m[1] * h - m[2]};
    const double bottom[2] = {h - m[4] * h - m[5], h - m[3] * w - m[4] * h - m[5]};
    int width = border->width, height = border->height;
    int x0 = side_of(m[0], left, fades, width), y0 = side_of(m[4], top, fades, height);
    int x1 = (width - side_of(m[0], right, fades, width)) & ~1;
    int y1 = (height - side_of(m[4], bottom, fades, height)) & ~1;
    x1 = x1 < x0 ? x0 : x1;
    y1 = y1 < y0 ? y0 : y1;
    const struct strip found[STRIPS] = {
        {0, 0, width, y0}, {0, y1, width, height}, {0, y0, x0, y1}, {x1, y0, width, y1}};
    memcpy(strips, found, sizeof found);
}

bool kr_border_fill(const struct kr_border *border, const double m[6],
                    const struct kr_border_layer *layers, size_t n, struct kr_frame *shown,
                    struct kr_err *err)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *below = NULL;
    KR_AUTO(kr_frame_destroy) struct kr_frame *above = NULL;
    struct strip strips[STRIPS];
    if (!kr_frame_create(KR_YUV420, border->width, border->height, &below, err) ||
        !kr_frame_create(KR_YUV420, border->width, border->height, &above, err))
        return kr_within(err, "fill a border");
    struct kr_frame room[2] = {*below, *above};
    strips_of(border, m, strips);
    for (int i = 0; i < STRIPS; i++)
        if (strips[i].x1 > strips[i].x0 && strips[i].y1 > strips[i].y0)
            fill_strip(border, m, layers, n, &strips[i], room, shown);
    return true;
}
