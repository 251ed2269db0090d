// SPDX-License-Identifier: AGPL-3.0-or-later
#include "story/story.h"

#include "base/uuid.h"
#include "story/members.h"
#include <ctype.h>

static const char *const STORY_NAMES[] = {"title", "subtitle", "lang",    "date",   "place",
                                          "beats", "music",    "credits", "ground", NULL};
static const char *const BEAT_NAMES[] = {
    "media", "text", "caption",   "date",  "place",  "chapter", "in",       "out", "duration",
    "move",  "kit",  "narration", "faces", "volume", "era",     "words_of", NULL};
static const char *const MOVE_NAMES[] = {"from", "to", NULL};
static const char *const KIT_NAMES[] = {"steady",   "light",          "sound",
                                        "strength", "keep_viewpoint", NULL};
static const char *const ERA_NAMES[] = {"text", "mark", "card", NULL};
static const char *const NARRATION_NAMES[] = {"media", "text", NULL};
static const char *const MUSIC_NAMES[] = {"media", "licence", "volume", "title", "author", NULL};

#define RECT_LEAST 0.02 // of the picture: closer than that shows only grain

static bool rect_of(const struct kr_members *of, const json_t *value, const char *name,
                    double least, struct kr_rect *out, struct kr_err *err)
{
    double v[4];
    bool good = json_is_array(value) && json_array_size(value) == 4;
    for (size_t i = 0; good && i < 4; i++) {
        const json_t *part = json_array_get(value, i);
        good = json_is_number(part);
        v[i] = good ? json_number_value(part) : 0;
        good = good && v[i] >= 0 && v[i] <= 1;
    }
    // A hair of slack: 0.1 + 0.9 need not be 1 in binary.
    good = good && v[2] >= least && v[3] >= least && v[0] + v[2] <= 1 + 1e-6 &&
           v[1] + v[3] <= 1 + 1e-6;
    if (!good)
        return kr_members_fail(of, err,
                               "'%s' must be [x, y, width, height] inside [0, 0, 1, 1], each side "
                               "at least %g",
                               name, least);
    *out = (struct kr_rect){v[0], v[1], v[2], v[3]};
    return true;
}

static bool read_move(const struct kr_members *of, struct kr_beat *beat, struct kr_err *err)
{
    const json_t *value = kr_json_get(of->object, "move");
    if (!value)
        return true;
    if (json_is_false(value)) {
        beat->move = KR_MOVE_NONE;
        return true;
    }
    struct kr_members move;
    const char *where = kr_arena_format(of->mem, "%s: 'move'", of->where);
    if (!kr_members_open(of->mem, value, where, MOVE_NAMES, &move, err))
        return false;
    beat->move = KR_MOVE_TOLD;
    beat->from = beat->to = (struct kr_rect){0, 0, 1, 1};
    const json_t *from = kr_json_get(value, "from"), *to = kr_json_get(value, "to");
    if (!from && !to)
        return kr_members_fail(&move, err, "needs 'from' or 'to'");
    return (!from || rect_of(&move, from, "from", RECT_LEAST, &beat->from, err)) &&
           (!to || rect_of(&move, to, "to", RECT_LEAST, &beat->to, err));
}

static bool read_faces(const struct kr_members *of, struct kr_beat *beat, struct kr_err *err)
{
    const json_t *list = kr_json_get(of->object, "faces");
    if (!list)
        return true;
    if (!json_is_array(list) || json_array_size(list) > KR_STORY_FACES)
        return kr_members_fail(of, err, "'faces' must be a list of at most %d", KR_STORY_FACES);
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!rect_of(of, json_array_get(list, i), "faces", 0.001, &beat->face[i], err))
            return false;
    beat->face_count = json_array_size(list);
    return true;
}

// Whose words these are: archive/may asks it, the film does not.
static bool check_words_of(const struct kr_members *of, struct kr_err *err)
{
    const json_t *list = kr_json_get(of->object, "words_of");
    bool good = !list || (json_is_array(list) && json_array_size(list) <= KR_STORY_SAYERS);
    for (size_t i = 0; good && i < json_array_size(list); i++) {
        const char *person = json_string_value(json_array_get(list, i));
        struct kr_uuid id;
        good = person && kr_uuid_parse(person, &id);
    }
    return good ||
           kr_members_fail(of, err, "'words_of' must be a list of at most %d ids of persons",
                           KR_STORY_SAYERS);
}

