// SPDX-License-Identifier: AGPL-3.0-or-later
// mount.h: what a camera on a chair, a pram or a bicycle goes through, learnt once.
//
// Ten seconds of riding tell how the mount leans (from the lines of what is seen,
// coach_priv.h), where it trembles (the spectrum of the camera's way, motion.h) and
// which tone its motor gives (hum.h). Kept under a name, it helps every later clip of
// the same mount: the picture is set upright, the trembling goes while the way stays,
// and the tone is looked for where it was.
// One thread at a time.

#pragma once
#include "base/json.h"
#include "media/frame.h"
#include "media/samples.h"

struct kr_mount {           // {0}: none
    double tilt;            // degrees by which the picture leans to the left; [-8,8]
    double low_hz, high_hz; // most of the trembling lies between; 0: it hardly trembles
    double tremor;          // rms, px of a picture 640 wide
    double tone_hz;         // of the motor, 70..500; 0: none
};

struct kr_mount_study;
KR_CHECK bool kr_mount_study_create(int width, int height, double fps, int channels,
                                    struct kr_mount_study **out, struct kr_err *err);
void kr_mount_study_destroy(struct kr_mount_study **study);
// In order; frames are KR_YUV420 of that size.
void kr_mount_see(struct kr_mount_study *study, const struct kr_frame *frame);
void kr_mount_hear(struct kr_mount_study *study, const struct kr_samples *samples);
// KR_E_INVALID where fewer than 5 seconds could be followed.
KR_CHECK bool kr_mount_learn(const struct kr_mount_study *study, struct kr_mount *out,
                             struct kr_err *err);

// {"tilt":…,"low_hz":…,"high_hz":…,"tremor":…,"tone_hz":…}, and back: KR_E_INVALID for
// what is out of its range.
json_t *kr_mount_new_json(const struct kr_mount *mount);
KR_CHECK bool kr_mount_of_json(const json_t *value, struct kr_mount *out, struct kr_err *err);
