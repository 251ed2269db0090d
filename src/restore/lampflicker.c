// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/lampflicker.h"

#include "restore/small.h"
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BANDS = 24, CELLS = 16, WAVES = 48, FEW = 12, CODES = 128 };
enum { BLOCK = 512, REACH_MOST = 300, LOOKS = 200 }; // frames: looked at in turn, and beside them

static const double seen = 0.015; // stops, root mean square: less is not seen
static const double hasty = 0.6;  // change from frame to frame against size
static const double always = 0.4; // of all frames: where less are off, it is flashes and no lamp
static const double wave_share = 0.5;  // of what differs down the rows, that one wave explains
static const double wave_step = 0.125; // waves a frame's height
static const double most = 0.6;        // stops that are ever taken
// A step is kept as one byte: near nothing by 1/570 stop, seven stops by a quarter of one.
static const double code_size = 0.0438, code_grows = 0.04;

struct beat { // of one frame: stops of the whole, and of a wave down the rows
    float all, cosine, sine;
};

struct shot {
    size_t from;
    double waves; // a height; 0: no wave
};

struct kr_flicker {
    double fps;
    size_t frames, room, shots, shot_room;
    int8_t (*step)[BANDS]; // of light since the frame before, coded
    struct beat *beat;     // after the study
    struct shot *shot;
    float was[BANDS][CELLS], owed[BANDS]; // owed: stops that the codes have not told yet
    float stops[256];                     // log2 light of a code
    float step_of[CODES];
};

struct kr_flicker *kr_flicker_create(double fps)
{
    struct kr_flicker *flicker = kr_new(struct kr_flicker);
    flicker->fps = fps >= 5 && fps <= 240 ? fps : 25;
    for (int i = 0; i < 256; i++)
        flicker->stops[i] = (float)log2(kr_linear_of(fmin(fmax((i - 16) / 219.0, 0), 1)) + 0.001);
    for (int i = 0; i < CODES; i++)
        flicker->step_of[i] = (float)(code_size * expm1(code_grows * i));
    return flicker;
}

void kr_flicker_destroy(struct kr_flicker **flicker)
{
    if (*flicker) {
        kr_free(&(*flicker)->step);
        kr_free(&(*flicker)->beat);
        kr_free(&(*flicker)->shot);
    }
    kr_free(flicker);
}

// Mean log2 light of each cell of a band, of some of its samples.
static void see_band(const struct kr_flicker *flicker, const struct kr_frame *frame, int band,
                     float cells[CELLS])
{
    int top = band * frame->height / BANDS, end = (band + 1) * frame->height / BANDS;
    int step = 1 + frame->width / 480;
    for (int c = 0; c < CELLS; c++) {
        int left = c * frame->width / CELLS, right = (c + 1) * frame->width / CELLS, n = 0;
        long sum = 0;
        for (int y = top; y < end; y += step)
            for (int x = left; x < right; x += step, n++)
                sum += frame->plane[0][y * frame->stride[0] + x];
        cells[c] = n ? (float)sum / (float)n : 16;
        int code = (int)cells[c];
        float part = cells[c] - (float)code, here = flicker->stops[code];
        cells[c] = here + part * (flicker->stops[code < 255 ? code + 1 : code] - here);
    }
}

static float middle_of(float v[CELLS])
{
    for (int i = 1; i < CELLS; i++) {
        float d = v[i];
        int at = i;
        for (; at > 0 && v[at - 1] > d; at--)
            v[at] = v[at - 1];
        v[at] = d;
    }
    return (v[CELLS / 2 - 1] + v[CELLS / 2]) / 2;
}

// What all cells of a band have in common; nothing where each goes its own way, as
// when the camera moves.
static float common_step(const float now[CELLS], const float was[CELLS])
{
    float d[CELLS], off[CELLS];
    for (int i = 0; i < CELLS; i++)
        d[i] = now[i] - was[i];
    float step = middle_of(d);
    for (int i = 0; i < CELLS; i++)
        off[i] = fabsf(d[i] - step);
    float apart = middle_of(off), square = step * step;
    return square > 4 * apart * apart ? step : 0;
}

