// SPDX-License-Identifier: AGPL-3.0-or-later
// clip.h: a clip of the album, filmed by an unsteady hand in poor light.
#pragma once
#include "media/frame.h"
#include "media/samples.h"

struct kr_clip_params {
    const char *scene;
    double seconds;
    double shake; // px rms at 1280 wide
    double light; // [0,1]; 1 is full daylight
    double noise; // rms of the sound's hiss, [0,1]
    unsigned seed;
};
// Writes an MP4 into `fd`; `voice` (48 kHz, may be NULL) is heard in it.
KR_CHECK bool kr_clip_write(const struct kr_clip_params *params, const struct kr_samples *voice,
                            int fd, struct kr_err *err);
