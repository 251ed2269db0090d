// SPDX-License-Identifier: AGPL-3.0-or-later
// Sound that the container does not know is kept as FLAC: to 24 bits, without loss.
#include "media/carry_priv.h"
#include "media/picture_priv.h"

#include <libavutil/channel_layout.h>
#include <math.h>

enum { CHANNELS_MOST = 8, BLOCK = 4096, DEEP = 24 }; // of FLAC (RFC 9639)

static bool fits(const AVCodecParameters *is)
{
    return is->sample_rate > 0 && is->ch_layout.nb_channels > 0 &&
           is->ch_layout.nb_channels <= CHANNELS_MOST;
}

bool kr_carry_open_flac(struct kr_carried *carried, struct kr_err *err)
{
    const AVCodecParameters *is = carried->from->codecpar;
    if (!fits(is))
        return kr_fail(err, KR_E_UNSUPPORTED, "FLAC holds no such sound");
    if (!kr_carry_coders(carried, AV_CODEC_ID_FLAC, err))
        return false;
    AVCodecContext *to = carried->encoder;
    enum AVSampleFormat was = carried->decoder->sample_fmt;
    bool deep = was != AV_SAMPLE_FMT_S16 && was != AV_SAMPLE_FMT_S16P && was != AV_SAMPLE_FMT_U8;
    to->sample_fmt = deep ? AV_SAMPLE_FMT_S32 : AV_SAMPLE_FMT_S16;
    to->bits_per_raw_sample = deep ? DEEP : 0;
    to->sample_rate = is->sample_rate;
    to->time_base = (AVRational){1, is->sample_rate};
    to->flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT;
    int code = kr_layout_told(&is->ch_layout, &to->ch_layout);
    if (code >= 0)
        code = avcodec_open2(to, NULL, NULL);
    if (code < 0)
        return kr_fail_av(err, code, "open an encoder of sound");
    carried->frame = av_frame_alloc();
    carried->waiting = av_audio_fifo_alloc(to->sample_fmt, to->ch_layout.nb_channels, BLOCK);
    return (carried->frame && carried->waiting) ||
           kr_fail(err, KR_E_TOO_BIG, "no memory for sound");
}

static bool bring_out(struct kr_writer *writer, struct kr_carried *carried, struct kr_err *err)
{
    AVPacket *out = writer->carry->out;
    while (avcodec_receive_packet(carried->encoder, out) >= 0)
        if (!kr_carry_write(writer, carried, out, carried->encoder->time_base, err))
            return false;
    return true;
}

static bool encode(struct kr_writer *writer, struct kr_carried *carried, int n, struct kr_err *err)
{
    KR_AUTO(av_frame_free) AVFrame *block = av_frame_alloc();
    if (!block)
        return kr_fail(err, KR_E_TOO_BIG, "no memory for sound");
    block->format = carried->encoder->sample_fmt;
    block->sample_rate = carried->encoder->sample_rate;
    block->nb_samples = n;
    block->pts = carried->next;
    carried->next += n;
    int code = av_channel_layout_copy(&block->ch_layout, &carried->encoder->ch_layout);
    if (code >= 0)
        code = av_frame_get_buffer(block, 0);
    if (code >= 0)
        code = av_audio_fifo_read(carried->waiting, (void **)block->extended_data, n);
    if (code >= 0)
        code = avcodec_send_frame(carried->encoder, block);
    if (code < 0)
        return kr_fail_writing(err, code, "encode sound");
    return bring_out(writer, carried, err);
}

// Where what was just decoded belongs, in samples; where it does not say, behind the rest.
static int64_t place_of(const struct kr_carried *carried)
{
    int64_t at = carried->frame->best_effort_timestamp;
    return at == AV_NOPTS_VALUE
               ? carried->next + av_audio_fifo_size(carried->waiting)
               : av_rescale_q(at, carried->from->time_base, carried->encoder->time_base);
}

// A gap in the sound stays one, so that what follows stays with its picture.
static bool leave_gap(struct kr_writer *writer, struct kr_carried *carried, struct kr_err *err)
{
    int waiting = av_audio_fifo_size(carried->waiting);
    int64_t place = place_of(carried);
    if (carried->begun && place - carried->next - waiting <= carried->encoder->sample_rate / 10)
        return true;
    if (waiting > 0 && !encode(writer, carried, waiting, err))
        return false;
    carried->next = place;
    carried->begun = true;
    return true;
}

// What was just decoded joins what waits for a full block.
static int take_in(struct kr_carried *carried)
{
    AVFrame *frame = carried->frame;
    uint8_t *made[AV_NUM_DATA_POINTERS] = {0};
    AVCodecContext *encoder = carried->encoder;
    struct kr_converted to = {&encoder->ch_layout, encoder->sample_fmt, encoder->sample_rate};
    int code = kr_converter_fit(&carried->converter, frame, &to);
    if (code < 0)
        return code;
    int room = swr_get_out_samples(carried->converter.swr, frame->nb_samples);
    code =
        av_samples_alloc(made, NULL, encoder->ch_layout.nb_channels, room, encoder->sample_fmt, 0);
    if (code >= 0)
        code = swr_convert(carried->converter.swr, made, room,
                           (const uint8_t **)frame->extended_data, frame->nb_samples);
    if (code > 0)
        code = av_audio_fifo_write(carried->waiting, (void **)made, code);
    av_freep((void *)&made[0]);
    return code;
}

bool kr_carry_flac(struct kr_writer *writer, struct kr_carried *carried, const AVPacket *packet,
                   struct kr_err *err)
{
    (void)avcodec_send_packet(carried->decoder, packet); // damage is passed over
    while (avcodec_receive_frame(carried->decoder, carried->frame) >= 0) {
        bool placed = leave_gap(writer, carried, err);
        int code = placed ? take_in(carried) : 0;
        av_frame_unref(carried->frame);
        if (!placed)
            return false;
        if (code == AVERROR(ENOMEM))
            return kr_fail(err, KR_E_TOO_BIG, "no memory for sound");
        while (av_audio_fifo_size(carried->waiting) >= carried->encoder->frame_size)
            if (!encode(writer, carried, carried->encoder->frame_size, err))
                return false;
    }
    if (packet)
        return true;
    int left = av_audio_fifo_size(carried->waiting);
    if (left > 0 && !encode(writer, carried, left, err))
        return false;
    return avcodec_send_frame(carried->encoder, NULL) < 0 || bring_out(writer, carried, err);
}
