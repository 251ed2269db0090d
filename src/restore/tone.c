// SPDX-License-Identifier: AGPL-3.0-or-later
// Every step below has its twin in tone_avx2.c: the same operations, in the same order.
#include "restore/tone_priv.h"

#include <math.h>

struct local { // of one chroma sample; in codes above black
    float gain, root, offset;
    float span; // from the knee to the white
    float bend; // how much more the shoulder must bend than none at all
};

static struct local local_of(const struct kr_tone *tone, float gain, float root)
{
    struct local at = {.gain = gain, .root = root, .offset = KR_TONE_OFFSET * (root - 1)};
    float white = root * (KR_TONE_WHITE * tone->white) + at.offset;
    at.span = fmaxf(white - KR_TONE_KNEE, KR_TONE_WHITE - KR_TONE_KNEE);
    at.bend = at.span * (1 / (KR_TONE_WHITE - KR_TONE_KNEE)) - 1;
    return at;
}

// In the toe of the curve the gain itself holds, elsewhere its root.
static float raised(const struct local *at, float v)
{
    float straight = at->gain * v, curved = at->root * v + at->offset;
    return at->gain < 1 ? fmaxf(straight, curved) : fminf(straight, curved);
}

// The same for values in parts of a code, whose luma the other white has multiplied.
static float raised_fine(const struct local *at, float ratio, float v)
{
    float straight = at->gain * ratio * v, curved = at->root * ratio * v + at->offset;
    return at->gain < 1 ? fmaxf(straight, curved) : fminf(straight, curved);
}

static float shouldered(const struct local *at, float v)
{
    float over = fmaxf(v - KR_TONE_KNEE, 0);
    return fminf(v, KR_TONE_KNEE) + over * at->span / (at->span + at->bend * over);
}

static uint8_t code(float v)
{
    return (uint8_t)(fminf(fmaxf(v, 0), 255) + 0.5f);
}

static void put_luma(const struct local *at, float ratio, uint16_t from, uint8_t *to)
{
    float v = shouldered(at, raised_fine(at, ratio, fmaxf((float)from - 16 * 64, 0)));
    *to = code(16 + v);
}

struct colour {
    float y, b, r;
};

// The colour under another white: in squares, which are as good as linear light.
static struct colour mixed(const struct kr_tone *tone, struct colour in)
{
    float rgb[3] = {in.y + 1.5748f * in.r, in.y - 0.1873f * in.b - 0.4681f * in.r,
                    in.y + 1.8556f * in.b};
    float s[3], e[3];
    for (int c = 0; c < 3; c++)
        s[c] = fmaxf(rgb[c], 0) * fmaxf(rgb[c], 0);
    for (int c = 0; c < 3; c++) {
        const float *m = tone->matrix[c];
        e[c] = sqrtf(fmaxf(m[0] * s[0] + m[1] * s[1] + m[2] * s[2], 0));
    }
    float y = 0.2126f * e[0] + 0.7152f * e[1] + 0.0722f * e[2];
    return (struct colour){y, (e[2] - y) * (1 / 1.8556f), (e[0] - y) * (1 / 1.5748f)};
}

static float chroma(uint16_t value)
{
    return ((float)value - 128 * 64) * KR_TONE_PER_CHROMA;
}

static float mean_luma(const struct kr_tone_row *row, int x)
{
    const uint16_t *top = row->luma[0] + 2 * x, *below = row->luma[1] + 2 * x;
    int sum = (top[0] + below[0]) + (top[1] + below[1]);
    return ((float)sum - 64 * 64) * (KR_TONE_PER / 4);
}

void kr_tone_samples(const struct kr_tone *tone, const struct kr_tone_row *row, int first, int end)
{
    for (int x = first; x < end; x++) {
        struct colour in = {fmaxf(mean_luma(row, x), 0), chroma(row->cb[x]), chroma(row->cr[x])};
        struct colour to = tone->mixes ? mixed(tone, in) : in;
        float ratio = tone->mixes ? (to.y + KR_TONE_TINY) / (in.y + KR_TONE_TINY) : 1;
        struct local at = local_of(tone, row->gain[x], row->root[x]);
        float fine = ratio * KR_TONE_PER;
        for (int j = 0; j < 2 && row->to_luma[j]; j++)
            for (int i = 2 * x; i < 2 * x + 2 && i < row->width; i++)
                put_luma(&at, fine, row->luma[j][i], row->to_luma[j] + i);
        float bright = raised(&at, to.y), lit = shouldered(&at, bright);
        float full = at.root * to.y + fmaxf(at.offset, 0) + KR_TONE_TINY;
        float scale = KR_TONE_CHROMA * (at.root * ((lit + KR_TONE_TINY) / full));
        row->to_cb[x] = code(fminf(fmaxf(128 + scale * to.b, 16), 240));
        row->to_cr[x] = code(fminf(fmaxf(128 + scale * to.r, 16), 240));
    }
}

void kr_tone_rows(const struct kr_tone *tone, const struct kr_tone_row *row)
{
    int done = kr_tone_has_avx2() ? kr_tone_samples_avx2(tone, row) : 0;
    kr_tone_samples(tone, row, done, (row->width + 1) / 2);
}
