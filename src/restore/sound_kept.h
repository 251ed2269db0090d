// SPDX-License-Identifier: AGPL-3.0-or-later
// sound_kept.h: what a rehearsal gave, kept for the performance.
//
// A clip of a few minutes fits into memory after its rehearsal, and need not be treated twice.
// Of a longer one nothing is kept.
// One thread at a time.

#pragma once
#include "base/mem.h"

struct kr_sound_kept;
struct kr_sound_kept *kr_sound_kept_create(int channels, size_t most); // bytes
void kr_sound_kept_destroy(struct kr_sound_kept **kept);
// The next n samples of each channel.
void kr_sound_kept_add(struct kr_sound_kept *kept, float *const channel[], size_t n);
// Is everything that was added still there?
bool kr_sound_kept_is_whole(const struct kr_sound_kept *kept);
// The next n of what was added go to `channel`; beyond its end `channel` stays as it is.
void kr_sound_kept_take(struct kr_sound_kept *kept, float *const channel[], size_t n);