static float step_at(const struct kr_flicker *flicker, size_t frame, int band)
{
    int code = flicker->step[frame][band];
    return code < 0 ? -flicker->step_of[-code] : flicker->step_of[code];
}

// What a code leaves untold the next one tells: the sum of all is never far from the light.
static void note_step(struct kr_flicker *flicker, int band, float stops)
{
    float want = stops + flicker->owed[band];
    double code = log1p(fabs((double)want) / code_size) / code_grows;
    int rounded = (int)lrint(fmin(code, CODES - 1));
    flicker->step[flicker->frames][band] = (int8_t)(want < 0 ? -rounded : rounded);
    flicker->owed[band] = want - step_at(flicker, flicker->frames, band);
}

void kr_flicker_study(struct kr_flicker *flicker, const struct kr_frame *frame, bool cut)
{
    assert(frame->pixels == KR_YUV420);
    if (flicker->frames == flicker->room) {
        flicker->room = flicker->room ? 2 * flicker->room : KR_MANY;
        flicker->step = kr_realloc_array(flicker->step, flicker->room, sizeof *flicker->step);
    }
    if (cut || !flicker->frames) {
        if (flicker->shots == flicker->shot_room) {
            flicker->shot_room = flicker->shot_room ? 2 * flicker->shot_room : 16;
            flicker->shot =
                kr_realloc_array(flicker->shot, flicker->shot_room, sizeof *flicker->shot);
        }
        flicker->shot[flicker->shots++] = (struct shot){flicker->frames, 0};
    }
    bool first = flicker->shot[flicker->shots - 1].from == flicker->frames;
    for (int b = 0; b < BANDS; b++) {
        float now[CELLS];
        see_band(flicker, frame, b, now);
        flicker->owed[b] = first ? 0 : flicker->owed[b];
        note_step(flicker, b, first ? 0 : common_step(now, flicker->was[b]));
        memcpy(flicker->was[b], now, sizeof now);
    }
    flicker->frames++;
}

struct bell { // a Gaussian in time: a second between its flanks
    int reach;
    double *at; // [0, reach]
};

struct stretch { // frames [from, end) of a shot
    size_t from, end;
};

// The light of one band over a stretch, less its mean over about a second. `shot` bounds what is
// looked at; where the sum of steps begins is of no account, the mean has it too.
static void flicker_of(const struct kr_flicker *flicker, const struct stretch *shot,
                       const struct stretch *part, int band, const struct bell *bell, double *rows)
{
    double track[BLOCK + 2 * REACH_MOST], light = 0;
    size_t reach = (size_t)bell->reach;
    size_t low = part->from - shot->from > reach ? part->from - reach : shot->from;
    size_t high = shot->end - part->end > reach ? part->end + reach : shot->end;
    for (size_t i = low; i < high; i++)
        track[i - low] = light += (double)step_at(flicker, i, band);
    for (size_t i = part->from; i < part->end; i++) {
        size_t first = i - low > reach ? i - reach : low;
        size_t last = i + reach < high ? i + reach : high - 1;
        double sum = 0, weight = 0;
        for (size_t k = first; k <= last; k++) {
            double w = bell->at[k > i ? k - i : i - k];
            sum += w * track[k - low];
            weight += w;
        }
        rows[(i - part->from) * BANDS + (size_t)band] = track[i - low] - sum / weight;
    }
}

// The part of one frame that is a wave of so many a height, as its two halves.
static void fit_wave(const double rows[BANDS], double all, double waves, double *cosine,
                     double *sine)
{
    double cc = 1e-9, ss = 1e-9, cs = 0, c = 0, s = 0;
    for (int b = 0; b < BANDS; b++) {
        double at = 2 * M_PI * waves * (b + 0.5) / BANDS, v = rows[b] - all;
        cc += cos(at) * cos(at);
        ss += sin(at) * sin(at);
        cs += cos(at) * sin(at);
        c += cos(at) * v;
        s += sin(at) * v;
    }
    double whole = cc * ss - cs * cs;
    *cosine = (c * ss - s * cs) / whole;
    *sine = (s * cc - c * cs) / whole;
}

