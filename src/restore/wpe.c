// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/wpe.h"

#include "restore/quick.h"
#include "restore/stft.h"
#include <complex.h>
#include <math.h>

enum {
    SIZE = KR_WPE_DELAY,
    BINS = 256, // to 8 kHz
    TAPS = 20,  // frames of 8 ms that answer
    LATE = 3,   // frames until the answer counts as late
    DEEP = LATE + TAPS + 1,
    PAIRS = TAPS * (TAPS + 1) / 2,
    SPAN = 60 * KR_RATE / (SIZE / 4), // frames of one minute, which has a filter
    SHORT = SPAN / 6,                 // fewer at the end belong to the minute before
    MANY = 1000,                      // frames after which every other one is enough
};
static const float quiet = 1e-3f;  // of the usual power: no moment counts for more than that
static const double loaded = 1e-4; // of the diagonal, so that it can be solved
static const float usual_slow = 0.01f;

struct tones {
    float re[BINS], im[BINS];
};

struct part { // of one channel and minute: what stands before each frame that answers
    struct tones tap[TAPS];
};

struct kr_wpe_filter {
    int channels;
    size_t count, room; // minutes
    struct part (*part)[KR_CHANNELS_MOST];
};

void kr_wpe_filter_destroy(struct kr_wpe_filter **filter)
{
    if (*filter)
        kr_free(&(*filter)->part);
    kr_free(filter);
}

// The last frames of a channel; past[(at + DEEP - k) % DEEP] is k frames ago.
struct past {
    struct tones frame[DEEP];
};

static const struct tones *ago(const struct past *past, size_t at, size_t k)
{
    return &past->frame[(at + DEEP - k % DEEP) % DEEP];
}

static void note(struct past *past, size_t at, const float *re, const float *im)
{
    memcpy(past->frame[at % DEEP].re, re, BINS * sizeof *re);
    memcpy(past->frame[at % DEEP].im, im, BINS * sizeof *im);
}

// out -= strength * conj(g) z of every tap.
KR_LOOP void take_away(const struct part *part, const struct past *past, size_t at, float strength,
                       struct tones *out)
{
    for (size_t k = 0; k < TAPS; k++) {
        const float *restrict gr = part->tap[k].re, *restrict gi = part->tap[k].im;
        const struct tones *z = ago(past, at, LATE + k);
        const float *restrict zr = z->re, *restrict zi = z->im;
        float *restrict re = out->re, *restrict im = out->im;
        for (int b = 0; b < BINS; b++) {
            re[b] -= strength * (gr[b] * zr[b] + gi[b] * zi[b]);
            im[b] -= strength * (gr[b] * zi[b] - gi[b] * zr[b]);
        }
    }
}

KR_LOOP_AVX2 static void take_away_by_eights(const struct part *part, const struct past *past,
                                             size_t at, float strength, struct tones *out)
{
    take_away(part, past, at, strength, out);
}

static const struct part *part_at(const struct kr_wpe_filter *filter, size_t frame, int channel)
{
    size_t minute = frame / SPAN;
    return &filter->part[minute < filter->count ? minute : filter->count - 1][channel];
}

// The frame `at` without its late answer.
static void without_late(const struct kr_wpe_filter *filter, const struct past *past, size_t at,
                         int channel, float strength, bool eights, struct tones *out)
{
    const struct part *part = part_at(filter, at, channel);
    *out = *ago(past, at, 0);
    if (eights)
        take_away_by_eights(part, past, at, strength, out);
    else
        take_away(part, past, at, strength, out);
}

struct kr_wpe_ear {
    int channels;
    bool eights; // numbers at a time
    struct kr_stft *stft;
    const struct kr_wpe_filter *before;
    struct kr_wpe_filter *filter;
    struct past past[KR_CHANNELS_MOST];
    float power[3][BINS]; // of the voice, of all channels, in this frame and the two before
    float usual[BINS];
    size_t at, in_span; // frames
    struct {
        struct tones pair[PAIRS], goal[TAPS];
    } sum[KR_CHANNELS_MOST];
};

static void hear_frame(void *who, struct kr_spectrum *frame);

struct kr_wpe_ear *kr_wpe_ear_create(int channels, const struct kr_wpe_filter *before)
{
    struct kr_wpe_ear *ear = kr_new(struct kr_wpe_ear);
    const struct kr_stft_listener listener = {hear_frame, ear, .only_hears = true};
    ear->channels = channels;
    ear->eights = kr_loop_has_avx2();
    ear->before = before;
    ear->stft = kr_stft_create(channels, SIZE, &listener);
    ear->filter = kr_new(struct kr_wpe_filter);
    ear->filter->channels = channels;
    return ear;
}

