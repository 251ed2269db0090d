// SPDX-License-Identifier: AGPL-3.0-or-later
// A question and its answers by the Web Annotation Data Model (W3C Recommendation, 23 February
// 2017): each an Annotation with a motivation, bodies and a target; regions and spans as media
// fragments (Media Fragments URI 1.0, W3C, 2012). Ids are URNs: they hold wherever it is read.
#include "archive/asks.h"
#include "base/clock.h"
#include "store/items.h"
#include "store/persons.h"

#include <string.h>

static const char context[] = "http://www.w3.org/ns/anno.jsonld";

static void set_urn(struct kr_arena *mem, json_t *out, const char *name, const char *id)
{
    kr_json_set_str(out, name, kr_arena_format(mem, "urn:uuid:%s", id));
}

// Image, Video or Sound, with its media type.
static json_t *new_resource(struct kr_arena *mem, const char *id, const char *mime)
{
    const char *type = strncmp(mime, "image/", 6) == 0   ? "Image"
                       : strncmp(mime, "video/", 6) == 0 ? "Video"
                                                         : "Sound";
    json_t *out = kr_json_new_object();
    set_urn(mem, out, "id", id);
    kr_json_set_str(out, "type", type);
    if (*mime)
        kr_json_set_str(out, "format", mime);
    return out;
}

static json_t *new_words(const char *text, const char *lang)
{
    json_t *out = kr_json_new_object();
    kr_json_set_str(out, "type", "TextualBody");
    kr_json_set_str(out, "value", text);
    kr_json_set_str(out, "format", "text/plain");
    if (*lang)
        kr_json_set_str(out, "language", lang);
    return out;
}

// "t=1.5,9" and "xywh=percent:10,20,30,40"; NULL where it is the whole.
static const char *fragment_of(struct kr_arena *mem, const json_t *value)
{
    const json_t *region = kr_json_get(value, "region"), *span = kr_json_get(value, "span");
    const char *time = NULL, *place = NULL;
    if (span)
        time = kr_arena_format(mem, "t=%.3f,%.3f", (double)kr_json_int(span, "from_ms", 0) / 1000,
                               (double)kr_json_int(span, "to_ms", 0) / 1000);
    if (region)
        place =
            kr_arena_format(mem, "xywh=percent:%.4g,%.4g,%.4g,%.4g",
                            kr_json_real(region, "x", 0) * 100, kr_json_real(region, "y", 0) * 100,
                            kr_json_real(region, "w", 0) * 100, kr_json_real(region, "h", 0) * 100);
    return time && place ? kr_arena_format(mem, "%s&%s", time, place) : time ? time : place;
}

static json_t *new_target(struct kr_arena *mem, const struct kr_item *item, const json_t *value)
{
    const char *fragment = fragment_of(mem, value);
    json_t *source = new_resource(mem, item->id, item->mime);
    if (!fragment)
        return source;
    json_t *out = kr_json_new_object(), *selector = kr_json_new_object();
    kr_json_set_str(selector, "type", "FragmentSelector");
    kr_json_set_str(selector, "conformsTo", "http://www.w3.org/TR/media-frags/");
    kr_json_set_str(selector, "value", fragment);
    kr_json_set_str(out, "type", "SpecificResource");
    kr_json_set_take(out, "source", source);
    kr_json_set_take(out, "selector", selector);
    return out;
}

static void set_creator(struct kr_store *store, struct kr_arena *mem, json_t *out, const char *who)
{
    struct kr_person person;
    struct kr_uuid id;
    if (!kr_uuid_parse(who, &id) || !kr_person_get(store, mem, who, &person, NULL))
        return;
    json_t *creator = kr_json_new_object();
    set_urn(mem, creator, "id", who);
    kr_json_set_str(creator, "type", "Person");
    kr_json_set_str(creator, "name", person.shown);
    kr_json_set_take(out, "creator", creator);
}

static json_t *new_annotation(struct kr_store *store, struct kr_arena *mem, const char *id,
                              const char *motivation, const char *who, int64_t at_ms)
{
    json_t *out = kr_json_new_object();
    char at[KR_TIME_TEXT];
    kr_time_text(at_ms, at);
    kr_json_set_str(out, "@context", context);
    set_urn(mem, out, "id", id);
    kr_json_set_str(out, "type", "Annotation");
    kr_json_set_str(out, "motivation", motivation);
    kr_json_set_str(out, "created", at);
    set_creator(store, mem, out, who);
    return out;
}

// One body, or several as a list; none where what was said is forgotten (section 3.1 allows it).
static void set_bodies(json_t *out, json_t *words, json_t *media)
{
    if (words && media) {
        json_t *both = kr_json_new_array();
        kr_json_append_take(both, media);
        kr_json_append_take(both, words);
        kr_json_set_take(out, "body", both);
    } else if (words || media) {
        kr_json_set_take(out, "body", media ? media : words);
    }
}

static json_t *new_question(struct kr_store *store, struct kr_arena *mem, const struct kr_ask *ask,
                            const struct kr_item *item)
{
    const char *text = kr_json_str(ask->value, "text", "");
    const char *voice = kr_json_str(ask->value, "voice", "");
    struct kr_item spoken = {.mime = ""};
    json_t *out = new_annotation(store, mem, ask->id, "questioning", ask->who, ask->at_ms);
    bool has_voice = *voice && kr_item_get(store, mem, voice, &spoken, NULL);
    set_bodies(out, *text ? new_words(text, kr_json_str(ask->value, "lang", "")) : NULL,
               has_voice ? new_resource(mem, voice, spoken.mime) : NULL);
    kr_json_set_take(out, "target", new_target(mem, item, ask->value));
    return out;
}

static json_t *new_reply(struct kr_store *store, struct kr_arena *mem, const struct kr_ask *ask,
                         const struct kr_reply *reply)
{
    const char *text = kr_json_str(reply->value, "text", "");
    const char *to = kr_json_str(reply->value, "reply_to", "");
    json_t *out = new_annotation(store, mem, reply->claim, "replying", reply->who, reply->at_ms);
    set_bodies(out, *text ? new_words(text, "") : NULL,
               *reply->media ? new_resource(mem, reply->media, reply->mime) : NULL);
    set_urn(mem, out, "target", *to ? to : ask->id);
    return out;
}

bool kr_ask_annotation(struct kr_store *store, struct kr_arena *mem, const struct kr_ask *ask,
                       const struct kr_listener *to, json_t **out, struct kr_err *err)
{
    struct kr_item item;
    struct kr_reply *replies;
    size_t n;
    if (!kr_item_get(store, mem, ask->item, &item, err) ||
        !kr_replies_of(store, mem, ask->id, to, &replies, &n, err))
        return false;
    json_t *items = kr_json_new_array();
    kr_json_append_take(items, new_question(store, mem, ask, &item));
    for (size_t i = 0; i < n; i++)
        kr_json_append_take(items, new_reply(store, mem, ask, &replies[i]));
    *out = kr_json_new_object();
    kr_json_set_str(*out, "@context", context);
    kr_json_set_str(*out, "id", kr_arena_format(mem, "urn:uuid:%s#page", ask->id));
    kr_json_set_str(*out, "type", "AnnotationPage");
    kr_json_set_take(*out, "items", items);
    return true;
}
