// SPDX-License-Identifier: AGPL-3.0-or-later
// talk.h: for how much of the time somebody speaks.
//
// By what the net of rnnoise.h says of each 10 ms. It is asked for two seconds in every six:
// enough for a share, at a third of the work.
// One thread at a time.

#pragma once
#include "base/mem.h"

struct kr_talk;
struct kr_talk *kr_talk_create(int channels);
void kr_talk_destroy(struct kr_talk **talk);
// n samples of each channel, finite.
void kr_talk_add(struct kr_talk *talk, float *const channel[], size_t n);
// The share [0,1]; below 0 where it cannot be told: this build has no net, or it was over in
// two seconds, when somebody may only not have begun yet.
double kr_talk_share(const struct kr_talk *talk);
