// SPDX-License-Identifier: AGPL-3.0-or-later
// wear.h: what years and a hurried hand do to a picture: the album's faults.
#pragma once
#include "brush.h"
#include "media/frame.h"

// Dyes that bleached at different speeds, a yellowed base, dust and a scratch
// (in optical density, after Gschwind and Frey, 1994). `years` [0,1].
void kr_wear_print(struct kr_frame *frame, double years, struct kr_dice *dice);
// The grain and softness of a camera. `amount` in steps of 8 bit.
void kr_wear_grain(struct kr_frame *frame, double amount, struct kr_dice *dice);
// A white margin, as prints had: the picture becomes smaller inside.
KR_CHECK bool kr_wear_margin(const struct kr_frame *picture, int margin, struct kr_frame **out,
                             struct kr_err *err);
