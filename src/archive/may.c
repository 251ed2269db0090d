// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/may.h"

#include "archive/searchtext.h"
#include "base/uuid.h"
#include <string.h>

static const char *const audiences[] = {"home", "kin", "public"};

// What an item is, asked of whoever is in it: a film shows and sounds.
static const char *const *purposes_of(const char *kind)
{
    static const char *const photo[] = {"picture", NULL}, *const audio[] = {"voice", NULL};
    static const char *const film[] = {"picture", "voice", NULL};
    return strcmp(kind, "photo") == 0 ? photo : strcmp(kind, "audio") == 0 ? audio : film;
}

static bool may_beyond(struct kr_store *store, const struct kr_item *item,
                       const struct kr_view *view, bool *out, struct kr_err *err)
{
    *out = true;
    for (const char *const *purpose = purposes_of(item->kind); *purpose && *out; purpose++)
        if (!kr_item_is_released(store, item->id, audiences[view->audience], *purpose,
                                 item->added_ms, view->now_ms, out, err))
            return false;
    return true;
}

// Its tokens between blanks, so that a phrase is found whole and never across a field.
static const char *tokens_of(struct kr_arena *mem, const char *text)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    kr_search_tokens(&out, "", text);
    return kr_arena_format(mem, " %s ", out.at ? out.at : "");
}

// Whether the text holds the phrase, word by word or, of one Han character, anywhere.
static bool holds(struct kr_arena *mem, const char *text, const char *phrase)
{
    KR_AUTO(kr_buf_finish) struct kr_buf tokens = {0};
    bool open_end;
    if (!kr_search_phrase(&tokens, "", phrase, &open_end))
        return false;
    const char *wanted = kr_arena_format(mem, open_end ? " %s" : " %s ", tokens.at);
    return strstr(tokens_of(mem, text), wanted) != NULL;
}

// Everything that is written of an item, a line each.
static const char *words_of(struct kr_arena *mem, const struct kr_item *item)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    KR_AUTO(kr_json_drop) json_t *extra = NULL;
    kr_buf_format(&out, "%s\n%s\n%s\n%s\n", item->title, item->caption, item->place, item->names);
    if (kr_json_parse(kr_str_of(item->extra), SIZE_MAX, &extra, NULL)) {
        static const char *const lists[] = {"keywords", "people"};
        for (size_t i = 0; i < KR_COUNT(lists); i++) {
            const json_t *list = kr_json_get(extra, lists[i]);
            for (size_t k = 0; k < json_array_size(list); k++) {
                const char *text = json_string_value(json_array_get(list, k));
                kr_buf_format(&out, "%s\n", text ? text : "");
            }
        }
    }
    return kr_arena_copy(mem, out.at, out.n);
}

static bool any_line_holds(struct kr_arena *mem, const char *lines, const char *phrase)
{
    while (*lines) {
        size_t n = strcspn(lines, "\n");
        if (holds(mem, kr_arena_copy(mem, lines, n), phrase))
            return true;
        lines += n + (lines[n] == '\n');
    }
    return false;
}

static bool is_pictured(const char *const *persons, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(persons[i], id) == 0)
            return true;
    return false;
}

struct facing { // an item before an avoid list
    struct kr_arena *mem;
    const struct kr_item *item;
    const char *words;
    const char *const *persons;
    size_t person_count;
};

static bool is_avoided(const struct facing *facing, const struct kr_avoid_row *avoid)
{
    const struct kr_item *item = facing->item;
    if (strcmp(avoid->kind, "person") == 0)
        return is_pictured(facing->persons, facing->person_count, avoid->value);
    if (strcmp(avoid->kind, "item") == 0)
        return strcmp(item->id, avoid->value) == 0 || strcmp(item->stack, avoid->value) == 0;
    if (strcmp(avoid->kind, "date") == 0)
        return *item->date_edtf && item->date_from <= avoid->to_day &&
               item->date_to >= avoid->from_day;
    if (strcmp(avoid->kind, "place") == 0)
        return any_line_holds(facing->mem, item->place, avoid->value);
    return any_line_holds(facing->mem, facing->words, avoid->value); // songs and themes, by word
}