static bool read_kit(const struct kr_members *of, struct kr_beat *beat, struct kr_err *err)
{
    const json_t *value = kr_json_get(of->object, "kit");
    struct kr_story_kit kit = {.steady = true, .light = true, .sound = true, .strength = 0.8};
    kit.wanted = value && !json_is_false(value);
    beat->kit = kit;
    if (!value || json_is_boolean(value))
        return true;
    struct kr_members members;
    const char *where = kr_arena_format(of->mem, "%s: 'kit'", of->where);
    if (!kr_members_open(of->mem, value, where, KIT_NAMES, &members, err) ||
        !kr_members_bool(&members, "steady", &kit.steady, err) ||
        !kr_members_bool(&members, "light", &kit.light, err) ||
        !kr_members_bool(&members, "sound", &kit.sound, err) ||
        !kr_members_bool(&members, "keep_viewpoint", &kit.keep_viewpoint, err) ||
        !kr_members_real(&members, "strength", 0, 1, "", &kit.strength, err))
        return false;
    kit.wanted = kit.steady || kit.light || kit.sound;
    beat->kit = kit;
    return true;
}

static bool read_narration(const struct kr_members *of, struct kr_beat *beat, struct kr_err *err)
{
    const json_t *value = kr_json_get(of->object, "narration");
    if (!value)
        return true;
    if (json_is_string(value))
        return kr_members_reference(of, "narration", &beat->narration, err);
    struct kr_members members;
    const char *where = kr_arena_format(of->mem, "%s: 'narration'", of->where);
    if (!kr_members_open(of->mem, value, where, NARRATION_NAMES, &members, err) ||
        !kr_members_reference(&members, "media", &beat->narration, err) ||
        !kr_members_text(&members, "text", KR_STORY_TEXT, &beat->narration_text, err))
        return false;
    if (!beat->narration && !beat->narration_text)
        return kr_members_fail(&members, err, "needs 'media' or 'text'");
    return true;
}

static bool read_era(const struct kr_members *of, struct kr_beat *beat, struct kr_err *err)
{
    const json_t *value = kr_json_get(of->object, "era");
    if (!value)
        return true;
    if (json_is_string(value))
        return kr_members_text(of, "era", KR_STORY_TITLE, &beat->era.text, err);
    struct kr_members members;
    const char *where = kr_arena_format(of->mem, "%s: 'era'", of->where);
    if (!kr_members_open(of->mem, value, where, ERA_NAMES, &members, err) ||
        !kr_members_text(&members, "text", KR_STORY_TITLE, &beat->era.text, err) ||
        !kr_members_text(&members, "mark", KR_STORY_TITLE, &beat->era.mark, err) ||
        !kr_members_text(&members, "card", KR_STORY_TITLE, &beat->era.card, err))
        return false;
    if (beat->era.mark && beat->era.card)
        return kr_members_fail(&members, err, "'mark' and 'card' both tell the years: keep one");
    return beat->era.text || beat->era.mark || beat->era.card ||
           kr_members_fail(&members, err, "needs 'text', 'mark' or 'card'");
}

// What a single member cannot tell: whether they go together.
static bool agrees(const struct kr_members *of, const struct kr_beat *beat, struct kr_err *err)
{
    if (!beat->media && !beat->text)
        return kr_members_fail(of, err, "needs 'media' or 'text'");
    if (beat->media && beat->text)
        return kr_members_fail(of, err,
                               "'text' is a card of its own; words on a picture are its 'caption'");
    bool part = kr_members_has(of, "in") || kr_members_has(of, "out");
    if (beat->text && (beat->era.text || beat->era.mark || beat->era.card))
        return kr_members_fail(of, err, "a card of text has no 'era'");
    if (beat->text && (part || beat->kit.wanted || beat->move != KR_MOVE_GENTLE))
        return kr_members_fail(of, err, "a card of text has no 'in', 'out', 'move' or 'kit'");
    if (part && beat->move == KR_MOVE_TOLD)
        return kr_members_fail(of, err, "'move' is for pictures, 'in' and 'out' are for clips");
    if (kr_members_has(of, "out") && beat->out_s - beat->in_s < KR_STORY_BEAT_LEAST)
        return kr_members_fail(of, err, "'out' must be at least %g seconds after 'in'",
                               KR_STORY_BEAT_LEAST);
    if (kr_members_has(of, "out") && beat->duration_s > 0)
        return kr_members_fail(of, err, "'out' and 'duration' both tell the end: keep one");
    if (beat->out_s - beat->in_s > KR_STORY_BEAT_MOST)
        return kr_members_fail(of, err, "a beat lasts at most %g seconds", KR_STORY_BEAT_MOST);
    return true;
}

