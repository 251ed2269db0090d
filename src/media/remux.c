// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/remux.h"

#include "media/demux_priv.h"
#include "media/io_priv.h"
#include "media/packets_priv.h"
#include "media/writer_priv.h"
#include <math.h>

enum { STREAMS = 2, CLUSTER_MS = 1000 };

struct remux {
    struct kr_demux from;
    AVFormatContext *to;
    AVIOContext *io;
    AVPacket *packet;
    int out;             // its descriptor
    int source[STREAMS]; // index of the stream in `from`; -1 for none
    AVStream *made[STREAMS];
    double start_s, end_s; // of what was written
    int64_t last[STREAMS]; // the latest time written: they must rise
    int64_t written;
};

static void remux_finish(struct remux *remux)
{
    av_packet_free(&remux->packet);
    avformat_free_context(remux->to);
    kr_io_close(&remux->io);
    kr_demux_close(&remux->from);
}

static enum AVCodecID codec_of(const struct kr_demux *demux, int stream)
{
    return stream < 0 ? AV_CODEC_ID_NONE : demux->format->streams[stream]->codecpar->codec_id;
}

static bool is_pcm(enum AVCodecID id)
{
    return id >= AV_CODEC_ID_FIRST_AUDIO && id < AV_CODEC_ID_ADPCM_IMA_QT;
}

// The file that most players understand with these streams in it, and its muxer.
static const char *format_of(const struct kr_demux *demux, const char **muxer)
{
    enum AVCodecID video = codec_of(demux, demux->video), sound = codec_of(demux, demux->sound);
    bool open = video == AV_CODEC_ID_VP8 || video == AV_CODEC_ID_VP9 || video == AV_CODEC_ID_AV1;
    bool open_sound =
        sound == AV_CODEC_ID_NONE || sound == AV_CODEC_ID_OPUS || sound == AV_CODEC_ID_VORBIS;
    bool mp4_sound =
        sound == AV_CODEC_ID_NONE || sound == AV_CODEC_ID_OPUS || sound == AV_CODEC_ID_AAC;
    if (video == AV_CODEC_ID_NONE) {
        *muxer = sound == AV_CODEC_ID_OPUS ? "ogg" : sound == AV_CODEC_ID_AAC ? "mp4" : "matroska";
        return sound == AV_CODEC_ID_OPUS ? "opus" : sound == AV_CODEC_ID_AAC ? "m4a" : "mka";
    }
    if (open && open_sound) {
        *muxer = "webm";
        return "webm";
    }
    bool mp4 = video == AV_CODEC_ID_H264 && mp4_sound;
    *muxer = mp4 ? "mp4" : "matroska";
    return mp4 ? "mp4" : "mkv";
}

// Faststart reads back what was written: the same descriptor, never a name.
static int open_again(AVFormatContext *format, AVIOContext **io, const char *url, int flags,
                      AVDictionary **options)
{
    const struct remux *remux = format->opaque;
    (void)url, (void)options;
    if (flags & AVIO_FLAG_WRITE)
        return AVERROR(EPERM);
    return kr_io_open(remux->out, false, io, NULL) ? 0 : AVERROR(ENOMEM);
}

static int close_again(AVFormatContext *format, AVIOContext *io)
{
    (void)format;
    kr_io_close(&io);
    return 0;
}

static bool add_stream(struct remux *remux, int which, int index, struct kr_err *err)
{
    remux->source[which] = index;
    remux->last[which] = AV_NOPTS_VALUE;
    if (index < 0)
        return true;
    const AVStream *source = remux->from.format->streams[index];
    AVStream *made = avformat_new_stream(remux->to, NULL);
    if (!made || avcodec_parameters_copy(made->codecpar, source->codecpar) < 0)
        return kr_fail(err, KR_E_TOO_BIG, "no memory for a track");
    made->codecpar->codec_tag = 0;
    made->time_base = source->time_base;
    made->avg_frame_rate = source->avg_frame_rate;
    made->sample_aspect_ratio = source->sample_aspect_ratio;
    remux->made[which] = made;
    return true;
}

