// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/picture_priv.h"
#include "media/reader_priv.h"

#include <assert.h>
#include <libavutil/channel_layout.h>
#include <math.h>

enum {
    JITTER = KR_RATE / 10,    // samples; time stamps that are less wrong are left alone
    GAP_MOST = 60 * KR_RATE,  // a longer silence is a wrong time stamp
    SILENCE = KR_RATE,        // given at once
    BLOCK_MOST = 64 * KR_RATE // out of one frame
};

bool kr_reader_sound_open(struct kr_reader *reader, struct kr_err *err)
{
    struct kr_sound *sound = &reader->sound;
    if (reader->demux.sound < 0 || reader->params.no_sound)
        return true;
    sound->stream = reader->demux.format->streams[reader->demux.sound];
    if (!kr_decoder_open(sound->stream, &sound->codec, err))
        return false;
    sound->decoded = av_frame_alloc();
    if (!sound->decoded)
        return kr_fail(err, KR_E_TOO_BIG, "no memory for sound");
    int channels = sound->stream->codecpar->ch_layout.nb_channels;
    if (reader->params.channels)
        channels = reader->params.channels;
    reader->info.channels = channels >= KR_CHANNELS_MOST ? KR_CHANNELS_MOST : 1;
    reader->info.rate = KR_RATE;
    const AVCodecParameters *coded = sound->stream->codecpar;
    reader->info.sound_plays =
        coded->codec_id == AV_CODEC_ID_MP3 ||
        (coded->codec_id == AV_CODEC_ID_AAC && coded->extradata_size > 0); // not a broadcast's
    reader->info.has_sound = true;
    return true;
}

void kr_reader_sound_close(struct kr_sound *sound)
{
    kr_samples_destroy(&sound->ready);
    kr_converter_finish(&sound->converter);
    av_frame_free(&sound->decoded);
    avcodec_free_context(&sound->codec);
    *sound = (struct kr_sound){0};
}

static bool fit_converter(struct kr_reader *reader, struct kr_err *err)
{
    AVChannelLayout layout = {0};
    av_channel_layout_default(&layout, reader->info.channels);
    struct kr_converted to = {&layout, AV_SAMPLE_FMT_FLTP, KR_RATE};
    int code = kr_converter_fit(&reader->sound.converter, reader->sound.decoded, &to);
    return code >= 0 || kr_fail_av(err, code, "convert sound");
}

// Where the next converted sample belongs, from the start of the wanted part.
static int64_t place_of(struct kr_reader *reader)
{
    struct kr_sound *sound = &reader->sound;
    const AVFrame *frame = sound->decoded;
    double base = av_q2d(sound->stream->time_base);
    double at = frame->best_effort_timestamp == AV_NOPTS_VALUE
                    ? NAN
                    : (double)frame->best_effort_timestamp * base;
    at = kr_steady_time(&sound->steady, at, sound->lasts_s);
    sound->lasts_s = (double)frame->nb_samples / frame->sample_rate;
    at -= reader->demux.start_s + reader->params.from_s;
    return llround(at * KR_RATE) - swr_get_delay(sound->converter.swr, KR_RATE);
}

// Forgets `n` samples at the front.
static void drop_front(struct kr_samples *samples, size_t n)
{
    n = n < samples->n ? n : samples->n;
    samples->n -= n;
    for (int c = 0; c < samples->channels; c++)
        memmove(samples->channel[c], samples->channel[c] + n, samples->n * sizeof(float));
}

// Lays the block at its place: gaps become silence, overlaps fall away.
static void lay(struct kr_sound *sound, struct kr_samples *block, int64_t place)
{
    int64_t off = place - sound->at;
    bool far = !sound->begun || off > JITTER || off < -JITTER;
    if (far && off > 0)
        sound->gap = off < GAP_MOST ? off : 0;
    else if (far && off < 0)
        drop_front(block, (size_t)-off);
    if (block->n > 0)
        sound->begun = true;
}

static int64_t limit_of(const struct kr_reader *reader)
{
    double limit = kr_reader_limit(reader);
    return isinf(limit) ? INT64_MAX : llround(limit * KR_RATE);
}

