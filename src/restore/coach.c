// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/coach.h"

#include "restore/coach_priv.h"
#include "restore/quick.h"
#include "restore/shots.h"
#include <math.h>

enum { SIDE_MOST = 1 << 16, WIDE_MOST = 640, ADVICE_MOST = 3 };
static const double worth_saying = 5; // points: less is nobody's concern

struct kr_coach {
    struct kr_kit_clip clip;
    struct kr_coach_ear *ear;   // NULL: no sound
    struct kr_coach_lamp *lamp; // NULL: no picture
    struct kr_coach_stand *stand;
    const struct kr_coach_stand *like; // of another coach, who has followed it; NULL: our own
    size_t seen;                       // frames, of that one
    struct kr_shots shots;
    struct kr_frame *grey; // the frame's luma, reduced
    uint16_t *column;      // sums of one row of it, of at most 103 rows of the frame
    int shrink;
};

static bool begin_picture(struct kr_coach *coach, struct kr_err *err)
{
    const struct kr_kit_clip *clip = &coach->clip;
    coach->shrink = (clip->width + WIDE_MOST - 1) / WIDE_MOST;
    int width = clip->width / coach->shrink, height = clip->height / coach->shrink;
    height = height < 1 ? 1 : height;
    coach->lamp = kr_coach_lamp_create();
    coach->column = kr_new_array(uint16_t, (size_t)width * (size_t)coach->shrink);
    return kr_frame_create(KR_GRAY8, width, height, &coach->grey, err) &&
           kr_coach_stand_create(width, height, clip->fps, &coach->stand, err);
}

static bool check(const struct kr_kit_clip *clip, struct kr_err *err)
{
    if (clip->width < 0 || clip->height < 0 || clip->width > SIDE_MOST ||
        clip->height > SIDE_MOST || !clip->width != !clip->height)
        return kr_fail(err, KR_E_TOO_BIG, "frames of %d x %d", clip->width, clip->height);
    if (clip->channels < 0 || clip->channels > KR_CHANNELS_MOST)
        return kr_fail(err, KR_E_UNSUPPORTED, "%d channels", clip->channels);
    return true;
}

bool kr_coach_create(const struct kr_kit_clip *clip, struct kr_coach **out, struct kr_err *err)
{
    KR_AUTO(kr_coach_destroy) struct kr_coach *coach = kr_new(struct kr_coach);
    if (!check(clip, err))
        return kr_within(err, "coach");
    coach->clip = *clip;
    if ((clip->channels && !kr_coach_ear_create(clip->channels, &coach->ear, err)) ||
        (clip->width && !begin_picture(coach, err)))
        return kr_within(err, "coach");
    *out = coach;
    coach = NULL;
    return true;
}

void kr_coach_destroy(struct kr_coach **coach)
{
    if (*coach) {
        kr_coach_ear_destroy(&(*coach)->ear);
        kr_coach_lamp_destroy(&(*coach)->lamp);
        kr_coach_stand_destroy(&(*coach)->stand);
        kr_frame_destroy(&(*coach)->grey);
        kr_free(&(*coach)->column);
    }
    kr_free(coach);
}

static void sum_down(const uint8_t *restrict row, int n, uint16_t *restrict column)
{
    for (int x = 0; x < n; x++)
        column[x] = (uint16_t)(column[x] + row[x]);
}

// Means of n pixels each, k sums beside one another at a time. A division is dear; of few pixels
// 32 bits hold the product, exactly, and a k that the compiler knows goes by fours.
KR_LOOP void few_across(const uint16_t *restrict column, int k, int n, uint8_t *restrict out,
                        int width)
{
    uint32_t part = ((1u << 20) + (uint32_t)n - 1) / (uint32_t)n;
    for (int x = 0; x < width; x++) {
        uint32_t sum = (uint32_t)n / 2;
        for (int i = 0; i < k; i++)
            sum += column[x * k + i];
        out[x] = (uint8_t)(sum * part >> 20);
    }
}

