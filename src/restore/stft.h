// SPDX-License-Identifier: AGPL-3.0-or-later
// stft.h: sound as overlapping frames of tones, and back.
//
// A real Fourier transform (Stockham's order, radix 4: no bit reversal, and every
// loop runs along memory), and on it the short-time one: frames under a square
// root of a Hann window, a callback that may change the tones, and frames added
// up again. Where the callback changes nothing, the sound comes out as it went
// in, to the accuracy of a float. Frequencies lie split, real and imaginary parts
// apart, so that loops over them fill the machine's registers.
// One thread at a time.

#pragma once
#include "media/samples.h"

enum { KR_FFT_MOST = 1 << 16 };

struct kr_fft;
// Of `size` samples: a power of two, or 6 * 4^k, from 16 to KR_FFT_MOST.
struct kr_fft *kr_fft_create(int size);
void kr_fft_destroy(struct kr_fft **fft);
// size / 2 + 1 frequencies, unscaled: a full cosine of height 1 gives size / 2.
void kr_fft_forward(struct kr_fft *fft, const float samples[], float re[], float im[]);
// Its inverse, scaled so that both ways in a row change nothing.
void kr_fft_inverse(struct kr_fft *fft, const float re[], const float im[], float samples[]);

struct kr_spectrum { // one frame, of all channels
    int channels, bins;
    float *re[KR_CHANNELS_MOST], *im[KR_CHANNELS_MOST];
};

// What is done with each frame, in their order.
struct kr_stft_listener {
    void (*hear)(void *who, struct kr_spectrum *frame);
    void *who;
    bool only_hears; // nothing needs to come out: the way back is saved
};

struct kr_stft;
// Frames of `size` samples (see kr_fft_create), one every size / 4.
struct kr_stft *kr_stft_create(int channels, int size, const struct kr_stft_listener *listener);
void kr_stft_destroy(struct kr_stft **stft);
// n samples of each channel in place, `size` late; untouched where it only hears.
void kr_stft_run(struct kr_stft *stft, float *const channel[], size_t n);
// As on a machine without AVX2: for the tests that hold both equal.
void kr_stft_by_fours(struct kr_stft *stft);
