// SPDX-License-Identifier: AGPL-3.0-or-later
// light_priv.h: from what is counted in a shot to what is done to it.
#pragma once
#include "restore/light.h"
#include "restore/small.h"
#include "restore/whites.h"

enum { KR_LIGHT_TONES = 220 * 4, KR_LIGHT_STEPS = 44 }; // of a quarter code; of a quarter stop

// Light of a code: log2 of linear luma, with a floor that keeps black finite.
enum { KR_LIGHT_FINE = 4, KR_LIGHT_CODES = 256 * KR_LIGHT_FINE };

struct kr_tally { // of one shot; {0} is none yet
    double tone[KR_LIGHT_TONES];
    double code[256];      // of single samples of luma, some of all: lamps are small
    double middle, around; // sums over frames of mean log2 light, in the middle and around it
    double subject[KR_LIGHT_STEPS]; // cells where people are filmed, by log2 light
    double shining, elsewhere;      // the other cells: as bright as a window, and all
    size_t frames;
    struct kr_whites whites;
};

struct kr_look { // what is done to one shot
    size_t from; // its first frame
    float stops;
    float lift, pivot; // stops of a deep shadow, and the log2 light from where none are lifted
    float white;       // encoded luma of the brightest that counts
    float part;        // of the cast that is taken away
    struct kr_white light;
    float noise[3]; // of luma, Cb and Cr, in codes
    bool cleans;    // it is too much for the gain
};

// `small` has seen the frame.
void kr_tally_add(struct kr_tally *tally, const struct kr_frame *frame,
                  const struct kr_small *small, const float log_of[KR_LIGHT_CODES]);
void kr_look_judge(const struct kr_tally *tally, const struct kr_light_params *params,
                   struct kr_look *look);
bool kr_look_alters(const struct kr_look *look);
// log2 of the gain where the smooth picture of the light says `light`.
float kr_look_gain(const struct kr_look *look, float light);
// By how many stops a place seems lighter than it is, for the shadow of what stands in
// the middle: x and y in [0,1] of the frame.
float kr_look_aside(double x, double y);
// The code's place in tables of KR_LIGHT_CODES.
int kr_light_fine(float code);
double kr_light_log(double code);
