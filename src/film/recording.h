// SPDX-License-Identifier: AGPL-3.0-or-later
// recording.h: one recording, or a clip's sound, as an even stream of stereo samples.
//
// Gaps inside the file become silence, so that sound stays with its pictures.
// With the kit the recording is read up to three times when it is opened, and 6 MB
// are kept for an hour; without it memory does not grow with length. Threads: a sound belongs to
// one thread.

#pragma once
#include "film/goeson.h"
#include "restore/kit.h"

struct kr_recording_params {
    int fd;
    double from_s, to_s;             // 0 for to_s: the end
    const struct kr_kit_params *kit; // NULL: as it is
    struct kr_goes_on goes_on;       // asked while it is studied and heard
};

struct kr_recording;
// KR_E_UNSUPPORTED where there is no sound in it.
KR_CHECK bool kr_recording_open(const struct kr_recording_params *params, struct kr_recording **out,
                                struct kr_err *err);
void kr_recording_close(struct kr_recording **sound);
// Fills up to n samples; *got is less only at the end.
KR_CHECK bool kr_recording_read(struct kr_recording *sound, float *left, float *right, size_t n,
                                size_t *got, struct kr_err *err);
KR_CHECK bool kr_recording_rewind(struct kr_recording *sound, struct kr_err *err);

// What one hearing of a recording tells.
struct kr_hearing {
    int64_t samples;
    double lufs; // KR_LUFS_SILENCE for silence
    // Where somebody speaks (or anything sounds well above the recording's own
    // quiet): pairs of samples, from and to, in order.
    int64_t (*spoken)[2];
    size_t spoken_count;
};
KR_CHECK bool kr_recording_hear(const struct kr_recording_params *params, struct kr_hearing *out,
                                struct kr_err *err);
void kr_hearing_finish(struct kr_hearing *hearing);
