// SPDX-License-Identifier: AGPL-3.0-or-later
// framing.h: what is shown of a wide shot, chosen afterwards.
//
// Whoever cannot move a camera films wide, and says later where to look. A framing
// is a place of nine and a size of three; it stands, or is gone to or left slowly, at
// an even relative speed with a soft beginning and end. It is one map (warp.h), so
// that it goes into the same resampling as steadying. Pure.

#pragma once
#include <stdbool.h>

struct kr_framing {      // {0}: the whole picture
    double across, down; // [-1,1] of the room there is: -1 at the left or top edge, 0 in the middle
    double cut;          // [0,0.8] of width and height that is left out
    int move;            // 1: from the whole picture to here; -1: from here to the whole; 0: stays
};

// "left", "top-right-close", "in-left", "out-middle-wide": a move or none, a place, a
// size or none. "in" and "out" alone are of the middle. false for a name nobody knows.
bool kr_framing_of(const char *name, struct kr_framing *out);

// The map from points of what is shown to points of the whole frame, `part` [0,1] of
// the way through the clip. Never shows what lies outside.
void kr_framing_map(const struct kr_framing *framing, double part, int width, int height,
                    double m[6]);
