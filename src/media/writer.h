// SPDX-License-Identifier: AGPL-3.0-or-later
// writer.h: frames and samples become a file that every player plays.
//
// KR_MP4 is H.264 (yuv420p, BT.709 tagged) with AAC, index first (faststart);
// KR_OPUS, KR_WAV and KR_FLAC are sound alone. Frames have a constant rate.
// The descriptor must be a seekable file opened for reading and writing; the
// caller names it (base/newfile.h), so a half-written film never has a name.

#pragma once
#include "media/frame.h"
#include "media/samples.h"

enum kr_container { KR_MP4, KR_OPUS, KR_WAV, KR_FLAC };

struct kr_chapter {
    int64_t start_ms, end_ms;
    const char *title;
};

struct kr_writer_params {
    enum kr_container container;
    int width, height; // even; 0 for sound alone
    int fps_num, fps_den;
    int channels;                           // 0: no sound; the rate is KR_RATE
    int crf;                                // [0,51], lower is better
    int film_bits_most;                     // a second, over any one second; 0: no limit
    int sound_bits;                         // a second; 0: as is usual for the container
    int key_s;                              // a key frame at least this often
    const char *preset;                     // of x264
    const char *title, *language, *comment; // may be NULL
    const struct kr_chapter *chapters;      // borrowed until finish
    size_t chapter_count;
};
#define KR_WRITER_DEFAULTS                                                                         \
    ((struct kr_writer_params){                                                                    \
        .fps_num = 25, .fps_den = 1, .crf = 20, .key_s = 2, .preset = "veryfast"})

struct kr_writer;
KR_CHECK bool kr_writer_open(int fd, const struct kr_writer_params *params, struct kr_writer **out,
                             struct kr_err *err);
// The i-th call shows its frame i / fps seconds from the start; the frame stays the caller's.
KR_CHECK bool kr_writer_frame(struct kr_writer *writer, const struct kr_frame *frame,
                              struct kr_err *err);
KR_CHECK bool kr_writer_samples(struct kr_writer *writer, const struct kr_samples *samples,
                                struct kr_err *err);
// Flushes and completes the file; only after it returned true is the file whole.
KR_CHECK bool kr_writer_finish(struct kr_writer *writer, struct kr_err *err);
void kr_writer_close(struct kr_writer **writer);