static bool read_beat(struct kr_arena *mem, const json_t *value, size_t index, struct kr_beat *beat,
                      struct kr_err *err)
{
    struct kr_members of;
    const char *where = kr_arena_format(mem, "beat %zu", index + 1);
    beat->volume = 1;
    return kr_members_open(mem, value, where, BEAT_NAMES, &of, err) &&
           kr_members_reference(&of, "media", &beat->media, err) &&
           kr_members_text(&of, "text", KR_STORY_TEXT, &beat->text, err) &&
           kr_members_text(&of, "caption", KR_STORY_TEXT, &beat->caption, err) &&
           kr_members_text(&of, "date", KR_STORY_TITLE, &beat->date, err) &&
           kr_members_text(&of, "place", KR_STORY_TITLE, &beat->place, err) &&
           kr_members_text(&of, "chapter", KR_STORY_TITLE, &beat->chapter, err) &&
           kr_members_real(&of, "in", 0, 86400, "seconds", &beat->in_s, err) &&
           kr_members_real(&of, "out", 0, 86400, "seconds", &beat->out_s, err) &&
           kr_members_real(&of, "duration", KR_STORY_BEAT_LEAST, KR_STORY_BEAT_MOST, "seconds",
                           &beat->duration_s, err) &&
           kr_members_real(&of, "volume", 0, 2, "", &beat->volume, err) &&
           read_narration(&of, beat, err) && read_era(&of, beat, err) &&
           read_move(&of, beat, err) && read_kit(&of, beat, err) && read_faces(&of, beat, err) &&
           check_words_of(&of, err) && agrees(&of, beat, err);
}

static bool read_beats(const struct kr_members *of, struct kr_story *story, struct kr_err *err)
{
    const json_t *list = kr_json_get(of->object, "beats");
    if (!json_is_array(list) || json_array_size(list) == 0)
        return kr_members_fail(of, err, "'beats' must be a list with at least one beat");
    if (json_array_size(list) > KR_STORY_BEATS)
        return kr_members_fail(of, err, "%zu beats, at most %d", json_array_size(list),
                               KR_STORY_BEATS);
    story->beat_count = json_array_size(list);
    story->beats = kr_arena_array(of->mem, struct kr_beat, story->beat_count);
    for (size_t i = 0; i < story->beat_count; i++)
        if (!read_beat(of->mem, json_array_get(list, i), i, &story->beats[i], err))
            return false;
    return true;
}

static bool read_music(const struct kr_members *of, struct kr_story_music *music,
                       struct kr_err *err)
{
    const json_t *value = kr_json_get(of->object, "music");
    music->volume = 1;
    if (!value)
        return true;
    struct kr_members members;
    if (!kr_members_open(of->mem, value, "music", MUSIC_NAMES, &members, err) ||
        !kr_members_reference(&members, "media", &music->media, err) ||
        !kr_members_text(&members, "licence", KR_STORY_TITLE, &music->licence, err) ||
        !kr_members_text(&members, "title", KR_STORY_TITLE, &music->title, err) ||
        !kr_members_text(&members, "author", KR_STORY_TITLE, &music->author, err) ||
        !kr_members_real(&members, "volume", 0, 2, "", &music->volume, err))
        return false;
    if (!music->media)
        return kr_members_fail(&members, err, "needs 'media'");
    if (!music->licence)
        return kr_members_fail(&members, err,
                               "needs its 'licence': only music that may be used is used");
    return true;
}

