// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/light_priv.h"

#include <math.h>

static const double stops_least = -0.7, stops_most = 4;
static const double floor_of_light = 0.001;    // linear
static const double by_nature = 1 / 64.0;      // of the brightest: dark, and so it should be
static const double over_white = 0.8;          // stops that the brightest may be raised past white
static const double nothing_there = 0.002;     // a covered lens: only noise would grow
static const double well_lit = 0.9, ill = 1.6; // stops off: nobody minds; everybody does
static const double in_shadow = 0.6, in_deep_shadow = 1.3; // stops of the middle under its surround
static const double window = -1.3, window_least = 0.1, window_sure = 0.22; // its light; its share
static const double dark = 4, very_dark = 5;              // stops under white, of who is before it
static const double black = -8.5, not_black = -7.5;       // log2 light: a hole, not a person
static const double night_around = -5, day_around = -3.5; // log2 light of a surround
static const double lift_most = 2.5, shadow_ends = 0.8;
static const double face = -2.5, lit_enough = -2;  // log2 light of what is lit to be seen
static const double cast_seen = 5, cast_sure = 10; // degrees: below the first nothing is done
static const double warm_part = 0.7, cold_part = 0.85;
static const double night_most = 1.15;
static const double noise_seen = 1.5; // codes, after the gain

int kr_light_fine(float code)
{
    float at = code * KR_LIGHT_FINE + 0.5f;
    return at < 0 ? 0 : at > KR_LIGHT_CODES - 1 ? KR_LIGHT_CODES - 1 : (int)at;
}

double kr_light_log(double code)
{
    double e = fmin(fmax((code - 16) / 219, 0), 1);
    return log2(kr_linear_of(e) + floor_of_light);
}

// 1 in the middle of the frame, where people are shown, falling off to its edges.
static double nearness(int x, int width, int y, int height, double reach_x, double reach_y)
{
    double dx = ((x + 0.5) / width - 0.5) / reach_x, dy = ((y + 0.5) / height - 0.53) / reach_y;
    return exp(-dx * dx - dy * dy);
}

// Somebody is filmed in the middle and lower middle.
static void add_subject(struct kr_tally *tally, double x, double y, double light)
{
    double dx = (x - 0.5) / 0.2, dy = (y - 0.6) / 0.36;
    if (dx * dx + dy * dy < 1) {
        int step = (int)(-light * 4);
        tally->subject[step < 0 ? 0 : step >= KR_LIGHT_STEPS ? KR_LIGHT_STEPS - 1 : step] += 1;
        return;
    }
    tally->elsewhere += 1;
    tally->shining += light > window;
}

static void add_codes(struct kr_tally *tally, const struct kr_frame *frame)
{
    int down = 1 + frame->height / 180, across = 1 + frame->width / 640;
    for (int y = down / 2; y < frame->height; y += down) {
        const uint8_t *row = frame->plane[0] + y * frame->stride[0];
        for (int x = across / 2; x < frame->width; x += across)
            tally->code[row[x]] += 1;
    }
}

void kr_tally_add(struct kr_tally *tally, const struct kr_frame *frame,
                  const struct kr_small *small, const float log_of[KR_LIGHT_CODES])
{
    add_codes(tally, frame);
    double middle = 0, around = 0, in_middle = 0, in_around = 0;
    for (int y = 0; y < small->height; y++)
        for (int x = 0; x < small->width; x++) {
            float code = small->luma[y * small->width + x];
            int tone = (int)((code - 16) * KR_LIGHT_FINE + 0.5f);
            tally->tone[tone < 0 ? 0 : tone >= KR_LIGHT_TONES ? KR_LIGHT_TONES - 1 : tone] += 1;
            if ((x | y) & 3)
                continue; // a sixteenth of the cells tells what is bright where
            double w = nearness(x, small->width, y, small->height, 0.22, 0.33);
            double v = 1 - nearness(x, small->width, y, small->height, 0.375, 0.5);
            double light = (double)log_of[kr_light_fine(code)];
            add_subject(tally, (x + 0.5) / small->width, (y + 0.5) / small->height, light);
            middle += w * light;
            around += v * light;
            in_middle += w;
            in_around += v;
        }
    tally->middle += middle / fmax(in_middle, 1e-9);
    tally->around += around / fmax(in_around, 1e-9);
    tally->frames++;
}