void kr_wpe_ear_destroy(struct kr_wpe_ear **ear)
{
    if (*ear) {
        kr_stft_destroy(&(*ear)->stft);
        kr_wpe_filter_destroy(&(*ear)->filter);
    }
    kr_free(ear);
}

KR_LOOP void add_pairs(const float *restrict weight, const struct tones *a, const struct tones *b,
                       struct tones *sum)
{
    const float *restrict ar = a->re, *restrict ai = a->im, *restrict br = b->re,
                          *restrict bi = b->im;
    float *restrict re = sum->re, *restrict im = sum->im;
    for (int i = 0; i < BINS; i++) { // weight a conj(b)
        re[i] += weight[i] * (ar[i] * br[i] + ai[i] * bi[i]);
        im[i] += weight[i] * (ai[i] * br[i] - ar[i] * bi[i]);
    }
}

// The equations of the frame before `at`, whose neighbours tell how loud the voice was.
KR_LOOP void add_frame(struct kr_wpe_ear *ear, const float *weight, int c)
{
    const struct past *past = &ear->past[c];
    const struct tones *now = ago(past, ear->at, 1);
    int pair = 0;
    for (size_t i = 0; i < TAPS; i++) {
        const struct tones *z = ago(past, ear->at, 1 + LATE + i);
        add_pairs(weight, z, now, &ear->sum[c].goal[i]);
        for (size_t j = 0; j <= i; j++)
            add_pairs(weight, z, ago(past, ear->at, 1 + LATE + j), &ear->sum[c].pair[pair++]);
    }
}

KR_LOOP_AVX2 static void add_frame_by_eights(struct kr_wpe_ear *ear, const float *weight, int c)
{
    add_frame(ear, weight, c);
}

// How much each tone of the frame before counts.
static void weigh(struct kr_wpe_ear *ear, float weight[BINS])
{
    for (int b = 0; b < BINS; b++) {
        float mean = (ear->power[0][b] + ear->power[1][b] + ear->power[2][b]) / 3;
        ear->usual[b] += (ear->in_span ? usual_slow : 1) * (mean - ear->usual[b]);
        weight[b] = 1 / (kr_more(mean, quiet * ear->usual[b]) + 1e-20f);
    }
}

// What is left of this frame after the answer that is known already.
static void listen(struct kr_wpe_ear *ear)
{
    float *power = ear->power[ear->at % 3];
    struct tones voice;
    memset(power, 0, sizeof ear->power[0]);
    for (int c = 0; c < ear->channels; c++) {
        if (ear->before)
            without_late(ear->before, &ear->past[c], ear->at, c, 1, ear->eights, &voice);
        else
            voice = *ago(&ear->past[c], ear->at, 0);
        for (int b = 0; b < BINS; b++)
            power[b] += voice.re[b] * voice.re[b] + voice.im[b] * voice.im[b];
    }
}

// Cholesky's way through the equations of one tone: a lies below the diagonal.
static void solve(double complex a[TAPS][TAPS], double complex x[TAPS])
{
    for (int j = 0; j < TAPS; j++) {
        double diagonal = creal(a[j][j]);
        for (int k = 0; k < j; k++)
            diagonal -= creal(a[j][k] * conj(a[j][k]));
        a[j][j] = sqrt(fmax(diagonal, 1e-30));
        for (int i = j + 1; i < TAPS; i++) {
            for (int k = 0; k < j; k++)
                a[i][j] -= a[i][k] * conj(a[j][k]);
            a[i][j] /= a[j][j];
        }
    }
    for (int i = 0; i < TAPS; i++) {
        for (int k = 0; k < i; k++)
            x[i] -= a[i][k] * x[k];
        x[i] /= a[i][i];
    }
    for (int i = TAPS - 1; i >= 0; i--) {
        for (int k = i + 1; k < TAPS; k++)
            x[i] -= conj(a[k][i]) * x[k];
        x[i] /= conj(a[i][i]);
    }
}

