// SPDX-License-Identifier: AGPL-3.0-or-later
#include "film/mix.h"

#include "film/camera.h"
#include "film/duck.h"
#include "film/loudness.h"
#include <assert.h>
#include <math.h>

// What each kind is brought to, and how far a gain may go for it.
static const struct {
    double lufs, least_db, most_db;
} AIM[] = {
    [KR_PART_VOICE] = {-16, -20, 24},
    [KR_PART_CLIP] = {-19, -20, 6}, // a quiet clip is meant to be quiet
    [KR_PART_MUSIC] = {-23, -20, 12},
};
#define END_FADE_S 0.5 // of everything, at the film's end

struct playing {
    const struct kr_part *part;
    struct kr_recording *sound; // NULL while it does not sound
    float gain;
    bool ended;
};

struct kr_mix {
    struct playing *playing;
    size_t count;
    struct kr_duck voices, all; // where a voice speaks; where a voice or a clip does
    int64_t at, samples;
    float left[KR_MIX_MOST], right[KR_MIX_MOST];
};

static float gain_of(const struct kr_part *part, const struct kr_hearing *hearing)
{
    double db = AIM[part->kind].lufs - hearing->lufs;
    db = fmin(fmax(db, AIM[part->kind].least_db), AIM[part->kind].most_db);
    if (hearing->lufs <= KR_LUFS_SILENCE)
        db = 0;
    return (float)(part->volume * pow(10, db / 20));
}

static void note_spoken(struct kr_mix *mix, const struct kr_part *part,
                        const struct kr_hearing *hearing)
{
    if (part->kind == KR_PART_MUSIC || part->volume <= 0)
        return;
    for (size_t i = 0; i < hearing->spoken_count; i++) {
        int64_t from = part->start + hearing->spoken[i][0];
        int64_t to = part->start + hearing->spoken[i][1];
        to = to < part->end ? to : part->end;
        kr_duck_add(&mix->all, from, to);
        if (part->kind == KR_PART_VOICE)
            kr_duck_add(&mix->voices, from, to);
    }
}

struct kr_mix *kr_mix_create(const struct kr_part *parts, const struct kr_hearing *hearings,
                             size_t count, int64_t samples)
{
    struct kr_mix *mix = kr_new(struct kr_mix);
    mix->playing = kr_new_array(struct playing, count + 1);
    mix->count = count;
    mix->samples = samples;
    for (size_t i = 0; i < count; i++) {
        mix->playing[i] =
            (struct playing){.part = &parts[i], .gain = gain_of(&parts[i], &hearings[i])};
        note_spoken(mix, &parts[i], &hearings[i]);
    }
    kr_duck_sort(&mix->voices);
    kr_duck_sort(&mix->all);
    return mix;
}

void kr_mix_rewind(struct kr_mix *mix)
{
    for (size_t i = 0; i < mix->count; i++) {
        kr_recording_close(&mix->playing[i].sound);
        mix->playing[i].ended = false;
    }
    mix->at = 0;
}

void kr_mix_destroy(struct kr_mix **mix)
{
    if (!*mix)
        return;
    kr_mix_rewind(*mix);
    kr_duck_finish(&(*mix)->voices);
    kr_duck_finish(&(*mix)->all);
    kr_free(&(*mix)->playing);
    kr_free(mix);
}

// Fills n samples of a part; music begins again where it ends.
static bool fill(struct kr_mix *mix, struct playing *playing, size_t n, size_t *got,
                 struct kr_err *err)
{
    size_t done = 0;
    bool again = false; // a rewound recording that gives nothing is empty
    while (done < n && !playing->ended) {
        size_t more = 0;
        if (!kr_recording_read(playing->sound, mix->left + done, mix->right + done, n - done, &more,
                               err))
            return false;
        done += more;
        if (done == n)
            break;
        if (playing->part->kind != KR_PART_MUSIC || (again && more == 0)) {
            playing->ended = true;
            break;
        }
        again = true;
        if (!kr_recording_rewind(playing->sound, err))
            return false;
    }
    *got = done;
    return true;
}

static float fade_at(const struct kr_part *part, int64_t at)
{
    double in = 1, out = 1;
    if (at - part->start < part->fade_in)
        in = (double)(at - part->start) / (double)part->fade_in;
    if (part->end - at <= part->fade_out)
        out = (double)(part->end - 1 - at) / (double)part->fade_out;
    return (float)(kr_ease(in) * kr_ease(out));
}

static void add(struct kr_mix *mix, const struct playing *playing, int64_t at, size_t n,
                float *left, float *right)
{
    const struct kr_part *part = playing->part;
    struct kr_duck *duck = part->kind == KR_PART_MUSIC  ? &mix->all
                           : part->kind == KR_PART_CLIP ? &mix->voices
                                                        : NULL;
    for (size_t i = 0; i < n; i++) {
        float gain = playing->gain * fade_at(part, at + (int64_t)i);
        if (duck)
            gain *= kr_duck_gain(duck, at + (int64_t)i);
        left[i] += gain * mix->left[i];
        right[i] += gain * mix->right[i];
    }
}

// Adds what one part sounds in [mix->at, mix->at + n).
static bool play(struct kr_mix *mix, struct playing *playing, size_t n, float *left, float *right,
                 struct kr_err *err)
{
    const struct kr_part *part = playing->part;
    int64_t from = part->start > mix->at ? part->start : mix->at;
    int64_t to = part->end < mix->at + (int64_t)n ? part->end : mix->at + (int64_t)n;
    if (to <= from || playing->ended)
        return true;
    if (!playing->sound && !kr_recording_open(&part->sound, &playing->sound, err))
        return false;
    size_t got = 0, skip = (size_t)(from - mix->at);
    if (!fill(mix, playing, (size_t)(to - from), &got, err))
        return false;
    add(mix, playing, from, got, left + skip, right + skip);
    if (to == part->end || playing->ended) {
        playing->ended = true;
        kr_recording_close(&playing->sound);
    }
    return true;
}

static void fade_end(const struct kr_mix *mix, float *left, float *right, size_t n)
{
    int64_t fade = (int64_t)(END_FADE_S * KR_RATE);
    for (size_t i = 0; i < n; i++) {
        int64_t rest = mix->samples - (mix->at + (int64_t)i);
        if (rest > fade)
            continue;
        float gain = rest > 0 ? (float)kr_ease((double)rest / (double)fade) : 0;
        left[i] *= gain;
        right[i] *= gain;
    }
}

bool kr_mix_read(struct kr_mix *mix, float *left, float *right, size_t n, struct kr_err *err)
{
    assert(n <= KR_MIX_MOST);
    memset(left, 0, n * sizeof *left);
    memset(right, 0, n * sizeof *right);
    for (size_t i = 0; i < mix->count; i++)
        if (!play(mix, &mix->playing[i], n, left, right, err))
            return kr_within(err, "mix the sound");
    fade_end(mix, left, right, n);
    mix->at += (int64_t)n;
    return true;
}
