// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/whites.h"

#include <math.h>
#include <string.h>

static const double too_dark = 0.002, too_bright = 0.93; // linear: noise, or clipped
static const double clipped = 0.98;                      // its colour is the camera's
static const double few = 50;                            // cells, below which nothing is told
static const double brightest_share = 0.002;
static const double one_colour = 0.1, colours = 0.25; // spread of tints, log2

// Two numbers say a colour of light: log2 of red and of blue against green.
struct tint {
    double red, blue;
};

enum { SHADES, BRIGHTEST, EDGE, GREY, ESTIMATORS };

static bool usable(const float *rgb)
{
    for (int c = 0; c < 3; c++)
        if (!((double)rgb[c] > too_dark && (double)rgb[c] < too_bright))
            return false;
    return true;
}

static double sixth(double v)
{
    double cube = v * v * v;
    return cube * cube;
}

static int level_of(double linear)
{
    int level = (int)(sqrt(linear) * (KR_WHITES_LEVELS - 1) + 0.5);
    return level < 0 ? 0 : level >= KR_WHITES_LEVELS ? KR_WHITES_LEVELS - 1 : level;
}

static void add_levels(struct kr_whites *whites, const float *rgb)
{
    if (fmax(fmax((double)rgb[0], (double)rgb[1]), (double)rgb[2]) < clipped)
        for (int c = 0; c < 3; c++)
            whites->level[c][level_of((double)rgb[c])] += 1;
    if (!usable(rgb))
        return;
    for (int c = 0; c < 3; c++)
        whites->shade[c] += sixth((double)rgb[c]) * sixth((double)rgb[c]);
    for (int c = 0; c < 2; c++) {
        double tint = log2((double)rgb[2 * c] / (double)rgb[1]);
        whites->tint[c] += tint;
        whites->tints[c] += tint * tint;
    }
    whites->shades += 1;
}

// How a cell differs from its four neighbours, in logs. The share of it that is
// not common to the three channels tells how grey the cell is.
static void add_grey(struct kr_whites *whites, const float *rgb, int stride)
{
    const float *near[5] = {rgb, rgb - 3, rgb + 3, rgb - stride, rgb + stride};
    double differs[3] = {0}, common = 0, coloured = 0;
    for (int i = 0; i < 5; i++)
        if (!usable(near[i]))
            return;
    for (int c = 0; c < 3; c++) {
        for (int i = 1; i < 5; i++)
            differs[c] += log2((double)near[i][c]) / 4;
        differs[c] -= log2((double)rgb[c]);
        common += differs[c] / 3;
    }
    if (fabs(common) < 0.02)
        return;
    for (int c = 0; c < 3; c++)
        coloured += (differs[c] - common) * (differs[c] - common);
    int bin = (int)(KR_WHITES_GREYS * sqrt(coloured) / fabs(common));
    if (bin >= KR_WHITES_GREYS)
        return;
    for (int c = 0; c < 3; c++)
        whites->grey[bin][c] += log2((double)rgb[c]);
    whites->grey[bin][3] += 1;
}

static void add_edge(struct kr_whites *whites, const float *rgb, int stride)
{
    for (int i = -1; i < 2; i++)
        for (int j = -1; j < 2; j++)
            for (int c = 0; c < 3; c++)
                if ((double)rgb[i * 3 + j * stride + c] >= too_bright)
                    return; // the edge of what is clipped has the wrong colour
    for (int c = 0; c < 3; c++)
        whites->edge[c] += sixth((double)rgb[3 + c] + (double)rgb[c - 3] + (double)rgb[stride + c] +
                                 (double)rgb[c - stride] - 4 * (double)rgb[c]);
    whites->edges += 1;
}

void kr_whites_add(struct kr_whites *whites, const struct kr_small *small)
{
    int stride = 3 * small->width;
    for (int y = 0; y < small->height; y++)
        for (int x = 0; x < small->width; x++) {
            const float *rgb = small->linear + y * stride + 3 * x;
            add_levels(whites, rgb);
            if (!x || !y || x == small->width - 1 || y == small->height - 1)
                continue;
            add_edge(whites, rgb, stride);
            add_grey(whites, rgb, stride);
        }
}

