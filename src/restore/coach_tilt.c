// SPDX-License-Identifier: AGPL-3.0-or-later
// Whether a picture stands level, by its own lines.
#include "restore/coach_priv.h"

#include <math.h>

enum { REACH = 15, FINE = 4, BINS = 2 * REACH * FINE + 1 }; // degrees from level, quarters of one
static const int edge_least = 96;       // of a Sobel sum: a step of 24 grey levels
static const double leans_most = 0.27;  // tangent of a little more than REACH
static const double within = 1.5;       // degrees about a peak
static const double stands_out = 1.5;   // times the edges at a usual angle
static const double alone = 1.8;        // upright lines need no level ones beside them then
static const double edges_least = 0.01; // part of the picture that must be such edges
static const double agree = 2;          // degrees between level and upright lines

struct lines { // edges that are nearly level, or nearly upright
    double count[BINS], all;
};

// Edges whose brightness rises across them: gx, gy. Lines that lean count by how far.
static void note(struct lines *level, struct lines *upright, double gx, double gy)
{
    bool is_level = fabs(gy) > fabs(gx);
    double across = fmin(fabs(gx), fabs(gy)), along = fmax(fabs(gx), fabs(gy));
    if (across > leans_most * along) // most edges; an angle is dear
        return;
    double degrees = (is_level ? atan(-gx / gy) : atan(gy / gx)) * 180 / M_PI;
    if (fabs(degrees) > REACH)
        return;
    struct lines *lines = is_level ? level : upright;
    lines->count[(int)lrint((degrees + REACH) * FINE)]++;
    lines->all++;
}

static int up(const void *a, const void *b)
{
    double x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

// The angle that most of them share, in degrees, and how far that angle stands
// out of the others; 0: there are too few edges, or none stands out.
static double peak_of(const struct lines *lines, double *degrees)
{
    const int half = (int)(within * FINE);
    double about[BINS] = {0}, sum = 0;
    int best = 0;
    for (int i = 0; i < BINS; i++) {
        for (int k = i - half; k <= i + half; k++)
            about[i] += k >= 0 && k < BINS ? lines->count[k] : 0;
        best = about[i] > about[best] ? i : best;
    }
    if (best < half || best >= BINS - half)
        return 0;
    for (int k = best - half; k <= best + half; k++)
        sum += lines->count[k] * k;
    *degrees = sum / fmax(about[best], 1) / FINE - REACH;
    double most = about[best];
    qsort(about, BINS, sizeof *about, up);
    return most / fmax(about[BINS / 2], 1);
}

// Walls and trees tell alone; what is level may only lead away from the camera,
// so it must lean as the upright lines do.
bool kr_coach_tilt(const struct kr_frame *grey, double *degrees)
{
    struct lines level = {0}, upright = {0};
    for (int y = 1; y < grey->height - 1; y++)
        for (int x = 1; x < grey->width - 1; x++) {
            const uint8_t *at = grey->plane[0] + y * grey->stride[0] + x;
            const uint8_t *a = at - grey->stride[0], *b = at + grey->stride[0];
            int gx = a[1] + 2 * at[1] + b[1] - a[-1] - 2 * at[-1] - b[-1];
            int gy = b[-1] + 2 * b[0] + b[1] - a[-1] - 2 * a[0] - a[1];
            if (abs(gx) + abs(gy) >= edge_least)
                note(&level, &upright, gx, gy);
        }
    double a = 0, b = 0, least = edges_least * grey->width * grey->height;
    double of_level = level.all < least ? 0 : peak_of(&level, &a);
    double of_upright = upright.all < least ? 0 : peak_of(&upright, &b);
    if (of_level >= stands_out && of_upright >= stands_out) {
        *degrees = (a + b) / 2;
        return fabs(a - b) <= agree;
    }
    *degrees = b;
    return of_upright >= alone;
}
