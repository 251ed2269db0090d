// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/voice.h"

#include "restore/quick.h"
#include "restore/rnnoise.h"
#include "restore/stft.h"

enum {
    FRAME = KR_RNNOISE_FRAME,
    LATE = FRAME + KR_RNNOISE_DELAY, // a frame must be full before the net hears it
    SIZE = 1024,
    BINS = SIZE / 2 + 1,
    STEP = 32, // divides a frame, and the hop of the tones: all three stay in step
};

struct kr_voice {
    int channels;
    float mix;
    struct kr_rnnoise *net;
    float frame[FRAME], answer[FRAME];
    size_t filled;
    float late[KR_CHANNELS_MOST][LATE]; // what went in, until the net has answered
    size_t late_at;
    // of two channels only
    struct kr_stft *middle, *sides;
    float left[BINS]; // how much of each tone the net left
};

// The first channel is the middle, the second what the net made of it.
static void compare(void *who, struct kr_spectrum *frame)
{
    struct kr_voice *voice = who;
    const float *re = frame->re[0], *im = frame->im[0];
    const float *net_re = frame->re[1], *net_im = frame->im[1];
    for (int k = 0; k < BINS; k++) {
        float was = re[k] * re[k] + im[k] * im[k] + 1e-12f;
        float left = (re[k] * net_re[k] + im[k] * net_im[k]) / was;
        voice->left[k] = kr_less(kr_more(left, 0), 1);
    }
}

static void apply(void *who, struct kr_spectrum *frame)
{
    const struct kr_voice *voice = who;
    for (int c = 0; c < frame->channels; c++)
        for (int k = 0; k < BINS; k++) {
            float gain = 1 - voice->mix * (1 - voice->left[k]);
            frame->re[c][k] *= gain;
            frame->im[c][k] *= gain;
        }
}

struct kr_voice *kr_voice_create(int channels, double mix)
{
    struct kr_voice *voice = kr_new(struct kr_voice);
    voice->channels = channels;
    voice->mix = (float)mix;
    voice->net = kr_rnnoise_create();
    if (channels == 2) {
        struct kr_stft_listener comparing = {compare, voice, true},
                                applying = {apply, voice, false};
        voice->middle = kr_stft_create(2, SIZE, &comparing);
        voice->sides = kr_stft_create(2, SIZE, &applying);
    }
    return voice;
}

void kr_voice_destroy(struct kr_voice **voice)
{
    if (*voice) {
        kr_rnnoise_destroy(&(*voice)->net);
        kr_stft_destroy(&(*voice)->middle);
        kr_stft_destroy(&(*voice)->sides);
    }
    kr_free(voice);
}

size_t kr_voice_delay(const struct kr_voice *voice)
{
    return LATE + (voice->channels == 2 ? SIZE : 0);
}

// At most to the end of the net's frame. What comes out of it is written to
// `answer`, the samples of the same time to `channel`.
static void ask(struct kr_voice *voice, float *const channel[], size_t n, float *middle,
                float *answer)
{
    for (size_t i = 0; i < n; i++) {
        float now = 0, then = 0;
        for (int c = 0; c < voice->channels; c++) {
            float *late = &voice->late[c][voice->late_at], in = channel[c][i];
            now += in;
            then += *late;
            channel[c][i] = *late;
            *late = in;
        }
        voice->late_at = (voice->late_at + 1) % LATE;
        middle[i] = then / (float)voice->channels;
        answer[i] = voice->answer[voice->filled + i];
        voice->frame[voice->filled + i] = now / (float)voice->channels;
    }
    voice->filled += n;
    if (voice->filled < FRAME)
        return;
    voice->filled = 0;
    memcpy(voice->answer, voice->frame, sizeof voice->frame);
    (void)kr_rnnoise_run(voice->net, voice->answer);
}

void kr_voice_run(struct kr_voice *voice, float *const channel[], size_t n)
{
    float middle[STEP], answer[STEP], *const both[] = {middle, answer};
    for (size_t at = 0, many; at < n; at += many) {
        size_t left = STEP - voice->filled % STEP;
        many = n - at < left ? n - at : left;
        float *const now[KR_CHANNELS_MOST] = {channel[0] + at,
                                              voice->channels == 2 ? channel[1] + at : NULL};
        ask(voice, now, many, middle, answer);
        if (voice->channels == 2) { // they meet at the same hop, the middle first
            kr_stft_run(voice->middle, both, many);
            kr_stft_run(voice->sides, now, many);
            continue;
        }
        for (size_t i = 0; i < many; i++)
            now[0][i] += voice->mix * (answer[i] - now[0][i]);
    }
}
