// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/light.h"

#include "restore/denoise.h"
#include "restore/guided.h"
#include "restore/lampflicker.h"
#include "restore/light_priv.h"
#include "restore/noise.h"
#include "restore/tone.h"
#include <assert.h>
#include <math.h>
#include <string.h>

enum { SHORTEST = 12, COLOURS_EVERY = 4, CURVE = 512 };

static const float curve_least = -11, curve_most = 1; // log2 light
static const float flat_light = 2; // guided.h: variance of log2 light that counts as one surface

struct between { // two cells and how far the second counts
    int a, b;
    float part;
};

static struct between cells_at(double pixel, int cell, int cells)
{
    double at = fmin(fmax(pixel / cell - 0.5, 0), cells - 1);
    int a = (int)at;
    return (struct between){a, a + 1 < cells ? a + 1 : a, (float)(at - a)};
}

struct field { // the gain of every cell, and of every chroma sample of a row
    float *light, *gain, *root, *room; // cells; room for the guided filter
    float *aside;                      // cells: kr_look_aside()
    float *row_gain, *row_root;        // chroma samples
    float *wide[2][2];                 // gain and root of two rows of cells, for chroma samples
    struct between *column;            // of each chroma sample
    int wide_row[2];                   // which rows these are, or -1
    uint16_t *luma[2], *chroma[2];     // rows in parts of a code
};

struct kr_light {
    struct kr_light_params params;
    int width, height;
    struct kr_small *small;
    struct kr_tally tally;
    struct kr_noise *noise;
    struct kr_flicker *flicker;
    bool leaves_flicker;
    struct kr_denoise *denoise; // NULL until a shot needs it
    size_t cleaned;             // the frame it saw last
    struct kr_look *look;
    size_t looks, room, frames;
    struct field field;
    struct kr_tone tone;
    size_t at; // the look whose tables are made, or SIZE_MAX
    float log_of[KR_LIGHT_CODES];
    float gain[CURVE], root[CURVE]; // by log2 light
};

static void make_field(struct kr_light *light)
{
    struct field *field = &light->field;
    size_t cells = (size_t)light->small->width * (size_t)light->small->height;
    size_t wide = (size_t)light->width + 2;
    field->light = kr_new_array(float, cells);
    field->gain = kr_new_array(float, cells);
    field->root = kr_new_array(float, cells);
    field->aside = kr_new_array(float, cells);
    for (int y = 0; y < light->small->height; y++)
        for (int x = 0; x < light->small->width; x++)
            field->aside[y * light->small->width + x] =
                kr_look_aside((x + 0.5) / light->small->width, (y + 0.5) / light->small->height);
    field->room = kr_new_array(float, kr_guided_room(light->small->width, light->small->height));
    field->row_gain = kr_new_array(float, wide);
    field->row_root = kr_new_array(float, wide);
    field->column = kr_new_array(struct between, wide);
    for (int x = 0; x < (light->width + 1) / 2; x++)
        field->column[x] = cells_at(2 * x + 1, light->small->cell, light->small->width);
    for (int i = 0; i < 2; i++) {
        field->luma[i] = kr_new_array(uint16_t, wide);
        field->chroma[i] = kr_new_array(uint16_t, wide);
        for (int k = 0; k < 2; k++)
            field->wide[i][k] = kr_new_array(float, wide);
    }
}

bool kr_light_create(const struct kr_light_params *params, int width, int height, double fps,
                     struct kr_light **out, struct kr_err *err)
{
    if (!(params->strength >= 0 && params->strength <= 1))
        return kr_fail(err, KR_E_INVALID, "light strength %g is not in 0..1",
                       (double)params->strength);
    KR_AUTO(kr_light_destroy) struct kr_light *light = kr_new(struct kr_light);
    *light = (struct kr_light){.params = *params, .width = width, .height = height};
    light->at = SIZE_MAX;
    light->noise = kr_noise_create();
    light->flicker = kr_flicker_create(fps);
    if (!kr_small_create(width, height, &light->small, err))
        return kr_within(err, "light");
    make_field(light);
    for (int i = 0; i < KR_LIGHT_CODES; i++)
        light->log_of[i] = (float)kr_light_log(i / (double)KR_LIGHT_FINE);
    *out = light;
    light = NULL;
    return true;
}

