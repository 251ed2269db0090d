// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/asks_priv.h"

#include "archive/may.h"
#include "archive/regions.h"
#include "archive/rounds.h"
#include "base/clock.h"
#include "store/persons.h"
#include <string.h>

enum { LANG_MOST = 35 };
#define SPAN_MOST_MS (INT64_C(7) * 24 * 3600 * 1000)

// The text of a member without blanks at its ends; "" where it is missing, NULL for no text.
static const char *text_of(struct kr_arena *mem, const json_t *from, const char *name)
{
    const json_t *member = kr_json_get(from, name);
    if (!member || json_is_null(member))
        return "";
    if (!json_is_string(member))
        return NULL;
    return kr_text_trimmed(mem, json_string_value(member));
}

static size_t letters(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

static bool read_words(struct kr_arena *mem, const json_t *from, json_t *out, struct kr_err *err)
{
    const char *text = text_of(mem, from, "text");
    if (!text)
        return kr_fail(err, KR_E_INVALID, "the words are no text");
    if (letters(text) > KR_ASK_TEXT_MOST)
        return kr_fail(err, KR_E_TOO_BIG, "more than %d characters", KR_ASK_TEXT_MOST);
    kr_json_set_str(out, "text", text);
    return true;
}

static bool read_span(const json_t *from, const struct kr_item *item, json_t *out,
                      struct kr_err *err)
{
    const json_t *span = kr_json_get(from, "span");
    if (!span || json_is_null(span))
        return true;
    int64_t begin = kr_json_int(span, "from_ms", -1), end = kr_json_int(span, "to_ms", -1);
    if (begin < 0 || end <= begin || end > SPAN_MOST_MS || strcmp(item->kind, "photo") == 0)
        return kr_fail(err, KR_E_INVALID,
                       "a span is from_ms and to_ms of a film or a recording, in milliseconds");
    json_t *kept = kr_json_new_object();
    kr_json_set_int(kept, "from_ms", begin);
    kr_json_set_int(kept, "to_ms", end);
    kr_json_set_take(out, "span", kept);
    return true;
}

// The id of a person of the home.
static bool read_person(struct kr_store *store, struct kr_arena *mem, const json_t *from,
                        const char *name, json_t *out, struct kr_err *err)
{
    const char *id = text_of(mem, from, name);
    struct kr_person person;
    struct kr_uuid uuid;
    if (id && !*id)
        return true;
    if (!id || !kr_uuid_parse(id, &uuid) || !kr_person_get(store, mem, id, &person, NULL))
        return kr_fail(err, KR_E_INVALID, "'%s' must be a person of the archive", name);
    kr_json_set_str(out, name, person.id);
    return true;
}

// The item of a member, or one with an empty id where it is left out.
static bool read_item(struct kr_store *store, struct kr_arena *mem, const json_t *from,
                      const char *name, struct kr_item *out, struct kr_err *err)
{
    const char *id = text_of(mem, from, name);
    struct kr_uuid uuid;
    *out = (struct kr_item){.kind = ""};
    if (id && !*id)
        return true;
    if (!id || !kr_uuid_parse(id, &uuid) ||
        !kr_item_may_get(store, mem, id, &KR_VIEW_HOME, out, NULL) || out->trashed_ms)
        return kr_fail(err, KR_E_INVALID, "'%s' must be an item of the archive", name);
    return true;
}

static bool read_voice(struct kr_store *store, struct kr_arena *mem, const json_t *from,
                       json_t *out, struct kr_err *err)
{
    struct kr_item voice;
    if (!read_item(store, mem, from, "voice", &voice, err))
        return false;
    if (strcmp(voice.kind, "photo") == 0)
        return kr_fail(err, KR_E_INVALID, "the voice must be a recording");
    if (*voice.id)
        kr_json_set_str(out, "voice", voice.id);
    return true;
}

static bool read_lang(struct kr_arena *mem, const json_t *from, json_t *out, struct kr_err *err)
{
    const char *lang = text_of(mem, from, "lang");
    if (!lang || strlen(lang) > LANG_MOST || strchr(lang, '\n'))
        return kr_fail(err, KR_E_INVALID, "a language is a tag such as zh-CN");
    if (*lang)
        kr_json_set_str(out, "lang", lang);
    return true;
}

// One of a round, from one of its places, when its time has come.
static bool read_round(struct kr_store *store, struct kr_arena *mem, const json_t *from,
                       json_t *out, struct kr_err *err)
{
    const char *round = text_of(mem, from, "round");
    if (!round)
        return kr_fail(err, KR_E_INVALID, "'round' must be the id of a round");
    if (!*round)
        return true;
    int place = (int)kr_json_int(from, "place", -1);
    if (!kr_round_may_ask(store, round, place, kr_now_ms(), err))
        return false;
    kr_json_set_str(out, "round", round);
    kr_json_set_int(out, "place", place);
    return true;
}

bool kr_ask_read(struct kr_store *store, struct kr_arena *mem, const json_t *from, json_t *out,
                 struct kr_err *err)
{
    struct kr_item item;
    if (!read_words(mem, from, out, err) || !read_item(store, mem, from, "item", &item, err))
        return false;
    if (!*item.id)
        return kr_fail(err, KR_E_INVALID, "a question is about an item");
    kr_json_set_str(out, "item", item.id);
    if (!kr_region_read(from, out, err) || !read_span(from, &item, out, err) ||
        !read_voice(store, mem, from, out, err) || !read_person(store, mem, from, "to", out, err) ||
        !read_lang(mem, from, out, err) || !read_round(store, mem, from, out, err))
        return false;
    return *kr_json_str(out, "text", "") || kr_json_get(out, "voice") ||
           kr_fail(err, KR_E_INVALID, "a question needs words or a voice");
}

static const char *kind_of(const struct kr_item *media)
{
    return strcmp(media->kind, "audio") == 0   ? "voice"
           : strcmp(media->kind, "video") == 0 ? "film"
           : *media->kind                      ? "picture"
                                               : "text";
}

bool kr_answer_read(struct kr_store *store, struct kr_arena *mem, const json_t *from, json_t *out,
                    struct kr_err *err)
{
    struct kr_item media;
    struct kr_uuid uuid;
    const char *reply_to = text_of(mem, from, "reply_to");
    if (!read_words(mem, from, out, err) || !read_item(store, mem, from, "media", &media, err) ||
        !read_person(store, mem, from, "for", out, err))
        return false;
    if (!*media.id && !*kr_json_str(out, "text", ""))
        return kr_fail(err, KR_E_INVALID, "an answer needs a recording or words");
    if (!reply_to || (*reply_to && !kr_uuid_parse(reply_to, &uuid)))
        return kr_fail(err, KR_E_INVALID, "'reply_to' must be the id of an answer");
    kr_json_set_str(out, "kind", kind_of(&media));
    if (*media.id)
        kr_json_set_str(out, "media", media.id);
    if (*reply_to)
        kr_json_set_str(out, "reply_to", reply_to);
    return true;
}
