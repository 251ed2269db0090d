// SPDX-License-Identifier: AGPL-3.0-or-later
#include "film/shotlist.h"

#include <math.h>

enum { VERSION = 1 };

// A member in its range; missing gives the fallback.
static bool real_in(const json_t *object, const char *name, double least, double most,
                    double fallback, double *out, struct kr_err *err)
{
    const json_t *value = kr_json_get(object, name);
    double number = !value ? fallback : json_is_number(value) ? json_number_value(value) : NAN;
    if (!(number >= least && number <= most) && value)
        return kr_fail(err, KR_E_INVALID, "'%s' is not in %g to %g", name, least, most);
    *out = number;
    return true;
}

static bool int_in(const json_t *object, const char *name, int least, int most, int fallback,
                   int *out, struct kr_err *err)
{
    const json_t *value = kr_json_get(object, name);
    if (value && (!json_is_integer(value) || json_integer_value(value) < least ||
                  json_integer_value(value) > most))
        return kr_fail(err, KR_E_INVALID, "'%s' is not in %d to %d", name, least, most);
    *out = value ? (int)json_integer_value(value) : fallback;
    return true;
}

static bool text_of(struct kr_arena *mem, const json_t *value, const char *name, const char **out,
                    struct kr_err *err)
{
    if (!value)
        return true;
    if (!json_is_string(value) || json_string_length(value) > KR_SHOT_TEXT_MOST)
        return kr_fail(err, KR_E_INVALID, "'%s' is no text of at most %d bytes", name,
                       KR_SHOT_TEXT_MOST);
    *out = kr_text_in(mem, (struct kr_str){json_string_value(value), json_string_length(value)});
    return true;
}

static bool rect_of(const json_t *shot, const char *name, double out[4], struct kr_err *err)
{
    const json_t *list = kr_json_get(shot, name);
    if (!list) {
        memcpy(out, (const double[]){0, 0, 1, 1}, 4 * sizeof *out);
        return true;
    }
    bool good = json_array_size(list) == 4;
    for (size_t i = 0; good && i < 4; i++) {
        const json_t *side = json_array_get(list, i);
        out[i] = json_is_number(side) ? json_number_value(side) : NAN;
        good = out[i] >= 0 && out[i] <= 1;
    }
    if (!good || out[2] < 0.01 || out[3] < 0.01 || out[0] + out[2] > 1.001 ||
        out[1] + out[3] > 1.001)
        return kr_fail(err, KR_E_INVALID, "'%s' is no rectangle inside the picture", name);
    return true;
}

static bool kit_of(const json_t *value, struct kr_shot *shot, struct kr_err *err)
{
    if (!value)
        return true;
    if (!json_is_object(value))
        return kr_fail(err, KR_E_INVALID, "'kit' is no object");
    double strength;
    if (!real_in(value, "strength", 0, 1, KR_KIT_DEFAULTS.light, &strength, err))
        return false;
    shot->has_kit = true;
    shot->kit = (struct kr_kit_params){
        .steady = kr_json_bool(value, "steady", true) ? strength : 0,
        .light = kr_json_bool(value, "light", true) ? strength : 0,
        .sound = kr_json_bool(value, "sound", true) ? strength : 0,
        .keep_viewpoint = kr_json_bool(value, "keep_viewpoint", false),
    };
    return true;
}

static bool lines_of(struct kr_arena *mem, const json_t *list, struct kr_shot *shot,
                     struct kr_err *err)
{
    if (!list)
        return true;
    size_t n = json_array_size(list);
    if (!json_is_array(list) || n > KR_SHOT_LINES_MOST)
        return kr_fail(err, KR_E_INVALID, "'lines' is no list of at most %d", KR_SHOT_LINES_MOST);
    shot->lines = kr_arena_array(mem, const char *, n);
    for (size_t i = 0; i < n; i++) {
        shot->lines[i] = "";
        if (!text_of(mem, json_array_get(list, i), "lines", &shot->lines[i], err))
            return false;
    }
    shot->line_count = n;
    return true;
}

static bool kind_of(const json_t *json, enum kr_shot_kind *out, struct kr_err *err)
{
    static const char *const names[] = {[KR_SHOT_TITLE] = "title",
                                        [KR_SHOT_MEDIA] = "media",
                                        [KR_SHOT_TEXT] = "text",
                                        [KR_SHOT_END] = "end"};
    const char *name = kr_json_str(json, "kind", "");
    for (size_t i = 0; i < KR_COUNT(names); i++)
        if (strcmp(names[i], name) == 0) {
            *out = (enum kr_shot_kind)i;
            return true;
        }
    return kr_fail(err, KR_E_INVALID, "a kind of shot nobody knows");
}

