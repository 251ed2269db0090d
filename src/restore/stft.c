// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/stft.h"

#include "restore/quick.h"
#include <assert.h>
#include <math.h>

enum { OVERLAP = 4 };

struct tones { // split complex numbers
    float *re, *im;
};

struct kr_fft {
    bool eights;    // numbers at a time
    int half;       // complex points
    float *twiddle; // cos and sin of 2 pi k / half, then those of 2 pi k / (2 half)
    float *first;   // of the first stage: cos and sin once, twice, three times, each in a row
    float *memory;  // of the two below
    struct tones a, b;
};

static void turn_table(float *table, int n, int steps)
{
    for (int k = 0; k < n; k++) {
        table[2 * k] = (float)cos(2 * M_PI * k / steps);
        table[2 * k + 1] = (float)sin(2 * M_PI * k / steps);
    }
}

struct kr_fft *kr_fft_create(int size)
{
    int last = size / 2;
    while (last % 4 == 0 && last > 4)
        last /= 4;
    assert(size >= 16 && size <= KR_FFT_MOST && size % 8 == 0 && last >= 2 && last <= 4);
    struct kr_fft *fft = kr_new(struct kr_fft);
    int half = size / 2, quarter = half / 4;
    fft->eights = kr_loop_has_avx2();
    fft->half = half;
    fft->twiddle = kr_new_array(float, (size_t)size * 2);
    turn_table(fft->twiddle, half, half);
    turn_table(fft->twiddle + size, half, size);
    fft->first = kr_new_array(float, (size_t)quarter * 6);
    for (int j = 0; j < 3; j++)
        for (int p = 0; p < quarter; p++) {
            fft->first[2 * j * quarter + p] = fft->twiddle[2 * (j + 1) * p];
            fft->first[(2 * j + 1) * quarter + p] = fft->twiddle[2 * (j + 1) * p + 1];
        }
    fft->memory = kr_new_array(float, (size_t)size * 2);
    fft->a = (struct tones){fft->memory, fft->memory + half};
    fft->b = (struct tones){fft->memory + size, fft->memory + size + half};
    return fft;
}

void kr_fft_destroy(struct kr_fft **fft)
{
    if (*fft) {
        kr_free(&(*fft)->twiddle);
        kr_free(&(*fft)->first);
        kr_free(&(*fft)->memory);
    }
    kr_free(fft);
}

// The first stage: every four points a quarter apart become neighbours.
KR_LOOP void first_stage(const struct kr_fft *fft)
{
    int n = fft->half / 4;
    const float *restrict xr = fft->a.re, *restrict xi = fft->a.im, *restrict w = fft->first;
    float *restrict yr = fft->b.re, *restrict yi = fft->b.im;
    KR_APART
    for (int p = 0; p < n; p++) {
        float ar = xr[p] + xr[p + 2 * n], ai = xi[p] + xi[p + 2 * n];
        float br = xr[p] - xr[p + 2 * n], bi = xi[p] - xi[p + 2 * n];
        float cr = xr[p + n] + xr[p + 3 * n], ci = xi[p + n] + xi[p + 3 * n];
        float dr = xi[p + n] - xi[p + 3 * n], di = xr[p + 3 * n] - xr[p + n];
        float er = br + dr, ei = bi + di, fr = ar - cr, fi = ai - ci, gr = br - dr, gi = bi - di;
        yr[4 * p] = ar + cr;
        yi[4 * p] = ai + ci;
        yr[4 * p + 1] = er * w[p] + ei * w[p + n];
        yi[4 * p + 1] = ei * w[p] - er * w[p + n];
        yr[4 * p + 2] = fr * w[p + 2 * n] + fi * w[p + 3 * n];
        yi[4 * p + 2] = fi * w[p + 2 * n] - fr * w[p + 3 * n];
        yr[4 * p + 3] = gr * w[p + 4 * n] + gi * w[p + 5 * n];
        yi[4 * p + 3] = gi * w[p + 4 * n] - gr * w[p + 5 * n];
    }
}

