// SPDX-License-Identifier: AGPL-3.0-or-later
// reader.h: a film or a sound as a stream of frames and samples.
//
// Whatever lies in the file, what comes out is plain: frames upright (rotation
// matrices applied), square pixels, progressive (bwdif where interlaced), SDR
// (HDR tone-mapped), KR_YUV420; sound 48 kHz float. Memory does not grow with
// length. The file is read through its descriptor only: no other file, no
// protocol, no playlist is ever opened. Damage inside is passed over and
// counted; KR_E_DAMAGED only where nothing can be read.

#pragma once
#include "media/fields.h"
#include "media/frame.h"
#include "media/samples.h"

struct kr_reader_params {
    bool no_video, no_sound;
    double from_s, to_s; // the part wanted; to_s 0 is the end
    int width, height;   // frames fitted inside these (0: as they are), never enlarged, even sizes
    double fps;          // constant, by repeating or dropping frames; 0: as they are, at most 60
    int channels;        // 1 or 2; 0: as in the file, at most 2
    enum kr_weave weave; // as kr_fields_find() told: each moment of a tape becomes a frame
};
#define KR_READER_DEFAULTS ((struct kr_reader_params){0})

struct kr_reader_info {
    bool has_video, has_sound;
    int width, height;    // of the frames that come out
    int fps_num, fps_den; // nominal rate of what comes out
    int rate, channels;
    bool sound_plays;  // every player knows the sound as it lies in the file
    double duration_s; // of the part wanted; 0 where unknown
    int64_t damaged;   // packets passed over so far
};

struct kr_reader;
KR_CHECK bool kr_reader_open(int fd, const struct kr_reader_params *params, struct kr_reader **out,
                             struct kr_err *err);
void kr_reader_close(struct kr_reader **reader);
const struct kr_reader_info *kr_reader_info(const struct kr_reader *reader);

// The next frame or the next samples, in the order of the file: exactly one of
// the two is set, the caller's to destroy. Both NULL at the end. Times start
// at 0 at from_s.
KR_CHECK bool kr_reader_next(struct kr_reader *reader, struct kr_frame **frame,
                             struct kr_samples **samples, struct kr_err *err);
// Starts again at from_s, for a second pass.
KR_CHECK bool kr_reader_rewind(struct kr_reader *reader, struct kr_err *err);
