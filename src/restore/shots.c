// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/shots.h"

#include <math.h>

// Measured on 2,000 cuts between photographs, hand-held clips that flicker by up to 40 %,
// and pans by up to a fifth of the width a frame, which is why tones must differ too.
static const float tones_apart = 0.10f;  // half the chi-square of both histograms, [0,1]
static const float places_apart = 0.30f; // mean difference against mean spread
static const float flicker_most = 1.8f;  // gain from frame to frame that is one lamp's
enum { BLACK = 16 };

static void sum_up(const struct kr_frame *frame, struct kr_shots *out)
{
    int sx = frame->width > 320 ? frame->width / 320 : 1;
    int sy = frame->height > 180 ? frame->height / 180 : 1;
    float n = 0, in_place[KR_SHOT_Y * KR_SHOT_X] = {0};
    for (int y = 0; y < frame->height; y += sy) {
        const uint8_t *row = frame->plane[0] + y * frame->stride[0];
        float *places = out->place + y * KR_SHOT_Y / frame->height * KR_SHOT_X;
        float *counts = in_place + (places - out->place);
        for (int x = 0; x < frame->width; x += sx) {
            int at = x * KR_SHOT_X / frame->width;
            out->tone[row[x] / 4] += 1;
            places[at] += row[x];
            counts[at] += 1;
            n += 1;
        }
    }
    for (int i = 0; i < KR_SHOT_TONES; i++)
        out->tone[i] /= n;
    for (int i = 0; i < KR_SHOT_Y * KR_SHOT_X; i++)
        out->place[i] /= fmaxf(in_place[i], 1);
}

static float tones_between(const struct kr_shots *a, const struct kr_shots *b)
{
    float sum = 0;
    for (int i = 0; i < KR_SHOT_TONES; i++) {
        float d = a->tone[i] - b->tone[i], both = a->tone[i] + b->tone[i];
        sum += both > 0 ? d * d / both : 0;
    }
    return sum / 2;
}

static float mean_of(const struct kr_shots *s)
{
    float mean = 0;
    for (int i = 0; i < KR_SHOT_Y * KR_SHOT_X; i++)
        mean += s->place[i] / (KR_SHOT_Y * KR_SHOT_X);
    return mean;
}

static float spread(const struct kr_shots *s)
{
    float mean = mean_of(s), sum = 0;
    for (int i = 0; i < KR_SHOT_Y * KR_SHOT_X; i++)
        sum += fabsf(s->place[i] - mean);
    return sum / (KR_SHOT_Y * KR_SHOT_X);
}

// Once both are as bright as the second: flicker moves nothing from its place.
static float places_between(const struct kr_shots *a, const struct kr_shots *b)
{
    float gain = fmaxf(mean_of(b) - BLACK, 1) / fmaxf(mean_of(a) - BLACK, 1), sum = 0;
    gain = fminf(fmaxf(gain, 1 / flicker_most), flicker_most);
    for (int i = 0; i < KR_SHOT_Y * KR_SHOT_X; i++)
        sum += fabsf((a->place[i] - BLACK) * gain + BLACK - b->place[i]);
    return sum / (KR_SHOT_Y * KR_SHOT_X) / (spread(a) + spread(b) + 4);
}

bool kr_shots_begins(struct kr_shots *shots, const struct kr_frame *frame)
{
    struct kr_shots now = {.seen = true};
    sum_up(frame, &now);
    bool first = !shots->seen;
    bool cut = !first && tones_between(shots, &now) > tones_apart &&
               places_between(shots, &now) > places_apart;
    *shots = now;
    return first || cut;
}