static void many_across(const uint16_t *restrict column, int k, int n, uint8_t *restrict out,
                        int width)
{
    uint32_t part = ((1u << 24) + (uint32_t)n - 1) / (uint32_t)n;
    for (int x = 0; x < width; x++) {
        uint32_t sum = (uint32_t)n / 2;
        for (int i = 0; i < k; i++)
            sum += column[x * k + i];
        out[x] = (uint8_t)((uint64_t)sum * part >> 24);
    }
}

static void sum_across(const uint16_t *column, int k, int n, uint8_t *out, int width)
{
    if (k == 2)
        few_across(column, 2, n, out, width);
    else if (k == 3)
        few_across(column, 3, n, out, width);
    else
        many_across(column, k, n, out, width);
}

// Means of k x k pixels; whole rows are summed first, which the compiler can widen.
static void reduce(struct kr_coach *coach, const struct kr_frame *frame)
{
    struct kr_frame *grey = coach->grey;
    int k = coach->shrink, wide = grey->width * k;
    for (int y = 0; y < grey->height; y++) {
        int rows = 0;
        memset(coach->column, 0, (size_t)wide * sizeof *coach->column);
        for (; rows < k && y * k + rows < frame->height; rows++)
            sum_down(frame->plane[0] + (y * k + rows) * frame->stride[0], wide, coach->column);
        sum_across(coach->column, k, rows * k, grey->plane[0] + y * grey->stride[0], grey->width);
    }
}

bool kr_coach_frame(struct kr_coach *coach, const struct kr_frame *frame, struct kr_err *err)
{
    if (!coach->lamp || frame->pixels != KR_YUV420 || frame->width != coach->clip.width ||
        frame->height != coach->clip.height)
        return kr_fail(err, KR_E_INVALID, "coach: a frame of %d x %d in a clip of %d x %d",
                       frame->width, frame->height, coach->clip.width, coach->clip.height);
    double moved;
    bool cut = !coach->like && kr_shots_begins(&coach->shots, frame);
    reduce(coach, frame);
    if (coach->like)
        kr_coach_recall(coach->like, coach->seen++, &cut, &moved);
    else
        kr_coach_follow(coach->stand, coach->grey, &cut, &moved);
    kr_coach_light(coach->lamp, frame, coach->grey, cut, moved);
    return true;
}

void kr_coach_follow_like(struct kr_coach *coach, const struct kr_coach *like)
{
    coach->like = like->stand;
}

bool kr_coach_samples(struct kr_coach *coach, const struct kr_samples *samples, struct kr_err *err)
{
    if (!coach->ear || samples->channels != coach->clip.channels)
        return kr_fail(err, KR_E_INVALID, "coach: %d channels in a clip of %d", samples->channels,
                       coach->clip.channels);
    return kr_coach_hear(coach->ear, samples, err);
}

static bool gather(const struct kr_coach *coach, struct kr_found *found, struct kr_err *err)
{
    *found = (struct kr_found){0};
    for (int p = 0; p < KR_PARTS; p++)
        found->why[p] = (p == KR_PART_SOUND ? !coach->ear : !coach->lamp) ? "none" : NULL;
    if (coach->ear && !kr_coach_heard(coach->ear, found, err))
        return kr_within(err, "coach");
    if (coach->lamp) {
        kr_coach_lit(coach->lamp, found);
        kr_coach_followed(coach->like ? coach->like : coach->stand, found);
    }
    return true;
}

// Between fine and bad a cost grows evenly. In a scene of the night the dark costs nothing.
static double cost_of(const struct kr_found *found, enum kr_cause cause,
                      const struct kr_scene *scene)
{
    const struct kr_cause_row *row = &kr_cause_rows[cause];
    double value = found->value[cause], part = (value - row->fine) / (row->bad - row->fine);
    if (!found->known[cause] || found->why[row->part] ||
        (scene && !kr_scene_minds(scene, row->name)))
        return 0;
    return part > 0 ? row->cost * fmin(part, 1) : 0; // NaN costs nothing
}

