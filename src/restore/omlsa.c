// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/omlsa.h"

#include "restore/quick.h"
#include "restore/stft.h"
#include <math.h>

enum {
    BINS = KR_OMLSA_BINS,
    WINDOWS = 8,    // the minimum is sought over so many windows
    WINDOW = 15,    // of so many frames: 0.96 s
    WIDE = 15,      // frequencies each way for the look around
    VOICE_FROM = 3, // the frequencies in which a voice shows
    VOICE_TO = 256, // 94 Hz to 8 kHz
};
// As in Cohen 2003 (table I) and Cohen and Berdugo 2001 (table 1), whose frames of
// 32 ms every 8 ms are ours as well.
static const float smooth_keep = 0.9f, noise_keep = 0.85f, noise_raise = 1.47f;
static const float least_bias = 1.66f, absent_power = 4.6f, absent_smooth = 1.67f;
static const float present_power = 3;
static const float snr_keep = 0.92f, snr_least = 0.0032f, snr_most = 1000;
static const float around_keep = 0.7f, around_least = 0.1f, absence_most = 0.95f;
static const float around_span = 1.1512925f; // ln of sqrt(0.1) over 0.1
static const float frame_span = 2.9957323f;  // ln of 2 over 0.1
static const float nothing = 1e-10f;         // power far below a 16-bit step: keeps ratios finite

struct minima { // of a smoothed power
    float smooth[BINS], least[BINS], running[BINS], past[WINDOWS][BINS];
};

struct kr_omlsa {
    struct kr_stft *stft;
    float floor_log;
    bool eights; // numbers at a time
    int frames, window;
    float power[BINS];
    struct minima plain, quiet; // the second one without what is likely a voice
    float noise[BINS];
    float snr[BINS];     // a priori
    float above[BINS];   // a posteriori
    float carried[BINS]; // what the last frame's gain says of this frame's a priori SNR
    float around[BINS];  // a priori, smoothed over time
    float absence[BINS]; // a priori: 0 surely a voice, up to absence_most
    float gain[BINS];
};

static void begin_minima(struct minima *m, const float noise[BINS])
{
    for (int k = 0; k < BINS; k++) {
        float power = noise[k] + nothing;
        m->smooth[k] = m->least[k] = m->running[k] = power;
        for (int w = 0; w < WINDOWS; w++)
            m->past[w][k] = power;
    }
}

KR_LOOP void follow(struct minima *m, const float now[BINS])
{
    for (int k = 0; k < BINS; k++) {
        float smooth = smooth_keep * m->smooth[k] + (1 - smooth_keep) * now[k];
        m->smooth[k] = smooth;
        m->least[k] = kr_less(m->least[k], smooth);
        m->running[k] = kr_less(m->running[k], smooth);
    }
}

// A window is full: the oldest one's minimum no longer counts.
KR_LOOP void turn_window(struct minima *m, int window)
{
    memcpy(m->past[window], m->running, sizeof m->running);
    memcpy(m->least, m->running, sizeof m->running);
    for (int w = 0; w < WINDOWS; w++)
        for (int k = 0; k < BINS; k++)
            m->least[k] = kr_less(m->least[k], m->past[w][k]);
    memcpy(m->running, m->smooth, sizeof m->smooth);
}

KR_LOOP void measure(struct kr_omlsa *d, const struct kr_spectrum *frame)
{
    float share = 1 / (float)frame->channels;
    for (int k = 0; k < BINS; k++)
        d->power[k] = nothing;
    for (int c = 0; c < frame->channels; c++) {
        const float *re = frame->re[c], *im = frame->im[c];
        for (int k = 0; k < BINS; k++)
            d->power[k] += share * (re[k] * re[k] + im[k] * im[k]);
    }
}

