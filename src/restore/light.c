// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/light.h"

#include <assert.h>
#include <math.h>

enum { TONES = 220, SHORTEST = 12, FINE = 4, TABLE = 256 * FINE };

static const double middle_grey = 0.18, bright = 0.50; // linear light, of a well lit clip
static const double part_of_way = 0.85, stops_least = -0.7, stops_most = 4;
static const double well_lit = 0.6;                // stops off that nobody minds
static const double nothing_there = 0.002;         // a covered lens: only noise would grow
static const double cast_seen = 6, cast_sure = 12; // degrees: below the first nothing is done
static const double cast_part = 0.7, gamma_709 = 2.2;

struct tally { // of one shot
    double tone[TONES];
    double six[3], sixes; // sums of the sixth powers of linear red, green, blue
    size_t frames;
};

struct look { // of one shot: what is done to it
    size_t from;
    float stops, white; // of the 99.5 % level, linear
    float gain[3];      // red, green, blue, encoded
    float cast;         // degrees
};

struct kr_light {
    double strength;
    struct tally tally;
    struct look *look;
    size_t looks, room, frames;
    double linear[256];  // of an encoded level / 255
    size_t at;           // the look whose tables are made, or SIZE_MAX
    uint8_t luma[TABLE]; // of a luma code times FINE
    float chroma[TABLE]; // what becomes of chroma beside such a luma
};

bool kr_light_create(double strength, struct kr_light **out, struct kr_err *err)
{
    if (!(strength >= 0 && strength <= 1))
        return kr_fail(err, KR_E_INVALID, "light strength %g is not in 0..1", strength);
    *out = kr_new(struct kr_light);
    (*out)->strength = fmin(1, strength / 0.8); // 0.8, the usual strength, does all of it
    (*out)->at = SIZE_MAX;
    for (int i = 0; i < 256; i++)
        (*out)->linear[i] = pow(i / 255.0, gamma_709);
    return true;
}

void kr_light_destroy(struct kr_light **light)
{
    if (*light)
        kr_free(&(*light)->look);
    kr_free(light);
}

static int clamp255(double v)
{
    return v < 0 ? 0 : v > 255 ? 255 : (int)(v + 0.5);
}

// BT.709, limited range to encoded red, green, blue in 0..255.
static void rgb_of(int y, int cb, int cr, int rgb[3])
{
    double e = (y - 16) * 255 / 219.0, pb = (cb - 128) * 255 / 224.0, pr = (cr - 128) * 255 / 224.0;
    rgb[0] = clamp255(e + 1.5748 * pr);
    rgb[1] = clamp255(e - 0.1873 * pb - 0.4681 * pr);
    rgb[2] = clamp255(e + 1.8556 * pb);
}

static void tally_colours(struct kr_light *light, const struct kr_frame *frame, int step)
{
    int rows = kr_frame_plane_height(frame, 1), n = (int)kr_frame_row_bytes(frame, 1);
    for (int y = 0; y < rows; y += step)
        for (int x = 0; x < n; x += step) {
            int rgb[3];
            rgb_of(frame->plane[0][2 * y * frame->stride[0] + 2 * x],
                   frame->plane[1][y * frame->stride[1] + x],
                   frame->plane[2][y * frame->stride[2] + x], rgb);
            bool usable = true; // neither clipped nor lost in the dark
            for (int c = 0; c < 3; c++)
                usable = usable && rgb[c] > 12 && rgb[c] < 250;
            for (int c = 0; usable && c < 3; c++) {
                double l = light->linear[rgb[c]];
                light->tally.six[c] += l * l * l * l * l * l;
            }
            light->tally.sixes += usable;
        }
}

static double level_at(const struct tally *tally, double share)
{
    double all = 0, sum = 0;
    for (int i = 0; i < TONES; i++)
        all += tally->tone[i];
    int i = 0;
    for (; i < TONES - 1 && (sum += tally->tone[i]) < share * all;)
        i++;
    return pow(fmax(i, 0.5) / (TONES - 1), gamma_709);
}

