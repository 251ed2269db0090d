// SPDX-License-Identifier: AGPL-3.0-or-later
// 960 real samples are taken as 480 complex ones; those go through five passes of
// Stockham's kind, 480 = 4 * 4 * 5 * 3 * 2, which sort themselves on the way.
#include "restore/rnnoise_priv.h"

#include "restore/quick.h"
#include <math.h>

enum { N = KR_RNNOISE_FRAME, WINDOW = KR_RNNOISE_WINDOW, RADIX_MOST = 5, QUARTER = N / 4 };

struct point {
    float re, im;
};
struct points { // apart, so that four and four go through a vector
    float re[N], im[N];
};

KR_LOOP struct point plus(struct point a, struct point b)
{
    return (struct point){a.re + b.re, a.im + b.im};
}

KR_LOOP struct point minus(struct point a, struct point b)
{
    return (struct point){a.re - b.re, a.im - b.im};
}

KR_LOOP struct point times(struct point a, struct point b)
{
    return (struct point){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

KR_LOOP struct point sized(struct point a, float size)
{
    return (struct point){a.re * size, a.im * size};
}

KR_LOOP struct point quarter_back(struct point a) // times -i
{
    return (struct point){a.im, -a.re};
}

// Transforms of 2, 3, 4 and 5 points in place.
KR_LOOP void two(struct point v[2])
{
    struct point a = v[0];
    v[0] = plus(a, v[1]);
    v[1] = minus(a, v[1]);
}

KR_LOOP void three(struct point v[3])
{
    const float sin_third = 0.866025404f; // of a turn
    struct point sum = plus(v[1], v[2]), across = sized(minus(v[1], v[2]), sin_third);
    struct point mid = minus(v[0], sized(sum, 0.5f)), aside = quarter_back(across);
    v[0] = plus(v[0], sum);
    v[1] = plus(mid, aside);
    v[2] = minus(mid, aside);
}

KR_LOOP void four(struct point v[4])
{
    struct point a = plus(v[0], v[2]), b = minus(v[0], v[2]);
    struct point c = plus(v[1], v[3]), d = quarter_back(minus(v[1], v[3]));
    v[0] = plus(a, c);
    v[1] = plus(b, d);
    v[2] = minus(a, c);
    v[3] = minus(b, d);
}

KR_LOOP void five(struct point v[5])
{
    const float cos1 = 0.309016994f, cos2 = -0.809016994f; // of one and two fifths of a turn
    const float sin1 = 0.951056516f, sin2 = 0.587785252f;
    struct point a = plus(v[1], v[4]), b = minus(v[1], v[4]);
    struct point c = plus(v[2], v[3]), d = minus(v[2], v[3]);
    struct point mid1 = plus(v[0], plus(sized(a, cos1), sized(c, cos2)));
    struct point mid2 = plus(v[0], plus(sized(a, cos2), sized(c, cos1)));
    struct point aside1 = quarter_back(plus(sized(b, sin1), sized(d, sin2)));
    struct point aside2 = quarter_back(minus(sized(b, sin2), sized(d, sin1)));
    v[0] = plus(v[0], plus(a, c));
    v[1] = plus(mid1, aside1);
    v[2] = plus(mid2, aside2);
    v[3] = minus(mid2, aside2);
    v[4] = minus(mid1, aside1);
}

KR_LOOP void small(int radix, struct point *v)
{
    if (radix == 2)
        two(v);
    else if (radix == 3)
        three(v);
    else if (radix == 4)
        four(v);
    else
        five(v);
}

// The first pass, whose neighbours become four apart: along p.
KR_LOOP void first_pass(const struct kr_rnnoise_fourier *f, const struct points *restrict in,
                        struct points *restrict out)
{
    for (int p = 0; p < QUARTER; p++) {
        struct point v[4];
        for (int k = 0; k < 4; k++)
            v[k] = (struct point){in->re[p + k * QUARTER], in->im[p + k * QUARTER]};
        four(v);
        for (int k = 0; k < 4; k++) {
            struct point turn = {f->first[k][0][p], f->first[k][1][p]};
            struct point turned = times(v[k], turn);
            out->re[4 * p + k] = turned.re;
            out->im[4 * p + k] = turned.im;
        }
    }
}

// Inlined for each radix, so that the loop over q is one of vectors.
KR_LOOP void pass(const struct kr_rnnoise_fourier *f, int radix, int stride,
                  const struct points *restrict in, struct points *restrict out)
{
    int parts = N / (radix * stride);
    for (int p = 0; p < parts; p++) {
        struct point turn[RADIX_MOST], v[RADIX_MOST];
        for (int k = 0; k < radix; k++)
            turn[k] = (struct point){f->turn[0][p * k * stride], f->turn[1][p * k * stride]};
        for (int q = 0; q < stride; q++) {
            for (int k = 0; k < radix; k++) {
                int from = q + stride * (p + parts * k);
                v[k] = (struct point){in->re[from], in->im[from]};
            }
            small(radix, v);
            for (int k = 0; k < radix; k++) {
                int to = q + stride * (radix * p + k);
                struct point turned = times(v[k], turn[k]);
                out->re[to] = turned.re;
                out->im[to] = turned.im;
            }
        }
    }
}

// *a is spent; the transform is in *b.
KR_LOOP void transform(const struct kr_rnnoise_fourier *f, struct points *a, struct points *b)
{
    first_pass(f, a, b);
    pass(f, 4, 4, b, a);
    pass(f, 5, 16, a, b);
    pass(f, 3, 80, b, a);
    pass(f, 2, 240, a, b);
}

void kr_rnnoise_fourier_init(struct kr_rnnoise_fourier *f, bool eights)
{
    f->eights = eights;
    for (int i = 0; i < N; i++) {
        f->turn[0][i] = (float)cos(2 * M_PI * i / N);
        f->turn[1][i] = (float)-sin(2 * M_PI * i / N);
    }
    for (int k = 0; k < 4; k++)
        for (int p = 0; p < QUARTER; p++) {
            f->first[k][0][p] = f->turn[0][p * k];
            f->first[k][1][p] = f->turn[1][p * k];
        }
    for (int i = 0; i < KR_RNNOISE_BINS; i++) {
        f->half_turn[0][i] = (float)cos(2 * M_PI * i / WINDOW);
        f->half_turn[1][i] = (float)-sin(2 * M_PI * i / WINDOW);
    }
}

// Even samples went in as real parts and odd ones as imaginary parts: taken apart, and
// the odd ones turned by their half step.
KR_LOOP void untie(const struct kr_rnnoise_fourier *f, struct point z, struct point y, int k,
                   struct kr_rnnoise_spectrum *out)
{
    struct point turn = {f->half_turn[0][k], f->half_turn[1][k]};
    struct point x = plus(plus(z, y), times(quarter_back(minus(z, y)), turn));
    out->re[k] = x.re;
    out->im[k] = x.im;
}

KR_LOOP void forth(const struct kr_rnnoise_fourier *f, const float *restrict in,
                   struct kr_rnnoise_spectrum *restrict out)
{
    struct points a, b;
    for (int i = 0; i < N; i++) {
        a.re[i] = in[2 * i] * (0.5f / WINDOW);
        a.im[i] = in[2 * i + 1] * (0.5f / WINDOW);
    }
    transform(f, &a, &b);
    struct point first = {b.re[0], b.im[0]}, mirrored = {b.re[0], -b.im[0]};
    untie(f, first, mirrored, 0, out);
    untie(f, first, mirrored, N, out);
    for (int k = 1; k < N; k++) {
        struct point z = {b.re[k], b.im[k]}, y = {b.re[N - k], -b.im[N - k]};
        untie(f, z, y, k, out);
    }
}

// The same backwards. With real and imaginary parts exchanged, forth is back.
KR_LOOP void back(const struct kr_rnnoise_fourier *f, const struct kr_rnnoise_spectrum *restrict in,
                  float *restrict out)
{
    struct points a, b;
    for (int k = 0; k < N; k++) {
        struct point x = {in->re[k], in->im[k]}, y = {in->re[N - k], -in->im[N - k]};
        struct point turn = {f->half_turn[0][k], -f->half_turn[1][k]};
        struct point odd = times(minus(x, y), turn); // times i, it joins the even ones
        a.re[k] = x.im + y.im + odd.re;
        a.im[k] = x.re + y.re - odd.im;
    }
    transform(f, &a, &b);
    for (int i = 0; i < N; i++) {
        out[2 * i] = b.im[i];
        out[2 * i + 1] = b.re[i];
    }
}

KR_LOOP_AVX2 static void forth_by_eights(const struct kr_rnnoise_fourier *f, const float *in,
                                         struct kr_rnnoise_spectrum *out)
{
    forth(f, in, out);
}

KR_LOOP_AVX2 static void back_by_eights(const struct kr_rnnoise_fourier *f,
                                        const struct kr_rnnoise_spectrum *in, float *out)
{
    back(f, in, out);
}

void kr_rnnoise_forth(const struct kr_rnnoise_fourier *f, const float in[KR_RNNOISE_WINDOW],
                      struct kr_rnnoise_spectrum *out)
{
    if (f->eights)
        forth_by_eights(f, in, out);
    else
        forth(f, in, out);
}

void kr_rnnoise_back(const struct kr_rnnoise_fourier *f, const struct kr_rnnoise_spectrum *in,
                     float out[KR_RNNOISE_WINDOW])
{
    if (f->eights)
        back_by_eights(f, in, out);
    else
        back(f, in, out);
}
