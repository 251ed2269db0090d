// SPDX-License-Identifier: AGPL-3.0-or-later
// sound_study.h: what a clip's sound is like, in a few numbers.
//
// Feeds on the signal after the low cut, so that rumble does not hide a quiet
// floor. The only door to libebur128.

#pragma once
#include "base/mem.h"

struct kr_sound_facts {
    bool silent;       // nothing above -70 LUFS
    double loudness;   // LUFS, integrated
    double true_peak;  // dBTP; only where it is wanted
    double speech;     // dBFS: the 95th percentile of 20 ms blocks
    double floor;      // dBFS: their 3rd percentile: some voices hardly pause
    bool steady_floor; // the quiet blocks are alike: a noise, not a music's quiet part
    double rumble;     // dBFS of what the low cut took out
};

struct kr_sound_study;
enum {
    KR_STUDY_TRUE_PEAK = 1, // is told too, which costs half as much as all the rest
    KR_STUDY_GAIN = 2,      // will be asked for: keeps 48 bytes for each tenth of a second
};
KR_CHECK bool kr_sound_study_create(int channels, unsigned wanted, struct kr_sound_study **out,
                                    struct kr_err *err);
void kr_sound_study_destroy(struct kr_sound_study **study);
// n samples of each channel, finite, and the energy that the low cut took from them.
KR_CHECK bool kr_sound_study_add(struct kr_sound_study *study, float *const channel[], size_t n,
                                 double below, struct kr_err *err);
KR_CHECK bool kr_sound_study_facts(const struct kr_sound_study *study, struct kr_sound_facts *out,
                                   struct kr_err *err);

// dB from the loud 20 ms (facts.speech) to the loudest: of voices at most 6, of a bang more.
double kr_sound_study_bang(const struct kr_sound_study *study);

// The rest only where KR_STUDY_GAIN was wanted. dBFS of the highest sample:
double kr_sound_study_peak(const struct kr_sound_study *study);
// Brings soft voices nearer to loud ones (leveller.h): *gain, the caller's to free, has one for
// each tenth of a second, *n of them, and from now on what was heard is as if they had been
// played. NULL where nothing is to be levelled.
void kr_sound_study_level(struct kr_sound_study *study, double most_db, float **gain, size_t *n);
// The gain in dB after which, held below `ceiling_db` by the limiter (limiter.h), this
// sound's loudness is `target` LUFS; at most `press_most_db` of it make up for the limiter.
double kr_sound_study_gain(const struct kr_sound_study *study, double target, double ceiling_db,
                           double press_most_db);