// (3)
static bool may_sit(struct kr_store *store, struct kr_arena *mem, const struct kr_item *item,
                    const char *sitter, bool *out, struct kr_err *err)
{
    struct facing facing = {.mem = mem, .item = item};
    struct kr_avoid_row *avoids;
    size_t n;
    *out = true;
    if (!kr_avoids_of(store, mem, sitter, &avoids, &n, err))
        return false;
    if (!n)
        return true;
    if (!kr_pictured_of(store, mem, item->id, &facing.persons, &facing.person_count, err))
        return false;
    facing.words = words_of(mem, item);
    for (size_t i = 0; i < n && *out; i++)
        *out = !is_avoided(&facing, &avoids[i]);
    return true;
}

bool kr_may(struct kr_store *store, struct kr_arena *mem, const struct kr_item *item,
            const struct kr_view *view, bool *out, struct kr_err *err)
{
    if (!kr_item_is_open(store, item->id, out, err)) // (1)
        return false;
    if (*out && view->audience != KR_TO_HOME && item->trashed_ms)
        *out = false;
    if (*out && view->audience != KR_TO_HOME && !may_beyond(store, item, view, out, err)) // (2)
        return false;
    return !*out || !view->sitter || may_sit(store, mem, item, view->sitter, out, err);
}

bool kr_item_may_get(struct kr_store *store, struct kr_arena *mem, const char *id,
                     const struct kr_view *view, struct kr_item *out, struct kr_err *err)
{
    bool may;
    if (!kr_item_get(store, mem, id, out, err) || !kr_may(store, mem, out, view, &may, err))
        return false;
    return may || kr_fail(err, KR_E_NOT_FOUND, "no item %.36s", id);
}

bool kr_items_may(struct kr_store *store, struct kr_arena *mem, const struct kr_view *view,
                  struct kr_item_list *list, struct kr_err *err)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->n; i++) {
        bool may;
        if (!kr_may(store, mem, &list->at[i], view, &may, err))
            return false;
        if (may)
            list->at[kept++] = list->at[i];
    }
    list->n = kept;
    return true;
}

// A reference that is no item's (a file beside a story) says nothing of anybody.
static bool media_may(struct kr_store *store, struct kr_arena *mem, const char *id,
                      const struct kr_view *view, bool *out, struct kr_err *err)
{
    struct kr_item item;
    struct kr_uuid uuid;
    bool tellable;
    *out = true;
    if (!kr_uuid_parse(id, &uuid) || !kr_item_get(store, mem, id, &item, NULL))
        return true;
    if (!kr_may(store, mem, &item, view, out, err) ||
        !kr_item_is_tellable(store, id, &tellable, err))
        return false;
    *out = *out && tellable;
    if (!*out || view->audience == KR_TO_HOME)
        return true;
    return kr_item_is_released(store, id, audiences[view->audience], "story", item.added_ms,
                               view->now_ms, out, err);
}

// Songs are avoided by their titles too.
static bool song_may(struct kr_store *store, struct kr_arena *mem, const json_t *music,
                     const struct kr_view *view, bool *out, struct kr_err *err)
{
    struct kr_avoid_row *avoids;
    size_t n = 0;
    *out = true;
    if (!view->sitter || !music)
        return true;
    if (!kr_avoids_of(store, mem, view->sitter, &avoids, &n, err))
        return false;
    for (size_t i = 0; i < n && *out; i++)
        *out = strcmp(avoids[i].kind, "song") != 0 ||
               !(holds(mem, kr_json_str(music, "title", ""), avoids[i].value) ||
                 holds(mem, kr_json_str(music, "media", ""), avoids[i].value));
    return true;
}

bool kr_story_may(struct kr_store *store, struct kr_arena *mem, const json_t *story,
                  const struct kr_view *view, bool *out, struct kr_err *err)
{
    static const char *const members[] = {"media", "narration"};
    const json_t *beats = kr_json_get(story, "beats"), *music = kr_json_get(story, "music");
    if (!song_may(store, mem, music, view, out, err))
        return false;
    if (*out && music && !media_may(store, mem, kr_json_str(music, "media", ""), view, out, err))
        return false;
    for (size_t i = 0; i < json_array_size(beats) && *out; i++)
        for (size_t k = 0; k < KR_COUNT(members) && *out; k++)
            if (!media_may(store, mem, kr_json_str(json_array_get(beats, i), members[k], ""), view,
                           out, err))
                return false;
    return true;
}
