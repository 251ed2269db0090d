// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/text.h"
#include "media/carry_priv.h"
#include "media/packets_priv.h"

#include <math.h>

// What the muxer writes by itself, or what spoke of the file it was.
static const char *const of_the_file[] = {"major_brand", "minor_version", "compatible_brands",
                                          "encoder",     "timecode",      "duration"};

// What the container can describe before its first packet is seen, which may be late: so no
// Dolby, and no AAC of a broadcast, whose packets describe themselves.
static bool may_stand_in_mp4(const AVCodecParameters *is)
{
    static const enum AVCodecID known[] = {AV_CODEC_ID_MP3, AV_CODEC_ID_ALAC, AV_CODEC_ID_FLAC,
                                           AV_CODEC_ID_OPUS, AV_CODEC_ID_DVD_SUBTITLE};
    for (size_t i = 0; i < KR_COUNT(known); i++)
        if (known[i] == is->codec_id)
            return true;
    return is->codec_id == AV_CODEC_ID_AAC && is->extradata_size > 0;
}

static bool is_text(enum AVCodecID id)
{
    const AVCodecDescriptor *about = avcodec_descriptor_get(id);
    return about && (about->props & AV_CODEC_PROP_TEXT_SUB) != 0;
}

static bool is_cover(const AVStream *stream)
{
    return (stream->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0 &&
           stream->attached_pic.size > 0;
}

// Which way a stream goes into this container; false where it stays behind.
static bool way_of(enum kr_container container, const AVStream *stream, enum kr_carried_how *how)
{
    const AVCodecParameters *is = stream->codecpar;
    *how = KR_CARRY_COPY;
    if (is->codec_type == AVMEDIA_TYPE_VIDEO)
        return is_cover(stream) && (container == KR_MP4 || container == KR_FLAC) &&
               (is->codec_id == AV_CODEC_ID_MJPEG || is->codec_id == AV_CODEC_ID_PNG);
    if (container != KR_MP4)
        return false;
    if (is->codec_type == AVMEDIA_TYPE_SUBTITLE && is_text(is->codec_id))
        *how = KR_CARRY_TEXT;
    else if (is->codec_type == AVMEDIA_TYPE_AUDIO && !may_stand_in_mp4(is))
        *how = KR_CARRY_FLAC;
    else
        return may_stand_in_mp4(is);
    return true;
}

bool kr_carry_coders(struct kr_carried *carried, enum AVCodecID to, struct kr_err *err)
{
    const AVCodec *encoder = avcodec_find_encoder(to);
    if (!kr_decoder_open(carried->from, &carried->decoder, err))
        return false;
    carried->encoder = encoder ? avcodec_alloc_context3(encoder) : NULL;
    return carried->encoder ||
           kr_fail(err, KR_E_UNSUPPORTED, "no encoder for '%s'", avcodec_get_name(to));
}

static void carried_finish(struct kr_carried *carried)
{
    avcodec_free_context(&carried->decoder);
    avcodec_free_context(&carried->encoder);
    av_frame_free(&carried->frame);
    if (carried->waiting)
        av_audio_fifo_free(carried->waiting);
    kr_converter_finish(&carried->converter);
}

static int describe(const struct kr_carried *carried)
{
    AVStream *to = carried->to;
    int code = carried->encoder ? avcodec_parameters_from_context(to->codecpar, carried->encoder)
                                : avcodec_parameters_copy(to->codecpar, carried->from->codecpar);
    to->codecpar->codec_tag = 0;
    to->time_base = carried->encoder ? carried->encoder->time_base : carried->from->time_base;
    if (code >= 0)
        code = av_dict_copy(&to->metadata, carried->from->metadata, 0);
    return code;
}

// The sound as it was recorded stands beside what was made of it and is not played by itself.
static void mark(const struct kr_writer *writer, struct kr_carried *carried, bool main_sound)
{
    bool first = main_sound && !writer->sound.codec;
    int was = carried->from->disposition;
    carried->to->disposition = first ? AV_DISPOSITION_DEFAULT : was & ~AV_DISPOSITION_DEFAULT;
    if (main_sound && !first)
        av_dict_set(&carried->to->metadata, "handler_name", "as recorded", 0);
}

static bool open_way(struct kr_carried *carried, struct kr_err *err)
{
    switch (carried->how) {
    case KR_CARRY_FLAC:
        return kr_carry_open_flac(carried, err);
    case KR_CARRY_TEXT:
        return kr_carry_open_text(carried, err);
    case KR_CARRY_COPY:
        break;
    }
    return true;
}

// Decoders that cannot be opened leave their stream behind; no memory ends it all.
static bool add(struct kr_writer *writer, int index, struct kr_err *err)
{
    struct kr_carry *carry = writer->carry;
    AVStream *from = carry->from.format->streams[index];
    struct kr_carried carried = {.from = from, .last = AV_NOPTS_VALUE};
    if (carry->count == KR_CARRIED_MOST || !way_of(writer->params.container, from, &carried.how) ||
        !open_way(&carried, NULL)) {
        carried_finish(&carried);
        return true;
    }
    carried.to = avformat_new_stream(writer->format, NULL);
    if (!carried.to || describe(&carried) < 0) {
        carried_finish(&carried);
        return kr_fail(err, KR_E_TOO_BIG, "no memory for a track");
    }
    mark(writer, &carried, index == carry->from.sound);
    from->discard = AVDISCARD_DEFAULT;
    carry->reads |= !is_cover(from);
    carry->streams[carry->count++] = carried;
    return true;
}

static bool is_of_the_file(const char *key)
{
    for (size_t i = 0; i < KR_COUNT(of_the_file); i++)
        if (strcmp(of_the_file[i], key) == 0)
            return true;
    return false;
}

static void copy_words(struct kr_writer *writer)
{
    const struct kr_carry *carry = writer->carry;
    const AVFormatContext *from = carry->from.format;
    const AVDictionaryEntry *entry = NULL;
    while ((entry = av_dict_get(from->metadata, "", entry, AV_DICT_IGNORE_SUFFIX)))
        if (!is_of_the_file(entry->key))
            av_dict_set(&writer->format->metadata, entry->key, entry->value,
                        AV_DICT_DONT_OVERWRITE);
    if (carry->from.sound < 0 || !writer->sound.stream)
        return;
    entry = av_dict_get(from->streams[carry->from.sound]->metadata, "language", NULL, 0);
    if (entry)
        av_dict_set(&writer->sound.stream->metadata, "language", entry->value, 0);
}

// Those that a writer was not given itself.
static bool copy_chapters(struct kr_writer *writer, struct kr_err *err)
{
    const AVFormatContext *from = writer->carry->from.format;
    AVFormatContext *to = writer->format;
    if (to->nb_chapters > 0 || from->nb_chapters == 0)
        return true;
    to->chapters = av_calloc(from->nb_chapters, sizeof(AVChapter *));
    if (!to->chapters)
        return kr_fail(err, KR_E_TOO_BIG, "no memory for chapters");
    for (unsigned i = 0; i < from->nb_chapters; i++) {
        AVChapter *chapter = av_mallocz(sizeof *chapter);
        if (!chapter)
            return kr_fail(err, KR_E_TOO_BIG, "no memory for chapters");
        *chapter = *from->chapters[i];
        chapter->metadata = NULL;
        int64_t start = llround(writer->carry->from.start_s / av_q2d(chapter->time_base));
        chapter->start = chapter->start > start ? chapter->start - start : 0;
        chapter->end = chapter->end > start ? chapter->end - start : 0;
        to->chapters[to->nb_chapters++] = chapter;
        if (av_dict_copy(&chapter->metadata, from->chapters[i]->metadata, 0) < 0)
            return kr_fail(err, KR_E_TOO_BIG, "no memory for chapters");
    }
    return true;
}

bool kr_carry_open(struct kr_writer *writer, struct kr_err *err)
{
    struct kr_carry *carry = writer->carry = kr_new(struct kr_carry);
    carry->packet = av_packet_alloc();
    carry->out = av_packet_alloc();
    if (!carry->packet || !carry->out)
        return kr_fail(err, KR_E_TOO_BIG, "no memory for packets");
    if (!kr_demux_open(writer->params.carry->fd, &carry->from, err))
        return false;
    const AVFormatContext *from = carry->from.format;
    for (unsigned i = 0; i < from->nb_streams; i++)
        from->streams[i]->discard = AVDISCARD_ALL;
    if (carry->from.sound >= 0 && !add(writer, carry->from.sound, err))
        return false;
    for (int i = 0; i < (int)from->nb_streams; i++)
        if (i != carry->from.video && i != carry->from.sound && !add(writer, i, err))
            return false;
    // Debian's FFmpeg still calls FLAC in MP4 an experiment; RFC 9639 and players do not.
    writer->format->strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL;
    copy_words(writer);
    return copy_chapters(writer, err);
}

void kr_carry_close(struct kr_carry **carry)
{
    if (!*carry)
        return;
    for (size_t i = 0; i < (*carry)->count; i++)
        carried_finish(&(*carry)->streams[i]);
    av_packet_free(&(*carry)->packet);
    av_packet_free(&(*carry)->out);
    kr_demux_close(&(*carry)->from);
    kr_free(carry);
}

// Makes and models, which MP4 only knows as keys of QuickTime; those know no cover.
bool kr_carry_wants_keys(const struct kr_carry *carry)
{
    const AVDictionary *words = carry->from.format->metadata;
    for (size_t i = 0; i < carry->count; i++)
        if (is_cover(carry->streams[i].from))
            return false;
    return av_dict_get(words, "make", NULL, 0) || av_dict_get(words, "model", NULL, 0) ||
           av_dict_get(words, "com.apple.quicktime.", NULL, AV_DICT_IGNORE_SUFFIX);
}

bool kr_carry_write(struct kr_writer *writer, struct kr_carried *carried, AVPacket *packet,
                    AVRational base, struct kr_err *err)
{
    int64_t start = llround(writer->carry->from.start_s / av_q2d(base));
    if (!kr_packet_retime(packet, base, carried->to, start, &carried->last)) {
        av_packet_unref(packet);
        return true;
    }
    return kr_put_packet(writer, packet, err);
}

bool kr_carry_cover(struct kr_writer *writer, struct kr_err *err)
{
    for (size_t i = 0; i < writer->carry->count; i++) {
        const struct kr_carried *carried = &writer->carry->streams[i];
        if (!is_cover(carried->from))
            continue;
        if (av_packet_ref(writer->carry->out, &carried->from->attached_pic) < 0)
            return kr_fail(err, KR_E_TOO_BIG, "no memory for a cover");
        writer->carry->out->stream_index = carried->to->index;
        writer->carry->out->pts = writer->carry->out->dts = 0;
        int code = av_interleaved_write_frame(writer->format, writer->carry->out);
        if (code < 0)
            return kr_fail_writing(err, code, "write a cover");
    }
    return true;
}

static struct kr_carried *carried_of(struct kr_carry *carry, const AVPacket *packet)
{
    for (size_t i = 0; i < carry->count; i++)
        if (carry->streams[i].from->index == packet->stream_index &&
            !is_cover(carry->streams[i].from))
            return &carry->streams[i];
    return NULL;
}

static bool pass_on(struct kr_writer *writer, struct kr_carried *carried, struct kr_err *err)
{
    AVPacket *packet = writer->carry->packet;
    switch (carried->how) {
    case KR_CARRY_FLAC:
        return kr_carry_flac(writer, carried, packet, err);
    case KR_CARRY_TEXT:
        return kr_carry_text(writer, carried, packet, err);
    case KR_CARRY_COPY:
        break;
    }
    return kr_carry_write(writer, carried, packet, carried->from->time_base, err);
}

static bool is_due(const struct kr_carry *carry, const struct kr_carried *carried, double at_s)
{
    int64_t at = carry->packet->dts == AV_NOPTS_VALUE ? carry->packet->pts : carry->packet->dts;
    return at == AV_NOPTS_VALUE ||
           (double)at * av_q2d(carried->from->time_base) - carry->from.start_s <= at_s;
}

bool kr_carry_until(struct kr_writer *writer, double at_s, struct kr_err *err)
{
    struct kr_carry *carry = writer->carry;
    while (carry->reads && !carry->read_all) {
        // The end of the file, or of what can be read of it: what came before counts.
        if (carry->packet->size == 0 && av_read_frame(carry->from.format, carry->packet) < 0) {
            carry->read_all = true;
            break;
        }
        struct kr_carried *carried = carried_of(carry, carry->packet);
        if (carried && !is_due(carry, carried, at_s))
            return true;
        if (carried && !pass_on(writer, carried, err))
            return false;
        av_packet_unref(carry->packet);
    }
    return true;
}

bool kr_carry_finish(struct kr_writer *writer, struct kr_err *err)
{
    struct kr_carry *carry = writer->carry;
    if (!kr_carry_until(writer, INFINITY, err))
        return false;
    for (size_t i = 0; i < carry->count; i++)
        if (carry->streams[i].how == KR_CARRY_FLAC &&
            !kr_carry_flac(writer, &carry->streams[i], NULL, err))
            return false;
    return true;
}

static const char *kind_of(const AVStream *stream)
{
    const char *kind = av_get_media_type_string(stream->codecpar->codec_type);
    return is_cover(stream) ? "cover" : kind ? kind : "data";
}

// What it is coded as; of a file inside the file, that one's name.
static const char *name_of(const AVStream *stream)
{
    bool file = stream->codecpar->codec_type == AVMEDIA_TYPE_ATTACHMENT;
    const AVDictionaryEntry *name =
        file ? av_dict_get(stream->metadata, "filename", NULL, 0) : NULL;
    return name && kr_is_utf8(kr_str_of(name->value))
               ? name->value
               : avcodec_get_name(stream->codecpar->codec_id);
}

// Of the streams that are not the picture: did they come over, and as what?
json_t *kr_writer_carried_new(const struct kr_writer *writer)
{
    static const char *const ways[] = {"copied", "flac", "text"};
    const struct kr_carry *carry = writer->carry;
    json_t *all = kr_json_new_array();
    for (unsigned i = 0; carry && i < carry->from.format->nb_streams; i++) {
        const AVStream *stream = carry->from.format->streams[i];
        if ((int)i == carry->from.video)
            continue;
        const char *way = "left";
        for (size_t k = 0; k < carry->count; k++)
            if (carry->streams[k].from == stream)
                way = ways[carry->streams[k].how];
        json_t *told = kr_json_new_object();
        kr_json_set_str(told, "kind", kind_of(stream));
        kr_json_set_str(told, "codec", name_of(stream));
        kr_json_set_str(told, "way", way);
        kr_json_append_take(all, told);
    }
    return all;
}
