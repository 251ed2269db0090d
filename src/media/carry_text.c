// SPDX-License-Identifier: AGPL-3.0-or-later
// Written subtitles become timed text (3GPP TS 26.245), which every player of MP4 reads.
#include "media/carry_priv.h"
#include "media/picture_priv.h"

enum { LINE_MOST = 1 << 16 }; // bytes of one subtitle

bool kr_carry_open_text(struct kr_carried *carried, struct kr_err *err)
{
    if (!kr_carry_coders(carried, AV_CODEC_ID_MOV_TEXT, err))
        return false;
    const AVCodecContext *from = carried->decoder;
    AVCodecContext *to = carried->encoder;
    to->time_base = (AVRational){1, 1000};
    to->subtitle_header = av_mallocz((size_t)from->subtitle_header_size + 1);
    if (!to->subtitle_header)
        return kr_fail(err, KR_E_TOO_BIG, "no memory for subtitles");
    if (from->subtitle_header_size > 0)
        memcpy(to->subtitle_header, from->subtitle_header, (size_t)from->subtitle_header_size);
    to->subtitle_header_size = from->subtitle_header_size;
    int code = avcodec_open2(to, NULL, NULL);
    return code >= 0 || kr_fail_av(err, code, "open an encoder of subtitles");
}

static bool write_line(struct kr_writer *writer, struct kr_carried *carried, const AVSubtitle *line,
                       const AVPacket *timed, struct kr_err *err)
{
    AVPacket *out = writer->carry->out;
    int code = av_new_packet(out, LINE_MOST);
    if (code < 0)
        return kr_fail(err, KR_E_TOO_BIG, "no memory for subtitles");
    int n = avcodec_encode_subtitle(carried->encoder, out->data, LINE_MOST, line);
    if (n <= 0) { // an empty one, or too long a one
        av_packet_unref(out);
        return true;
    }
    av_shrink_packet(out, n);
    out->pts = out->dts = timed->pts;
    out->duration = timed->duration;
    if (out->duration <= 0)
        out->duration =
            av_rescale_q(line->end_display_time, (AVRational){1, 1000}, carried->from->time_base);
    return kr_carry_write(writer, carried, out, carried->from->time_base, err);
}

bool kr_carry_text(struct kr_writer *writer, struct kr_carried *carried, AVPacket *packet,
                   struct kr_err *err)
{
    AVSubtitle line = {0};
    int got = 0;
    if (avcodec_decode_subtitle2(carried->decoder, &line, &got, packet) < 0 || !got)
        return true; // damage is passed over
    bool ok = write_line(writer, carried, &line, packet, err);
    avsubtitle_free(&line);
    return ok;
}
