// SPDX-License-Identifier: AGPL-3.0-or-later
// turn.h (inside media only): EXIF orientations, of frames and of their parts.
#pragma once
#include "media/frame.h"

struct kr_part {
    double x, y, w, h; // fractions; the top left corner
};
struct kr_part kr_turn_part(struct kr_part part, int orientation);

// Turns a frame as EXIF orientation [1,8] asks; swallows *frame and gives the new one.
KR_CHECK bool kr_turn_take(struct kr_frame **frame, int orientation, struct kr_err *err);