// The number of waves that explains most of what differs down n frames' rows; 0: none does.
static double find_waves(const double *rows, const double *mean, size_t n)
{
    double best = 0, least = INFINITY, all = 0;
    for (int w = 2; w < WAVES; w++) {
        double left = 0;
        all = 0;
        for (size_t i = 0; i < n; i++) {
            const double *row = rows + i * BANDS;
            double c, s;
            fit_wave(row, mean[i], w * wave_step, &c, &s);
            for (int b = 0; b < BANDS; b++) {
                double at = 2 * M_PI * w * wave_step * (b + 0.5) / BANDS;
                left += pow(row[b] - mean[i] - c * cos(at) - s * sin(at), 2);
                all += pow(row[b] - mean[i], 2);
            }
        }
        if (left < least) {
            least = left;
            best = w * wave_step;
        }
    }
    double size = sqrt(all / (double)(BANDS * (n + 1)));
    return size > seen && least < (1 - wave_share) * all ? best : 0;
}

// Whether many frames are off by as much: lightning and fireworks come and go.
static bool goes_on(const struct beat *beat, size_t n, double size)
{
    size_t off = 0;
    for (size_t i = 0; i < n; i++)
        off += fabs((double)beat[i].all) > size / 2;
    return (double)off > always * (double)n;
}

struct looks { // at some frames of a shot
    double rows[2 * LOOKS * BANDS], mean[2 * LOOKS];
    size_t n;
};

// What a shot's frames have in common down their rows becomes their beats.
static void take_means(struct kr_flicker *flicker, const struct stretch *shot,
                       const struct stretch *part, const double *rows, struct looks *looks)
{
    size_t every = 1 + (shot->end - shot->from) / LOOKS;
    for (size_t i = part->from; i < part->end; i++) {
        const double *row = rows + (i - part->from) * BANDS;
        double mean = 0;
        for (int b = 0; b < BANDS; b++)
            mean += row[b] / BANDS;
        flicker->beat[i].all = (float)mean;
        if ((i - shot->from) % every == 0) {
            memcpy(looks->rows + looks->n * BANDS, row, sizeof *row * BANDS);
            looks->mean[looks->n++] = mean;
        }
    }
}

static void take_waves(struct kr_flicker *flicker, const struct stretch *part, const double *rows,
                       double waves)
{
    for (size_t i = part->from; i < part->end; i++) {
        double c, s;
        fit_wave(rows + (i - part->from) * BANDS, (double)flicker->beat[i].all, waves, &c, &s);
        flicker->beat[i].cosine = (float)c;
        flicker->beat[i].sine = (float)s;
    }
}

// Goes through a shot, some frames at a time: for their means where there are looks, else for
// their waves.
static void go_through(struct kr_flicker *flicker, const struct stretch *shot,
                       const struct bell *bell, struct looks *looks, double waves)
{
    double *rows = kr_new_array(double, (size_t)BLOCK *BANDS);
    for (struct stretch part = {shot->from, shot->from}; part.from < shot->end;
         part.from = part.end) {
        part.end = shot->end - part.from > BLOCK ? part.from + BLOCK : shot->end;
        for (int b = 0; b < BANDS; b++)
            flicker_of(flicker, shot, &part, b, bell, rows);
        if (looks)
            take_means(flicker, shot, &part, rows, looks);
        else
            take_waves(flicker, &part, rows, waves);
    }
    kr_free(&rows);
}

// Whether the whole flickers, by the beats' means; *square becomes their mean square.
static bool whole_flickers(const struct beat *beat, size_t n, double *square)
{
    double size = 0, change = 0;
    for (size_t i = 0; i < n; i++) {
        size += pow((double)beat[i].all, 2) / (double)n;
        change += i ? pow((double)(beat[i].all - beat[i - 1].all), 2) / (double)n : 0;
    }
    *square = size;
    return sqrt(size) > seen && sqrt(change) > hasty * sqrt(size) && goes_on(beat, n, sqrt(size));
}

