// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/voice.h"

#include "restore/quick.h"
#include "restore/rnnoise.h"
#include "restore/stft.h"

enum {
    FRAME = KR_RNNOISE_FRAME,
    LATE = FRAME + KR_RNNOISE_DELAY, // a frame must be full before the nets hear it
    SIZE = 2048,
    BINS = SIZE / 2 + 1,
    WHOLE = LATE + SIZE,
    STEP = 32, // divides a frame, and the hop of the tones: all stay in step
    NETS = 2,  // of the sound as it came, and of that with less noise
};

struct past { // what went in: until the nets have answered, and until it comes out
    float raw[WHOLE], less[WHOLE];
};

struct kr_voice {
    int channels;
    float mix;
    struct kr_rnnoise *net[NETS];
    float frame[NETS][FRAME], answer[FRAME];
    size_t filled;
    float sure;
    struct past past[KR_CHANNELS_MOST];
    size_t at;
    struct kr_stft *told, *tones; // the answer's; the sound's
    float re[BINS], im[BINS];     // the answer's frame, until the sound's comes, right after it
};

static const float sure_keeps = 0.98f; // from one of the nets' frames to the next

static void hear_answer(void *who, struct kr_spectrum *frame)
{
    struct kr_voice *voice = who;
    memcpy(voice->re, frame->re[0], sizeof voice->re);
    memcpy(voice->im, frame->im[0], sizeof voice->im);
}

KR_LOOP void leave_voice(const struct kr_voice *voice, struct kr_spectrum *frame)
{
    const float *re = frame->re[0], *im = frame->im[0];
    const float *other_re = frame->re[frame->channels - 1];
    const float *other_im = frame->im[frame->channels - 1];
    float left[BINS];
    for (int k = 0; k < BINS; k++) {
        float mid_re = (re[k] + other_re[k]) / 2, mid_im = (im[k] + other_im[k]) / 2;
        float alike = mid_re * voice->re[k] + mid_im * voice->im[k];
        left[k] = kr_less(kr_more(alike / (mid_re * mid_re + mid_im * mid_im + 1e-12f), 0), 1);
    }
    for (int c = 0; c < frame->channels; c++)
        for (int k = 0; k < BINS; k++) {
            frame->re[c][k] *= left[k];
            frame->im[c][k] *= left[k];
        }
}

KR_LOOP_AVX2 static void leave_by_eights(const struct kr_voice *voice, struct kr_spectrum *frame)
{
    leave_voice(voice, frame);
}

static void hear_sound(void *who, struct kr_spectrum *frame)
{
    if (kr_loop_has_avx2())
        leave_by_eights(who, frame);
    else
        leave_voice(who, frame);
}

struct kr_voice *kr_voice_create(int channels, double mix)
{
    struct kr_voice *voice = kr_new(struct kr_voice);
    struct kr_stft_listener told = {hear_answer, voice, true}, tones = {hear_sound, voice, false};
    voice->channels = channels;
    voice->mix = (float)mix;
    for (int k = 0; k < NETS; k++)
        voice->net[k] = kr_rnnoise_create();
    voice->told = kr_stft_create(1, SIZE, &told);
    voice->tones = kr_stft_create(channels, SIZE, &tones);
    return voice;
}

void kr_voice_destroy(struct kr_voice **voice)
{
    if (*voice) {
        for (int k = 0; k < NETS; k++)
            kr_rnnoise_destroy(&(*voice)->net[k]);
        kr_stft_destroy(&(*voice)->told);
        kr_stft_destroy(&(*voice)->tones);
    }
    kr_free(voice);
}

size_t kr_voice_delay(const struct kr_voice *voice)
{
    (void)voice;
    return WHOLE;
}

float kr_voice_sure(const struct kr_voice *voice)
{
    return voice->sure;
}

// The nets' answer of a full frame: the mean of both.
static void ask(struct kr_voice *voice)
{
    voice->sure *= sure_keeps;
    float *const frame[NETS] = {voice->frame[0], voice->frame[1]}, sure[NETS];
    kr_rnnoise_run_two(voice->net, frame, sure);
    voice->sure = kr_more(voice->sure, kr_more(sure[0], sure[1]));
    for (int i = 0; i < FRAME; i++)
        voice->answer[i] = (voice->frame[0][i] + voice->frame[1][i]) / 2;
    voice->filled = 0;
}

// At most STEP samples, and to the end of the nets' frame. What they answered is written to
// `answer`, and the sound of the same time to `sound`; what went in comes out at the end of its
// way.
static void take_in(struct kr_voice *voice, float *const raw[], float *const less[], size_t n,
                    float answer[STEP], float sound[KR_CHANNELS_MOST][STEP])
{
    float each = 1 / (float)voice->channels;
    for (size_t i = 0; i < n; i++, voice->filled++) {
        float mid_raw = 0, mid_less = 0;
        for (int c = 0; c < voice->channels; c++) {
            struct past *past = &voice->past[c];
            float raw_now = raw[c][i], less_now = less[c][i];
            mid_raw += raw_now;
            mid_less += less_now;
            sound[c][i] = past->raw[(voice->at + SIZE) % WHOLE];
            raw[c][i] = past->raw[voice->at];
            less[c][i] = past->less[voice->at];
            past->raw[voice->at] = raw_now;
            past->less[voice->at] = less_now;
        }
        voice->at = (voice->at + 1) % WHOLE;
        answer[i] = voice->answer[voice->filled];
        voice->frame[0][voice->filled] = mid_raw * each;
        voice->frame[1][voice->filled] = mid_less * each;
    }
    if (voice->filled == FRAME)
        ask(voice);
}

void kr_voice_run(struct kr_voice *voice, float *const raw[], float *const channel[], size_t n)
{
    float answer[STEP], sound[KR_CHANNELS_MOST][STEP];
    float *const told[] = {answer}, *const tones[] = {sound[0], sound[1]};
    for (size_t at = 0, many; at < n; at += many) {
        size_t left = STEP - voice->filled % STEP;
        many = n - at < left ? n - at : left;
        float *raw_now[KR_CHANNELS_MOST] = {0}, *now[KR_CHANNELS_MOST] = {0};
        for (int c = 0; c < voice->channels; c++) {
            raw_now[c] = raw[c] + at;
            now[c] = channel[c] + at;
        }
        take_in(voice, raw_now, now, many, answer, sound);
        kr_stft_run(voice->told, told, many); // they meet at the same hop, the answer first
        kr_stft_run(voice->tones, tones, many);
        for (int c = 0; c < voice->channels; c++)
            for (size_t i = 0; i < many; i++)
                now[c][i] += voice->mix * (sound[c][i] - now[c][i]);
    }
}
