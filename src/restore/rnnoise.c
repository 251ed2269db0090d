// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/rnnoise_priv.h"

#include "restore/quick.h"
#include <assert.h>
#include <float.h>
#include <math.h>

enum {
    FRAME = KR_RNNOISE_FRAME,
    WINDOW = KR_RNNOISE_WINDOW,
    PAST = KR_RNNOISE_PAST,
    BINS = KR_RNNOISE_BINS,
    BANDS = KR_RNNOISE_BANDS,
    AUDIBLE = 400, // bins in bands: below 20 kHz
};

// The net learnt with samples of 16 bits: all inside is of that size.
static const float full_scale = 32768;
static const float loudest = 8;     // of full scale: beyond that it is no sound
static const float nothing = 0.04f; // energy of a frame that holds no sound
static const float linger = 0.6f;   // of a band's gain stays for the next frame at least
static const double still = 1e-20;  // what a filter remembers of long ago ends here
// As wide as what the ear takes together (ERB); two more than bands, which lie around the inner.
static const uint16_t edges[BANDS + 2] = {
    0,  2,  4,  6,  8,  10,  12,  15,  18,  21,  24,  28,  32,  36,  41,  47,  53,
    60, 68, 77, 87, 98, 110, 124, 140, 157, 176, 198, 223, 251, 282, 317, 356, AUDIBLE};

// 20 ms, and the same a period earlier.
struct heard {
    struct kr_rnnoise_spectrum now, echo;
    float now_energy[BANDS], echo_energy[BANDS];
    float alike[BANDS]; // [-1,1]
};

struct kr_rnnoise {
    // as they are made at the start
    enum kr_rnnoise_way way;
    struct kr_rnnoise_fourier fourier;
    float window[WINDOW];
    float share[AUDIBLE];        // of a bin, that belongs to the band above it
    float cosines[BANDS][BANDS]; // of the cepstrum: of each band, for each of its numbers
    // from frame to frame
    struct kr_rnnoise_net net;
    struct kr_rnnoise_pitch pitch;
    double low_cut[2];
    float past[PAST];
    float tail[FRAME];     // of the frame before, to be laid over this one
    struct heard heard[2]; // the last 20 ms, and those before: the net answers one frame late
    unsigned frames;
    float gains[BANDS];
};

static void make_tables(struct kr_rnnoise *r)
{
    kr_rnnoise_fourier_init(&r->fourier, r->way != KR_RNNOISE_PLAIN);
    r->pitch.eights = r->way != KR_RNNOISE_PLAIN;
    for (int i = 0; i < WINDOW; i++) { // Vorbis's: its squares, half over half, add up to one
        double rise = sin(M_PI * (i + 0.5) / WINDOW);
        r->window[i] = (float)sin(M_PI / 2 * rise * rise);
    }
    for (int b = 0; b <= BANDS; b++)
        for (int i = edges[b]; i < edges[b + 1]; i++)
            r->share[i] = (float)(i - edges[b]) / (float)(edges[b + 1] - edges[b]);
    for (int b = 0; b < BANDS; b++)
        for (int k = 0; k < BANDS; k++)
            r->cosines[b][k] =
                (float)(sqrt((k ? 2.0 : 1.0) / 22) * cos((b + 0.5) * k * M_PI / BANDS));
}

struct kr_rnnoise *kr_rnnoise_create_by(enum kr_rnnoise_way way)
{
    assert(kr_rnnoise_there());
    struct kr_rnnoise *r = kr_new(struct kr_rnnoise);
    r->way = way;
    make_tables(r);
    return r;
}

struct kr_rnnoise *kr_rnnoise_create(void)
{
    return kr_rnnoise_create_by(kr_rnnoise_best_way());
}

void kr_rnnoise_destroy(struct kr_rnnoise **rnnoise)
{
    kr_free(rnnoise);
}

// Triangles over the bands' edges; what lies outside the first and the last falls to them.
KR_LOOP void gather(const struct kr_rnnoise *r, const float bins[AUDIBLE], float bands[BANDS])
{
    float sums[BANDS + 2] = {0};
    for (int b = 0; b <= BANDS; b++) {
        float all = 0, above = 0;
        for (int i = edges[b]; i < edges[b + 1]; i++) {
            all += bins[i];
            above += r->share[i] * bins[i];
        }
        sums[b] += all - above;
        sums[b + 1] = above;
    }
    memcpy(bands, sums + 1, BANDS * sizeof *bands);
    bands[0] = (sums[0] + sums[1]) * 2 / 3;
    bands[BANDS - 1] = (sums[BANDS] + sums[BANDS + 1]) * 2 / 3;
}

KR_LOOP void spread(const struct kr_rnnoise *r, const float bands[BANDS], float bins[AUDIBLE])
{
    for (int b = 0; b <= BANDS; b++) {
        float below = bands[b ? b - 1 : 0], rise = bands[b < BANDS ? b : BANDS - 1] - below;
        for (int i = edges[b]; i < edges[b + 1]; i++)
            bins[i] = below + r->share[i] * rise;
    }
}

