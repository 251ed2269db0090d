// SPDX-License-Identifier: AGPL-3.0-or-later
// shots.h: where one shot ends and the next begins.
//
// A cut is a frame whose brightnesses and whose places of brightness both jump away
// from the frame before. A lamp that flickers makes no cut: places are compared as if
// both frames were equally bright. Keeps one small picture of the last frame.

#pragma once
#include "media/frame.h"

enum { KR_SHOT_TONES = 64, KR_SHOT_X = 16, KR_SHOT_Y = 9 };

struct kr_shots { // init to {0}
    bool seen;
    float tone[KR_SHOT_TONES];
    float place[KR_SHOT_Y * KR_SHOT_X];
};

// Looks at the next frame (KR_YUV420); true when a new shot begins with it.
bool kr_shots_begins(struct kr_shots *shots, const struct kr_frame *frame);