void kr_light_destroy(struct kr_light **light)
{
    if (*light) {
        struct field *field = &(*light)->field;
        kr_small_destroy(&(*light)->small);
        kr_noise_destroy(&(*light)->noise);
        kr_flicker_destroy(&(*light)->flicker);
        kr_denoise_destroy(&(*light)->denoise);
        kr_free(&(*light)->look);
        kr_free(&field->light);
        kr_free(&field->gain);
        kr_free(&field->root);
        kr_free(&field->room);
        kr_free(&field->aside);
        kr_free(&field->row_gain);
        kr_free(&field->row_root);
        kr_free(&field->column);
        for (int i = 0; i < 2; i++) {
            kr_free(&field->luma[i]);
            kr_free(&field->chroma[i]);
            for (int k = 0; k < 2; k++)
                kr_free(&field->wide[i][k]);
        }
    }
    kr_free(light);
}

static double strength_of(const struct kr_light *light)
{
    return fmin(1, (double)light->params.strength / 0.8);
}

// A shot is over. Very short ones look like the one before: a flash is no shot.
static void close_shot(struct kr_light *light)
{
    struct kr_tally *tally = &light->tally;
    if (!tally->frames)
        return;
    if (light->looks == light->room) {
        light->room = light->room ? 2 * light->room : 16;
        light->look = kr_realloc_array(light->look, light->room, sizeof *light->look);
    }
    struct kr_look look = {.from = light->frames - tally->frames};
    kr_noise_judge(light->noise, look.noise); // which forgets the shot, a flash too
    if (tally->frames >= SHORTEST || !light->looks) {
        kr_look_judge(tally, &light->params, &look);
        light->look[light->looks++] = look;
    }
    *tally = (struct kr_tally){0};
}

void kr_light_study(struct kr_light *light, const struct kr_frame *frame, bool cut)
{
    assert(frame->pixels == KR_YUV420);
    if (cut)
        close_shot(light);
    kr_small_see_luma(light->small, frame);
    if (light->tally.frames % COLOURS_EVERY == 0) {
        kr_small_see_colours(light->small, frame);
        kr_whites_add(&light->tally.whites, light->small);
    }
    kr_noise_add(light->noise, frame);
    kr_flicker_study(light->flicker, frame, cut);
    kr_tally_add(&light->tally, frame, light->small, light->log_of);
    light->frames++;
}

static json_t *new_illuminant(const struct kr_white *white)
{
    json_t *rgb = kr_json_new_array();
    for (int c = 0; c < 3; c++)
        kr_json_append_take(rgb, json_real(white->light[c]));
    return rgb;
}

void kr_light_leave_flicker(struct kr_light *light)
{
    light->leaves_flicker = true;
}

static double flicker_part(const struct kr_light *light)
{
    return light->leaves_flicker ? 0 : strength_of(light);
}

json_t *kr_light_decide_new(struct kr_light *light)
{
    close_shot(light);
    struct kr_white worst = {.light = {1, 1, 1}};
    double least = 0, most = 0, lift = 0, noise = 0, cast = 0;
    bool done = false;
    for (size_t i = 0; i < light->looks; i++) {
        const struct kr_look *look = &light->look[i];
        least = fmin(least, (double)look->stops);
        most = fmax(most, (double)look->stops);
        lift = fmax(lift, (double)look->lift);
        noise = fmax(noise, look->cleans ? (double)look->noise[0] : 0);
        if (look->light.cast > worst.cast)
            worst = look->light;
        cast = fmax(cast, look->light.cast * (double)look->part);
        done = done || kr_look_alters(look);
    }
    double flicker = kr_flicker_decide(light->flicker) * flicker_part(light);
    json_t *report = kr_json_new_object();
    kr_json_set_bool(report, "done", done || flicker > 0);
    kr_json_set_int(report, "shots", (int64_t)light->looks);
    kr_json_set_real(report, "stops_least", least);
    kr_json_set_real(report, "stops_most", most);
    kr_json_set_real(report, "lift", lift);
    kr_json_set_real(report, "noise", noise);
    kr_json_set_real(report, "flicker", flicker);
    kr_json_set_real(report, "cast", cast);
    kr_json_set_take(report, "illuminant", new_illuminant(&worst));
    return report;
}

