// SPDX-License-Identifier: AGPL-3.0-or-later
// demux.h (inside media only): a film or sound file opened, its streams known.
//
// Only containers families have are tried; no playlist, no network, no second
// file: whatever asks to open one is refused.

#pragma once
#include "base/err.h"
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <stdint.h>

struct kr_demux {
    AVFormatContext *format;
    AVIOContext *io;
    int video, sound;  // indexes of the streams to use, -1 for none
    double start_s;    // where the time of the file begins
    double duration_s; // 0 where unknown
    bool streamed;     // the file tells no length: it was written as it was recorded
};

// KR_E_UNSUPPORTED where nothing is recognised, KR_E_DAMAGED where something is
// but no stream can be used; out->format then still tells what was learned.
KR_CHECK bool kr_demux_open(int fd, struct kr_demux *out, struct kr_err *err);
void kr_demux_close(struct kr_demux *demux);

// A decoder for a stream, at most two threads. NULL out where there is none.
KR_CHECK bool kr_decoder_open(const AVStream *stream, AVCodecContext **out, struct kr_err *err);

// The size of a stream's frames upright and with square pixels; `aspect` is the
// width of a pixel to its height.
void kr_stream_shown(const struct kr_demux *demux, const AVStream *stream, double *width,
                     double *height, double *aspect);

// How a stream's frames must be turned, as EXIF orientation [1,8].
int kr_stream_turn(const AVStream *stream);
