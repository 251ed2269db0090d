// SPDX-License-Identifier: AGPL-3.0-or-later
// What can be wrong with a clip, what it costs, and what to say about it.
#include "restore/coach_priv.h"

#include "restore/coach.h"
#include <string.h>

const char *const kr_part_names[KR_PARTS] = {"sound", "light", "steady"};

// Costs are such that one thing that spoils a clip by itself takes half of the
// points and more; what may be meant (a colour, a dark room, a slant) takes less.
const struct kr_cause_row kr_cause_rows[KR_CAUSES] = {
    // name, unit, part, fine, bad, cost
    [KR_CAUSE_NOISE] = {"noise", "dB", KR_PART_SOUND, 24, 6, 80},
    [KR_CAUSE_CLIPPING] = {"clipping", "%", KR_PART_SOUND, 3, 20, 70},
    [KR_CAUSE_ECHO] = {"echo", "s", KR_PART_SOUND, 0.35, 0.9, 60},
    [KR_CAUSE_QUIET] = {"quiet", "LUFS", KR_PART_SOUND, -30, -50, 60},
    [KR_CAUSE_SPEECH] = {"speech", "%", KR_PART_SOUND, 3, 1, 40}, // of the time; may be meant

    [KR_CAUSE_DARK] = {"dark", "stops", KR_PART_LIGHT, 1.2, 4.5, 80},
    [KR_CAUSE_BURNT] = {"burnt", "%", KR_PART_LIGHT, 4, 40, 70},
    [KR_CAUSE_BACKLIGHT] = {"backlight", "stops", KR_PART_LIGHT, 3, 6, 60},
    [KR_CAUSE_FLICKER] = {"flicker", "%", KR_PART_LIGHT, 1.5, 10, 70},
    [KR_CAUSE_CAST] = {"cast", "degrees", KR_PART_LIGHT, 7, 25, 50},

    [KR_CAUSE_TREMOR] = {"tremor", "px", KR_PART_STEADY, 0.5, 4, 75},
    [KR_CAUSE_STEPS] = {"steps", "px", KR_PART_STEADY, 3, 20, 75},
    [KR_CAUSE_DRIFT] = {"drift", "px/s", KR_PART_STEADY, 15, 60, 45},
    [KR_CAUSE_PAN] = {"pan", "%", KR_PART_STEADY, 5, 40, 65},
    [KR_CAUSE_TILT] = {"tilt", "degrees", KR_PART_STEADY, 2, 8, 40},
    [KR_CAUSE_SHORT] = {"short", "s", KR_PART_STEADY, 3, 1, 35},
};

// Of one cause the first that fits is said; the last one fits everybody.
const struct kr_advice kr_advice[] = {
    {KR_CAUSE_NOISE, "coach.advice.noise", 0},
    {KR_CAUSE_CLIPPING, "coach.advice.clipping", 0},
    {KR_CAUSE_ECHO, "coach.advice.echo", 0},
    {KR_CAUSE_QUIET, "coach.advice.quiet", 0},
    {KR_CAUSE_SPEECH, "coach.advice.speech", 0},
    {KR_CAUSE_DARK, "coach.advice.dark", 0},
    {KR_CAUSE_BURNT, "coach.advice.burnt", 0},
    {KR_CAUSE_BACKLIGHT, "coach.advice.backlight", 0},
    {KR_CAUSE_FLICKER, "coach.advice.flicker", 0},
    {KR_CAUSE_CAST, "coach.advice.cast", 0},
    {KR_CAUSE_TREMOR, "coach.advice.tremor", KR_BODY_NO_ELBOWS | KR_BODY_ONE_HAND},
    {KR_CAUSE_TREMOR, "coach.advice.tremor.one-hand", KR_BODY_NO_ELBOWS},
    {KR_CAUSE_TREMOR, "coach.advice.tremor.no-elbows", 0},
    {KR_CAUSE_STEPS, "coach.advice.steps", KR_BODY_ROLLS},
    {KR_CAUSE_STEPS, "coach.advice.steps.rolls", 0},
    {KR_CAUSE_DRIFT, "coach.advice.drift", KR_BODY_ROLLS},
    {KR_CAUSE_DRIFT, "coach.advice.drift.rolls", 0},
    {KR_CAUSE_PAN, "coach.advice.pan", KR_BODY_ROLLS},
    {KR_CAUSE_PAN, "coach.advice.pan.rolls", 0},
    {KR_CAUSE_TILT, "coach.advice.tilt", 0},
    {KR_CAUSE_SHORT, "coach.advice.short", 0},
};
const size_t kr_advice_count = KR_COUNT(kr_advice);

const char *kr_advice_for(enum kr_cause cause, unsigned body)
{
    const struct kr_advice *advice = kr_advice;
    while (advice->cause != cause || (advice->unfit & body))
        advice++;
    return advice->key;
}

static const struct word {
    const char *name;
    unsigned bit;
} words[] = {
    {"no-elbows", KR_BODY_NO_ELBOWS}, {"one-hand", KR_BODY_ONE_HAND}, {"rolls", KR_BODY_ROLLS}};

bool kr_body_parse(const char *list, unsigned *out, struct kr_err *err)
{
    unsigned body = 0;
    for (const char *at = list ? list : ""; *at;) {
        size_t n = strcspn(at, ","), i = 0;
        while (i < KR_COUNT(words) &&
               (strlen(words[i].name) != n || memcmp(words[i].name, at, n) != 0))
            i++;
        if (i == KR_COUNT(words))
            return kr_fail(err, KR_E_INVALID, "'%.*s' is none of no-elbows, one-hand, rolls",
                           (int)(n < 40 ? n : 40), at);
        body |= words[i].bit;
        at += n + (at[n] == ',');
    }
    *out = body;
    return true;
}

static json_t *new_words(unsigned body)
{
    json_t *list = kr_json_new_array();
    for (size_t i = 0; i < KR_COUNT(words); i++)
        if (words[i].bit & body)
            kr_json_append_take(list, json_string(words[i].name));
    return list;
}

json_t *kr_bodies_new_json(void)
{
    return new_words(KR_BODY_EVERY);
}

json_t *kr_advice_new_json(void)
{
    json_t *all = kr_json_new_array();
    for (const struct kr_advice *a = kr_advice; a < kr_advice + kr_advice_count; a++) {
        json_t *one = kr_json_new_object();
        kr_json_set_str(one, "cause", kr_cause_rows[a->cause].name);
        kr_json_set_str(one, "key", a->key);
        kr_json_set_take(one, "unfit", new_words(a->unfit));
        kr_json_append_take(all, one);
    }
    return all;
}