// The matrix is made for linear light, and used on squares, whose gains are a little smaller.
static void make_tone(struct kr_light *light, const struct kr_look *look)
{
    double m[3][3];
    kr_whites_matrix(look->light.light, (double)look->part * 2 / 2.2, m);
    light->tone = (struct kr_tone){.mixes = look->part > 0, .white = look->white};
    for (int i = 0; i < 9; i++)
        light->tone.matrix[i / 3][i % 3] = (float)m[i / 3][i % 3];
    for (int i = 0; i < CURVE; i++) {
        float at = curve_least + (curve_most - curve_least) * (float)i / (CURVE - 1);
        float stops = kr_look_gain(look, at);
        light->gain[i] = exp2f(stops);
        light->root[i] = exp2f(stops / 2.4f);
    }
}

// The smooth picture of the light, and from it the gain of every cell.
static void make_gains(struct kr_light *light, const struct kr_frame *frame)
{
    struct field *field = &light->field;
    const struct kr_small *small = light->small;
    int n = small->width * small->height;
    kr_small_see_luma(light->small, frame);
    for (int i = 0; i < n; i++)
        field->light[i] = light->log_of[kr_light_fine(small->luma[i])];
    kr_guided(field->light, small->width, small->height, 1 + small->width / 16, flat_light,
              field->light, field->room);
    field->wide_row[0] = field->wide_row[1] = -1;
    float per = (CURVE - 1) / (curve_most - curve_least);
    for (int i = 0; i < n; i++) {
        int at = (int)((field->light[i] + field->aside[i] - curve_least) * per + 0.5f);
        at = at < 0 ? 0 : at > CURVE - 1 ? CURVE - 1 : at;
        field->gain[i] = light->gain[at];
        field->root[i] = light->root[at];
    }
}

// A row of cells, for every chroma sample.
static void widen(const struct kr_light *light, const float *cells, float *out)
{
    const struct between *column = light->field.column;
    for (int x = 0; x < (light->width + 1) / 2; x++) {
        struct between at = column[x];
        out[x] = cells[at.a] + at.part * (cells[at.b] - cells[at.a]);
    }
}

// Gain and root of a row of cells; neighbouring rows have different places.
static float *const *wide_row(struct kr_light *light, int row)
{
    struct field *field = &light->field;
    ptrdiff_t at = (ptrdiff_t)row * light->small->width;
    if (field->wide_row[row & 1] != row) {
        widen(light, field->gain + at, field->wide[row & 1][0]);
        widen(light, field->root + at, field->wide[row & 1][1]);
        field->wide_row[row & 1] = row;
    }
    return field->wide[row & 1];
}

static void blend(const float *a, const float *b, float part, int n, float *out)
{
    for (int x = 0; x < n; x++)
        out[x] = a[x] + part * (b[x] - a[x]);
}

static void set_row_gains(struct kr_light *light, const struct kr_look *look, int row)
{
    struct field *field = &light->field;
    int n = (light->width + 1) / 2;
    if (look->lift > 0) {
        struct between rows = cells_at(2 * row + 1, light->small->cell, light->small->height);
        float *const *top = wide_row(light, rows.a), *const *below = wide_row(light, rows.b);
        blend(top[0], below[0], rows.part, n, field->row_gain);
        blend(top[1], below[1], rows.part, n, field->row_root);
    } else if (!row) { // the same everywhere
        for (int x = 0; x < n; x++) {
            field->row_gain[x] = light->gain[0];
            field->row_root[x] = light->root[0];
        }
    }
}

