// SPDX-License-Identifier: AGPL-3.0-or-later
// made.h: media made on the spot for the tests of the film.
#pragma once
#include "harness.h"
#include "media/frame.h"

// A sound file (WAV, 16 bit, stereo, 48 kHz) of tones: pairs of Hz and dBFS for
// stretches of `each_s` seconds; 0 Hz is silence.
int made_sound(struct kr_test *t, const double (*tones)[2], size_t count, double each_s);
// A JPEG of soft colours and a grid, so that there is something to see move.
int made_photo(struct kr_test *t, int width, int height, int kind);
// The level (dBFS) of one tone in n samples (Goertzel, 1958).
double level_of(const float *samples, size_t n, double hz);
// All of a descriptor from its start.
struct kr_str bytes_of(struct kr_test *t, int fd);
