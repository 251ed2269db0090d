// SPDX-License-Identifier: AGPL-3.0-or-later
// How well a face would be seen: enough light, not too much, not from behind,
// not of a colour of its own, and the same in every frame.
#include "restore/coach_priv.h"

#include <math.h>

enum { BANDS = 12, LOOKS = 4 }; // one frame in LOOKS is looked at closely: light seldom jumps
static const double gamma_709 = 2.2;
static const double middle_grey = 0.18, bright = 0.50; // linear light, of a well lit clip
static const int burnt_from = 230;                     // luma code
static const double behind_least = 0.12;               // part of the surround that must be bright
static const double behind_bright = 0.5;               // linear
static const double before_dark = 0.10; // linear: a subject brighter than this is lit well enough
static const double rests = 0.002;      // of its height: so little moves no row's brightness

struct tones {
    double count[256], all;
};

struct kr_coach_lamp {
    struct tones tones;    // of the whole clip
    double frames, behind; // looked at; sum of stops by which the light comes from behind
    double below, burnt;   // pixels of the lower two thirds, and the blank ones of them
    double six[3], sixes;  // of linear red, green, blue: sums of sixth powers
    double sixth[256];     // powers of a full-range code's linear light
    double luma[256];      // linear light of a limited-range code
    int till_look;
    double band[2][BANDS];  // logarithms of the bands of the two frames before
    int seen;               // frames of the shot: 0, 1, 2
    double jumps, jump_sum; // of whole frames: squares of how far one stands out of its neighbours
    double ripples, ripple_sum; // of bands against their frame
    double moved;               // during the frame before
};

struct kr_coach_lamp *kr_coach_lamp_create(void)
{
    struct kr_coach_lamp *lamp = kr_new(struct kr_coach_lamp);
    for (int i = 0; i < 256; i++) {
        lamp->sixth[i] = pow(i / 255.0, 6 * gamma_709);
        lamp->luma[i] = pow(fmin(fmax((i - 16) / 219.0, 0.001), 1), gamma_709);
    }
    return lamp;
}

void kr_coach_lamp_destroy(struct kr_coach_lamp **lamp)
{
    kr_free(lamp);
}

static double level_at(const struct kr_coach_lamp *lamp, const struct tones *tones, double share)
{
    double sum = 0;
    int i = 0;
    for (; i < 255; i++)
        if ((sum += tones->count[i]) >= share * tones->all)
            break;
    return lamp->luma[i];
}

static void add(struct tones *to, int code)
{
    to->count[code]++;
    to->all++;
}

// Somebody is filmed in the middle and lower middle; the rest is around them.
static bool is_before(const struct kr_frame *grey, int x, int y)
{
    double u = (x + 0.5) / grey->width - 0.5, v = (y + 0.5) / grey->height - 0.6;
    return u * u / (0.2 * 0.2) + v * v / (0.36 * 0.36) < 1;
}

// By how many stops what is around outshines what is before it; 0 where the
// middle has light enough, or nothing around it is bright.
static double light_behind(const struct kr_coach_lamp *lamp, const struct tones *before,
                           const struct tones *around)
{
    double shining = 0, sum = 0;
    for (int i = 0; i < 256; i++)
        if (lamp->luma[i] >= behind_bright) {
            shining += around->count[i];
            sum += around->count[i] * lamp->luma[i];
        }
    double subject = level_at(lamp, before, 0.5);
    if (!before->all || shining < behind_least * around->all || subject > before_dark)
        return 0;
    return log2(sum / shining / subject);
}

static void look_at_tones(struct kr_coach_lamp *lamp, const struct kr_frame *grey)
{
    struct tones before = {0}, around = {0};
    for (int y = 0; y < grey->height; y += 2)
        for (int x = 0; x < grey->width; x += 2) {
            int code = grey->plane[0][y * grey->stride[0] + x];
            add(is_before(grey, x, y) ? &before : &around, code);
            if (3 * y < grey->height) // the sky and the lamps are up there, and may be white
                continue;
            lamp->burnt += code >= burnt_from;
            lamp->below++;
        }
    for (int i = 0; i < 256; i++)
        lamp->tones.count[i] += before.count[i] + around.count[i];
    lamp->tones.all += before.all + around.all;
    lamp->behind += light_behind(lamp, &before, &around);
    lamp->frames++;
}

static int clamp255(double v)
{
    return v < 0 ? 0 : v > 255 ? 255 : (int)(v + 0.5);
}

