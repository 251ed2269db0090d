// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/writer.h"

#include "media/carry_priv.h"
#include "media/io_priv.h"
#include "media/mp4_priv.h"
#include "media/writer_priv.h"
#include <assert.h>
#include <errno.h>
#include <libavutil/opt.h>

// ISO 639-2 for the track's language field (ISO 14496-12, 8.4.2.3).
static const struct {
    const char *tag, *code;
} languages[] = {
    {"de", "deu"}, {"en", "eng"}, {"es", "spa"}, {"fr", "fra"},  {"it", "ita"},
    {"ja", "jpn"}, {"ko", "kor"}, {"ru", "rus"}, {"yue", "yue"}, {"zh", "zho"},
};

bool kr_fail_writing(struct kr_err *err, int code, const char *attempt)
{
    char words[AV_ERROR_MAX_STRING_SIZE] = "";
    av_strerror(code, words, sizeof words);
    enum kr_code what = code == AVERROR(ENOSPC) || code == AVERROR(EDQUOT) ? KR_E_FULL
                        : code == AVERROR(ENOMEM)                          ? KR_E_TOO_BIG
                        : code == AVERROR(EFBIG)                           ? KR_E_TOO_BIG
                                                                           : KR_E_IO;
    return kr_fail(err, what, "%s: %s", attempt, words);
}

static const char *muxer_of(enum kr_container container)
{
    static const char *const names[] = {
        [KR_MP4] = "mp4", [KR_OPUS] = "ogg", [KR_WAV] = "wav", [KR_FLAC] = "flac"};
    return names[container];
}

static const char *language_code(const char *tag)
{
    for (size_t i = 0; tag && i < KR_COUNT(languages); i++) {
        size_t n = strlen(languages[i].tag);
        if (strncasecmp(tag, languages[i].tag, n) == 0 && (tag[n] == '-' || tag[n] == '\0'))
            return languages[i].code;
    }
    return "und";
}

static bool add_chapters(struct kr_writer *writer, struct kr_err *err)
{
    const struct kr_writer_params *params = &writer->params;
    if (params->chapter_count == 0)
        return true;
    assert(params->chapter_count < 10000);
    AVFormatContext *format = writer->format;
    format->chapters = av_calloc(params->chapter_count, sizeof(AVChapter *));
    if (!format->chapters)
        return kr_fail(err, KR_E_TOO_BIG, "no memory for chapters");
    for (size_t i = 0; i < params->chapter_count; i++) {
        AVChapter *chapter = av_mallocz(sizeof *chapter);
        if (!chapter)
            return kr_fail(err, KR_E_TOO_BIG, "no memory for chapters");
        *chapter = (AVChapter){.id = (int64_t)i + 1,
                               .time_base = {1, 1000},
                               .start = params->chapters[i].start_ms,
                               .end = params->chapters[i].end_ms};
        av_dict_set(&chapter->metadata, "title", params->chapters[i].title, 0);
        format->chapters[format->nb_chapters++] = chapter;
    }
    return true;
}

static bool open_format(struct kr_writer *writer, struct kr_err *err)
{
    int code = avformat_alloc_output_context2(&writer->format, NULL,
                                              muxer_of(writer->params.container), "out");
    if (code < 0)
        return kr_fail_writing(err, code, "begin a file");
    AVFormatContext *format = writer->format;
    if (writer->params.container == KR_MP4
            ? !kr_mp4_open(writer->fd, &writer->io, &writer->mp4, err)
            : !kr_io_open(writer->fd, true, &writer->io, err))
        return false;
    format->pb = writer->io;
    format->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT; // same frames, same bytes
    av_dict_set(&format->metadata, "title", writer->params.title, 0);
    av_dict_set(&format->metadata, "comment", writer->params.comment, 0);
    av_dict_set(&format->metadata, "language", writer->params.language, 0);
    return add_chapters(writer, err);
}

