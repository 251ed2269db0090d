// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/demux_priv.h"

#include "media/io_priv.h"
#include "media/picture_priv.h"
#include <math.h>

// What cameras, phones, recorders and old video programs have written.
static const char containers[] =
    "mov,matroska,webm,avi,mpeg,mpegts,mpegvideo,dv,ogg,mp3,wav,w64,flac,aac,amr,asf,flv,rm,"
    "aiff,au,caf,ape,h264,hevc,m4v,ac3,mjpeg";

enum {
    PROBE_BYTES = 8 << 20,
    STREAMS_MOST = 64,
    INDEX_BYTES = 64 << 10, // places of packets that are remembered for seeking, a stream
    PIXELS_MOST = 8192 * 8192,
    CLAIM_LEAST_S = 4 * 3600, // a longer claim is counted out before it is believed
    PACKETS_MOST = 20 * 1000 * 1000,
};

static int refuse_open(AVFormatContext *format, AVIOContext **io, const char *url, int flags,
                       AVDictionary **options)
{
    (void)format, (void)url, (void)flags, (void)options;
    *io = NULL;
    return AVERROR(EPERM);
}

static bool open_format(struct kr_demux *demux, struct kr_err *err)
{
    AVFormatContext *format = avformat_alloc_context();
    if (!format)
        return kr_fail(err, KR_E_TOO_BIG, "no memory to open a film");
    format->pb = demux->io;
    format->flags |= AVFMT_FLAG_CUSTOM_IO;
    format->io_open = refuse_open;
    format->format_whitelist = av_strdup(containers);
    format->protocol_whitelist = av_strdup("");
    format->probesize = PROBE_BYTES;
    format->max_streams = STREAMS_MOST;
    format->max_index_size = INDEX_BYTES;
    int code = avformat_open_input(&format, NULL, NULL, NULL); // frees it on failure
    if (code == AVERROR_INVALIDDATA || code == AVERROR_EOF || code == AVERROR(EINVAL))
        return kr_fail(err, KR_E_UNSUPPORTED, "neither film nor sound");
    if (code < 0)
        return kr_fail_av(err, code, "open a film");
    demux->format = format;
    return true;
}

static bool is_cover(const AVStream *stream)
{
    return (stream->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
}

static void choose(struct kr_demux *demux)
{
    AVFormatContext *format = demux->format;
    demux->video = av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, NULL, 0);
    if (demux->video >= 0 && is_cover(format->streams[demux->video]))
        demux->video = -1;
    // A picture that never decodes is no stream to wait for.
    if (demux->video >= 0 && format->streams[demux->video]->codecpar->width < 1)
        demux->video = -1;
    demux->sound = av_find_best_stream(format, AVMEDIA_TYPE_AUDIO, -1, demux->video, NULL, 0);
    if (demux->sound >= 0 && format->streams[demux->sound]->codecpar->sample_rate < 1)
        demux->sound = -1;
    if (demux->video < 0)
        demux->video = -1;
    if (demux->sound < 0)
        demux->sound = -1;
    for (unsigned i = 0; i < format->nb_streams; i++)
        if ((int)i != demux->video && (int)i != demux->sound)
            format->streams[i]->discard = AVDISCARD_ALL;
}

static double seconds(int64_t at, AVRational base)
{
    return at == AV_NOPTS_VALUE ? NAN : (double)at * av_q2d(base);
}

// The picture begins the time, unless the sound is clearly earlier.
static double start_of(const struct kr_demux *demux)
{
    double video = NAN, sound = NAN;
    AVStream **streams = demux->format->streams;
    if (demux->video >= 0)
        video = seconds(streams[demux->video]->start_time, streams[demux->video]->time_base);
    if (demux->sound >= 0)
        sound = seconds(streams[demux->sound]->start_time, streams[demux->sound]->time_base);
    if (isnan(video))
        return isnan(sound) ? 0 : sound;
    return !isnan(sound) && sound < video - 0.1 && sound > video - 10 ? sound : video;
}

// Adds up how long the packets really last; the file is read once, nothing decoded.
static double count_out(int fd)
{
    struct kr_demux again = {.video = -1, .sound = -1};
    double total[2] = {0};
    if (!kr_io_open(fd, false, &again.io, NULL))
        return 0;
    bool ok = open_format(&again, NULL) && avformat_find_stream_info(again.format, NULL) >= 0;
    AVPacket *packet = av_packet_alloc();
    if (ok)
        choose(&again);
    for (int n = 0; ok && packet && n < PACKETS_MOST && av_read_frame(again.format, packet) >= 0;
         n++) {
        AVStream *stream = again.format->streams[packet->stream_index];
        double lasts = packet->duration > 0 ? seconds(packet->duration, stream->time_base) : 0;
        AVRational rate = stream->avg_frame_rate;
        if (packet->stream_index == again.video)
            total[0] += lasts > 0 && lasts < 60 ? lasts : rate.num > 0 ? av_q2d(av_inv_q(rate)) : 0;
        else if (packet->stream_index == again.sound)
            total[1] += lasts < 60 ? lasts : 0;
        av_packet_unref(packet);
    }
    av_packet_free(&packet);
    kr_demux_close(&again);
    return total[0] > 0 ? total[0] : total[1];
}