// The level that `share` of all cells from tone `least` on stay below.
static double level_from(const struct kr_tally *tally, int least, double share)
{
    double all = 0, sum = 0;
    for (int i = least; i < KR_LIGHT_TONES; i++)
        all += tally->tone[i];
    int i = least;
    for (; i < KR_LIGHT_TONES - 1 && (sum += tally->tone[i]) < share * all;)
        i++;
    return kr_linear_of(fmin(i / (219.0 * KR_LIGHT_FINE), 1));
}

static double level_at(const struct kr_tally *tally, double share)
{
    return level_from(tally, 0, share);
}

// The brightest there is, lamps too: of a thousand samples the one below it.
static double brightest(const struct kr_tally *tally)
{
    double all = 0, sum = 0;
    for (int i = 0; i < 256; i++)
        all += tally->code[i];
    int i = 255;
    while (i > 16 && (sum += tally->code[i]) < 0.001 * all)
        i--;
    return kr_linear_of(fmin((i - 16) / 219.0, 1));
}

static double ramp(double v, double from, double to)
{
    double t = fmin(fmax((v - from) / (to - from), 0), 1);
    return t * t * (3 - 2 * t);
}

// How many stops the shot lies off what a well lit one is. The bright tones tell
// most: what they are varies least between good pictures. What is far darker than the
// brightest is dark by nature, a night around a shop or a black ground behind a face,
// and tells nothing: what is exposed too little has nothing so bright.
static double stops_off(const struct kr_tally *tally)
{
    static const double share[] = {0.5, 0.9, 0.98, 0.995}, weight[] = {0.1, 0.3, 0.3, 0.3};
    static const double usual = -0.8;
    double sum = 0, night = kr_encoded_of(brightest(tally) * by_nature);
    int least = (int)(219 * KR_LIGHT_FINE * night);
    for (size_t i = 0; i < KR_COUNT(share); i++)
        sum += weight[i] * log2(level_from(tally, least, share[i]) + 2e-4);
    return sum - usual;
}

// The mean of encoded luma, were the shot raised by that many stops.
static double mean_at(const struct kr_tally *tally, double stops)
{
    double sum = 0, all = 0;
    for (int i = 0; i < KR_LIGHT_TONES; i++) {
        double linear = kr_linear_of(i / (219.0 * KR_LIGHT_FINE)) * exp2(stops);
        sum += tally->tone[i] * kr_encoded_of(fmin(linear, 1));
        all += tally->tone[i];
    }
    return sum / fmax(all, 1);
}

static double kept_night(const struct kr_tally *tally, double stops)
{
    double least = 0, most = stops, goal = night_most * mean_at(tally, 0);
    if (stops <= 0 || mean_at(tally, stops) <= goal)
        return stops;
    for (int i = 0; i < 30; i++) {
        double mid = (least + most) / 2;
        *(mean_at(tally, mid) > goal ? &most : &least) = mid;
    }
    return least;
}

static void judge_exposure(const struct kr_tally *tally, const struct kr_light_params *params,
                           double strength, struct kr_look *look)
{
    double off = stops_off(tally), part = ramp(fabs(off), well_lit, ill);
    double head = over_white - log2(brightest(tally) + 1e-4);
    double stops = fmin(fmax(-off * part, stops_least), fmin(head, stops_most)) * strength;
    look->white = (float)kr_encoded_of(level_at(tally, 0.998));
    if (level_at(tally, 0.995) < nothing_there)
        return;
    look->stops = (float)(params->night ? kept_night(tally, stops) : stops);
}

