// SPDX-License-Identifier: AGPL-3.0-or-later
// writer_priv.h (inside media only): the writer and its two encoders.
#pragma once
#include "media/writer.h"
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

enum { KR_TICKS = 90000 }; // a second, of the times of a timed film

struct kr_track {
    AVCodecContext *codec; // NULL: there is no such track
    AVStream *stream;
    AVFrame *frame; // a wrapping, or the block of sound being filled
    int64_t next;   // the time of the next frame or sample
    int64_t lasts;  // the latest frame
    int filled;     // samples in the block
};

struct kr_writer {
    int fd;
    struct kr_writer_params params;
    AVFormatContext *format;
    AVIOContext *io;
    AVPacket *packet;
    struct kr_track film, sound;
    struct kr_mp4 *mp4;     // NULL: another container
    double fragment_s;      // when the last fragment of the MP4 ended
    uint64_t begun_tracks;  // bit i: the i-th stream has a packet
    struct kr_carry *carry; // NULL: nothing comes over
    bool begun;
};

KR_CHECK bool kr_open_x264(struct kr_writer *writer, bool header, struct kr_err *err);
KR_CHECK bool kr_open_sound_encoder(struct kr_writer *writer, bool header, struct kr_err *err);
// Encodes the last block of sound, however short.
KR_CHECK bool kr_end_sound(struct kr_writer *writer, struct kr_err *err);
KR_CHECK bool kr_drain(struct kr_writer *writer, struct kr_track *track, struct kr_err *err);
// Hands a packet, in its stream's time base, to the file; swallows it.
KR_CHECK bool kr_put_packet(struct kr_writer *writer, AVPacket *packet, struct kr_err *err);
bool kr_fail_writing(struct kr_err *err, int code, const char *attempt);