static void solve_tone(const struct kr_wpe_ear *ear, int c, int b, struct part *part)
{
    double complex a[TAPS][TAPS], x[TAPS];
    double all = 0;
    for (int i = 0, pair = 0; i < TAPS; i++) {
        x[i] = (double)ear->sum[c].goal[i].re[b] + I * (double)ear->sum[c].goal[i].im[b];
        for (int j = 0; j <= i; j++, pair++)
            a[i][j] =
                (double)ear->sum[c].pair[pair].re[b] + I * (double)ear->sum[c].pair[pair].im[b];
        all += creal(a[i][i]);
    }
    for (int i = 0; i < TAPS; i++)
        a[i][i] += loaded * all / TAPS + 1e-12;
    solve(a, x);
    for (int i = 0; i < TAPS; i++) {
        part->tap[i].re[b] = (float)creal(x[i]);
        part->tap[i].im[b] = (float)cimag(x[i]);
    }
}

static void end_span(struct kr_wpe_ear *ear)
{
    struct kr_wpe_filter *filter = ear->filter;
    if (filter->count == filter->room) {
        filter->room = filter->room ? 2 * filter->room : 1;
        filter->part = kr_realloc_array(filter->part, filter->room, sizeof *filter->part);
    }
    for (int c = 0; c < ear->channels; c++)
        for (int b = 0; b < BINS; b++)
            solve_tone(ear, c, b, &filter->part[filter->count][c]);
    filter->count++;
    ear->in_span = 0;
    memset(ear->sum, 0, sizeof ear->sum);
}

static void hear_frame(void *who, struct kr_spectrum *frame)
{
    struct kr_wpe_ear *ear = who;
    float weight[BINS];
    for (int c = 0; c < ear->channels; c++)
        note(&ear->past[c], ear->at, frame->re[c], frame->im[c]);
    listen(ear);
    if (ear->at >= DEEP) {
        weigh(ear, weight);
        bool counts = ear->in_span < MANY || ear->in_span % 2 == 0;
        for (int c = 0; counts && c < ear->channels; c++) {
            if (ear->eights)
                add_frame_by_eights(ear, weight, c);
            else
                add_frame(ear, weight, c);
        }
        ear->in_span++;
    }
    ear->at++;
    if (ear->at % SPAN == 0)
        end_span(ear);
}

void kr_wpe_ear_hear(struct kr_wpe_ear *ear, float *const channel[], size_t n)
{
    kr_stft_run(ear->stft, channel, n);
}

struct kr_wpe_filter *kr_wpe_ear_judge(struct kr_wpe_ear *ear)
{
    if (ear->in_span >= SHORT || !ear->filter->count)
        end_span(ear);
    struct kr_wpe_filter *filter = ear->filter;
    ear->filter = NULL;
    return filter;
}

struct kr_wpe {
    int channels;
    bool eights; // numbers at a time
    struct kr_stft *stft;
    const struct kr_wpe_filter *filter;
    float strength;
    struct past past[KR_CHANNELS_MOST];
    size_t at;
};

static void treat_frame(void *who, struct kr_spectrum *frame)
{
    struct kr_wpe *wpe = who;
    struct tones out;
    for (int c = 0; c < wpe->channels; c++) {
        float *re = frame->re[c], *im = frame->im[c];
        note(&wpe->past[c], wpe->at, re, im);
        without_late(wpe->filter, &wpe->past[c], wpe->at, c, wpe->strength, wpe->eights, &out);
        for (int b = 0; b < BINS; b++) {
            float was = re[b] * re[b] + im[b] * im[b];
            float is = out.re[b] * out.re[b] + out.im[b] * out.im[b];
            float scale = is > was ? sqrtf(was / is) : 1;
            re[b] = out.re[b] * scale;
            im[b] = out.im[b] * scale;
        }
    }
    wpe->at++;
}

struct kr_wpe *kr_wpe_create(int channels, const struct kr_wpe_filter *filter, double strength)
{
    struct kr_wpe *wpe = kr_new(struct kr_wpe);
    const struct kr_stft_listener listener = {treat_frame, wpe, .only_hears = false};
    wpe->channels = channels;
    wpe->eights = kr_loop_has_avx2();
    wpe->filter = filter;
    wpe->strength = (float)strength;
    wpe->stft = kr_stft_create(channels, SIZE, &listener);
    return wpe;
}

void kr_wpe_destroy(struct kr_wpe **wpe)
{
    if (*wpe)
        kr_stft_destroy(&(*wpe)->stft);
    kr_free(wpe);
}

void kr_wpe_run(struct kr_wpe *wpe, float *const channel[], size_t n)
{
    kr_stft_run(wpe->stft, channel, n);
}

void kr_wpe_by_fours(struct kr_wpe_ear *ear, struct kr_wpe *wpe)
{
    if (ear) {
        ear->eights = false;
        kr_stft_by_fours(ear->stft);
    }
    if (wpe) {
        wpe->eights = false;
        kr_stft_by_fours(wpe->stft);
    }
}