// Fills the beats of a shot; tells how strong they are.
static double judge(struct kr_flicker *flicker, struct shot *shot, size_t end,
                    const struct bell *bell)
{
    struct stretch all = {shot->from, end};
    struct beat *beat = flicker->beat + shot->from;
    size_t n = end - shot->from;
    struct looks *looks = kr_new(struct looks);
    go_through(flicker, &all, bell, looks, 0);
    shot->waves = find_waves(looks->rows, looks->mean, looks->n);
    kr_free(&looks);
    if (shot->waves > 0)
        go_through(flicker, &all, bell, NULL, shot->waves);
    double square, wave = 0;
    bool whole = whole_flickers(beat, n, &square);
    for (size_t i = 0; i < n; i++) {
        beat[i].all = whole ? beat[i].all : 0;
        wave += (pow((double)beat[i].cosine, 2) + pow((double)beat[i].sine, 2)) / 2 / (double)n;
    }
    return sqrt((whole ? square : 0) + wave);
}

double kr_flicker_decide(struct kr_flicker *flicker)
{
    double worst = 0, sigma = 0.5 * flicker->fps;
    struct bell bell = {.reach = (int)(2.5 * sigma)};
    bell.at = kr_new_array(double, (size_t)bell.reach + 1);
    for (int k = 0; k <= bell.reach; k++)
        bell.at[k] = exp(-k * k / (2 * sigma * sigma));
    flicker->beat = kr_new_array(struct beat, flicker->frames + 1);
    for (size_t at = 0; at < flicker->shots; at++) {
        struct shot *shot = &flicker->shot[at];
        size_t end = at + 1 < flicker->shots ? shot[1].from : flicker->frames;
        if (end - shot->from >= FEW)
            worst = fmax(worst, judge(flicker, shot, end, &bell));
    }
    kr_free(&bell.at);
    kr_free(&flicker->step);
    return worst;
}

static const struct shot *shot_of(const struct kr_flicker *flicker, size_t i)
{
    size_t low = 0, high = flicker->shots;
    while (high - low > 1) {
        size_t mid = (low + high) / 2;
        *(flicker->shot[mid].from <= i ? &low : &high) = mid;
    }
    return &flicker->shot[low];
}

// Codes of a row under so many more stops; chroma goes with luma.
static void make_tables(double stops, uint8_t luma[256], double *chroma)
{
    *chroma = exp2(stops / 2.4);
    for (int i = 0; i < 256; i++) {
        double linear = kr_linear_of(fmax((i - 16) / 219.0, 0)) * exp2(stops);
        luma[i] = i <= 16
                      ? (uint8_t)i
                      : (uint8_t)(fmin(16 + 219 * kr_encoded_of(linear), i > 235 ? i : 235) + 0.5);
    }
}

static void treat_row(struct kr_frame *frame, int row, const uint8_t luma[256], double chroma)
{
    for (int y = 2 * row; y < 2 * row + 2 && y < frame->height; y++) {
        uint8_t *to = frame->plane[0] + y * frame->stride[0];
        for (int x = 0; x < frame->width; x++)
            to[x] = luma[to[x]];
    }
    int gain = (int)(chroma * 256 + 0.5);
    for (int p = 1; p < 3; p++) {
        uint8_t *to = frame->plane[p] + row * frame->stride[p];
        for (int x = 0; x < (frame->width + 1) / 2; x++) {
            int v = ((to[x] - 128) * gain + 128 * 256 + 128) >> 8;
            to[x] = (uint8_t)(v < 16 ? 16 : v > 240 ? 240 : v);
        }
    }
}

bool kr_flicker_treat(const struct kr_flicker *flicker, size_t i, double part,
                      struct kr_frame *frame)
{
    uint8_t luma[256];
    double chroma = 1, made = NAN;
    const struct beat *beat = i < flicker->frames ? &flicker->beat[i] : NULL;
    if (!beat || !(part > 0) || (beat->all == 0 && beat->cosine == 0 && beat->sine == 0))
        return false;
    double waves = shot_of(flicker, i)->waves;
    for (int row = 0; row < (frame->height + 1) / 2; row++) {
        double at = 2 * M_PI * waves * (2 * row + 1) / frame->height;
        double stops =
            (double)beat->all + (double)beat->cosine * cos(at) + (double)beat->sine * sin(at);
        stops = -part * fmin(fmax(stops, -most), most);
        if (!(fabs(stops - made) < 0.002)) {
            make_tables(stops, luma, &chroma);
            made = stops;
        }
        treat_row(frame, row, luma, chroma);
    }
    return true;
}
