// SPDX-License-Identifier: AGPL-3.0-or-later
#include "story/askbeat.h"

#include "store/items.h"
#include <string.h>

#define ROOM 1.6     // times the region: a face with its shoulders
#define LEAST 0.15   // of the picture's sides, however sharp it is
#define STEP 0.75    // a small picture still comes this much nearer: a third larger
#define SHARP_PX 960 // of the longer side across a film of 1,920: twice as large as it is

static double least_of(double a, double b)
{
    return a < b ? a : b;
}

static double most_of(double a, double b)
{
    return a > b ? a : b;
}

struct kr_rect kr_ask_closeness(const struct kr_rect *region, int long_px)
{
    double sharp = long_px > 0 ? least_of(SHARP_PX / (double)long_px, STEP) : STEP;
    double side = most_of(most_of(region->w, region->h) * ROOM, most_of(sharp, LEAST));
    side = least_of(side, 1); // the same share of both sides keeps the shape
    double x = region->x + region->w / 2 - side / 2, y = region->y + region->h / 2 - side / 2;
    return (struct kr_rect){least_of(most_of(x, 0), 1 - side), least_of(most_of(y, 0), 1 - side),
                            side, side};
}

static json_t *new_rect(const struct kr_rect *rect)
{
    const double sides[] = {rect->x, rect->y, rect->w, rect->h};
    json_t *out = kr_json_new_array();
    for (size_t i = 0; i < KR_COUNT(sides); i++)
        kr_json_append_take(out, json_real((double)(int64_t)(sides[i] * 1e4 + 0.5) / 1e4));
    return out;
}

static void set_move(json_t *beat, const struct kr_item *item, const json_t *question)
{
    const json_t *told = kr_json_get(question, "region");
    const struct kr_rect whole = {0, 0, 1, 1};
    if (!told || strcmp(item->kind, "photo") != 0)
        return;
    const struct kr_rect region = {kr_json_real(told, "x", 0), kr_json_real(told, "y", 0),
                                   kr_json_real(told, "w", 1), kr_json_real(told, "h", 1)};
    int longest = item->width > item->height ? item->width : item->height;
    const struct kr_rect close = kr_ask_closeness(&region, longest);
    json_t *move = kr_json_new_object();
    kr_json_set_take(move, "from", new_rect(&whole));
    kr_json_set_take(move, "to", new_rect(&close));
    kr_json_set_take(beat, "move", move);
}

static void set_span(json_t *beat, const struct kr_item *item, const json_t *question)
{
    const json_t *span = kr_json_get(question, "span");
    if (!span || strcmp(item->kind, "video") != 0)
        return;
    kr_json_set_real(beat, "in", (double)kr_json_int(span, "from_ms", 0) / 1000);
    kr_json_set_real(beat, "out", (double)kr_json_int(span, "to_ms", 0) / 1000);
}

// Those whose words are in it, by the door they came, so that they can let them rest.
static void set_words_of(json_t *beat, const struct kr_ask *ask, const struct kr_reply *reply)
{
    const bool said[] = {kr_json_get(beat, "caption") != NULL,
                         kr_json_get(beat, "narration") != NULL};
    const char *const who[] = {ask->who, reply->who};
    KR_AUTO(kr_json_drop) json_t *list = kr_json_new_array();
    struct kr_uuid id;
    for (size_t i = 0; i < KR_COUNT(who); i++)
        if (said[i] && kr_uuid_parse(who[i], &id))
            kr_json_append_take(list, json_string(who[i]));
    if (json_array_size(list))
        kr_json_set_take(beat, "words_of", json_incref(list));
}

static json_t *new_beat(const struct kr_item *item, const struct kr_ask *ask,
                        const struct kr_reply *reply)
{
    json_t *beat = kr_json_new_object();
    const char *question = kr_json_str(ask->value, "text", "");
    const char *words = kr_json_str(reply->value, "text", "");
    kr_json_set_str(beat, "media", item->id);
    if (*question)
        kr_json_set_str(beat, "caption", question);
    set_move(beat, item, ask->value);
    set_span(beat, item, ask->value);
    KR_AUTO(kr_json_drop) json_t *narration = kr_json_new_object();
    if (strcmp(reply->kind, "voice") == 0)
        kr_json_set_str(narration, "media", reply->media);
    if (*words)
        kr_json_set_str(narration, "text", words);
    if (json_object_size(narration))
        kr_json_set_take(beat, "narration", json_incref(narration));
    set_words_of(beat, ask, reply);
    return beat;
}

static const struct kr_reply *choose(const struct kr_reply *replies, size_t n, const char *claim)
{
    for (size_t i = 0; i < n; i++)
        if (!*claim || strcmp(replies[i].claim, claim) == 0)
            return &replies[i];
    return NULL;
}

bool kr_ask_beats(struct kr_store *store, struct kr_arena *mem, const struct kr_ask *ask,
                  const struct kr_listener *to, const char *claim, json_t **out, struct kr_err *err)
{
    struct kr_item item;
    struct kr_reply *replies;
    size_t n;
    if (!kr_item_get(store, mem, ask->item, &item, err) ||
        !kr_replies_of(store, mem, ask->id, to, &replies, &n, err))
        return false;
    const struct kr_reply *reply = choose(replies, n, claim);
    if (!reply)
        return kr_fail(err, KR_E_NOT_FOUND, "no such answer yet");
    json_t *beats = kr_json_new_array();
    if (strcmp(item.kind, "audio") != 0)
        kr_json_append_take(beats, new_beat(&item, ask, reply));
    if (strcmp(reply->kind, "film") == 0 || strcmp(reply->kind, "picture") == 0) {
        json_t *shown = kr_json_new_object();
        kr_json_set_str(shown, "media", reply->media);
        kr_json_append_take(beats, shown);
    }
    *out = beats;
    return true;
}