// The colour of the light by shades of grey (Finlayson and Trezzi, 2004; p = 6).
static void look_at_colours(struct kr_coach_lamp *lamp, const struct kr_frame *frame)
{
    int rows = kr_frame_plane_height(frame, 1), n = (int)kr_frame_row_bytes(frame, 1);
    int step = 1 + n / 160;
    for (int y = 0; y < rows; y += step)
        for (int x = 0; x < n; x += step) {
            double e = (frame->plane[0][2 * y * frame->stride[0] + 2 * x] - 16) * 255 / 219.0;
            double pb = (frame->plane[1][y * frame->stride[1] + x] - 128) * 255 / 224.0;
            double pr = (frame->plane[2][y * frame->stride[2] + x] - 128) * 255 / 224.0;
            const int rgb[3] = {clamp255(e + 1.5748 * pr), clamp255(e - 0.1873 * pb - 0.4681 * pr),
                                clamp255(e + 1.8556 * pb)};
            bool usable = true; // neither clipped nor lost in the dark
            for (int c = 0; c < 3; c++)
                usable = usable && rgb[c] > 12 && rgb[c] < 250;
            for (int c = 0; usable && c < 3; c++)
                lamp->six[c] += lamp->sixth[rgb[c]];
            lamp->sixes += usable;
        }
}

static void measure_bands(const struct kr_frame *grey, double band[BANDS])
{
    double count[BANDS] = {0};
    memset(band, 0, BANDS * sizeof *band);
    for (int y = 0; y < grey->height; y++) {
        const uint8_t *row = grey->plane[0] + y * grey->stride[0];
        uint32_t sum = 0;
        for (int x = 0; x < grey->width; x++)
            sum += row[x];
        band[y * BANDS / grey->height] += sum;
        count[y * BANDS / grey->height] += grey->width;
    }
    for (int i = 0; i < BANDS; i++)
        band[i] = log(fmax(band[i] / fmax(count[i], 1) - 16, 1) + 16);
}

// How far the frame before stands out of its two neighbours: all of it, and its
// bands by themselves (a lamp on the mains, seen row by row), the latter only
// while the camera rests, because what moves through a row changes it too.
static void compare(struct kr_coach_lamp *lamp, const double now[BANDS], double moved)
{
    double out[BANDS], mean = 0;
    for (int i = 0; i < BANDS; i++) {
        out[i] = lamp->band[0][i] - (lamp->band[1][i] + now[i]) / 2;
        mean += out[i] / BANDS;
    }
    lamp->jump_sum += mean * mean;
    lamp->jumps++;
    if (moved > rests || lamp->moved > rests)
        return;
    for (int i = 0; i < BANDS; i++)
        lamp->ripple_sum += (out[i] - mean) * (out[i] - mean) / BANDS;
    lamp->ripples++;
}

void kr_coach_light(struct kr_coach_lamp *lamp, const struct kr_frame *frame,
                    const struct kr_frame *grey, bool cut, double moved)
{
    double now[BANDS];
    if (cut || lamp->till_look == 0) {
        look_at_tones(lamp, grey);
        look_at_colours(lamp, frame);
        lamp->till_look = LOOKS;
    }
    lamp->till_look--;
    measure_bands(grey, now);
    if (cut)
        lamp->seen = 0;
    if (lamp->seen == 2)
        compare(lamp, now, moved);
    memcpy(lamp->band[1], lamp->band[0], sizeof now);
    memcpy(lamp->band[0], now, sizeof now);
    lamp->seen += lamp->seen < 2;
    lamp->moved = moved;
}

static double cast_of(const struct kr_coach_lamp *lamp) // degrees
{
    double sum = 0, square = 0;
    for (int c = 0; c < 3; c++) {
        double e = pow(lamp->six[c] / lamp->sixes, 1.0 / 6);
        sum += e;
        square += e * e;
    }
    return acos(fmin(sum / sqrt(3 * square), 1)) * 180 / M_PI;
}

void kr_coach_lit(const struct kr_coach_lamp *lamp, struct kr_found *found)
{
    const struct tones *tones = &lamp->tones;
    if (!lamp->frames) {
        found->why[KR_PART_LIGHT] = "none";
        return;
    }
    double off = 0.6 * log2(level_at(lamp, tones, 0.5) / middle_grey) +
                 0.4 * log2(level_at(lamp, tones, 0.9) / bright);
    kr_found_set(found, KR_CAUSE_DARK, fmax(-off, 0));
    kr_found_set(found, KR_CAUSE_BURNT, 100 * lamp->burnt / fmax(lamp->below, 1));
    kr_found_set(found, KR_CAUSE_BACKLIGHT, lamp->behind / lamp->frames);
    if (lamp->jumps > 0) {
        double ripple = lamp->ripples > 0 ? lamp->ripple_sum / lamp->ripples : 0;
        kr_found_set(found, KR_CAUSE_FLICKER, 100 * sqrt(lamp->jump_sum / lamp->jumps + ripple));
    }
    if (lamp->sixes >= 100)
        kr_found_set(found, KR_CAUSE_CAST, cast_of(lamp));
}