// Converts `frame` (NULL: what is left inside) into sound->ready.
static bool convert(struct kr_reader *reader, const AVFrame *frame, struct kr_err *err)
{
    struct kr_sound *sound = &reader->sound;
    int most = swr_get_out_samples(sound->converter.swr, frame ? frame->nb_samples : 0);
    if (most < 0 || most > BLOCK_MOST)
        return kr_fail(err, KR_E_TOO_BIG, "a block of %d samples", most);
    struct kr_samples *block = NULL;
    if (!kr_samples_create(KR_RATE, reader->info.channels, (size_t)most, &block, err))
        return false;
    uint8_t *planes[KR_CHANNELS_MOST] = {0};
    for (int c = 0; c < block->channels; c++)
        planes[c] = (uint8_t *)block->channel[c];
    int got = swr_convert(sound->converter.swr, planes, most,
                          frame ? (const uint8_t **)frame->extended_data : NULL,
                          frame ? frame->nb_samples : 0);
    block->n = got > 0 ? (size_t)got : 0;
    sound->ready = block;
    return true;
}

static enum kr_pull decode(struct kr_reader *reader, struct kr_err *err)
{
    struct kr_sound *sound = &reader->sound;
    if (sound->drained) {
        if (sound->flushed || !sound->converter.swr)
            return KR_PULL_ENDED;
        sound->flushed = true;
        return convert(reader, NULL, err) ? KR_PULL_GAVE : KR_PULL_FAILED;
    }
    int code = avcodec_receive_frame(sound->codec, sound->decoded);
    if (code == AVERROR(EAGAIN))
        return KR_PULL_HUNGRY;
    if (code == AVERROR_EOF) {
        sound->drained = true;
        return KR_PULL_GAVE;
    }
    bool usable = code >= 0 && sound->decoded->sample_rate > 0 && sound->decoded->nb_samples > 0 &&
                  sound->decoded->ch_layout.nb_channels > 0;
    if (!usable) {
        sound->damaged++;
        av_frame_unref(sound->decoded);
        return reader->input_ended ? KR_PULL_ENDED : KR_PULL_HUNGRY;
    }
    bool ok = fit_converter(reader, err);
    if (ok) {
        int64_t place = place_of(reader);
        ok = convert(reader, sound->decoded, err);
        if (ok)
            lay(sound, sound->ready, place);
    }
    av_frame_unref(sound->decoded);
    return ok ? KR_PULL_GAVE : KR_PULL_FAILED;
}

static enum kr_pull give_silence(struct kr_reader *reader, struct kr_samples **out,
                                 struct kr_err *err)
{
    struct kr_sound *sound = &reader->sound;
    int64_t n = sound->gap < SILENCE ? sound->gap : SILENCE;
    int64_t left = limit_of(reader) - sound->at;
    if (n > left) {
        sound->ended = true;
        n = left;
    }
    sound->gap -= n;
    if (n <= 0)
        return KR_PULL_ENDED;
    if (!kr_samples_create(KR_RATE, reader->info.channels, (size_t)n, out, err))
        return KR_PULL_FAILED;
    (*out)->at = sound->at;
    sound->at += n;
    return KR_PULL_GAVE;
}

enum kr_pull kr_reader_sound_pull(struct kr_reader *reader, struct kr_samples **out,
                                  struct kr_err *err)
{
    struct kr_sound *sound = &reader->sound;
    if (!sound->codec)
        return KR_PULL_ENDED;
    for (;;) {
        if (sound->ended)
            return KR_PULL_ENDED;
        if (sound->gap > 0)
            return give_silence(reader, out, err);
        if (sound->ready && sound->ready->n > 0) {
            int64_t left = limit_of(reader) - sound->at;
            struct kr_samples *block = sound->ready;
            sound->ended = left <= (int64_t)block->n;
            if (left <= 0)
                return KR_PULL_ENDED;
            block->n = (int64_t)block->n < left ? block->n : (size_t)left;
            block->at = sound->at;
            sound->at += (int64_t)block->n;
            sound->ready = NULL;
            *out = block;
            return KR_PULL_GAVE;
        }
        kr_samples_destroy(&sound->ready);
        enum kr_pull pull = decode(reader, err);
        if (pull == KR_PULL_ENDED)
            sound->ended = true;
        else if (pull != KR_PULL_GAVE)
            return pull;
    }
}