// From the first moment to the last, of a file that tells no length; nothing is decoded.
static double measure_out(int fd)
{
    struct kr_demux again = {.video = -1, .sound = -1};
    double first = INFINITY, last = 0;
    if (!kr_io_open(fd, false, &again.io, NULL))
        return 0;
    bool ok = open_format(&again, NULL) && avformat_find_stream_info(again.format, NULL) >= 0;
    AVPacket *packet = av_packet_alloc();
    if (ok)
        choose(&again);
    for (int n = 0; ok && packet && n < PACKETS_MOST && av_read_frame(again.format, packet) >= 0;
         n++) {
        AVStream *stream = again.format->streams[packet->stream_index];
        double at = seconds(packet->pts, stream->time_base);
        double lasts = packet->duration > 0 ? seconds(packet->duration, stream->time_base) : 0;
        bool used = packet->stream_index == again.video || packet->stream_index == again.sound;
        if (used && isfinite(at) && lasts < 60) {
            first = fmin(first, at);
            last = fmax(last, at + lasts);
        }
        av_packet_unref(packet);
    }
    av_packet_free(&packet);
    kr_demux_close(&again);
    return isfinite(first) && last > first ? last - first : 0;
}

static double duration_of(struct kr_demux *demux, int fd)
{
    AVFormatContext *format = demux->format;
    double claim = format->duration == AV_NOPTS_VALUE ? 0 : (double)format->duration / AV_TIME_BASE;
    AVStream *video = demux->video >= 0 ? format->streams[demux->video] : NULL;
    if (video && video->duration != AV_NOPTS_VALUE && demux->sound < 0)
        claim = seconds(video->duration, video->time_base);
    if (claim < 0 || !isfinite(claim))
        claim = 0;
    // Matroska tells its length or does not; what FFmpeg reckons from the bit rate is no telling.
    bool reckoned = format->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE &&
                    strncmp(format->iformat->name, "matroska", strlen("matroska")) == 0;
    demux->streamed = (claim == 0 || reckoned) && (demux->sound >= 0 || demux->video >= 0);
    if (demux->streamed)
        return measure_out(fd);
    int64_t size = avio_size(format->pb);
    bool thin = size > 0 && claim > 60 && (double)size * 8 / claim < 2000; // bit/s
    return claim > CLAIM_LEAST_S || thin ? count_out(fd) : claim;
}

bool kr_demux_open(int fd, struct kr_demux *out, struct kr_err *err)
{
    struct kr_demux demux = {.video = -1, .sound = -1};
    if (!kr_io_open(fd, false, &demux.io, err))
        return false;
    if (!open_format(&demux, err)) {
        kr_demux_close(&demux);
        return false;
    }
    int code = avformat_find_stream_info(demux.format, NULL);
    choose(&demux);
    demux.start_s = start_of(&demux);
    demux.duration_s = duration_of(&demux, fd);
    *out = demux;
    if (demux.video >= 0 || demux.sound >= 0)
        return true;
    if (code < 0)
        return kr_fail_av(err, code, "find films or sounds inside");
    return kr_fail(err, KR_E_DAMAGED, "neither film nor sound inside");
}

void kr_demux_close(struct kr_demux *demux)
{
    avformat_close_input(&demux->format);
    kr_io_close(&demux->io);
}

bool kr_decoder_open(const AVStream *stream, AVCodecContext **out, struct kr_err *err)
{
    const AVCodec *decoder = avcodec_find_decoder(stream->codecpar->codec_id);
    if (!decoder)
        return kr_fail(err, KR_E_UNSUPPORTED, "no decoder for '%s'",
                       avcodec_get_name(stream->codecpar->codec_id));
    AVCodecContext *codec = avcodec_alloc_context3(decoder);
    int code = codec ? avcodec_parameters_to_context(codec, stream->codecpar) : AVERROR(ENOMEM);
    if (code >= 0) {
        codec->thread_count = decoder->type == AVMEDIA_TYPE_VIDEO ? 2 : 1;
        codec->max_pixels = PIXELS_MOST;
        codec->pkt_timebase = stream->time_base;
        code = avcodec_open2(codec, decoder, NULL);
    }
    if (code < 0) {
        avcodec_free_context(&codec);
        return kr_fail_av(err, code, "open a decoder");
    }
    *out = codec;
    return true;
}

// The matrix maps x, y to a x + c y, b x + d y (ISO 14496-12, 8.3.2); only its
// signs count here: cameras turn by quarters and mirror.
int kr_stream_turn(const AVStream *stream)
{
    size_t n = 0;
    const int32_t *m = (const void *)av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &n);
    if (!m || n < 9 * sizeof *m)
        return 1;
    int64_t a = m[0], b = m[1], c = m[3], d = m[4];
    if (llabs(a) + llabs(d) >= llabs(b) + llabs(c))
        return a < 0 ? (d < 0 ? 3 : 2) : (d < 0 ? 4 : 1);
    return c < 0 ? (b < 0 ? 7 : 6) : (b < 0 ? 8 : 5);
}

void kr_stream_shown(const struct kr_demux *demux, const AVStream *stream, double *width,
                     double *height, double *aspect)
{
    AVStream *is = (AVStream *)(uintptr_t)stream; // FFmpeg only reads it
    AVRational pixel = av_guess_sample_aspect_ratio(demux->format, is, NULL);
    *aspect = pixel.num > 0 && pixel.den > 0 ? av_q2d(pixel) : 1;
    if (*aspect < 0.1 || *aspect > 10)
        *aspect = 1;
    double wide = stream->codecpar->width * *aspect, high = stream->codecpar->height;
    bool turned = kr_stream_turn(stream) >= 5;
    *width = turned ? high : wide;
    *height = turned ? wide : high;
}
