// SPDX-License-Identifier: AGPL-3.0-or-later
#include "film/ground.h"

#include <assert.h>
#include <math.h>

enum {
    ACROSS = 32, // cells of the small picture: what a strong blur leaves
    DOWN = 18,
    PROBES = 12,   // looked at in each cell, each way
    WIDEST = 4096, // px of a film frame
};
#define LIGHT 0.42  // of the luma that is left
#define COLOUR 0.75 // of the chroma

struct cells {
    float at[3][DOWN][ACROSS];
};

// The part of the picture that covers the frame's shape, in pixels.
struct part {
    double x, y, w, h;
};

static struct part covering(const struct kr_frame *picture, const struct kr_frame *ground)
{
    double w = picture->width, h = picture->height, shape = (double)ground->width / ground->height;
    struct part part = {0, 0, w, h};
    if (w > h * shape) {
        part.w = h * shape;
        part.x = (w - part.w) / 2;
    } else {
        part.h = w / shape;
        part.y = (h - part.h) / 2;
    }
    return part;
}

static float mean_of_cell(const struct kr_frame *picture, int plane, struct part cell)
{
    int half = plane > 0, sum = 0;
    for (int j = 0; j < PROBES; j++) {
        int y = (int)(cell.y + cell.h * (j + 0.5) / PROBES);
        y = y < picture->height ? y : picture->height - 1;
        const uint8_t *row = picture->plane[plane] + (y >> half) * picture->stride[plane];
        for (int i = 0; i < PROBES; i++) {
            int x = (int)(cell.x + cell.w * (i + 0.5) / PROBES);
            x = x < picture->width ? x : picture->width - 1;
            sum += row[x >> half];
        }
    }
    return (float)sum / (PROBES * PROBES);
}

static void gather(const struct kr_frame *picture, struct part part, struct cells *cells)
{
    for (int p = 0; p < 3; p++)
        for (int j = 0; j < DOWN; j++)
            for (int i = 0; i < ACROSS; i++)
                cells->at[p][j][i] = mean_of_cell(picture, p,
                                                  (struct part){part.x + part.w * i / ACROSS,
                                                                part.y + part.h * j / DOWN,
                                                                part.w / ACROSS, part.h / DOWN});
}

static int within(int value, int most)
{
    return value < 0 ? 0 : value > most ? most : value;
}

// A binomial of five, twice: near enough to a Gaussian of two cells.
static void soften(struct cells *cells)
{
    static const float weight[5] = {1 / 16.f, 4 / 16.f, 6 / 16.f, 4 / 16.f, 1 / 16.f};
    for (int pass = 0; pass < 2; pass++)
        for (int p = 0; p < 3; p++) {
            float across[DOWN][ACROSS];
            for (int j = 0; j < DOWN; j++)
                for (int i = 0; i < ACROSS; i++) {
                    across[j][i] = 0;
                    for (int k = -2; k <= 2; k++)
                        across[j][i] += weight[k + 2] * cells->at[p][j][within(i + k, ACROSS - 1)];
                }
            for (int j = 0; j < DOWN; j++)
                for (int i = 0; i < ACROSS; i++) {
                    cells->at[p][j][i] = 0;
                    for (int k = -2; k <= 2; k++)
                        cells->at[p][j][i] += weight[k + 2] * across[within(j + k, DOWN - 1)][i];
                }
        }
}

static void darken(struct cells *cells)
{
    for (int j = 0; j < DOWN; j++)
        for (int i = 0; i < ACROSS; i++) {
            cells->at[0][j][i] = 16 + (cells->at[0][j][i] - 16) * (float)LIGHT;
            for (int p = 1; p < 3; p++)
                cells->at[p][j][i] = 128 + (cells->at[p][j][i] - 128) * (float)COLOUR;
        }
}