// The power spread over its neighbours; in the second round only over those that
// the first round's minima call noise, and where none is, as it was before.
KR_LOOP void follow_minima(struct kr_omlsa *d)
{
    float now[BINS], weight[BINS + 2] = {0}, noise[BINS + 2] = {0};
    const float *p = d->power;
    now[0] = 0.75f * p[0] + 0.25f * p[1];
    now[BINS - 1] = 0.75f * p[BINS - 1] + 0.25f * p[BINS - 2];
    for (int k = 1; k < BINS - 1; k++)
        now[k] = 0.25f * p[k - 1] + 0.5f * p[k] + 0.25f * p[k + 1];
    follow(&d->plain, now);
    for (int k = 0; k < BINS; k++) {
        float floor = least_bias * d->plain.least[k];
        float quiet = p[k] < absent_power * floor ? 1 : 0; // both are looked at: no branch
        weight[k + 1] = d->plain.smooth[k] < absent_smooth * floor ? quiet : 0;
        noise[k + 1] = weight[k + 1] * p[k];
    }
    for (int k = 0; k < BINS; k++) {
        float sum = 0.25f * weight[k] + 0.5f * weight[k + 1] + 0.25f * weight[k + 2];
        float quiet = 0.25f * noise[k] + 0.5f * noise[k + 1] + 0.25f * noise[k + 2];
        float as_before = d->quiet.smooth[k], fresh = quiet / kr_more(sum, 0.25f);
        now[k] = sum > 0 ? fresh : as_before;
    }
    follow(&d->quiet, now);
    if (++d->frames % WINDOW == 0) {
        turn_window(&d->plain, d->window);
        turn_window(&d->quiet, d->window);
        d->window = (d->window + 1) % WINDOWS;
    }
}

// Decision-directed (Ephraim and Malah 1984).
KR_LOOP void measure_snr(struct kr_omlsa *d)
{
    for (int k = 0; k < BINS; k++) {
        float above = kr_less(d->power[k] / kr_more(d->noise[k], nothing), snr_most);
        float snr = snr_keep * d->carried[k] + (1 - snr_keep) * kr_more(above - 1, 0);
        d->above[k] = above;
        d->snr[k] = kr_more(snr, snr_least);
        d->around[k] = around_keep * d->around[k] + (1 - around_keep) * d->snr[k];
    }
}

KR_LOOP float likely(float around, float span)
{
    float share = kr_quick_log(kr_more(around, around_least) / around_least) / span;
    return kr_less(share, 1);
}

// The mean of `reach` frequencies each way; at the rims, of those that are there.
KR_LOOP void look_around(const float sum[BINS + 1], int reach, float out[BINS])
{
    float each = 1 / (float)(2 * reach + 1);
    for (int k = reach; k < BINS - reach; k++)
        out[k] = (sum[k + reach + 1] - sum[k - reach]) * each;
    for (int k = 0; k < reach; k++) {
        float rim = 1 / (float)(k + reach + 1);
        out[k] = sum[k + reach + 1] * rim;
        out[BINS - 1 - k] = (sum[BINS] - sum[BINS - 1 - k - reach]) * rim;
    }
}

// How likely a voice is absent, from the look around: near, wide, and the whole frame.
KR_LOOP void judge_absence(struct kr_omlsa *d)
{
    float sum[BINS + 1], near[BINS], wide[BINS];
    sum[0] = 0;
    for (int k = 0; k < BINS; k++)
        sum[k + 1] = sum[k] + d->around[k];
    look_around(sum, 1, near);
    look_around(sum, WIDE, wide);
    float frame = likely((sum[VOICE_TO] - sum[VOICE_FROM]) / (VOICE_TO - VOICE_FROM), frame_span);
    for (int k = 0; k < BINS; k++) {
        float absence = 1 - likely(near[k], around_span) * likely(wide[k], around_span) * frame;
        d->absence[k] = kr_less(absence, absence_most);
    }
}

// Half the exponential integral E1 (Abramowitz and Stegun 5.1.53 and 5.1.56), v > 0.
KR_LOOP float half_e1(float v, float fades)
{
    float low = kr_less(v, 1), high = kr_more(v, 1);
    float series = -0.57721566f +
                   low * (0.99999193f +
                          low * (-0.24991055f +
                                 low * (0.05519968f + low * (-0.00976004f + low * 0.00107857f)))) -
                   kr_quick_log(low);
    float top =
        0.26777373f + high * (8.6347609f + high * (18.059017f + high * (8.5733287f + high)));
    float bottom =
        3.9584969f + high * (21.099653f + high * (25.632956f + high * (9.5733223f + high)));
    return 0.5f * (v < 1 ? series : top / bottom * fades / high);
}

