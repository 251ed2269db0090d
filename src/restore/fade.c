// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/fade.h"

#include <assert.h>
#include <math.h>

enum { LEVELS = 65536, SAMPLES_MOST = 60000 };

// What an unfaded colour print spans, measured on photographs: the densities of
// its white and from there to its black.
static const double white_density = 0.10, range_density = 2.0;
static const double deepest = 2.2; // below it, scanners see only noise
static const double gain_most = 2.5;
static const double change_most = 25;  // mean difference in Lab; more needs a person
static const double tone_variance = 2; // of the second axis of a, b: a print of one tone

struct kr_fade_plan {
    double strength;
    bool tone; // one tone: gain[0], offset[0] act on luma alone
    double confidence;
    double gain[3], offset[3]; // density' = gain * density + offset
};

static double linear_of(double v) // of an sRGB value in [0,1] (IEC 61966-2-1)
{
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static double encoded_of(double l)
{
    return l <= 0.0031308 ? l * 12.92 : 1.055 * pow(l, 1 / 2.4) - 0.055;
}

static double density_of(double level)
{
    return -log10(fmax(linear_of(level / (LEVELS - 1)), pow(10, -deepest)));
}

// The study looks at no more than SAMPLES_MOST pixels, on an even lattice.
struct seen {
    uint16_t (*rgb)[3];
    size_t n;
};

static void read_pixel(const struct kr_frame *frame, int x, int y, uint16_t rgb[3])
{
    const uint8_t *row = frame->plane[0] + y * frame->stride[0];
    for (int c = 0; c < 3; c++)
        if (frame->pixels == KR_RGB16)
            memcpy(&rgb[c], row + 2 * (3 * x + c), sizeof rgb[c]);
        else
            rgb[c] = (uint16_t)(row[3 * x + c] * 257);
}

static void look(const struct kr_frame *frame, struct seen *seen)
{
    int step = (int)ceil(sqrt((double)frame->width * frame->height / SAMPLES_MOST));
    step = step < 1 ? 1 : step;
    size_t across = (size_t)((frame->width + step - 1) / step);
    size_t down = (size_t)((frame->height + step - 1) / step);
    seen->rgb = kr_alloc_array(across * down, sizeof *seen->rgb);
    seen->n = 0;
    for (int y = 0; y < frame->height; y += step)
        for (int x = 0; x < frame->width; x += step)
            read_pixel(frame, x, y, seen->rgb[seen->n++]);
}

// The level below which `share` of the samples of a channel lie (luma: channel 3).
static int luma_of(const uint16_t rgb[3])
{
    return (int)((13933u * rgb[0] + 46871u * rgb[1] + 4732u * rgb[2]) >> 16);
}

static int level_at(const struct seen *seen, int channel, double share)
{
    uint32_t *count = kr_new_array(uint32_t, LEVELS);
    for (size_t i = 0; i < seen->n; i++)
        count[channel < 3 ? seen->rgb[i][channel] : luma_of(seen->rgb[i])]++;
    double want = share * (double)seen->n, sum = 0;
    int level = 0;
    for (; level < LEVELS - 1; level++)
        if ((sum += count[level]) > want)
            break;
    kr_free(&count);
    return level;
}

struct lab {
    double l, a, b;
};

static double lab_root(double t)
{
    return t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
}

static struct lab lab_of(const double rgb[3]) // encoded, [0,1]; D65
{
    double r = linear_of(rgb[0]), g = linear_of(rgb[1]), b = linear_of(rgb[2]);
    double x = lab_root((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
    double y = lab_root(0.2126 * r + 0.7152 * g + 0.0722 * b);
    double z = lab_root((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
    return (struct lab){116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

static struct lab lab_seen(const struct seen *seen, size_t i)
{
    double rgb[3];
    for (int c = 0; c < 3; c++)
        rgb[c] = seen->rgb[i][c] / (double)(LEVELS - 1);
    return lab_of(rgb);
}

enum { LAB_STRIDE = 7 }; // Lab is dear: every seventh sample will do

// Whether all colours lie on one line through Lab: a grey, sepia or blue-toned print.
static bool is_one_tone(const struct seen *seen)
{
    double n = 0, a = 0, b = 0, aa = 0, bb = 0, ab = 0;
    for (size_t i = 0; i < seen->n; i += LAB_STRIDE, n++) {
        struct lab lab = lab_seen(seen, i);
        a += lab.a;
        b += lab.b;
        aa += lab.a * lab.a;
        bb += lab.b * lab.b;
        ab += lab.a * lab.b;
    }
    aa = aa / n - a * a / n / n;
    bb = bb / n - b * b / n / n;
    ab = ab / n - a * b / n / n;
    double mid = (aa + bb) / 2, spread = hypot((aa - bb) / 2, ab);
    return mid - spread < tone_variance;
}

static double ramp(double v, double from, double to)
{
    double t = (v - from) / (to - from);
    return t < 0 ? 0 : t > 1 ? 1 : t * t * (3 - 2 * t);
}

// The share of pixels lightest (darkest) in any channel that are so in all three:
// high where the picture has a white (black) of its own.
static double neutral_end(const struct seen *seen, bool dark)
{
    static const double end = 0.04;
    int at[3];
    size_t all = 0, any = 0;
    for (int c = 0; c < 3; c++)
        at[c] = level_at(seen, c, dark ? end : 1 - end);
    for (size_t i = 0; i < seen->n; i++) {
        int in = 0;
        for (int c = 0; c < 3; c++)
            in += dark ? seen->rgb[i][c] <= at[c] : seen->rgb[i][c] >= at[c];
        all += in == 3;
        any += in > 0;
    }
    return any ? (double)all / (double)any : 0;
}

// How surely this is fading. No unfaded picture that has a white lacks range in
// all channels: that alone convicts. Where the range is there, a white and a
// black that differ in colour half convict. Without any white there is no case:
// a sunset, coloured light. (The black end is noisy in faded prints: it only helps.)
static double sureness(const struct seen *seen, double widest)
{
    double light = neutral_end(seen, false), dark = neutral_end(seen, true);
    double narrow = ramp(range_density - widest, 0.10, 0.35);
    double ends = sqrt(ramp(light, 0.08, 0.35) * ramp(dark, 0.08, 0.35));
    return ramp(light, 0.03, 0.10) * fmax(narrow, 0.5 * ends);
}

// A lightest tone this dense is no paper, and where hardly two tones differ there
// is no black either: nothing to go by.
static double has_ends(double white, double range)
{
    return (1 - ramp(white, 0.45, 0.80)) * ramp(range, 0.20, 0.50);
}

// Colour: channel by channel. What all channels lack alike is only believed to
// be fading as far as they also differ; fog and snow have little range too.
static void plan_colour(const struct seen *seen, struct kr_fade_plan *plan)
{
    double white[3], range[3], widest = 0, narrowest = 9, lightest = 9, darkest = 0;
    for (int c = 0; c < 3; c++) {
        white[c] = density_of(level_at(seen, c, 0.995));
        range[c] = fmax(density_of(level_at(seen, c, 0.005)) - white[c], 0.08);
        widest = fmax(widest, range[c]);
        narrowest = fmin(narrowest, range[c]);
        lightest = fmin(lightest, white[c]);
        darkest = fmax(darkest, white[c]);
    }
    double faded = ramp((widest - narrowest) / widest + (darkest - lightest), 0.05, 0.20);
    double sure = sureness(seen, widest) * has_ends(lightest, widest);
    double common = pow(fmax(range_density / widest, 1), 0.4 + 0.6 * faded);
    double white_to = fmin(white_density, lightest); // whites are never made darker
    for (int c = 0; c < 3; c++) {
        double gain = fmin(common * widest / range[c], gain_most);
        plan->gain[c] = 1 + sure * (gain - 1);
        plan->offset[c] = sure * (white_to - gain * white[c]);
    }
    plan->confidence = sure;
}

static void plan_tone(const struct seen *seen, struct kr_fade_plan *plan)
{
    double white = density_of(level_at(seen, 3, 0.995));
    double range = fmax(density_of(level_at(seen, 3, 0.005)) - white, 0.08);
    double gain = fmin(pow(fmax(range_density / range, 1), 0.75), gain_most);
    double sure = has_ends(white, range);
    plan->tone = true;
    plan->confidence = sure;
    for (int c = 0; c < 3; c++) {
        plan->gain[c] = 1 + sure * (gain - 1);
        plan->offset[c] = sure * (fmin(white_density, white) - gain * white);
    }
}

// The level that a level becomes.
static double treated(const struct kr_fade_plan *plan, int c, double level)
{
    double gain = 1 + plan->strength * (plan->gain[c] - 1);
    double offset = plan->strength * plan->offset[c];
    if (gain == 1 && offset == 0)
        return level;
    double density = -log10(fmax(linear_of(level / (LEVELS - 1)), 1e-5));
    double l = pow(10, -fmax(gain * density + offset, 0));
    return level > 0 ? encoded_of(l) * (LEVELS - 1) : 0;
}

static void treat_rgb(const struct kr_fade_plan *plan, const uint16_t in[3], double out[3])
{
    double luma = luma_of(in), factor = 1;
    if (plan->tone && luma > 0)
        factor = treated(plan, 0, luma) / luma;
    for (int c = 0; c < 3; c++)
        out[c] = fmin(plan->tone ? in[c] * factor : treated(plan, c, in[c]), LEVELS - 1);
}

static double mean_change(const struct seen *seen, const struct kr_fade_plan *plan)
{
    double sum = 0, n = 0;
    for (size_t i = 0; i < seen->n; i += LAB_STRIDE, n++) {
        double out[3];
        treat_rgb(plan, seen->rgb[i], out);
        for (int c = 0; c < 3; c++)
            out[c] /= LEVELS - 1;
        struct lab a = lab_seen(seen, i), b = lab_of(out);
        sum +=
            sqrt((a.l - b.l) * (a.l - b.l) + (a.a - b.a) * (a.a - b.a) + (a.b - b.b) * (a.b - b.b));
    }
    return sum / n;
}

// Gains and offsets are lines in density, so half a plan is half of each.
static void hold_back(struct kr_fade_plan *plan, double part)
{
    for (int c = 0; c < 3; c++) {
        plan->gain[c] = 1 + part * (plan->gain[c] - 1);
        plan->offset[c] *= part;
    }
}

bool kr_fade_study(const struct kr_frame *frame, const struct kr_fade_params *params,
                   struct kr_fade_plan **out, struct kr_err *err)
{
    assert(frame->pixels == KR_RGB8 || frame->pixels == KR_RGB16);
    if (!(params->strength >= 0 && params->strength <= 1))
        return kr_fail(err, KR_E_INVALID, "fade strength %g is not in 0..1", params->strength);
    struct kr_fade_plan *plan = kr_new(struct kr_fade_plan);
    struct seen seen;
    look(frame, &seen);
    if (is_one_tone(&seen))
        plan_tone(&seen, plan);
    else
        plan_colour(&seen, plan);
    plan->strength = 1;
    double change = mean_change(&seen, plan);
    if (change > change_most)
        hold_back(plan, change_most / change);
    plan->strength = params->strength;
    kr_free(&seen.rgb);
    *out = plan;
    return true;
}

void kr_fade_plan_destroy(struct kr_fade_plan **plan)
{
    kr_free(plan);
}

// Applying: one table a channel, or one of factors for a print of one tone.

static uint16_t *table_of(const struct kr_fade_plan *plan, int c, int step)
{
    uint16_t *table = kr_new_array(uint16_t, LEVELS);
    for (int v = 0; v < LEVELS; v += step)
        table[v] = (uint16_t)lrint(treated(plan, c, v));
    return table;
}

static void apply_colour(const struct kr_fade_plan *plan, struct kr_frame *frame)
{
    bool wide = frame->pixels == KR_RGB16;
    size_t n = (size_t)frame->width * 3;
    uint16_t *table[3];
    for (int c = 0; c < 3; c++)
        table[c] = table_of(plan, c, wide ? 1 : 257);
    for (int y = 0; y < frame->height; y++) {
        uint8_t *row = frame->plane[0] + y * frame->stride[0];
        uint16_t *row16 = (uint16_t *)(void *)row; // rows start on 64-byte borders
        for (int c = 0; c < 3; c++)
            for (size_t i = (size_t)c; i < n; i += 3)
                if (wide)
                    row16[i] = table[c][row16[i]];
                else
                    row[i] = (uint8_t)((table[c][row[i] * 257] + 128) / 257);
    }
    for (int c = 0; c < 3; c++)
        kr_free(&table[c]);
}

static void apply_tone(const struct kr_fade_plan *plan, struct kr_frame *frame)
{
    bool wide = frame->pixels == KR_RGB16;
    float *factor = kr_new_array(float, LEVELS);
    for (int v = 1; v < LEVELS; v++)
        factor[v] = (float)(treated(plan, 0, v) / v);
    for (int y = 0; y < frame->height; y++) {
        uint8_t *row = frame->plane[0] + y * frame->stride[0];
        uint16_t *row16 = (uint16_t *)(void *)row;
        for (int x = 0; x < frame->width; x++) {
            uint16_t rgb[3];
            read_pixel(frame, x, y, rgb);
            int most = rgb[0] > rgb[1] ? rgb[0] : rgb[1];
            most = rgb[2] > most ? rgb[2] : most;
            // No channel may clip: that would change the tone.
            float f = fminf(factor[luma_of(rgb)], most ? (LEVELS - 1) / (float)most : 1);
            for (int c = 0; c < 3; c++)
                if (wide)
                    row16[3 * x + c] = (uint16_t)lrintf(rgb[c] * f);
                else
                    row[3 * x + c] = (uint8_t)lrintf(rgb[c] * f / 257);
        }
    }
    kr_free(&factor);
}

static bool is_nothing(const struct kr_fade_plan *plan)
{
    bool nothing = true;
    for (int c = 0; c < 3; c++)
        nothing = nothing && plan->gain[c] == 1 && plan->offset[c] == 0;
    return nothing || plan->strength == 0;
}

void kr_fade_apply(const struct kr_fade_plan *plan, struct kr_frame *frame)
{
    assert(frame->pixels == KR_RGB8 || frame->pixels == KR_RGB16);
    if (is_nothing(plan))
        return;
    if (plan->tone)
        apply_tone(plan, frame);
    else
        apply_colour(plan, frame);
}

// The recipe.

static json_t *new_three(const double v[3])
{
    json_t *array = kr_json_new_array();
    for (int c = 0; c < 3; c++)
        kr_json_append_take(array, json_real(v[c]));
    return array;
}

json_t *kr_fade_plan_new_json(const struct kr_fade_plan *plan)
{
    json_t *step = kr_json_new_object();
    kr_json_set_str(step, "step", "fade");
    kr_json_set_int(step, "version", KR_FADE_VERSION);
    kr_json_set_real(step, "strength", plan->strength);
    kr_json_set_bool(step, "tone", plan->tone);
    kr_json_set_real(step, "confidence", plan->confidence);
    kr_json_set_take(step, "gain", new_three(plan->gain));
    kr_json_set_take(step, "offset", new_three(plan->offset));
    return step;
}

static bool three_of(const json_t *step, const char *name, double least, double most, double out[3])
{
    const json_t *array = kr_json_get(step, name);
    if (!json_is_array(array) || json_array_size(array) != 3)
        return false;
    for (size_t c = 0; c < 3; c++) {
        const json_t *v = json_array_get(array, c);
        out[c] = json_number_value(v);
        if (!json_is_number(v) || !(out[c] >= least && out[c] <= most))
            return false;
    }
    return true;
}

bool kr_fade_plan_of_json(const json_t *step, struct kr_fade_plan **out, struct kr_err *err)
{
    struct kr_fade_plan plan = {
        .strength = kr_json_real(step, "strength", -1),
        .tone = kr_json_bool(step, "tone", false),
        .confidence = kr_json_real(step, "confidence", 0),
    };
    const char *name = kr_json_str(step, "step", "");
    if (strcmp(name, "fade") != 0)
        return kr_fail(err, KR_E_INVALID, "step '%s' is not 'fade'", name);
    if (kr_json_int(step, "version", 0) != KR_FADE_VERSION)
        return kr_fail(err, KR_E_UNSUPPORTED, "version %jd of step 'fade'",
                       (intmax_t)kr_json_int(step, "version", 0));
    if (!(plan.strength >= 0 && plan.strength <= 1) ||
        !three_of(step, "gain", 0.1, 10, plan.gain) ||
        !three_of(step, "offset", -10, 10, plan.offset))
        return kr_fail(err, KR_E_INVALID, "step 'fade': strength, gain or offset out of range");
    *out = kr_new(struct kr_fade_plan);
    **out = plan;
    return true;
}
