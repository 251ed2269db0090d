// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/reader.h"

#include "media/picture_priv.h"
#include "media/reader_priv.h"
#include <assert.h>
#include <math.h>

enum { BAD_READS_MOST = 200 }; // one after the other: the rest is lost

static const double JUMP_S = 60;     // no film pauses longer between two frames
static const double BACKWARD_S = 5;  // a larger step back is a new clock
static const double EARLIER_S = 0.3; // seek this much before the cut

double kr_steady_time(struct kr_steady *steady, double at_s, double lasts_s)
{
    double due = steady->begun ? steady->last_s + lasts_s : at_s;
    double at = isnan(at_s) ? due : at_s + steady->shift_s;
    if (isnan(at))
        at = 0;
    if (steady->begun && (at > due + JUMP_S || at < steady->last_s - BACKWARD_S)) {
        steady->shift_s += due - at;
        at = due;
    } else if (steady->begun && at <= steady->last_s) {
        at = steady->last_s + 0.0001;
    }
    steady->begun = true;
    steady->last_s = at;
    return at;
}

double kr_reader_limit(const struct kr_reader *reader)
{
    double from = reader->params.from_s, to = reader->params.to_s;
    return to > 0 ? (to > from ? to - from : 0) : INFINITY;
}

static double part_duration(const struct kr_reader *reader)
{
    double whole = reader->demux.duration_s;
    if (whole <= 0)
        return isinf(kr_reader_limit(reader)) ? 0 : kr_reader_limit(reader);
    double rest = whole - reader->params.from_s, limit = kr_reader_limit(reader);
    rest = rest < limit ? rest : limit;
    return rest > 0 ? rest : 0;
}

static void finish(struct kr_reader *reader)
{
    kr_film_close(&reader->film);
    kr_reader_sound_close(&reader->sound);
    for (int i = 0; i < reader->waiting_count; i++)
        av_packet_free(&reader->waiting[i]);
    reader->waiting_count = reader->waiting_next = 0;
    av_packet_free(&reader->packet);
    kr_demux_close(&reader->demux);
}

static bool is_wanted(const struct kr_reader *reader, int stream)
{
    return (reader->film.codec && stream == reader->demux.video) ||
           (reader->sound.codec && stream == reader->demux.sound);
}

// The next packet of a stream we use; false at the end. Damage is passed over.
static bool read_packet(struct kr_reader *reader)
{
    while (reader->bad_reads < BAD_READS_MOST) {
        int code = av_read_frame(reader->demux.format, reader->packet);
        if (code == AVERROR_EOF)
            return false;
        if (code < 0) {
            reader->bad_reads++;
            reader->info.damaged++;
            continue;
        }
        reader->bad_reads = 0;
        if (is_wanted(reader, reader->packet->stream_index))
            return true;
        av_packet_unref(reader->packet);
    }
    return false;
}

// Goes to the key frame before the cut, and looks whether it really is before.
// What is read on the way waits to be decoded.
static bool seek(struct kr_reader *reader)
{
    double at = reader->params.from_s + reader->demux.start_s - EARLIER_S;
    int64_t us = (int64_t)(at * AV_TIME_BASE);
    if (avformat_seek_file(reader->demux.format, -1, INT64_MIN, us, us, 0) < 0)
        return false;
    while (reader->waiting_count < KR_WAITING_MOST && read_packet(reader)) {
        AVPacket *packet = av_packet_clone(reader->packet);
        av_packet_unref(reader->packet);
        if (!packet)
            return false;
        reader->waiting[reader->waiting_count++] = packet;
        if (packet->stream_index != reader->demux.video)
            continue;
        int64_t ts = packet->pts == AV_NOPTS_VALUE ? packet->dts : packet->pts;
        double is = (double)ts * av_q2d(reader->film.stream->time_base);
        return ts != AV_NOPTS_VALUE && is <= at + EARLIER_S && (packet->flags & AV_PKT_FLAG_KEY);
    }
    return false;
}

static bool open_halves(struct kr_reader *reader, struct kr_err *err)
{
    struct kr_err video = {0}, sound = {0};
    reader->info = (struct kr_reader_info){0};
    bool seen = kr_film_open(reader, &video), heard = kr_reader_sound_open(reader, &sound);
    if (!seen)
        kr_film_close(&reader->film);
    if (!heard)
        kr_reader_sound_close(&reader->sound);
    reader->info.has_video = reader->film.codec != NULL;
    reader->info.has_sound = reader->sound.codec != NULL;
    if (!reader->info.has_video && !reader->info.has_sound) {
        if (!seen || !heard) {
            if (err)
                *err = seen ? sound : video;
            return false;
        }
        return kr_fail(err, KR_E_UNSUPPORTED, "nothing of what is wanted is inside");
    }
    reader->info.duration_s = part_duration(reader);
    return true;
}