static const uint16_t *fine_row(const uint8_t *from, int n, uint16_t *to)
{
    for (int x = 0; x < n; x++)
        to[x] = (uint16_t)(from[x] * KR_TONE_FINE);
    to[n] = to[n - 1]; // the partner of an odd column
    return to;
}

// Rows as they are, or cleaned.
static void set_input(struct kr_light *light, const struct kr_look *look,
                      const struct kr_frame *frame, int row, struct kr_tone_row *to)
{
    struct field *field = &light->field;
    int second = 2 * row + 1 < frame->height ? 2 * row + 1 : 2 * row, n = (frame->width + 1) / 2;
    if (look->cleans && light->denoise) {
        to->luma[0] = kr_denoise_row(light->denoise, 0, 2 * row);
        to->luma[1] = second == 2 * row ? to->luma[0] : kr_denoise_row(light->denoise, 0, second);
        to->cb = kr_denoise_row(light->denoise, 1, row);
        to->cr = kr_denoise_row(light->denoise, 2, row);
        return;
    }
    const uint8_t *const *plane = (const uint8_t *const *)frame->plane;
    to->luma[0] = fine_row(plane[0] + 2 * row * frame->stride[0], frame->width, field->luma[0]);
    to->luma[1] = fine_row(plane[0] + second * frame->stride[0], frame->width, field->luma[1]);
    to->cb = fine_row(plane[1] + row * frame->stride[1], n, field->chroma[0]);
    to->cr = fine_row(plane[2] + row * frame->stride[2], n, field->chroma[1]);
}

static void treat_row(struct kr_light *light, const struct kr_look *look, struct kr_frame *frame,
                      int row)
{
    uint8_t *top = frame->plane[0] + 2 * row * frame->stride[0];
    struct kr_tone_row rows = {
        .to_luma = {top, 2 * row + 1 < frame->height ? top + frame->stride[0] : NULL},
        .to_cb = frame->plane[1] + row * frame->stride[1],
        .to_cr = frame->plane[2] + row * frame->stride[2],
        .gain = light->field.row_gain,
        .root = light->field.row_root,
        .width = frame->width,
    };
    set_row_gains(light, look, row);
    set_input(light, look, frame, row, &rows);
    kr_tone_rows(&light->tone, &rows);
}

// Without the memory for it the shot keeps its noise.
static void clean(struct kr_light *light, const struct kr_look *look, size_t i,
                  const struct kr_frame *frame)
{
    struct kr_err err = {0};
    bool fresh = !light->denoise || i != light->cleaned + 1 || i == look->from;
    if (!light->denoise && !kr_denoise_create(light->width, light->height, &light->denoise, &err))
        return;
    kr_denoise_next(light->denoise, frame, look->noise, fresh);
    light->cleaned = i;
}

static size_t look_of(const struct kr_light *light, size_t i)
{
    size_t low = 0, high = light->looks;
    while (high - low > 1) {
        size_t mid = (low + high) / 2;
        if (light->look[mid].from <= i)
            low = mid;
        else
            high = mid;
    }
    return low;
}

bool kr_light_treat(struct kr_light *light, size_t i, struct kr_frame *frame)
{
    assert(frame->pixels == KR_YUV420 && frame->width == light->width &&
           frame->height == light->height);
    if (!light->looks)
        return false;
    size_t at = look_of(light, i);
    const struct kr_look *look = &light->look[at];
    bool rested = kr_flicker_treat(light->flicker, i, flicker_part(light), frame);
    if (!kr_look_alters(look))
        return rested;
    if (light->at != at)
        make_tone(light, look);
    light->at = at;
    if (look->lift > 0)
        make_gains(light, frame);
    if (look->cleans)
        clean(light, look, i, frame);
    for (int row = 0; row < kr_frame_plane_height(frame, 1); row++)
        treat_row(light, look, frame, row);
    return true;
}