static double brightest(const double level[KR_WHITES_LEVELS])
{
    double all = 0, sum = 0;
    for (int i = 0; i < KR_WHITES_LEVELS; i++)
        all += level[i];
    int i = KR_WHITES_LEVELS - 1;
    while (i > 0 && sum + level[i] < brightest_share * all)
        sum += level[i--];
    double inside = level[i] > 0 ? (brightest_share * all - sum) / level[i] : 0; // within the level
    double root = (i + 0.5 - inside) / (KR_WHITES_LEVELS - 1);
    return root > 0 ? root * root : 0;
}

// The logs of the greyest hundredth of all cells.
static bool greyest(const struct kr_whites *whites, double rgb[3])
{
    double wanted = fmax(few, 0.01 * whites->shades), sum[3] = {0}, n = 0;
    for (int i = 0; i < KR_WHITES_GREYS && n < wanted; i++) {
        for (int c = 0; c < 3; c++)
            sum[c] += whites->grey[i][c];
        n += whites->grey[i][3];
    }
    for (int c = 0; c < 3; c++)
        rgb[c] = n > 0 ? exp2(sum[c] / n) : 0;
    return n >= few;
}

// Tells how many of them have something to say.
static int gather(const struct kr_whites *whites, struct tint tint[ESTIMATORS],
                  bool told[ESTIMATORS])
{
    double rgb[ESTIMATORS][3];
    int n = 0;
    for (int c = 0; c < 3; c++) {
        rgb[SHADES][c] = pow(whites->shade[c] / fmax(whites->shades, 1), 1.0 / 12);
        rgb[BRIGHTEST][c] = brightest(whites->level[c]);
        rgb[EDGE][c] = pow(whites->edge[c] / fmax(whites->edges, 1), 1.0 / 6);
    }
    bool grey = greyest(whites, rgb[GREY]);
    for (int i = 0; i < ESTIMATORS; i++) {
        told[i] = (i != GREY || grey) && fmin(fmin(rgb[i][0], rgb[i][1]), rgb[i][2]) > 1e-5;
        if (told[i])
            tint[i] = (struct tint){log2(rgb[i][0] / rgb[i][1]), log2(rgb[i][2] / rgb[i][1])};
        n += told[i];
    }
    return n;
}

// How far a colour lies from the line of daylight and lamps, from 2,500 to 12,000 K,
// red and blue against green: from Planck's law seen through BT.709 primaries.
static double off_lamps(struct tint of)
{
    static const struct tint line[] = {{1.39, -2.49}, {1.11, -1.78}, {0.79, -1.15}, {0.51, -0.63},
                                       {0.27, -0.23}, {0, 0},        {-0.15, 0.28}, {-0.30, 0.60}};
    double least = INFINITY;
    for (size_t i = 0; i + 1 < sizeof line / sizeof *line; i++) {
        double dx = line[i + 1].red - line[i].red, dy = line[i + 1].blue - line[i].blue;
        double along =
            ((of.red - line[i].red) * dx + (of.blue - line[i].blue) * dy) / (dx * dx + dy * dy);
        along = fmin(fmax(along, 0), 1);
        struct tint on = {line[i].red + along * dx, line[i].blue + along * dy};
        least = fmin(least, hypot(of.red - on.red, of.blue - on.blue));
    }
    return least;
}

// How plausible a light is: near the line of lamps, and not too far from white.
static double plausible(struct tint of)
{
    double far_off = off_lamps(of), strong = hypot(of.red, of.blue);
    return exp(-far_off * far_off / (2 * 0.5 * 0.5) - strong * strong / (2 * 1.5 * 1.5)) + 1e-6;
}