static void judge_exposure(const struct kr_light *light, const struct tally *tally,
                           struct look *look)
{
    double off =
        0.6 * log2(level_at(tally, 0.5) / middle_grey) + 0.4 * log2(level_at(tally, 0.9) / bright);
    double stops = fmin(fmax(-part_of_way * off, stops_least), stops_most);
    look->white = (float)level_at(tally, 0.995);
    bool nothing = (double)look->white < nothing_there;
    look->stops = nothing || fabs(off) < well_lit ? 0 : (float)(stops * light->strength);
}

static void judge_white(const struct kr_light *light, const struct tally *tally, struct look *look)
{
    double e[3], sum = 0, square = 0;
    if (tally->sixes < 100)
        return;
    for (int c = 0; c < 3; c++) {
        e[c] = pow(tally->six[c] / tally->sixes, 1.0 / 6);
        sum += e[c];
        square += e[c] * e[c];
    }
    look->cast = (float)(acos(fmin(sum / sqrt(3 * square), 1)) * 180 / M_PI);
    double sure = ((double)look->cast - cast_seen) / (cast_sure - cast_seen);
    double part = cast_part * light->strength * fmin(fmax(sure, 0), 1), gain[3];
    for (int c = 0; c < 3; c++)
        gain[c] = pow(sum / 3 / e[c], part / gamma_709);
    double luma = 0.2126 * gain[0] + 0.7152 * gain[1] + 0.0722 * gain[2];
    for (int c = 0; c < 3; c++)
        look->gain[c] = part > 0 ? (float)(gain[c] / luma) : 1;
}

// A shot is over. Very short ones look like the one before: a flash is no shot.
static void close_shot(struct kr_light *light)
{
    struct tally *tally = &light->tally;
    if (!tally->frames)
        return;
    if (light->looks == light->room) {
        light->room = light->room ? 2 * light->room : 16;
        light->look = kr_realloc_array(light->look, light->room, sizeof *light->look);
    }
    struct look look = {.from = light->frames - tally->frames, .gain = {1, 1, 1}};
    if (tally->frames >= SHORTEST || !light->looks) {
        judge_exposure(light, tally, &look);
        judge_white(light, tally, &look);
        light->look[light->looks++] = look;
    }
    *tally = (struct tally){0};
}

void kr_light_study(struct kr_light *light, const struct kr_frame *frame, bool cut)
{
    assert(frame->pixels == KR_YUV420);
    if (cut)
        close_shot(light);
    int step = frame->width > 480 ? 4 : 1;
    for (int y = 0; y < frame->height; y += step) {
        const uint8_t *row = frame->plane[0] + y * frame->stride[0];
        for (int x = 0; x < frame->width; x += step) {
            int tone = row[x] - 16;
            light->tally.tone[tone < 0 ? 0 : tone >= TONES ? TONES - 1 : tone] += 1;
        }
    }
    tally_colours(light, frame, step);
    light->tally.frames++;
    light->frames++;
}

static bool alters(const struct look *look)
{
    return look->stops != 0 || look->gain[0] != 1 || look->gain[1] != 1 || look->gain[2] != 1;
}

json_t *kr_light_decide_new(struct kr_light *light)
{
    close_shot(light);
    double least = 0, most = 0, cast = 0;
    bool done = false;
    for (size_t i = 0; i < light->looks; i++) {
        least = fmin(least, (double)light->look[i].stops);
        most = fmax(most, (double)light->look[i].stops);
        cast = fmax(cast, (double)light->look[i].cast);
        done = done || alters(&light->look[i]);
    }
    json_t *report = kr_json_new_object();
    kr_json_set_bool(report, "done", done);
    kr_json_set_int(report, "shots", (int64_t)light->looks);
    kr_json_set_real(report, "stops_least", least);
    kr_json_set_real(report, "stops_most", most);
    kr_json_set_real(report, "cast", cast);
    return report;
}

// What a linear level becomes: as much clean gain as the highlights bear, the
// rest along a curve that keeps white white, then a soft shoulder.
static double lit(const struct look *look, double l)
{
    double gain = exp2((double)look->stops);
    double clean = fmin(gain, fmax(1, 0.95 / fmax((double)look->white, 1e-3)));
    double rest = gain / clean, v = clean * l;
    v = rest * v / (1 + (rest - 1) * fmin(v, 1));
    if (clean > 1 && v > 0.8)
        v = 0.8 + 0.2 * (1 - exp(-(v - 0.8) / 0.2));
    return v;
}