static bool read_credits(const struct kr_members *of, struct kr_story *story, struct kr_err *err)
{
    const json_t *list = kr_json_get(of->object, "credits");
    if (!list)
        return true;
    if (!json_is_array(list) || json_array_size(list) > KR_STORY_CREDITS)
        return kr_members_fail(of, err, "'credits' must be a list of at most %d texts",
                               KR_STORY_CREDITS);
    story->credit_count = json_array_size(list);
    story->credits = kr_arena_array(of->mem, const char *, story->credit_count);
    for (size_t i = 0; i < story->credit_count; i++)
        if (!kr_members_as_text(of, json_array_get(list, i), "credits", KR_STORY_TITLE,
                                &story->credits[i], err))
            return false;
    return true;
}

static bool read_ground(const struct kr_members *of, struct kr_story *story, struct kr_err *err)
{
    const char *ground = "blur";
    if (!kr_members_text(of, "ground", KR_STORY_TITLE, &ground, err))
        return false;
    if (strcmp(ground, "blur") != 0 && strcmp(ground, "paper") != 0)
        return kr_members_fail(of, err, "'ground' must be \"blur\" or \"paper\"");
    story->ground = strcmp(ground, "paper") == 0 ? KR_GROUND_PAPER : KR_GROUND_BLUR;
    return true;
}

// BCP 47 (RFC 5646) as far as a film needs it: letters and digits, joined by '-'.
static bool is_lang(const char *tag)
{
    size_t n = strlen(tag);
    if (n < 2 || n > 35 || !isalpha((unsigned char)tag[0]) || tag[n - 1] == '-')
        return false;
    for (; *tag; tag++)
        if (!isalnum((unsigned char)*tag) && *tag != '-')
            return false;
    return true;
}

// Chinese characters lie in U+4E00..U+9FFF: their first UTF-8 byte is E4 to E9.
static bool has_chinese(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text >= 0xe4 && (unsigned char)*text <= 0xe9)
            return true;
    return false;
}

static bool read_lang(const struct kr_members *of, struct kr_story *story, struct kr_err *err)
{
    if (!kr_members_text(of, "lang", 64, &story->lang, err))
        return false;
    if (!story->lang)
        story->lang = has_chinese(story->title) ? "zh-CN" : "en";
    if (!is_lang(story->lang))
        return kr_members_fail(of, err, "'lang' must be a language tag such as zh-CN or en");
    return true;
}

bool kr_story_of_json(struct kr_arena *mem, const json_t *json, struct kr_story *out,
                      struct kr_err *err)
{
    struct kr_members of;
    struct kr_story story = {0};
    if (!kr_members_open(mem, json, "", STORY_NAMES, &of, err) ||
        !kr_members_text(&of, "title", KR_STORY_TITLE, &story.title, err))
        return kr_within(err, "read the story");
    if (!story.title)
        return kr_fail(err, KR_E_INVALID, "read the story: needs a 'title'");
    if (!kr_members_text(&of, "subtitle", KR_STORY_TITLE, &story.subtitle, err) ||
        !kr_members_text(&of, "date", KR_STORY_TITLE, &story.date, err) ||
        !kr_members_text(&of, "place", KR_STORY_TITLE, &story.place, err) ||
        !read_lang(&of, &story, err) || !read_beats(&of, &story, err) ||
        !read_music(&of, &story.music, err) || !read_credits(&of, &story, err) ||
        !read_ground(&of, &story, err))
        return kr_within(err, "read the story");
    *out = story;
    return true;
}

static bool is_whole(const struct kr_story *story, struct kr_err *err)
{
    for (size_t i = 0; i < story->beat_count; i++) {
        const struct kr_story_era *era = &story->beats[i].era;
        if ((era->mark || era->card) && !era->text)
            return kr_fail(err, KR_E_INVALID,
                           "read the story: beat %zu: 'era' needs its 'text': a mark or a card is "
                           "looked up in an archive alone",
                           i + 1);
    }
    return true;
}

bool kr_story_parse(struct kr_arena *mem, struct kr_str text, struct kr_story *out,
                    struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *json = NULL;
    // Some editors put a mark of the byte order first (RFC 8259, 8.1: may be passed over).
    if (text.n >= 3 && memcmp(text.at, "\xef\xbb\xbf", 3) == 0)
        text = (struct kr_str){text.at + 3, text.n - 3};
    if (!kr_json_parse(text, KR_STORY_MOST, &json, err))
        return kr_within(err, "read the story");
    return kr_story_of_json(mem, json, out, err) && is_whole(out, err);
}