// Their mean, by how often each is right and how plausible what it tells is.
static struct tint vote(const struct tint tint[ESTIMATORS], const bool told[ESTIMATORS])
{
    static const double often[ESTIMATORS] = {
        [SHADES] = 1, [BRIGHTEST] = 2, [EDGE] = 2, [GREY] = 0.5};
    struct tint sum = {0};
    double weight = 0;
    for (int i = 0; i < ESTIMATORS; i++) {
        double w = told[i] ? often[i] * plausible(tint[i]) : 0;
        sum.red += w * tint[i].red;
        sum.blue += w * tint[i].blue;
        weight += w;
    }
    return (struct tint){sum.red / weight, sum.blue / weight};
}

// [0,1] whether there is more than one colour.
static double varied(const struct kr_whites *whites)
{
    double square = 0;
    for (int c = 0; c < 2; c++) {
        double mean = whites->tint[c] / whites->shades;
        square += whites->tints[c] / whites->shades - mean * mean;
    }
    double spread = sqrt(fmax(square, 0));
    return fmin(fmax((spread - one_colour) / (colours - one_colour), 0), 1);
}

static void light_of(struct tint tint, struct kr_white *out)
{
    double rgb[3] = {exp2(tint.red), 1, exp2(tint.blue)}, sum = 0, square = 0;
    double most = fmax(fmax(rgb[0], rgb[1]), rgb[2]);
    for (int c = 0; c < 3; c++) {
        out->light[c] = rgb[c] / most;
        sum += rgb[c];
        square += rgb[c] * rgb[c];
    }
    out->cast = acos(fmin(sum / sqrt(3 * square), 1)) * 180 / M_PI;
}

void kr_whites_judge(const struct kr_whites *whites, struct kr_white *out)
{
    struct tint tint[ESTIMATORS] = {0};
    bool told[ESTIMATORS];
    double apart = 0;
    int n = whites->shades < few ? 0 : gather(whites, tint, told);
    *out = (struct kr_white){.light = {1, 1, 1}};
    if (n < 2)
        return;
    struct tint light = vote(tint, told);
    double far_off = off_lamps(light);
    for (int i = 0; i < ESTIMATORS; i++)
        apart += told[i] ? hypot(tint[i].red - light.red, tint[i].blue - light.blue) / n : 0;
    out->trust = varied(whites) / (1 + 4 * apart * apart) /
                 (1 + 12 * far_off * far_off); // no lamp: a wood, a red curtain
    light_of(light, out);
    out->warm = light.blue < -0.3 && light.red > 0;
}

static void multiply(double a[3][3], double b[3][3], double out[3][3])
{
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            out[i][j] = a[i][0] * b[0][j] + a[i][1] * b[1][j] + a[i][2] * b[2][j];
}

static void invert(double a[3][3], double out[3][3])
{
    double whole = 0;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            int r = (j + 1) % 3, s = (j + 2) % 3, p = (i + 1) % 3, q = (i + 2) % 3;
            out[i][j] = a[r][p] * a[s][q] - a[r][q] * a[s][p];
        }
    for (int k = 0; k < 3; k++)
        whole += a[0][k] * out[k][0];
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            out[i][j] /= whole;
}

void kr_whites_matrix(const double light[3], double part, double m[3][3])
{
    double xyz[3][3] = {// of BT.709 red, green, blue
                        {0.4124564, 0.3575761, 0.1804375},
                        {0.2126729, 0.7151522, 0.0721750},
                        {0.0193339, 0.1191920, 0.9503041}};
    double cones[3][3] = {// CAT16
                          {0.401288, 0.650173, -0.051461},
                          {-0.250268, 1.204414, 0.045854},
                          {-0.002079, 0.048952, 0.953127}};
    double to[3][3], back[3][3], luma = 0;
    multiply(cones, xyz, to);
    invert(to, back);
    for (int c = 0; c < 3; c++)
        luma += xyz[1][c] * light[c];
    for (int i = 0; i < 3; i++) {
        double seen = 0, white = 0;
        for (int c = 0; c < 3; c++) {
            seen += to[i][c] * light[c] / luma;
            white += to[i][c];
        }
        double gain = pow(white / fmax(seen, 1e-3), part);
        for (int c = 0; c < 3; c++)
            to[i][c] *= gain;
    }
    multiply(back, to, m);
}
