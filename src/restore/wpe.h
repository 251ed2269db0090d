// SPDX-License-Identifier: AGPL-3.0-or-later
// wpe.h: the late answer of a room taken out of a voice.
//
// What a room gives back after 24 ms and more can be foretold, tone by tone, from what
// was heard before; what was foretold is taken away. The voice itself and the first
// answers, by which one hears that it is a room, stay. The foretelling is the one that
// leaves least, each moment weighed by how loud the voice was in it (weighted prediction
// error: Nakatani, Yoshioka, Kinoshita, Miyoshi and Juang 2010). A room is learnt by
// hearing all of it first, best twice; every minute anew, since people walk about.
// One thread at a time.

#pragma once
#include "media/samples.h"

enum { KR_WPE_DELAY = 1536 }; // samples

struct kr_wpe_filter; // 82 KB for each minute
void kr_wpe_filter_destroy(struct kr_wpe_filter **filter);

struct kr_wpe_ear;
// `before`: what the hearing before this one has learnt, NULL at first; borrowed.
struct kr_wpe_ear *kr_wpe_ear_create(int channels, const struct kr_wpe_filter *before);
void kr_wpe_ear_destroy(struct kr_wpe_ear **ear);
// n samples of each channel, left as they are.
void kr_wpe_ear_hear(struct kr_wpe_ear *ear, float *const channel[], size_t n);
// After all of it; nothing may be heard afterwards.
struct kr_wpe_filter *kr_wpe_ear_judge(struct kr_wpe_ear *ear);

struct kr_wpe;
// Borrows the filter. `strength` [0,1]: how much of what was foretold is taken away.
struct kr_wpe *kr_wpe_create(int channels, const struct kr_wpe_filter *filter, double strength);
void kr_wpe_destroy(struct kr_wpe **wpe);
// n samples of each channel in place, KR_WPE_DELAY late. No tone becomes louder.
void kr_wpe_run(struct kr_wpe *wpe, float *const channel[], size_t n);
// As on a machine without AVX2 (either may be NULL): for the test that holds both equal.
void kr_wpe_by_fours(struct kr_wpe_ear *ear, struct kr_wpe *wpe);