// The last stage of radix 2 or 3: nothing is left to turn.
KR_LOOP void last_stage(int radix, int run, const struct tones *x, const struct tones *y)
{
    static const float sine = 0.8660254f; // of 60 degrees
    const float *restrict xr = x->re, *restrict xi = x->im;
    float *restrict yr = y->re, *restrict yi = y->im;
    KR_APART
    for (int q = 0; q < run && radix == 2; q++) {
        yr[q] = xr[q] + xr[q + run];
        yi[q] = xi[q] + xi[q + run];
        yr[q + run] = xr[q] - xr[q + run];
        yi[q + run] = xi[q] - xi[q + run];
    }
    KR_APART
    for (int q = 0; q < run && radix == 3; q++) {
        float ar = xr[q + run] + xr[q + 2 * run], ai = xi[q + run] + xi[q + 2 * run];
        float br = (xi[q + run] - xi[q + 2 * run]) * sine;
        float bi = (xr[q + 2 * run] - xr[q + run]) * sine;
        float cr = xr[q] - ar / 2, ci = xi[q] - ai / 2;
        yr[q] = xr[q] + ar;
        yi[q] = xi[q] + ai;
        yr[q + run] = cr + br;
        yi[q + run] = ci + bi;
        yr[q + 2 * run] = cr - br;
        yi[q + 2 * run] = ci - bi;
    }
}

// Four points become four neighbours' runs of `run` points each.
KR_LOOP void four(const float *twiddle, int step, int run, const float *restrict xr,
                  const float *restrict xi, int apart, float *restrict yr, float *restrict yi)
{
    const float *w1 = twiddle + 2 * step, *w2 = twiddle + 4 * step, *w3 = twiddle + 6 * step;
    float c1 = w1[0], s1 = w1[1], c2 = w2[0], s2 = w2[1], c3 = w3[0], s3 = w3[1];
    KR_APART
    for (int q = 0; q < run; q++) {
        float ar = xr[q] + xr[q + 2 * apart], ai = xi[q] + xi[q + 2 * apart];
        float br = xr[q] - xr[q + 2 * apart], bi = xi[q] - xi[q + 2 * apart];
        float cr = xr[q + apart] + xr[q + 3 * apart], ci = xi[q + apart] + xi[q + 3 * apart];
        float dr = xi[q + apart] - xi[q + 3 * apart], di = xr[q + 3 * apart] - xr[q + apart];
        yr[q] = ar + cr;
        yi[q] = ai + ci;
        float er = br + dr, ei = bi + di, fr = ar - cr, fi = ai - ci, gr = br - dr, gi = bi - di;
        yr[q + run] = er * c1 + ei * s1;
        yi[q + run] = ei * c1 - er * s1;
        yr[q + 2 * run] = fr * c2 + fi * s2;
        yi[q + 2 * run] = fi * c2 - fr * s2;
        yr[q + 3 * run] = gr * c3 + gi * s3;
        yi[q + 3 * run] = gi * c3 - gr * s3;
    }
}

// From a to wherever the last stage leaves it.
KR_LOOP const struct tones *transform(struct kr_fft *fft)
{
    const struct tones *x = &fft->b, *y = &fft->a;
    int run = 4;
    first_stage(fft);
    for (; run * 4 <= fft->half; run *= 4) {
        int many = fft->half / (4 * run), apart = fft->half / 4;
        for (int p = 0; p < many; p++)
            four(fft->twiddle, p * run, run, x->re + p * run, x->im + p * run, apart,
                 y->re + 4 * p * run, y->im + 4 * p * run);
        const struct tones *now = y;
        y = x;
        x = now;
    }
    if (run == fft->half)
        return x;
    last_stage(fft->half / run, run, x, y);
    return y;
}

