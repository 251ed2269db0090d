// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/writer_priv.h"

#include <assert.h>
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
#include <math.h>

enum {
    LARGE = 4096 * 2304, // px; a larger frame is waited for one at a time
    BLOCK = 4096,        // samples, where an encoder takes any number
    AAC_BITS = 96000,    // a second and channel
    OPUS_BITS = 64000,   // the same
};

bool kr_open_x264(struct kr_writer *writer, bool header, struct kr_err *err)
{
    const struct kr_writer_params *params = &writer->params;
    const AVCodec *encoder = avcodec_find_encoder_by_name("libx264");
    AVCodecContext *codec = encoder ? avcodec_alloc_context3(encoder) : NULL;
    writer->film.codec = codec;
    writer->film.frame = av_frame_alloc();
    if (!codec || !writer->film.frame)
        return kr_fail(err, KR_E_UNSUPPORTED, "no encoder for H.264");
    codec->width = params->width;
    codec->height = params->height;
    codec->pix_fmt = AV_PIX_FMT_YUV420P;
    codec->time_base =
        params->timed ? (AVRational){1, KR_TICKS} : (AVRational){params->fps_den, params->fps_num};
    codec->framerate = (AVRational){params->fps_num, params->fps_den};
    codec->sample_aspect_ratio = (AVRational){1, 1};
    codec->color_range = AVCOL_RANGE_MPEG;
    codec->colorspace = AVCOL_SPC_BT709;
    codec->color_primaries = AVCOL_PRI_BT709;
    codec->color_trc = AVCOL_TRC_BT709;
    codec->chroma_sample_location = AVCHROMA_LOC_LEFT;
    codec->gop_size = (int)ceil(params->key_s * av_q2d(codec->framerate));
    bool large = (int64_t)params->width * params->height > LARGE;
    codec->thread_count = large ? 1 : 2;
    codec->rc_max_rate = codec->rc_buffer_size = params->film_bits_most; // x264 knows 0 as no limit
    if (header)
        codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    av_opt_set(codec->priv_data, "preset", params->preset, 0);
    if (large) // each frame that is looked ahead at costs 50 MB
        av_opt_set(codec->priv_data, "x264-params", "rc-lookahead=2:sync-lookahead=0:bframes=0", 0);
    av_opt_set_double(codec->priv_data, "crf", params->crf, 0);
    int code = avcodec_open2(codec, encoder, NULL);
    return code >= 0 ? true : kr_fail_writing(err, code, "open the encoder of H.264");
}

static const AVCodec *encoder_of(enum kr_container container)
{
    switch (container) {
    case KR_OPUS:
        return avcodec_find_encoder_by_name("libopus");
    case KR_WAV:
        return avcodec_find_encoder(AV_CODEC_ID_PCM_S24LE);
    case KR_FLAC:
        return avcodec_find_encoder(AV_CODEC_ID_FLAC);
    case KR_MP4:
        break;
    }
    return avcodec_find_encoder(AV_CODEC_ID_AAC);
}

static enum AVSampleFormat format_of(enum kr_container container)
{
    return container == KR_MP4    ? AV_SAMPLE_FMT_FLTP
           : container == KR_OPUS ? AV_SAMPLE_FMT_FLT
                                  : AV_SAMPLE_FMT_S32; // 24 bits in the upper bytes
}

static bool make_block(struct kr_writer *writer, struct kr_err *err)
{
    struct kr_track *sound = &writer->sound;
    AVFrame *frame = sound->frame;
    av_frame_unref(frame);
    frame->format = sound->codec->sample_fmt;
    frame->nb_samples = sound->codec->frame_size > 0 ? sound->codec->frame_size : BLOCK;
    frame->sample_rate = KR_RATE;
    int code = av_channel_layout_copy(&frame->ch_layout, &sound->codec->ch_layout);
    if (code >= 0)
        code = av_frame_get_buffer(frame, 0);
    sound->filled = 0;
    return code >= 0 ? true : kr_fail_writing(err, code, "make room for sound");
}