// Lifts what lies under the pivot, if that is more than it was.
static void lift(struct kr_look *look, double stops, double pivot)
{
    if (stops > (double)look->lift) {
        look->lift = (float)stops;
        look->pivot = (float)pivot;
    }
}

// The whole middle is darker than what is around it. How much light it lacks is told
// half by what a face has, half by what is around.
static void judge_middle(const struct kr_tally *tally, double strength, struct kr_look *look)
{
    double n = (double)tally->frames, stops = (double)look->stops;
    double middle = tally->middle / n, around = tally->around / n;
    double sure = ramp(around - middle, in_shadow, in_deep_shadow) *
                  ramp(around + stops, night_around, day_around);
    double lacks = 0.5 * (face - middle - stops) + 0.7 * (around - middle);
    lacks = fmin(fmin(lacks, lit_enough - middle - stops), lift_most);
    lift(look, sure * lacks * strength, around + shadow_ends);
}

// Somebody stands before a window, with a dark room around it.
static void judge_subject(const struct kr_tally *tally, double strength, struct kr_look *look)
{
    double all = 0, sum = 0;
    for (int i = 0; i < KR_LIGHT_STEPS; i++)
        all += tally->subject[i];
    int i = 0;
    while (i < KR_LIGHT_STEPS - 1 && (sum += tally->subject[i]) < all / 2)
        i++;
    double subject = -(i + 0.5) / 4, stops = (double)look->stops;
    double sure = ramp(tally->shining / fmax(tally->elsewhere, 1), window_least, window_sure) *
                  ramp(-subject, dark, very_dark) * ramp(subject, black, not_black);
    double lacks = fmin(face - subject - stops, lift_most);
    lift(look, sure * lacks * strength, subject + lift_most + 0.3);
}

static void judge_shadow(const struct kr_tally *tally, const struct kr_light_params *params,
                         double strength, struct kr_look *look)
{
    if (params->night || level_at(tally, 0.995) < nothing_there)
        return;
    judge_middle(tally, strength, look);
    judge_subject(tally, strength, look);
}

// A night keeps the colour of its lamps: without it, it would be day.
static void judge_white(const struct kr_tally *tally, const struct kr_light_params *params,
                        double strength, struct kr_look *look)
{
    kr_whites_judge(&tally->whites, &look->light);
    if (params->night)
        return;
    double sure = ramp(look->light.cast, cast_seen, cast_sure) * look->light.trust;
    look->part = (float)((look->light.warm ? warm_part : cold_part) * strength * sure);
}

// What the gain would make of the noise is what is seen.
static void judge_noise(double strength, struct kr_look *look)
{
    double stops = (double)look->stops + (double)look->lift;
    look->cleans =
        strength > 0 && stops > 0.2 && (double)look->noise[0] * exp2(stops / 2.4) > noise_seen;
    for (int p = 0; p < 3; p++)
        look->noise[p] *= (float)strength;
}

void kr_look_judge(const struct kr_tally *tally, const struct kr_light_params *params,
                   struct kr_look *look)
{
    double strength = fmin(1, (double)params->strength / 0.8);
    judge_exposure(tally, params, strength, look);
    judge_shadow(tally, params, strength, look);
    judge_white(tally, params, strength, look);
    judge_noise(strength, look);
}

bool kr_look_alters(const struct kr_look *look)
{
    return look->stops != 0 || look->lift > 0 || look->part > 0;
}

// None above the pivot, all of the lift well below it, and never so steep that
// what was darker becomes brighter.
float kr_look_gain(const struct kr_look *look, float light)
{
    if (!(look->lift > 0))
        return look->stops;
    float below = (look->pivot - light) / look->lift;
    return look->stops + look->lift * 0.5f * (1 + tanhf(2 * (below - 0.5f)));
}

// People stand in the middle, and down to the lower edge.
float kr_look_aside(double x, double y)
{
    double dx = (x - 0.5) / 0.42, dy = (y - 0.53) / (y < 0.53 ? 0.5 : 1);
    double square = dx * dx + dy * dy;
    return (float)(3 * square * square);
}
