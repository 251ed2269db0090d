// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/rnnoise_priv.h"

#include "restore/quick.h"
#include <assert.h>
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
    struct kr_rnnoise_fourier fourier;
    float window[WINDOW];
    float share[AUDIBLE];        // of a bin, that belongs to the band above it
    float cosines[BANDS][BANDS]; // of the cepstrum
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
    kr_rnnoise_fourier_init(&r->fourier);
    for (int i = 0; i < WINDOW; i++) { // Vorbis's: its squares, half over half, add up to one
        double rise = sin(M_PI * (i + 0.5) / WINDOW);
        r->window[i] = (float)sin(M_PI / 2 * rise * rise);
    }
    for (int b = 0; b <= BANDS; b++)
        for (int i = edges[b]; i < edges[b + 1]; i++)
            r->share[i] = (float)(i - edges[b]) / (float)(edges[b + 1] - edges[b]);
    for (int k = 0; k < BANDS; k++)
        for (int b = 0; b < BANDS; b++)
            r->cosines[k][b] =
                (float)(sqrt((k ? 2.0 : 1.0) / 22) * cos((b + 0.5) * k * M_PI / BANDS));
}

struct kr_rnnoise *kr_rnnoise_create_by(bool vectors)
{
    assert(kr_rnnoise_there());
    struct kr_rnnoise *r = kr_new(struct kr_rnnoise);
    make_tables(r);
    r->net.vectors = vectors;
    return r;
}

struct kr_rnnoise *kr_rnnoise_create(void)
{
    return kr_rnnoise_create_by(kr_loop_has_avx2());
}

void kr_rnnoise_destroy(struct kr_rnnoise **rnnoise)
{
    kr_free(rnnoise);
}

// Triangles over the bands' edges; what lies outside the first and the last falls to them.
static void gather(const struct kr_rnnoise *r, const float bins[AUDIBLE], float bands[BANDS])
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

static void spread(const struct kr_rnnoise *r, const float bands[BANDS], float bins[AUDIBLE])
{
    for (int b = 0; b <= BANDS; b++) {
        float below = bands[b ? b - 1 : 0], rise = bands[b < BANDS ? b : BANDS - 1] - below;
        for (int i = edges[b]; i < edges[b + 1]; i++)
            bins[i] = below + r->share[i] * rise;
    }
}

// Products of two spectra, band by band: of one with itself, its energy.
static void product(const struct kr_rnnoise *r, const struct kr_rnnoise_spectrum *a,
                    const struct kr_rnnoise_spectrum *b, float bands[BANDS])
{
    float bins[AUDIBLE];
    for (int i = 0; i < AUDIBLE; i++)
        bins[i] = a->re[i] * b->re[i] + a->im[i] * b->im[i];
    gather(r, bins, bands);
}

static void window_forth(const struct kr_rnnoise *r, const float *wave,
                         struct kr_rnnoise_spectrum *out)
{
    float windowed[WINDOW];
    for (int i = 0; i < WINDOW; i++)
        windowed[i] = wave[i] * r->window[i];
    kr_rnnoise_forth(&r->fourier, windowed, out);
}

// Makes the frame finite, takes out what no loudspeaker gives, and remembers it. (2)
static void take_in(struct kr_rnnoise *r, const float frame[FRAME])
{
    memmove(r->past, r->past + FRAME, (PAST - FRAME) * sizeof *r->past);
    for (int i = 0; i < FRAME; i++) {
        float finite = isfinite(frame[i]) ? fminf(fmaxf(frame[i], -loudest), loudest) : 0;
        double in = (double)(finite * full_scale), out = in + r->low_cut[0];
        r->low_cut[0] = r->low_cut[1] - 2 * in + 1.99599 * out;
        r->low_cut[1] = in - 0.99600 * out;
        r->past[PAST - FRAME + i] = (float)out;
    }
    for (int k = 0; k < 2; k++)
        if (fabs(r->low_cut[k]) < still)
            r->low_cut[k] = 0;
}

static void listen(struct kr_rnnoise *r, struct heard *h)
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

static void cepstrum(const struct kr_rnnoise *r, const float bands[BANDS], float out[BANDS])
{
    for (int k = 0; k < BANDS; k++) {
        out[k] = 0;
        for (int b = 0; b < BANDS; b++)
            out[k] += r->cosines[k][b] * bands[b];
    }
}

// Logarithms of the bands' energies; none far below the loudest before it, nor steeply
// below its neighbour: what the ear would not hear beside them.
static void loudnesses(const float energy[BANDS], float out[BANDS])
{
    float most = -2, follow = -2;
    for (int b = 0; b < BANDS; b++) {
        out[b] = fmaxf(most - 7, fmaxf(follow - 1.5f, log10f(0.01f + energy[b])));
        most = fmaxf(most, out[b]);
        follow = fmaxf(follow - 1.5f, out[b]);
    }
}

// What the net looks at. The numbers taken off bring each near to zero, as it learnt.
static void describe(const struct kr_rnnoise *r, const struct heard *h,
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
static void comb(const struct kr_rnnoise *r, struct heard *h, const float gains[BANDS])
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
static void attenuate(struct kr_rnnoise *r, struct kr_rnnoise_spectrum *s, const float gains[BANDS])
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
static void give_out(struct kr_rnnoise *r, const struct kr_rnnoise_spectrum *s, float out[FRAME])
{
    float wave[WINDOW];
    kr_rnnoise_back(&r->fourier, s, wave);
    for (int i = 0; i < FRAME; i++) {
        out[i] = (r->tail[i] + wave[i] * r->window[i]) / full_scale;
        r->tail[i] = wave[FRAME + i] * r->window[FRAME + i];
    }
}

float kr_rnnoise_run(struct kr_rnnoise *r, float frame[KR_RNNOISE_FRAME])
{
    struct heard *now = &r->heard[r->frames % 2], *before = &r->heard[(r->frames + 1) % 2];
    float energy = 0, voice = 0, features[KR_RNNOISE_FEATURES], gains[BANDS];
    r->frames++;
    take_in(r, frame);
    listen(r, now);
    for (int b = 0; b < BANDS; b++)
        energy += now->now_energy[b];
    if (energy >= nothing) { // else the net would learn that the world is silent
        describe(r, now, features);
        voice = kr_rnnoise_net_run(&r->net, features, gains);
        comb(r, before, gains);
        attenuate(r, &before->now, gains);
    }
    give_out(r, &before->now, frame);
    return voice;
}
