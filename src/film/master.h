// SPDX-License-Identifier: AGPL-3.0-or-later
// master.h: the mix at the loudness every film of ours has.
//
// -16 LUFS, no true peak above the ceiling. The mix is heard once to measure it
// and once more through the limiter to see what that took; then it is given
// out. A silent film stays silent. Threads: a master belongs to one thread.

#pragma once
#include "film/mix.h"

#define KR_MASTER_LUFS (-16.0)
#define KR_MASTER_PEAK_DB (-2.5) // -1.5 dBTP is promised; AAC adds up to 1 dB

struct kr_master;
// Borrows the mix. `goes_on` as in recording.h, told how much of the listening is done.
KR_CHECK bool kr_master_create(struct kr_mix *mix, int64_t samples,
                               bool (*progress)(void *context, double done), void *context,
                               struct kr_master **out, struct kr_err *err);
void kr_master_destroy(struct kr_master **master);
KR_CHECK bool kr_master_read(struct kr_master *master, float *left, float *right, size_t n,
                             struct kr_err *err);
// What has been given out so far. KR_LUFS_SILENCE for silence.
double kr_master_lufs(const struct kr_master *master);
double kr_master_peak(const struct kr_master *master); // dBTP
