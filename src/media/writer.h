// SPDX-License-Identifier: AGPL-3.0-or-later
// writer.h: frames and samples become a file that every player plays.
//
// KR_MP4 is H.264 (yuv420p, BT.709 tagged) with AAC, index first (faststart);
// KR_OPUS, KR_WAV and KR_FLAC are sound alone. Frames have a constant rate, or their
// own times. On request, what a film has beside its picture and its sound comes over.
// The descriptor must be a seekable file opened for reading and writing; the
// caller names it (base/newfile.h), so a half-written film never has a name.

#pragma once
#include "base/json.h"
#include "media/frame.h"
#include "media/samples.h"

enum kr_container { KR_MP4, KR_OPUS, KR_WAV, KR_FLAC };

struct kr_chapter {
    int64_t start_ms, end_ms;
    const char *title;
};

// Everything else of the film that is written anew comes over: the sound as it was
// recorded and further sound, written subtitles, the cover, chapters, and what is
// written about it. MP4 takes all of it, FLAC the cover, every container the words.
struct kr_carry_params {
    int fd; // of that film; the caller's, open until the writer is closed
};

struct kr_writer_params {
    enum kr_container container;
    int width, height; // even; 0 for sound alone
    int fps_num, fps_den;
    bool timed;                             // frames are shown at their own times
    int channels;                           // 0: no sound; the rate is KR_RATE
    int crf;                                // [0,51], lower is better
    int film_bits_most;                     // a second, over any one second; 0: no limit
    int sound_bits;                         // a second; 0: as is usual for the container
    int key_s;                              // a key frame at least this often
    const char *preset;                     // of x264
    const char *title, *language, *comment; // may be NULL
    const struct kr_chapter *chapters;      // borrowed until finish
    size_t chapter_count;
    const struct kr_carry_params *carry; // NULL: nothing comes over; borrowed while it is open
};
#define KR_WRITER_DEFAULTS                                                                         \
    ((struct kr_writer_params){                                                                    \
        .fps_num = 25, .fps_den = 1, .crf = 20, .key_s = 2, .preset = "veryfast"})

struct kr_writer;
KR_CHECK bool kr_writer_open(int fd, const struct kr_writer_params *params, struct kr_writer **out,
                             struct kr_err *err);
// The i-th call shows its frame i / fps seconds from the start, or, of a timed film, at
// its own time, which rises, for as long as it lasts. The frame stays the caller's.
KR_CHECK bool kr_writer_frame(struct kr_writer *writer, const struct kr_frame *frame,
                              struct kr_err *err);
KR_CHECK bool kr_writer_samples(struct kr_writer *writer, const struct kr_samples *samples,
                                struct kr_err *err);
// Flushes and completes the file; only after it returned true is the file whole.
KR_CHECK bool kr_writer_finish(struct kr_writer *writer, struct kr_err *err);
// What came over, of each stream that is not the picture: [{"kind": "audio|subtitle|cover|…",
// "codec": …, "way": "copied|flac|text|left"}]; empty where nothing was to.
json_t *kr_writer_carried_new(const struct kr_writer *writer);
void kr_writer_close(struct kr_writer **writer);