// Products of two spectra, band by band: of one with itself, its energy.
KR_LOOP void product(const struct kr_rnnoise *r, const struct kr_rnnoise_spectrum *a,
                     const struct kr_rnnoise_spectrum *b, float bands[BANDS])
{
    float bins[AUDIBLE];
    for (int i = 0; i < AUDIBLE; i++)
        bins[i] = a->re[i] * b->re[i] + a->im[i] * b->im[i];
    gather(r, bins, bands);
}

KR_LOOP void window_forth(const struct kr_rnnoise *r, const float *wave,
                          struct kr_rnnoise_spectrum *out)
{
    float windowed[WINDOW];
    for (int i = 0; i < WINDOW; i++)
        windowed[i] = wave[i] * r->window[i];
    kr_rnnoise_forth(&r->fourier, windowed, out);
}

// Makes the frame finite, takes out what no loudspeaker gives, and remembers it. (2)
KR_LOOP void take_in(struct kr_rnnoise *r, const float frame[FRAME])
{
    float finite[FRAME];
    for (int i = 0; i < FRAME; i++) {
        float is = fabsf(frame[i]) <= FLT_MAX ? frame[i] : 0;
        finite[i] = kr_less(kr_more(is, -loudest), loudest) * full_scale;
    }
    memmove(r->past, r->past + FRAME, (PAST - FRAME) * sizeof *r->past);
    for (int i = 0; i < FRAME; i++) {
        double in = (double)finite[i], out = in + r->low_cut[0];
        r->low_cut[0] = r->low_cut[1] - 2 * in + 1.99599 * out;
        r->low_cut[1] = in - 0.99600 * out;
        r->past[PAST - FRAME + i] = (float)out;
    }
    for (int k = 0; k < 2; k++)
        if (fabs(r->low_cut[k]) < still)
            r->low_cut[k] = 0;
}

KR_LOOP void listen(struct kr_rnnoise *r, struct heard *h)
{
    const float *now = r->past + PAST - WINDOW;
    kr_rnnoise_pitch_find(&r->pitch, r->past);
    window_forth(r, now, &h->now);
    window_forth(r, now - r->pitch.period, &h->echo);
    product(r, &h->now, &h->now, h->now_energy);
    product(r, &h->echo, &h->echo, h->echo_energy);
    product(r, &h->now, &h->echo, h->alike);
    for (int b = 0; b < BANDS; b++)
        h->alike[b] /= sqrtf(0.001f + h->now_energy[b] * h->echo_energy[b]);
}

KR_LOOP void cepstrum(const struct kr_rnnoise *r, const float bands[BANDS], float out[BANDS])
{
    memset(out, 0, BANDS * sizeof *out);
    for (int b = 0; b < BANDS; b++)
        for (int k = 0; k < BANDS; k++)
            out[k] += r->cosines[b][k] * bands[b];
}

// Logarithms of the bands' energies; none far below the loudest before it, nor steeply
// below its neighbour: what the ear would not hear beside them.
KR_LOOP void loudnesses(const float energy[BANDS], float out[BANDS])
{
    float most = -2, follow = -2;
    for (int b = 0; b < BANDS; b++) {
        out[b] = fmaxf(most - 7, fmaxf(follow - 1.5f, log10f(0.01f + energy[b])));
        most = fmaxf(most, out[b]);
        follow = fmaxf(follow - 1.5f, out[b]);
    }
}

// What the net looks at. The numbers taken off bring each near to zero, as it learnt.
KR_LOOP void describe(const struct kr_rnnoise *r, const struct heard *h,
                      float features[KR_RNNOISE_FEATURES])
{
    float loud[BANDS];
    loudnesses(h->now_energy, loud);
    cepstrum(r, loud, features);
    features[0] -= 12;
    features[1] -= 4;
    cepstrum(r, h->alike, features + BANDS);
    features[2 * BANDS] = 0.01f * (float)(r->pitch.period - 300);
}

// Lays the echo over the spectrum, where a band is less of a voice than its likeness to the
// echo would have it: harmonics add up, and what lies between them does not. Loudness stays.
KR_LOOP void comb(const struct kr_rnnoise *r, struct heard *h, const float gains[BANDS])
{
    float bands[BANDS], bins[AUDIBLE], energy[BANDS];
    for (int b = 0; b < BANDS; b++) {
        float alike = h->alike[b] * h->alike[b], gain = gains[b] * gains[b];
        float part =
            h->alike[b] > gains[b] ? 1 : alike * (1 - gain) / (0.001f + gain * (1 - alike));
        bands[b] =
            sqrtf(fminf(1, fmaxf(0, part))) * sqrtf(h->now_energy[b] / (1e-8f + h->echo_energy[b]));
    }
    spread(r, bands, bins);
    for (int i = 0; i < AUDIBLE; i++) {
        h->now.re[i] += bins[i] * h->echo.re[i];
        h->now.im[i] += bins[i] * h->echo.im[i];
    }
    product(r, &h->now, &h->now, energy);
    for (int b = 0; b < BANDS; b++)
        bands[b] = sqrtf(h->now_energy[b] / (1e-8f + energy[b]));
    spread(r, bands, bins);
    for (int i = 0; i < AUDIBLE; i++) {
        h->now.re[i] *= bins[i];
        h->now.im[i] *= bins[i];
    }
}