KR_LOOP void forward(struct kr_fft *fft, const float samples[], float re[], float im[])
{
    int half = fft->half;
    float *ar = fft->a.re, *ai = fft->a.im;
    KR_APART
    for (int i = 0; i < half; i++) {
        ar[i] = samples[2 * i];
        ai[i] = samples[2 * i + 1];
    }
    const struct tones *z = transform(fft);
    const float *w = fft->twiddle + 2 * half, *zr = z->re, *zi = z->im;
    re[0] = zr[0] + zi[0];
    re[half] = zr[0] - zi[0];
    im[0] = im[half] = 0;
    KR_APART
    for (int k = 1; k < half; k++) { // even samples' tones, and odd ones' turned
        float er = zr[k] + zr[half - k], ei = zi[k] - zi[half - k];
        float ur = zi[k] + zi[half - k], ui = zr[half - k] - zr[k];
        re[k] = (er + ur * w[2 * k] + ui * w[2 * k + 1]) / 2;
        im[k] = (ei + ui * w[2 * k] - ur * w[2 * k + 1]) / 2;
    }
}

KR_LOOP void inverse(struct kr_fft *fft, const float re[], const float im[], float samples[])
{
    int half = fft->half;
    const float *w = fft->twiddle + 2 * half;
    float *ar = fft->a.re, *ai = fft->a.im;
    KR_APART
    for (int k = 0; k < half; k++) { // conjugate, so that the forward way turns back
        float er = re[k] + re[half - k], ei = im[k] - im[half - k];
        float dr = re[k] - re[half - k], di = im[k] + im[half - k];
        float ur = dr * w[2 * k] - di * w[2 * k + 1], ui = di * w[2 * k] + dr * w[2 * k + 1];
        ar[k] = er - ui;
        ai[k] = -(ei + ur);
    }
    const struct tones *z = transform(fft);
    float scale = 0.5f / (float)half;
    const float *zr = z->re, *zi = z->im;
    KR_APART
    for (int i = 0; i < half; i++) {
        samples[2 * i] = zr[i] * scale;
        samples[2 * i + 1] = -zi[i] * scale;
    }
}

KR_LOOP_AVX2 static void forward_by_eights(struct kr_fft *fft, const float samples[], float re[],
                                           float im[])
{
    forward(fft, samples, re, im);
}

KR_LOOP_AVX2 static void inverse_by_eights(struct kr_fft *fft, const float re[], const float im[],
                                           float samples[])
{
    inverse(fft, re, im, samples);
}

void kr_fft_forward(struct kr_fft *fft, const float samples[], float re[], float im[])
{
    if (fft->eights)
        forward_by_eights(fft, samples, re, im);
    else
        forward(fft, samples, re, im);
}

void kr_fft_inverse(struct kr_fft *fft, const float re[], const float im[], float samples[])
{
    if (fft->eights)
        inverse_by_eights(fft, re, im, samples);
    else
        inverse(fft, re, im, samples);
}

struct kr_stft {
    int size, hop, filled;
    struct kr_fft *fft;
    struct kr_stft_listener listener;
    struct kr_spectrum frame;
    float *window, *windowed;
    float *past[KR_CHANNELS_MOST]; // the last `size` samples, the newest last
    float *sum[KR_CHANNELS_MOST];  // frames added up; the oldest hop is whole
};

struct kr_stft *kr_stft_create(int channels, int size, const struct kr_stft_listener *listener)
{
    assert(channels >= 1 && channels <= KR_CHANNELS_MOST && size % OVERLAP == 0);
    struct kr_stft *stft = kr_new(struct kr_stft);
    size_t many = (size_t)size;
    stft->size = size;
    stft->hop = size / OVERLAP;
    stft->fft = kr_fft_create(size);
    stft->listener = *listener;
    stft->frame.channels = channels;
    stft->frame.bins = size / 2 + 1;
    stft->window = kr_new_array(float, many);
    stft->windowed = kr_new_array(float, many);
    for (int i = 0; i < size; i++)
        stft->window[i] = (float)sqrt(0.5 - 0.5 * cos(2 * M_PI * (i + 0.5) / size));
    for (int c = 0; c < channels; c++) {
        stft->past[c] = kr_new_array(float, many);
        stft->sum[c] = kr_new_array(float, many);
        stft->frame.re[c] = kr_new_array(float, many / 2 + 1);
        stft->frame.im[c] = kr_new_array(float, many / 2 + 1);
    }
    return stft;
}