static bool texts_of(struct kr_arena *mem, const json_t *json, struct kr_shot *shot,
                     struct kr_err *err)
{
    const struct {
        const char *name, **out;
    } texts[] = {{"text", &shot->text},
                 {"small", &shot->small},
                 {"caption", &shot->caption},
                 {"narration_text", &shot->narration_text},
                 {"chapter", &shot->chapter}};
    for (size_t i = 0; i < KR_COUNT(texts); i++)
        if (!text_of(mem, kr_json_get(json, texts[i].name), texts[i].name, texts[i].out, err))
            return false;
    return true;
}

static bool shot_of(struct kr_arena *mem, const json_t *json, int media_most, struct kr_shot *shot,
                    struct kr_err *err)
{
    *shot = (struct kr_shot){.media = -1, .narration = -1};
    if (!kind_of(json, &shot->kind, err) || !texts_of(mem, json, shot, err) ||
        !int_in(json, "media", 0, media_most, -1, &shot->media, err) ||
        !int_in(json, "narration", 0, media_most, -1, &shot->narration, err) ||
        !real_in(json, "in_s", 0, 86400, 0, &shot->in_s, err) ||
        !real_in(json, "out_s", 0, 86400, 0, &shot->out_s, err) ||
        !real_in(json, "duration_s", 0.1, 600, 0, &shot->duration_s, err) ||
        !real_in(json, "still_s", 0.1, 600, 5, &shot->still_s, err) ||
        !real_in(json, "volume", 0, 2, 1, &shot->volume, err) ||
        !rect_of(json, "from", shot->from, err) || !rect_of(json, "to", shot->to, err) ||
        !kit_of(kr_json_get(json, "kit"), shot, err) ||
        !lines_of(mem, kr_json_get(json, "lines"), shot, err))
        return false;
    if ((shot->kind == KR_SHOT_MEDIA) != (shot->media >= 0))
        return kr_fail(err, KR_E_INVALID, "a medium belongs to a shot of the kind media");
    if (shot->kind != KR_SHOT_MEDIA && !shot->text)
        return kr_fail(err, KR_E_INVALID, "a card without words");
    if (shot->out_s > 0 && (shot->out_s - shot->in_s < 0.1 || shot->out_s - shot->in_s > 600))
        return kr_fail(err, KR_E_INVALID, "'out_s' is not 0.1 to 600 seconds after 'in_s'");
    return true;
}

static bool shots_of(struct kr_arena *mem, const json_t *list, int media_most,
                     struct kr_shot_list *out, struct kr_err *err)
{
    size_t n = json_array_size(list);
    if (!json_is_array(list) || n == 0 || n > KR_SHOTS_MOST)
        return kr_fail(err, KR_E_INVALID, "'shots' is no list of 1 to %d", KR_SHOTS_MOST);
    out->shots = kr_arena_array(mem, struct kr_shot, n);
    out->shot_count = n;
    for (size_t i = 0; i < n; i++)
        if (!shot_of(mem, json_array_get(list, i), media_most, &out->shots[i], err))
            return kr_within(err, "shot %zu", i + 1);
    return true;
}

static bool music_of(const json_t *music, int media_most, struct kr_shot_list *out,
                     struct kr_err *err)
{
    if (!music)
        return true;
    if (!int_in(music, "media", 0, media_most, -1, &out->music, err) ||
        !real_in(music, "volume", 0, 2, 1, &out->music_volume, err))
        return kr_within(err, "music");
    return out->music >= 0 || kr_fail(err, KR_E_INVALID, "music without a medium");
}

bool kr_shot_list_read(struct kr_arena *mem, const json_t *json, size_t media_count,
                       struct kr_shot_list *out, struct kr_err *err)
{
    struct kr_shot_list list = {.title = "", .lang = "en", .music = -1};
    int media_most = (int)media_count - 1, version = 0;
    const char *ground = kr_json_str(json, "ground", "blur");
    if (!json_is_object(json) || !int_in(json, "version", 1, VERSION, 0, &version, err) ||
        version != VERSION)
        return kr_fail(err, KR_E_INVALID, "no shot list of version %d", VERSION);
    if (!text_of(mem, kr_json_get(json, "title"), "title", &list.title, err) ||
        !text_of(mem, kr_json_get(json, "lang"), "lang", &list.lang, err) ||
        !int_in(json, "width", 64, 3840, 1920, &list.width, err) ||
        !int_in(json, "height", 64, 3840, 1080, &list.height, err) ||
        !int_in(json, "fps", 1, 60, 25, &list.fps, err) ||
        !real_in(json, "fade_s", 0, 5, 0.8, &list.fade_s, err) ||
        !shots_of(mem, kr_json_get(json, "shots"), media_most, &list, err) ||
        !music_of(kr_json_get(json, "music"), media_most, &list, err))
        return kr_within(err, "read the shot list");
    if (list.width % 2 || list.height % 2)
        return kr_fail(err, KR_E_INVALID, "read the shot list: an odd width or height");
    list.paper = strcmp(ground, "paper") == 0;
    *out = list;
    return true;
}
