// SPDX-License-Identifier: AGPL-3.0-or-later
// ends.h: the two ends of a task: what it reads and what it writes.
//
// A question may be asked twice (wall.h (2)), so every task begins with both:
// inputs at their start, outputs empty.
#pragma once
#include "media/reader.h"
#include "restore/kit.h"
#include "wall/worker.h"

KR_CHECK bool kr_begin_input(int fd, struct kr_err *err);
KR_CHECK bool kr_begin_output(int fd, struct kr_err *err);

// Opens a film or a recording for a writer: frames come at a constant rate, the
// nominal one of the file, because a writer counts frames, or at the times they have,
// for a writer that is told. KR_E_UNSUPPORTED where there is neither picture nor sound.
struct kr_bounds {             // each 0: as it is
    int long_most, short_most; // sides, whichever way the frame stands
    int fps_most;              // faster films lose frames, none are added
    int channels;              // of the sound
    bool as_timed;             // no frame is repeated
    enum kr_weave weave;       // as kr_fields_find() told
};
KR_CHECK bool kr_begin_stream(int fd, const struct kr_bounds *bounds, struct kr_reader **out,
                              struct kr_err *err);

// What the kit and the coach must know of a stream.
struct kr_kit_clip kr_stream_clip(const struct kr_reader_info *info);

// How far a stream is, in [0,1], by the frame or the samples just read (one may be NULL).
double kr_stream_done(const struct kr_reader *reader, const struct kr_frame *frame,
                      const struct kr_samples *samples);