// Brings each band down to what of it is voice; a voice fades slower than it begins.
KR_LOOP void attenuate(struct kr_rnnoise *r, struct kr_rnnoise_spectrum *s,
                       const float gains[BANDS])
{
    float bins[AUDIBLE];
    for (int b = 0; b < BANDS; b++)
        r->gains[b] = fmaxf(gains[b], linger * r->gains[b]);
    spread(r, r->gains, bins);
    for (int i = 0; i < BINS; i++) {
        float gain = i < AUDIBLE ? bins[i] : 0;
        s->re[i] *= gain;
        s->im[i] *= gain;
    }
}

// Out goes the first half of it: only now is that complete. (1)
KR_LOOP void give_out(struct kr_rnnoise *r, const struct kr_rnnoise_spectrum *s, float out[FRAME])
{
    float wave[WINDOW];
    kr_rnnoise_back(&r->fourier, s, wave);
    for (int i = 0; i < FRAME; i++) {
        out[i] = (r->tail[i] + wave[i] * r->window[i]) / full_scale;
        r->tail[i] = wave[FRAME + i] * r->window[FRAME + i];
    }
}

// All that comes before the net. False for what holds no sound: else the net would learn that
// the world is silent.
KR_LOOP bool hear(struct kr_rnnoise *r, const float frame[FRAME])
{
    struct heard *now = &r->heard[r->frames++ % 2];
    float energy = 0;
    take_in(r, frame);
    listen(r, now);
    for (int b = 0; b < BANDS; b++)
        energy += now->now_energy[b];
    if (!(energy >= nothing))
        return false;
    describe(r, now, kr_rnnoise_net_next(&r->net));
    return true;
}

// All that comes after it; `gains` are NULL where it was not asked.
KR_LOOP void answer(struct kr_rnnoise *r, const float *gains, float frame[FRAME])
{
    struct heard *before = &r->heard[r->frames % 2];
    if (gains) {
        comb(r, before, gains);
        attenuate(r, &before->now, gains);
    }
    give_out(r, &before->now, frame);
}

KR_LOOP_AVX2 static bool hear_by_eights(struct kr_rnnoise *r, const float frame[FRAME])
{
    return hear(r, frame);
}

KR_LOOP_AVX2 static void answer_by_eights(struct kr_rnnoise *r, const float *gains,
                                          float frame[FRAME])
{
    answer(r, gains, frame);
}

static bool hears_sound(struct kr_rnnoise *r, const float frame[FRAME])
{
    return r->way == KR_RNNOISE_PLAIN ? hear(r, frame) : hear_by_eights(r, frame);
}

static void run_together(struct kr_rnnoise *const all[], int many, float *const frame[],
                         float voice[])
{
    enum kr_rnnoise_way way = all[0]->way;
    struct kr_rnnoise_net *net[KR_RNNOISE_TOGETHER];
    struct kr_rnnoise_said said[KR_RNNOISE_TOGETHER];
    int at[KR_RNNOISE_TOGETHER], asked = 0; // which of `said` is of it; -1: none
    for (int k = 0; k < many; k++) {
        at[k] = hears_sound(all[k], frame[k]) ? asked : -1;
        if (at[k] >= 0)
            net[asked++] = &all[k]->net;
    }
    if (asked)
        kr_rnnoise_net_run(net, asked, way, said);
    for (int k = 0; k < many; k++) {
        const struct kr_rnnoise_said *of = at[k] < 0 ? NULL : &said[at[k]];
        voice[k] = of ? of->voice : 0;
        if (way == KR_RNNOISE_PLAIN)
            answer(all[k], of ? of->gains : NULL, frame[k]);
        else
            answer_by_eights(all[k], of ? of->gains : NULL, frame[k]);
    }
}

float kr_rnnoise_hear(struct kr_rnnoise *rnnoise, const float frame[KR_RNNOISE_FRAME])
{
    struct kr_rnnoise_net *net = &rnnoise->net;
    struct kr_rnnoise_said said;
    if (!hears_sound(rnnoise, frame))
        return 0;
    kr_rnnoise_net_run(&net, 1, rnnoise->way, &said);
    return said.voice;
}

float kr_rnnoise_run(struct kr_rnnoise *rnnoise, float frame[KR_RNNOISE_FRAME])
{
    float voice;
    run_together(&rnnoise, 1, &frame, &voice);
    return voice;
}

void kr_rnnoise_run_two(struct kr_rnnoise *const two[2], float *const frame[2], float voice[2])
{
    run_together(two, 2, frame, voice);
}