static bool add_stream(struct kr_writer *writer, struct kr_track *track, struct kr_err *err)
{
    AVStream *stream = avformat_new_stream(writer->format, NULL);
    if (!stream)
        return kr_fail(err, KR_E_TOO_BIG, "no memory for a track");
    int code = avcodec_parameters_from_context(stream->codecpar, track->codec);
    if (code < 0)
        return kr_fail_writing(err, code, "describe a track");
    stream->time_base = track->codec->time_base;
    stream->avg_frame_rate = track->codec->framerate;
    av_dict_set(&stream->metadata, "language", language_code(writer->params.language), 0);
    track->stream = stream;
    return true;
}

static bool begin(struct kr_writer *writer, struct kr_err *err)
{
    if (!open_format(writer, err))
        return false;
    bool header = (writer->format->oformat->flags & AVFMT_GLOBALHEADER) != 0;
    if (writer->params.width > 0 &&
        (!kr_open_x264(writer, header, err) || !add_stream(writer, &writer->film, err)))
        return false;
    if (writer->params.channels > 0 &&
        (!kr_open_sound_encoder(writer, header, err) || !add_stream(writer, &writer->sound, err)))
        return false;
    if (writer->params.carry && !kr_carry_open(writer, err))
        return false;
    AVDictionary *options = NULL;
    bool keys = writer->carry && kr_carry_wants_keys(writer->carry);
    if (writer->params.container == KR_MP4)
        av_dict_set(&options, "movflags", keys ? KR_MP4_FLAGS "+use_metadata_tags" : KR_MP4_FLAGS,
                    0);
    if (writer->params.container == KR_WAV)
        av_dict_set(&options, "rf64", "auto", 0);
    int code = avformat_write_header(writer->format, &options);
    av_dict_free(&options);
    writer->begun = code >= 0;
    if (code < 0)
        return kr_fail_writing(err, code, "write a file's head");
    return !writer->carry || kr_carry_cover(writer, err);
}

bool kr_writer_open(int fd, const struct kr_writer_params *params, struct kr_writer **out,
                    struct kr_err *err)
{
    bool film = params->width > 0;
    assert(film ? params->width % 2 == 0 && params->height % 2 == 0 && params->height > 0 : true);
    assert(params->channels >= 0 && params->channels <= KR_CHANNELS_MOST);
    assert(film || params->channels > 0);
    assert(!film || (params->container == KR_MP4 && params->fps_num > 0 && params->fps_den > 0));
    struct kr_writer *writer = kr_new(struct kr_writer);
    writer->fd = fd;
    writer->params = *params;
    writer->packet = av_packet_alloc();
    if (!writer->packet || !begin(writer, err)) {
        kr_writer_close(&writer);
        return kr_within(err, "write a film or sound");
    }
    *out = writer;
    return true;
}

// The first is late, so that every track has begun: packets wait ten seconds at the most for those
// of other streams.
static bool end_fragment(struct kr_writer *writer, double at_s, struct kr_err *err)
{
    static const double first_s = 12, each_s = 2;
    if (!writer->mp4 || at_s < writer->fragment_s + (writer->fragment_s > 0 ? each_s : first_s))
        return true;
    bool first = writer->fragment_s <= 0;
    writer->fragment_s = at_s;
    int code = av_write_frame(writer->format, NULL);
    if (first && code >= 0) // that one only told of the tracks
        code = av_write_frame(writer->format, NULL);
    if (code >= 0)
        code = writer->io->error;
    return code >= 0 || kr_fail_writing(err, code, "write");
}

bool kr_put_packet(struct kr_writer *writer, AVPacket *packet, struct kr_err *err)
{
    int i = packet->stream_index;
    double at_s = (double)packet->dts * av_q2d(writer->format->streams[i]->time_base);
    if (writer->mp4 && !(writer->begun_tracks >> i & 1))
        kr_mp4_begins(writer->mp4, (size_t)i + 1, at_s);
    writer->begun_tracks |= (uint64_t)1 << i;
    int code = av_interleaved_write_frame(writer->format, packet);
    if (code >= 0)
        code = writer->io->error;
    if (code < 0)
        return kr_fail_writing(err, code, "write");
    return end_fragment(writer, at_s, err);
}

