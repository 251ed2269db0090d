// SPDX-License-Identifier: AGPL-3.0-or-later
// carry.h (inside media only): what a film has beside its picture and its sound.
//
// Further sound, subtitles, a cover, chapters and what is written about it come over
// from a film into the one a writer makes. What the container knows is copied packet
// by packet; sound it does not know becomes FLAC (24 bits), written subtitles become timed text;
// the rest is left behind and told.
#pragma once
#include "media/converter_priv.h"
#include "media/demux_priv.h"
#include "media/writer_priv.h"
#include <libavutil/audio_fifo.h>

enum { KR_CARRIED_MOST = 32 }; // streams

struct kr_carried {
    enum kr_carried_how { KR_CARRY_COPY, KR_CARRY_FLAC, KR_CARRY_TEXT } how;
    const AVStream *from;
    AVStream *to;
    AVCodecContext *decoder, *encoder; // NULL for what is copied
    AVFrame *frame;                    // of sound
    struct kr_converter converter;     // from how it is decoded to how FLAC takes it
    AVAudioFifo *waiting;              // samples, until a block is full
    int64_t next;                      // the time of the next block, in samples
    bool begun;
    int64_t last; // the latest time written; AV_NOPTS_VALUE before the first
};

struct kr_carry {
    struct kr_demux from;
    struct kr_carried streams[KR_CARRIED_MOST];
    size_t count;
    AVPacket *packet; // read, and not due yet where it has data
    AVPacket *out;    // what an encoder gives
    bool reads;       // there is more than a cover
    bool read_all;
};

// Opens params->carry->fd, adds its streams behind the writer's own and copies what is
// written about it. Before the head of the file is written.
KR_CHECK bool kr_carry_open(struct kr_writer *writer, struct kr_err *err);
// Whether what is written about it needs keys of QuickTime.
bool kr_carry_wants_keys(const struct kr_carry *carry);
// After the head: the cover.
KR_CHECK bool kr_carry_cover(struct kr_writer *writer, struct kr_err *err);
// Writes everything up to this time, so that it stands near the picture it belongs to.
KR_CHECK bool kr_carry_until(struct kr_writer *writer, double at_s, struct kr_err *err);
KR_CHECK bool kr_carry_finish(struct kr_writer *writer, struct kr_err *err);
void kr_carry_close(struct kr_carry **carry);

// One way each: opened, a packet taken in, the rest brought out.
KR_CHECK bool kr_carry_open_flac(struct kr_carried *carried, struct kr_err *err);
KR_CHECK bool kr_carry_flac(struct kr_writer *writer, struct kr_carried *carried,
                            const AVPacket *packet, struct kr_err *err); // NULL: the end
KR_CHECK bool kr_carry_open_text(struct kr_carried *carried, struct kr_err *err);
KR_CHECK bool kr_carry_text(struct kr_writer *writer, struct kr_carried *carried, AVPacket *packet,
                            struct kr_err *err);
// A packet in the time base of `base` goes into the file; its times rise.
KR_CHECK bool kr_carry_write(struct kr_writer *writer, struct kr_carried *carried, AVPacket *packet,
                             AVRational base, struct kr_err *err);
// A decoder and an encoder for a carried stream; what the encoder needs further is set
// before it is opened.
KR_CHECK bool kr_carry_coders(struct kr_carried *carried, enum AVCodecID to, struct kr_err *err);
