// SPDX-License-Identifier: AGPL-3.0-or-later
// scratches.h: upright lines that a projector drew along the film.
//
// They stay where they are for many frames, whatever the picture does: columns
// that are brighter, or darker, than both sides from the top to the bottom, in
// half of all frames (Kokaram 1996 looks for them so, frame by frame). A pole
// or a door does not reach from border to border as thin as that, or moves.
// They are filled across, from both sides, where a frame shows them.
// Only for what is known to be film. Keeps four numbers a column.
// One thread at a time.

#pragma once
#include "media/frame.h"

struct kr_scratches;
struct kr_scratches *kr_scratches_create(int width, int height);
void kr_scratches_destroy(struct kr_scratches **scratches);

// First pass; not every frame has to be seen. KR_YUV420 of the size given (asserted).
void kr_scratches_study(struct kr_scratches *scratches, const struct kr_frame *frame);
int kr_scratches_count(const struct kr_scratches *scratches); // lines that stay
// Second pass: mends the lines that the frame shows, in place. False when it shows none.
bool kr_scratches_mend(const struct kr_scratches *scratches, struct kr_frame *frame);
