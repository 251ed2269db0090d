// SPDX-License-Identifier: AGPL-3.0-or-later
// sound_ear.h: everything that is heard in a clip before something is done to it.
//
// Levels (sound_study.h), the noise of the place (floor.h), hum (hum.h),
// tops cut off (declip.h), music (kinds.h), the room's answer (room.h): one
// hearing of all samples, and then the facts.
// One thread at a time.

#pragma once
#include "restore/declip.h"
#include "restore/kinds.h"
#include "restore/omlsa.h"
#include "restore/sound_study.h"

struct kr_sound_heard {
    struct kr_sound_facts level;
    double hum_hz;              // 0: none
    struct kr_clip_rails rails; // where it is cut off; {0}: it is not
    float noise[KR_OMLSA_BINS]; // power of the place's noise, for the denoiser
    double echo_s;              // in which the room lets a voice fall by 60 dB; 0: not known
};

struct kr_sound_ear;
KR_CHECK bool kr_sound_ear_create(int channels, struct kr_sound_ear **out, struct kr_err *err);
void kr_sound_ear_destroy(struct kr_sound_ear **ear);
// n samples of each channel, finite; what is left in them is of no use.
KR_CHECK bool kr_sound_ear_hear(struct kr_sound_ear *ear, float *const channel[], size_t n,
                                struct kr_err *err);
KR_CHECK bool kr_sound_ear_facts(const struct kr_sound_ear *ear, struct kr_sound_heard *out,
                                 struct kr_err *err);
// Its levels, for their gain; lives as long as the ear.
struct kr_sound_study *kr_sound_ear_study(struct kr_sound_ear *ear);
// Where music was heard; lives as long as the ear.
const struct kr_kinds *kr_sound_ear_kinds(const struct kr_sound_ear *ear);
// The same, handed over; nothing more may be heard afterwards.
struct kr_kinds *kr_sound_ear_take_kinds(struct kr_sound_ear *ear);