static double tenths(double v)
{
    return round(10 * v) / 10;
}

static json_t *new_causes(const struct kr_found *found, const double cost[KR_CAUSES], int part)
{
    json_t *causes = kr_json_new_array();
    for (int c = 0; c < KR_CAUSES; c++) {
        const struct kr_cause_row *row = &kr_cause_rows[c];
        if ((int)row->part != part || !found->known[c] || !isfinite(found->value[c]))
            continue;
        json_t *cause = kr_json_new_object();
        kr_json_set_str(cause, "cause", row->name);
        kr_json_set_real(cause, "value", round(100 * found->value[c]) / 100);
        kr_json_set_str(cause, "unit", row->unit);
        kr_json_set_real(cause, "cost", tenths(cost[c]));
        kr_json_append_take(causes, cause);
    }
    return causes;
}

static double score_of(const double cost[KR_CAUSES], int part)
{
    double score = 100;
    for (int c = 0; c < KR_CAUSES; c++)
        score -= (int)kr_cause_rows[c].part == part ? cost[c] : 0;
    return round(fmax(score, 0));
}

static json_t *new_part(const struct kr_found *found, const double cost[KR_CAUSES], int part)
{
    json_t *told = kr_json_new_object();
    if (found->why[part]) {
        kr_json_set_str(told, "why", found->why[part]);
        return told;
    }
    kr_json_set_int(told, "score", (int64_t)score_of(cost, part));
    kr_json_set_take(told, "causes", new_causes(found, cost, part));
    return told;
}

static double weight_of(const struct kr_scene *scene, int part)
{
    return !scene                  ? 1
           : part == KR_PART_SOUND ? scene->weigh_sound
           : part == KR_PART_LIGHT ? scene->weigh_light
                                   : scene->weigh_steady;
}

// The costliest first; a cost is set to nothing once it is spoken of.
static json_t *new_advice(double cost[KR_CAUSES], const struct kr_scene *scene, unsigned body)
{
    json_t *all = kr_json_new_array();
    for (int n = 0; n < ADVICE_MOST; n++) {
        int best = -1;
        double most = 0;
        for (int c = 0; c < KR_CAUSES; c++) {
            double weighed = cost[c] * weight_of(scene, (int)kr_cause_rows[c].part);
            if (cost[c] < worth_saying || weighed <= most)
                continue;
            most = weighed;
            best = c;
        }
        if (best < 0)
            break;
        json_t *one = kr_json_new_object();
        kr_json_set_str(one, "key", kr_advice_for((enum kr_cause)best, body));
        kr_json_set_str(one, "cause", kr_cause_rows[best].name);
        kr_json_append_take(all, one);
        cost[best] = 0;
    }
    return all;
}

bool kr_coach_judge(const struct kr_coach *coach, const struct kr_scene *scene, unsigned body,
                    json_t **out, struct kr_err *err)
{
    struct kr_found found;
    double cost[KR_CAUSES], most = 0;
    const char *worst = NULL;
    if (!gather(coach, &found, err))
        return false;
    for (int c = 0; c < KR_CAUSES; c++)
        cost[c] = cost_of(&found, (enum kr_cause)c, scene);
    json_t *judged = kr_json_new_object();
    for (int p = 0; p < KR_PARTS; p++) {
        double lost = found.why[p] ? 0 : (100 - score_of(cost, p)) * weight_of(scene, p);
        kr_json_set_take(judged, kr_part_names[p], new_part(&found, cost, p));
        worst = lost > most ? kr_part_names[p] : worst;
        most = fmax(most, lost);
    }
    if (worst)
        kr_json_set_str(judged, "worst", worst);
    kr_json_set_take(judged, "advice", new_advice(cost, scene, body));
    *out = judged;
    return true;
}