// Weights of a uniform cubic B-spline: smooth to the second derivative, so that no cell shows.
static void spline(float t, float weight[static 4])
{
    float u = 1 - t;
    weight[0] = u * u * u / 6;
    weight[1] = (3 * t * t * t - 6 * t * t + 4) / 6;
    weight[2] = (3 * u * u * u - 6 * u * u + 4) / 6;
    weight[3] = t * t * t / 6;
}

// An ordered dither (Bayer, 1973) hides the steps of eight bits in a dark, soft ground.
static float dither(int x, int y)
{
    static const uint8_t order[4][4] = {
        {0, 8, 2, 10}, {12, 4, 14, 6}, {3, 11, 1, 9}, {15, 7, 13, 5}};
    return ((float)order[y & 3][x & 3] + 0.5f) / 16;
}

// For one column or row of the frame: the first of four cells, and their weights.
struct mix {
    int cell[4];
    float weight[4];
};

static struct mix mix_of(int at, int size, int cells)
{
    struct mix mix;
    float place = ((float)at + 0.5f) * (float)cells / (float)size - 0.5f;
    int first = (int)floorf(place);
    spline(place - (float)first, mix.weight);
    for (int k = 0; k < 4; k++)
        mix.cell[k] = within(first - 1 + k, cells - 1);
    return mix;
}

static void enlarge_row(const float cells[static ACROSS], const struct mix *columns, int width,
                        int y, uint8_t *out)
{
    for (int x = 0; x < width; x++) {
        const struct mix *mix = &columns[x];
        float value = dither(x, y);
        for (int k = 0; k < 4; k++)
            value += mix->weight[k] * cells[mix->cell[k]];
        out[x] = (uint8_t)value;
    }
}

static void enlarge(const struct cells *cells, struct kr_frame *ground)
{
    struct mix columns[WIDEST];
    for (int p = 0; p < 3; p++) {
        int width = (int)kr_frame_row_bytes(ground, p), height = kr_frame_plane_height(ground, p);
        for (int x = 0; x < width; x++)
            columns[x] = mix_of(x, width, ACROSS);
        for (int y = 0; y < height; y++) {
            struct mix mix = mix_of(y, height, DOWN);
            float row[ACROSS] = {0};
            for (int k = 0; k < 4; k++)
                for (int i = 0; i < ACROSS; i++)
                    row[i] += mix.weight[k] * cells->at[p][mix.cell[k]][i];
            enlarge_row(row, columns, width, y, ground->plane[p] + y * ground->stride[p]);
        }
    }
}

void kr_ground_blur(const struct kr_frame *picture, struct kr_frame *ground)
{
    assert(picture->pixels == KR_YUV420 && ground->pixels == KR_YUV420 && ground->width <= WIDEST);
    struct cells cells;
    gather(picture, covering(picture, ground), &cells);
    soften(&cells);
    darken(&cells);
    enlarge(&cells, ground);
}

// Where the picture's edges lie in the frame, in pixels of the frame.
struct edges {
    double left, right, top, bottom;
};

static struct edges edges_of(const double m[6], int in_w, int in_h)
{
    return (struct edges){-m[2] / m[0], (in_w - m[2]) / m[0], -m[5] / m[4], (in_h - m[5]) / m[4]};
}

bool kr_ground_shows(const double m[6], int in_w, int in_h, int out_w, int out_h)
{
    // A hundredth of a pixel is nothing.
    struct edges edges = edges_of(m, in_w, in_h);
    return edges.left > 0.01 || edges.top > 0.01 || edges.right < out_w - 0.01 ||
           edges.bottom < out_h - 0.01;
}

// How much of the sample i, `size` wide around `middle`, lies between two edges: [0, 256].
static int cover(double middle, double size, double low, double high)
{
    double from = middle - size / 2, to = middle + size / 2;
    from = from > low ? from : low;
    to = to < high ? to : high;
    return to <= from ? 0 : (int)lrint((to - from) / size * 256);
}