void kr_stft_destroy(struct kr_stft **stft)
{
    if (*stft) {
        for (int c = 0; c < (*stft)->frame.channels; c++) {
            kr_free(&(*stft)->past[c]);
            kr_free(&(*stft)->sum[c]);
            kr_free(&(*stft)->frame.re[c]);
            kr_free(&(*stft)->frame.im[c]);
        }
        kr_fft_destroy(&(*stft)->fft);
        kr_free(&(*stft)->window);
        kr_free(&(*stft)->windowed);
    }
    kr_free(stft);
}

KR_LOOP void apply_window(const float *window, const float *wave, int size, float *out)
{
    KR_APART
    for (int i = 0; i < size; i++)
        out[i] = wave[i] * window[i];
}

// Squared windows add up to OVERLAP / 2.
KR_LOOP void add_window(const float *window, const float *wave, int size, float *sum)
{
    static const float even = 2.0f / OVERLAP;
    KR_APART
    for (int i = 0; i < size; i++)
        sum[i] += wave[i] * window[i] * even;
}

KR_LOOP_AVX2 static void apply_by_eights(const float *window, const float *wave, int size,
                                         float *out)
{
    apply_window(window, wave, size, out);
}

KR_LOOP_AVX2 static void add_by_eights(const float *window, const float *wave, int size, float *sum)
{
    add_window(window, wave, size, sum);
}

static void take_apart(struct kr_stft *s)
{
    for (int c = 0; c < s->frame.channels; c++) {
        if (s->fft->eights)
            apply_by_eights(s->window, s->past[c], s->size, s->windowed);
        else
            apply_window(s->window, s->past[c], s->size, s->windowed);
        kr_fft_forward(s->fft, s->windowed, s->frame.re[c], s->frame.im[c]);
        memmove(s->past[c], s->past[c] + s->hop, (size_t)(s->size - s->hop) * sizeof(float));
    }
}

static void put_together(struct kr_stft *s)
{
    for (int c = 0; c < s->frame.channels; c++) {
        float *sum = s->sum[c];
        memmove(sum, sum + s->hop, (size_t)(s->size - s->hop) * sizeof(float));
        memset(sum + s->size - s->hop, 0, (size_t)s->hop * sizeof(float));
        kr_fft_inverse(s->fft, s->frame.re[c], s->frame.im[c], s->windowed);
        if (s->fft->eights)
            add_by_eights(s->window, s->windowed, s->size, sum);
        else
            add_window(s->window, s->windowed, s->size, sum);
    }
}

void kr_stft_run(struct kr_stft *s, float *const channel[], size_t n)
{
    for (size_t at = 0; at < n;) {
        size_t left = (size_t)(s->hop - s->filled), many = n - at < left ? n - at : left;
        for (int c = 0; c < s->frame.channels; c++) {
            float *now = channel[c] + at;
            memcpy(s->past[c] + s->size - s->hop + s->filled, now, many * sizeof *now);
            if (!s->listener.only_hears)
                memcpy(now, s->sum[c] + s->filled, many * sizeof *now);
        }
        at += many;
        s->filled += (int)many;
        if (s->filled < s->hop)
            return;
        s->filled = 0;
        take_apart(s);
        s->listener.hear(s->listener.who, &s->frame);
        if (!s->listener.only_hears)
            put_together(s);
    }
}

void kr_stft_by_fours(struct kr_stft *stft)
{
    stft->fft->eights = false;
}