// Everything an encoder has ready goes into the file, in the order of time.
bool kr_drain(struct kr_writer *writer, struct kr_track *track, struct kr_err *err)
{
    for (;;) {
        int code = avcodec_receive_packet(track->codec, writer->packet);
        if (code == AVERROR(EAGAIN) || code == AVERROR_EOF)
            return true;
        if (code < 0)
            return kr_fail_writing(err, code, "encode");
        if (writer->packet->duration == 0 && track->codec->codec_type == AVMEDIA_TYPE_VIDEO)
            writer->packet->duration = track->lasts;
        av_packet_rescale_ts(writer->packet, track->codec->time_base, track->stream->time_base);
        writer->packet->stream_index = track->stream->index;
        double at_s = (double)writer->packet->dts * av_q2d(track->stream->time_base);
        if (!kr_put_packet(writer, writer->packet, err))
            return false;
        if (writer->carry && !kr_carry_until(writer, at_s, err))
            return false;
    }
}

static int64_t ticks(int64_t us)
{
    return av_rescale(us, KR_TICKS, 1000000);
}

bool kr_writer_frame(struct kr_writer *writer, const struct kr_frame *frame, struct kr_err *err)
{
    assert(writer->film.codec && frame->pixels == KR_YUV420);
    assert(frame->width == writer->params.width && frame->height == writer->params.height);
    AVFrame *wrap = writer->film.frame;
    av_frame_unref(wrap);
    wrap->format = AV_PIX_FMT_YUV420P;
    wrap->width = frame->width;
    wrap->height = frame->height;
    wrap->color_range = AVCOL_RANGE_MPEG;
    wrap->colorspace = AVCOL_SPC_BT709;
    wrap->color_primaries = AVCOL_PRI_BT709;
    wrap->color_trc = AVCOL_TRC_BT709;
    wrap->pts = writer->params.timed ? ticks(frame->at_us) : writer->film.next++;
    writer->film.lasts = writer->params.timed ? ticks(frame->lasts_us) : 1;
    for (int p = 0; p < 3; p++) {
        wrap->data[p] = frame->plane[p];
        wrap->linesize[p] = (int)frame->stride[p];
    }
    // Not reference counted, so the encoder copies it: the frame stays the caller's.
    int code = avcodec_send_frame(writer->film.codec, wrap);
    if (code < 0)
        return kr_fail_writing(err, code, "encode a frame");
    return kr_drain(writer, &writer->film, err);
}

bool kr_writer_finish(struct kr_writer *writer, struct kr_err *err)
{
    if (writer->sound.codec && !kr_end_sound(writer, err))
        return kr_within(err, "complete a film or sound");
    struct kr_track *tracks[] = {&writer->film, &writer->sound};
    for (size_t i = 0; i < KR_COUNT(tracks); i++) {
        if (!tracks[i]->codec)
            continue;
        int code = avcodec_send_frame(tracks[i]->codec, NULL);
        if (code < 0 && code != AVERROR_EOF)
            return kr_fail_writing(err, code, "flush an encoder");
        if (!kr_drain(writer, tracks[i], err))
            return kr_within(err, "complete a film or sound");
    }
    if (writer->carry && !kr_carry_finish(writer, err))
        return kr_within(err, "complete a film or sound");
    int code = av_write_trailer(writer->format);
    writer->begun = false;
    avio_flush(writer->io);
    if (code >= 0)
        code = writer->io->error;
    if (code < 0)
        return kr_fail_writing(err, code, "complete a file");
    return !writer->mp4 || kr_mp4_finish(writer->mp4, err);
}

static void track_finish(struct kr_track *track)
{
    av_frame_free(&track->frame);
    avcodec_free_context(&track->codec);
}

void kr_writer_close(struct kr_writer **writer)
{
    if (!*writer)
        return;
    track_finish(&(*writer)->film);
    track_finish(&(*writer)->sound);
    av_packet_free(&(*writer)->packet);
    kr_carry_close(&(*writer)->carry);
    avformat_free_context((*writer)->format);
    if (!(*writer)->mp4)
        kr_io_close(&(*writer)->io);
    kr_mp4_close(&(*writer)->mp4);
    kr_free(writer);
}
