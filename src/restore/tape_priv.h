// SPDX-License-Identifier: AGPL-3.0-or-later
// tape_priv.h: what the study of a tape gathers, and the memory of its cleaning.
#pragma once
#include "restore/tape.h"

#include <stdlib.h>

enum { KR_TAPE_DELAY = 8, KR_TAPE_DELAYS = 2 * KR_TAPE_DELAY + 1 }; // samples of chroma
enum { KR_TAPE_PART = 8, KR_TAPE_LEVELS = 256 * KR_TAPE_PART };     // of a level; of histograms

struct kr_tape {
    int width, height;
    double agree[2][KR_TAPE_DELAYS], both[2]; // slopes of luma with those of Cb and Cr, by delay
    double streaks;                           // so many were compared
    uint64_t noise[2][KR_TAPE_LEVELS];        // second differences of luma, of chroma
    float *apart;                             // of each line from the one above, summed
    size_t studied;
    struct kr_frame *near[KR_TAPE_SIDES]; // neighbours, brought to the frame
    float *weight[KR_TAPE_SIDES];         // of them, a sample of chroma each
    float *guide, *colour, *work[4];      // chroma's size
};

// out = `in` where `guide` has no edges smoothed over squares of 2 radius + 1, with the guide's
// edges kept: planes of width * height; `flat` is the variance of the guide that counts as none.
// `work` is four such planes. `in` and `out` may be the same.
void kr_tape_guided(const float *guide, const float *in, int width, int height, int radius,
                    float flat, float *const work[4], float *out);