KR_LOOP void find_gains(struct kr_omlsa *d)
{
    for (int k = 0; k < BINS; k++) {
        float snr = d->snr[k], part = snr / (1 + snr), v = d->above[k] * part;
        float fades = kr_quick_exp(-kr_less(v, 80)), absence = d->absence[k];
        float present = 1 / (1 + absence / (1 - absence) * (1 + snr) * fades);
        float speech = kr_less(kr_quick_log(part) + half_e1(kr_more(v, 1e-6f), fades), 0);
        d->gain[k] = kr_quick_exp(present * speech + (1 - present) * d->floor_log);
        d->carried[k] = kr_quick_exp(2 * speech) * d->above[k];
        // How surely it is noise, this time by the minima alone: so the noise may rise.
        float floor = least_bias * d->quiet.least[k], above = d->power[k] / floor;
        float noisy = (present_power - above) / (present_power - 1);
        noisy = kr_less(kr_more(noisy, 0), 1);
        noisy = d->plain.smooth[k] < absent_smooth * floor ? noisy : 0;
        float voice = 1 - noisy;
        voice = voice / (voice + noisy * (1 + snr) * fades + 1e-20f);
        float keep = noise_keep + (1 - noise_keep) * voice;
        d->noise[k] = keep * d->noise[k] + (1 - keep) * noise_raise * d->power[k];
    }
}

KR_LOOP void treat_frame(struct kr_omlsa *d, struct kr_spectrum *frame)
{
    measure(d, frame);
    follow_minima(d);
    measure_snr(d);
    judge_absence(d);
    find_gains(d);
    for (int c = 0; c < frame->channels; c++) {
        float *re = frame->re[c], *im = frame->im[c];
        for (int k = 0; k < BINS; k++) {
            re[k] *= d->gain[k];
            im[k] *= d->gain[k];
        }
    }
}

KR_LOOP_AVX2 static void treat_by_eights(struct kr_omlsa *d, struct kr_spectrum *frame)
{
    treat_frame(d, frame);
}

static void treat_by_fours(struct kr_omlsa *d, struct kr_spectrum *frame)
{
    treat_frame(d, frame);
}

// Far below a step of 16 bits: a gap in a file says nothing of the place's noise.
static bool is_silent(const struct kr_spectrum *frame)
{
    float all = 0;
    for (int c = 0; c < frame->channels; c++)
        for (int k = 0; k < BINS; k++)
            all += frame->re[c][k] * frame->re[c][k] + frame->im[c][k] * frame->im[c][k];
    return !(all > 1e-5f);
}

static void treat(void *who, struct kr_spectrum *frame)
{
    struct kr_omlsa *d = who;
    if (is_silent(frame))
        return;
    if (d->eights)
        treat_by_eights(d, frame);
    else
        treat_by_fours(d, frame);
}

struct kr_omlsa *kr_omlsa_create(int channels, double floor_db, const float noise[BINS])
{
    struct kr_omlsa *d = kr_new(struct kr_omlsa);
    struct kr_stft_listener listener = {treat, d, false};
    d->stft = kr_stft_create(channels, KR_OMLSA_SIZE, &listener);
    d->eights = kr_loop_has_avx2();
    d->floor_log = (float)(floor_db / 20 * M_LN10);
    begin_minima(&d->plain, noise);
    begin_minima(&d->quiet, noise);
    for (int k = 0; k < BINS; k++)
        d->noise[k] = noise[k] + nothing;
    return d;
}

void kr_omlsa_destroy(struct kr_omlsa **denoise)
{
    if (*denoise)
        kr_stft_destroy(&(*denoise)->stft);
    kr_free(denoise);
}

void kr_omlsa_by_fours(struct kr_omlsa *denoise)
{
    denoise->eights = false;
    kr_stft_by_fours(denoise->stft);
}

void kr_omlsa_run(struct kr_omlsa *denoise, float *const channel[], size_t n)
{
    kr_stft_run(denoise->stft, channel, n);
}