// How much of each sample of a row the picture covers: none outside [first, last),
// all of it in [whole, part).
struct row_cover {
    int share[WIDEST]; // [0, 256]
    size_t first, whole, part, last;
};

static void cover_row(struct row_cover *row, size_t n, int size, double left, double right)
{
    row->first = row->whole = n;
    row->part = row->last = 0;
    for (size_t x = 0; x < n; x++) { // chroma lies on the left one of its two pixels
        int share = cover((double)x * size + 0.5, size, left, right);
        row->share[x] = share;
        if (share > 0) {
            row->first = x < row->first ? x : row->first;
            row->last = x + 1;
        }
        if (share == 256) {
            row->whole = x < row->whole ? x : row->whole;
            row->part = x + 1;
        }
    }
    if (row->part <= row->whole) // nowhere all of it
        row->whole = row->part = row->last;
    if (row->first >= row->last)
        row->first = row->whole = row->part = row->last = 0;
}

static void lay_some(const uint8_t *ground, const int *across, int down, size_t from, size_t to,
                     uint8_t *out)
{
    for (size_t x = from; x < to; x++) {
        int share = (across[x] * down + 128) >> 8;
        out[x] = (uint8_t)((out[x] * share + ground[x] * (256 - share) + 128) >> 8);
    }
}

static void lay_row(const uint8_t *ground, const struct row_cover *row, int down, size_t n,
                    uint8_t *out)
{
    if (down == 0) {
        memcpy(out, ground, n);
        return;
    }
    memcpy(out, ground, row->first);
    memcpy(out + row->last, ground + row->last, n - row->last);
    lay_some(ground, row->share, down, row->first, row->whole, out);
    if (down < 256)
        lay_some(ground, row->share, down, row->whole, row->part, out);
    lay_some(ground, row->share, down, row->part, row->last, out);
}

void kr_ground_around(const struct kr_frame *ground, const double m[6], int in_w, int in_h,
                      struct kr_frame *out)
{
    assert(out->width <= WIDEST && ground->width == out->width && ground->height == out->height);
    struct edges edges = edges_of(m, in_w, in_h);
    for (int p = 0; p < 3; p++) {
        struct row_cover row;
        int size = p ? 2 : 1;
        size_t n = kr_frame_row_bytes(out, p);
        cover_row(&row, n, size, edges.left, edges.right);
        for (int y = 0; y < kr_frame_plane_height(out, p); y++)
            lay_row(ground->plane[p] + y * ground->stride[p], &row,
                    cover((y + 0.5) * size, size, edges.top, edges.bottom), n,
                    out->plane[p] + y * out->stride[p]);
    }
}

static int even_within(double at, int most)
{
    int whole = at < 0 ? 0 : at > most ? most : (int)at;
    return whole & ~1;
}

struct kr_frame kr_ground_window(const double m[6], int in_w, int in_h, const struct kr_frame *out,
                                 double seen[6])
{
    struct edges edges = edges_of(m, in_w, in_h);
    // Two pixels more on each side: chroma reaches over the edge of luma.
    int left = even_within(edges.left - 2, out->width);
    int top = even_within(edges.top - 2, out->height);
    int right = even_within(edges.right + 4, out->width + 1);
    int bottom = even_within(edges.bottom + 4, out->height + 1);
    struct kr_frame window = *out;
    memcpy(seen, m, 6 * sizeof *seen);
    if (right <= left || bottom <= top)
        return window; // nothing is seen of it: whatever is drawn will be laid over
    right = right < out->width ? right : out->width;
    bottom = bottom < out->height ? bottom : out->height;
    window.width = right - left;
    window.height = bottom - top;
    window.owner = NULL;
    for (int p = 0; p < 3; p++)
        window.plane[p] += (top >> (p > 0)) * out->stride[p] + (left >> (p > 0));
    seen[2] += m[0] * left;
    seen[5] += m[4] * top;
    return window;
}
