// SPDX-License-Identifier: AGPL-3.0-or-later
// moves.h: a gentle camera move for a picture whose teller told none.
//
// Slow, small, and the same every time: pictures in turn come nearer or draw
// back, towards the faces where they are known, else a little above the middle,
// where faces mostly are. A known face is never outside the frame.
#pragma once
#include "story/story.h"

// `turn` counts the pictures of a film from 0.
void kr_move_choose(const struct kr_rect *faces, size_t face_count, size_t turn,
                    struct kr_rect *from, struct kr_rect *to);