static bool begin(struct kr_reader *reader, struct kr_err *err)
{
    reader->input_ended = reader->gave = false;
    reader->bad_reads = 0;
    reader->packet = av_packet_alloc();
    if (!reader->packet)
        return kr_fail(err, KR_E_TOO_BIG, "no memory for packets");
    if (!kr_demux_open(reader->fd, &reader->demux, err) || !open_halves(reader, err))
        return false;
    // Sound alone is quick to decode, and its containers often guess when seeking.
    bool far = reader->params.from_s > 1 && reader->film.codec && !reader->linear;
    if (!far || seek(reader))
        return true;
    reader->linear = true;
    finish(reader);
    return begin(reader, err);
}

bool kr_reader_open(int fd, const struct kr_reader_params *params, struct kr_reader **out,
                    struct kr_err *err)
{
    assert(params->channels >= 0 && params->channels <= KR_CHANNELS_MOST && params->from_s >= 0);
    assert(params->width >= 0 && params->height >= 0 && params->fps >= 0);
    struct kr_reader *reader = kr_new(struct kr_reader);
    reader->fd = fd;
    reader->params = *params;
    if (!begin(reader, err)) {
        kr_reader_close(&reader);
        return kr_within(err, "open a film or sound");
    }
    *out = reader;
    return true;
}

void kr_reader_close(struct kr_reader **reader)
{
    if (!*reader)
        return;
    finish(*reader);
    kr_free(reader);
}

const struct kr_reader_info *kr_reader_info(const struct kr_reader *reader)
{
    return &reader->info;
}

// A half that has all it wants is not fed.
static void feed(struct kr_reader *reader)
{
    bool video = reader->packet->stream_index == reader->demux.video;
    bool ended = video ? reader->film.ended : reader->sound.ended;
    AVCodecContext *codec = video ? reader->film.codec : reader->sound.codec;
    bool same = reader->packet->size == 0; // Theora: "as before"; the frame before lasts on
    int code = ended || same ? 0 : avcodec_send_packet(codec, reader->packet);
    if (code < 0 && code != AVERROR(EAGAIN))
        reader->info.damaged++;
    av_packet_unref(reader->packet);
}

static void read_on(struct kr_reader *reader)
{
    if (reader->waiting_next < reader->waiting_count) {
        av_packet_move_ref(reader->packet, reader->waiting[reader->waiting_next++]);
        feed(reader);
        return;
    }
    if (read_packet(reader)) {
        feed(reader);
        return;
    }
    reader->input_ended = true;
    if (reader->film.codec)
        avcodec_send_packet(reader->film.codec, NULL);
    if (reader->sound.codec)
        avcodec_send_packet(reader->sound.codec, NULL);
}

bool kr_reader_next(struct kr_reader *reader, struct kr_frame **frame, struct kr_samples **samples,
                    struct kr_err *err)
{
    *frame = NULL;
    *samples = NULL;
    for (;;) {
        enum kr_pull seen = kr_film_pull(reader, frame, err);
        enum kr_pull heard = seen == KR_PULL_GAVE || seen == KR_PULL_FAILED
                                 ? KR_PULL_HUNGRY
                                 : kr_reader_sound_pull(reader, samples, err);
        if (seen == KR_PULL_FAILED || heard == KR_PULL_FAILED)
            return kr_within(err, "read a film or sound");
        if (seen == KR_PULL_GAVE || heard == KR_PULL_GAVE) {
            reader->gave = true;
            return true;
        }
        bool over = seen == KR_PULL_ENDED && heard == KR_PULL_ENDED;
        if (over || reader->input_ended) {
            reader->info.damaged += reader->film.damaged + reader->sound.damaged;
            reader->film.damaged = reader->sound.damaged = 0;
            bool nothing = !reader->gave && reader->params.to_s <= 0 && reader->params.from_s <= 0;
            return nothing ? kr_fail(err, KR_E_DAMAGED, "nothing inside can be decoded") : true;
        }
        read_on(reader);
    }
}

bool kr_reader_rewind(struct kr_reader *reader, struct kr_err *err)
{
    finish(reader);
    return begin(reader, err) ? true : kr_within(err, "start again");
}