static void make_tables(struct kr_light *light, const struct look *look)
{
    for (int i = 0; i < TABLE; i++) {
        double code = i / (double)FINE, e = fmax((code - 16) / 219, 0);
        double to = pow(fmin(lit(look, pow(e, gamma_709)), 1.09), 1 / gamma_709);
        double black = pow(lit(look, pow(1 / 219.0, gamma_709)), 1 / gamma_709) * 219;
        if (look->stops == 0)
            to = e;
        light->luma[i] = (uint8_t)clamp255(code <= 16 ? code : 16 + 219 * to);
        light->chroma[i] = (float)(look->stops == 0 ? 1 : e > 1 / 219.0 ? to / e : black);
    }
}

// Red, green and blue gains as one matrix on luma and chroma codes.
struct mix {
    float m[3][3];
};

static struct mix mix_of(const float gain[3])
{
    static const double rgb[3][3] = {{1, 0, 1.5748}, {1, -0.1873, -0.4681}, {1, 1.8556, 0}};
    static const double luma[3] = {0.2126, 0.7152, 0.0722};
    struct mix mix;
    for (int k = 0; k < 3; k++) { // of luma, Cb, Cr
        double r = rgb[0][k] * (double)gain[0], b = rgb[2][k] * (double)gain[2];
        double y = luma[0] * r + luma[1] * rgb[1][k] * (double)gain[1] + luma[2] * b;
        double out[3] = {y, (b - y) / 1.8556, (r - y) / 1.5748};
        for (int i = 0; i < 3; i++) // codes of luma span 219, those of chroma 224
            mix.m[i][k] = (float)(out[i] * (i ? 224 : 219) / (k ? 224 : 219));
    }
    return mix;
}

static int fine_code(float y)
{
    float v = y * FINE + 0.5f;
    return v < 0 ? 0 : v > TABLE - 1 ? TABLE - 1 : (int)v;
}

static uint8_t chroma_code(float v)
{
    return (uint8_t)(v < -112 ? 16 : v > 112 ? 240 : (int)(v + 128.5f));
}

// One row of chroma and the one or two rows of luma beside it.
static void treat_rows(const struct kr_light *light, struct kr_frame *frame, int row,
                       const struct mix *mix)
{
    const float(*m)[3] = mix->m;
    uint8_t *cb = frame->plane[1] + row * frame->stride[1];
    uint8_t *cr = frame->plane[2] + row * frame->stride[2];
    uint8_t *top = frame->plane[0] + 2 * row * frame->stride[0];
    int lines = 2 * row + 1 < frame->height ? 2 : 1, n = (int)kr_frame_row_bytes(frame, 1);
    for (int x = 0; x < n; x++) {
        float b = (float)(cb[x] - 128), r = (float)(cr[x] - 128), sum = 0;
        int wide = 2 * x + 1 < frame->width ? 2 : 1;
        float shift = m[0][1] * b + m[0][2] * r;
        for (int j = 0; j < lines; j++)
            for (int i = 0; i < wide; i++) {
                uint8_t *y = top + j * frame->stride[0] + 2 * x + i;
                float v = m[0][0] * (float)(*y - 16) + shift;
                sum += (float)*y - 16;
                *y = light->luma[fine_code(v + 16)];
            }
        float y = sum / (float)(lines * wide);
        float scale = light->chroma[fine_code(m[0][0] * y + shift + 16)];
        cb[x] = chroma_code(scale * (m[1][0] * y + m[1][1] * b + m[1][2] * r));
        cr[x] = chroma_code(scale * (m[2][0] * y + m[2][1] * b + m[2][2] * r));
    }
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
    assert(frame->pixels == KR_YUV420);
    if (!light->looks)
        return false;
    size_t at = look_of(light, i);
    const struct look *look = &light->look[at];
    if (!alters(look))
        return false;
    if (light->at != at)
        make_tables(light, look);
    light->at = at;
    struct mix mix = mix_of(look->gain);
    for (int row = 0; row < kr_frame_plane_height(frame, 1); row++)
        treat_rows(light, frame, row, &mix);
    return true;
}