static bool begin(struct remux *remux, const char *muxer, struct kr_err *err)
{
    int code = avformat_alloc_output_context2(&remux->to, NULL, muxer, "out");
    if (code < 0)
        return kr_fail_writing(err, code, "begin a file");
    if (!kr_io_open(remux->out, true, &remux->io, err))
        return false;
    remux->to->pb = remux->io;
    remux->to->opaque = remux;
    remux->to->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT;
    remux->to->io_open = open_again;
    remux->to->io_close2 = close_again;
    if (!add_stream(remux, 0, remux->from.video, err) ||
        !add_stream(remux, 1, remux->from.sound, err))
        return false;
    AVDictionary *options = NULL;
    if (strcmp(muxer, "mp4") == 0)
        av_dict_set(&options, "movflags", "+faststart", 0);
    if (strcmp(muxer, "webm") == 0 || strcmp(muxer, "matroska") == 0)
        av_dict_set_int(&options, "cluster_time_limit", CLUSTER_MS, 0);
    code = avformat_write_header(remux->to, &options);
    av_dict_free(&options);
    return code >= 0 || kr_fail_writing(err, code, "write a file's head");
}

static double seconds(int64_t at, AVRational base)
{
    return at == AV_NOPTS_VALUE ? NAN : (double)at * av_q2d(base);
}

// Moves the packet's times so that the recording begins at 0.
static bool set_times(struct remux *remux, int which)
{
    AVPacket *packet = remux->packet;
    AVRational base = remux->from.format->streams[remux->source[which]]->time_base;
    int64_t start = llround(remux->start_s / av_q2d(base));
    bool timed = kr_packet_retime(packet, base, remux->made[which], start, &remux->last[which]);
    AVRational made = remux->made[which]->time_base;
    if (timed)
        remux->end_s =
            fmax(remux->end_s, seconds(packet->pts, made) + seconds(packet->duration, made));
    return timed;
}

static bool pass_on(struct remux *remux, struct kr_err *err)
{
    AVPacket *packet = remux->packet;
    int which = packet->stream_index == remux->source[0]   ? 0
                : packet->stream_index == remux->source[1] ? 1
                                                           : -1;
    double at = which < 0 ? NAN
                          : seconds(packet->pts == AV_NOPTS_VALUE ? packet->dts : packet->pts,
                                    remux->from.format->streams[packet->stream_index]->time_base);
    if (!isfinite(at)) {
        av_packet_unref(packet);
        return true;
    }
    if (remux->written++ == 0)
        remux->start_s = at;
    if (!set_times(remux, which))
        return true;
    int code = av_interleaved_write_frame(remux->to, packet);
    if (code >= 0)
        code = remux->io->error;
    return code >= 0 || kr_fail_writing(err, code, "write");
}

static bool copy(struct remux *remux, struct kr_err *err)
{
    // The end of the file, or of what can be read of it: what came before counts.
    while (av_read_frame(remux->from.format, remux->packet) >= 0)
        if (!pass_on(remux, err))
            return false;
    if (remux->written == 0)
        return kr_fail(err, KR_E_DAMAGED, "nothing inside can be read");
    int code = av_write_trailer(remux->to);
    avio_flush(remux->io);
    if (code >= 0)
        code = remux->io->error;
    return code >= 0 || kr_fail_writing(err, code, "complete a file");
}

bool kr_remux(int in, int out, struct kr_remuxed *told, struct kr_err *err)
{
    KR_AUTO(remux_finish) struct remux remux = {.out = out, .from = {.video = -1, .sound = -1}};
    const char *muxer;
    if (!kr_demux_open(in, &remux.from, err))
        return false;
    const char *format = format_of(&remux.from, &muxer);
    if (remux.from.video < 0 && is_pcm(codec_of(&remux.from, remux.from.sound))) {
        *told = (struct kr_remuxed){.format = "flac", .is_pcm = true};
        return true;
    }
    remux.packet = av_packet_alloc();
    if (!remux.packet || !begin(&remux, muxer, err) || !copy(&remux, err))
        return kr_within(err, "remux");
    *told = (struct kr_remuxed){.format = format, .duration_s = remux.end_s};
    return true;
}
