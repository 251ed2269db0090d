// SPDX-License-Identifier: AGPL-3.0-or-later
// fields.h: whether the pictures of a film are woven of two moments, and how.
//
// Many files made from tapes do not say so, and some say it wrongly. So the
// first frames are looked at (FFmpeg's idet): lines that shift against each
// other in movement tell it, and which half of them is the earlier one.
// Threads: pure.

#pragma once
#include "base/err.h"

enum kr_weave {
    KR_WEAVE_AS_SAID,      // nothing found: each frame's own word counts
    KR_WEAVE_TOP_FIRST,    // 50 or 60 moments a second, two a frame
    KR_WEAVE_BOTTOM_FIRST, // DV
    KR_WEAVE_PULLDOWN_TOP, // cine film of 24 a second, spread over 60 fields
    KR_WEAVE_PULLDOWN_BOTTOM,
};

// Looks at 240 frames at the most. `fd` may stand anywhere, and will afterwards. What cannot be
// decoded at all is KR_E_UNSUPPORTED or KR_E_DAMAGED; a film without pictures is as said.
KR_CHECK bool kr_fields_find(int fd, enum kr_weave *out, struct kr_err *err);