bool kr_open_sound_encoder(struct kr_writer *writer, bool header, struct kr_err *err)
{
    enum kr_container container = writer->params.container;
    const AVCodec *encoder = encoder_of(container);
    AVCodecContext *codec = encoder ? avcodec_alloc_context3(encoder) : NULL;
    writer->sound.codec = codec;
    writer->sound.frame = av_frame_alloc();
    if (!codec || !writer->sound.frame)
        return kr_fail(err, KR_E_UNSUPPORTED, "no encoder for this kind of sound");
    codec->sample_fmt = format_of(container);
    codec->sample_rate = KR_RATE;
    codec->time_base = (AVRational){1, KR_RATE};
    av_channel_layout_default(&codec->ch_layout, writer->params.channels);
    codec->bit_rate = (container == KR_OPUS ? OPUS_BITS : AAC_BITS) * writer->params.channels;
    if (writer->params.sound_bits > 0)
        codec->bit_rate = writer->params.sound_bits;
    if (format_of(container) == AV_SAMPLE_FMT_S32)
        codec->bits_per_raw_sample = 24;
    if (header)
        codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    codec->flags |= AV_CODEC_FLAG_BITEXACT;
    int code = avcodec_open2(codec, encoder, NULL);
    return code >= 0 ? make_block(writer, err)
                     : kr_fail_writing(err, code, "open an encoder of sound");
}

static bool send_block(struct kr_writer *writer, struct kr_err *err)
{
    struct kr_track *sound = &writer->sound;
    sound->frame->nb_samples = sound->filled;
    sound->frame->pts = sound->next;
    sound->next += sound->filled;
    int code = avcodec_send_frame(sound->codec, sound->frame);
    if (code < 0)
        return kr_fail_writing(err, code, "encode sound");
    return kr_drain(writer, sound, err) && make_block(writer, err);
}

static int32_t to_24_bits(float v)
{
    double scaled = (double)v * 8388608;
    scaled = scaled > 8388607 ? 8388607 : scaled < -8388608 ? -8388608 : scaled;
    return (int32_t)lrint(scaled) * 256;
}

// A sample that is no number is silence: encoders loop on them.
static float sane(float v)
{
    return isfinite(v) ? v : 0;
}

static void fill(struct kr_track *sound, const struct kr_samples *from, size_t at, int n)
{
    AVFrame *frame = sound->frame;
    int channels = from->channels;
    for (int c = 0; c < channels; c++) {
        const float *in = from->channel[c] + at;
        if (frame->format == AV_SAMPLE_FMT_FLTP) {
            float *out = (float *)(void *)frame->extended_data[c] + sound->filled;
            for (int i = 0; i < n; i++)
                out[i] = sane(in[i]);
        } else if (frame->format == AV_SAMPLE_FMT_FLT) {
            float *out = (float *)(void *)frame->data[0] + sound->filled * channels + c;
            for (int i = 0; i < n; i++)
                out[i * channels] = sane(in[i]);
        } else {
            int32_t *out = (int32_t *)(void *)frame->data[0] + sound->filled * channels + c;
            for (int i = 0; i < n; i++)
                out[i * channels] = to_24_bits(sane(in[i]));
        }
    }
    sound->filled += n;
}

bool kr_writer_samples(struct kr_writer *writer, const struct kr_samples *samples,
                       struct kr_err *err)
{
    struct kr_track *sound = &writer->sound;
    assert(sound->codec && samples->rate == KR_RATE);
    assert(samples->channels == writer->params.channels);
    for (size_t at = 0; at < samples->n;) {
        size_t room = (size_t)(sound->frame->nb_samples - sound->filled), left = samples->n - at;
        size_t n = left < room ? left : room;
        fill(sound, samples, at, (int)n);
        at += n;
        if (sound->filled == sound->frame->nb_samples && !send_block(writer, err))
            return false;
    }
    return true;
}

bool kr_end_sound(struct kr_writer *writer, struct kr_err *err)
{
    return writer->sound.filled > 0 ? send_block(writer, err) : true;
}
