// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/sound_ear.h"

#include "restore/floor.h"
#include "restore/hum.h"
#include "restore/lowcut.h"
#include "restore/room.h"
#include <math.h>

enum { VOICE_FROM = 5, VOICE_TO = 128 }; // frequencies: 150 Hz to 4 kHz

struct kr_sound_ear {
    int channels;
    struct kr_lowcut *lowcut; // one for each channel
    struct kr_sound_study *study;
    struct kr_stft *stft;
    unsigned frames;
    struct kr_floor *floor;
    struct kr_kinds *kinds;
    struct kr_room *room;
    struct kr_hum_finder *hum;
    struct kr_clip_finder clip;
};

static double level_of(const struct kr_spectrum *frame)
{
    float sum = 0;
    for (int c = 0; c < frame->channels; c++)
        for (int b = VOICE_FROM; b <= VOICE_TO; b++)
            sum += frame->re[c][b] * frame->re[c][b] + frame->im[c][b] * frame->im[c][b];
    static const double full = KR_OMLSA_SIZE / 4.0; // a full cosine under the window
    return 10 * log10((double)sum / (full * full * frame->channels) + 1e-12);
}

static void hear_frame(void *who, struct kr_spectrum *frame)
{
    struct kr_sound_ear *ear = who;
    if (ear->frames++ % 4 == 3) // those between overlap
        kr_floor_add(ear->floor, frame);
    kr_kinds_add(ear->kinds, frame);
    kr_room_add(ear->room, level_of(frame));
}

bool kr_sound_ear_create(int channels, struct kr_sound_ear **out, struct kr_err *err)
{
    struct kr_sound_study *study = NULL;
    if (!kr_sound_study_create(channels, KR_STUDY_TRUE_PEAK | KR_STUDY_GAIN, &study, err))
        return false;
    struct kr_sound_ear *ear = kr_new(struct kr_sound_ear);
    struct kr_stft_listener listener = {hear_frame, ear, true};
    ear->channels = channels;
    ear->study = study;
    ear->lowcut = kr_new_array(struct kr_lowcut, (size_t)channels);
    ear->stft = kr_stft_create(channels, KR_OMLSA_SIZE, &listener);
    ear->floor = kr_floor_create(KR_OMLSA_BINS);
    ear->kinds = kr_kinds_create();
    ear->room = kr_room_create((double)KR_OMLSA_SIZE / 4 / KR_RATE);
    ear->hum = kr_hum_finder_create(channels);
    *out = ear;
    return true;
}

void kr_sound_ear_destroy(struct kr_sound_ear **ear)
{
    if (*ear) {
        kr_sound_study_destroy(&(*ear)->study);
        kr_free(&(*ear)->lowcut);
        kr_stft_destroy(&(*ear)->stft);
        kr_floor_destroy(&(*ear)->floor);
        kr_kinds_destroy(&(*ear)->kinds);
        kr_room_destroy(&(*ear)->room);
        kr_hum_finder_destroy(&(*ear)->hum);
    }
    kr_free(ear);
}

bool kr_sound_ear_hear(struct kr_sound_ear *ear, float *const channel[], size_t n,
                       struct kr_err *err)
{
    double below = 0;
    kr_hum_finder_add(ear->hum, channel, n);
    for (int c = 0; c < ear->channels; c++)
        kr_clip_finder_add(&ear->clip, channel[c], n);
    for (int c = 0; c < ear->channels; c++)
        kr_lowcut(&ear->lowcut[c], channel[c], n, &below);
    if (!kr_sound_study_add(ear->study, channel, n, below, err))
        return false;
    kr_stft_run(ear->stft, channel, n);
    return true;
}

bool kr_sound_ear_facts(const struct kr_sound_ear *ear, struct kr_sound_heard *out,
                        struct kr_err *err)
{
    if (!kr_sound_study_facts(ear->study, &out->level, err))
        return false;
    out->hum_hz = kr_hum_finder_hz(ear->hum);
    out->rails = (struct kr_clip_rails){0};
    if (kr_clip_finder_is_clipped(&ear->clip))
        out->rails = ear->clip.rails;
    kr_floor_noise(ear->floor, out->noise);
    if (!kr_room_dies_away(ear->room, &out->echo_s))
        out->echo_s = 0;
    return true;
}

struct kr_sound_study *kr_sound_ear_study(struct kr_sound_ear *ear)
{
    return ear->study;
}

const struct kr_kinds *kr_sound_ear_kinds(const struct kr_sound_ear *ear)
{
    return ear->kinds;
}

struct kr_kinds *kr_sound_ear_take_kinds(struct kr_sound_ear *ear)
{
    struct kr_kinds *kinds = ear->kinds;
    ear->kinds = NULL;
    return kinds;
}
