// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/may.h"

#include "archive/searchtext.h"
#include "base/uuid.h"
#include <ctype.h>
#include <string.h>

static const char *const audiences[] = {"home", "kin", "public"};

// What an item is, asked of whoever is in it: a film shows and sounds.
static const char *const *purposes_of(const char *kind)
{
    static const char *const photo[] = {"picture", NULL}, *const audio[] = {"voice", NULL};
    static const char *const film[] = {"picture", "voice", NULL};
    return strcmp(kind, "photo") == 0 ? photo : strcmp(kind, "audio") == 0 ? audio : film;
}

static bool may_beyond(struct kr_store *store, struct kr_arena *mem, const struct kr_item *item,
                       const struct kr_view *view, bool *out, struct kr_err *err)
{
    *out = true;
    for (const char *const *purpose = purposes_of(item->kind); *purpose && *out; purpose++)
        if (!kr_item_is_released(store, mem, item->id, audiences[view->audience], *purpose,
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
    const char *there = tokens_of(mem, text);
    return strstr(there, kr_arena_format(mem, open_end ? " %s" : " %s ", tokens.at)) ||
           (isalpha((unsigned char)tokens.at[tokens.n - 1]) && // bicycle, bicycles
            strstr(there, kr_arena_format(mem, " %ss ", tokens.at)));
}

// The words of things that were marked in it: as people call them, as their card does.
static void add_marks(struct kr_buf *out, const json_t *extra)
{
    static const char *const members[] = {"thing", "sentence"};
    const json_t *marks = kr_json_get(extra, "marks");
    for (size_t i = 0; i < json_array_size(marks); i++) {
        const json_t *mark = json_array_get(marks, i), *names = kr_json_get(mark, "names");
        for (size_t k = 0; k < KR_COUNT(members); k++)
            kr_buf_format(out, "%s\n", kr_json_str(mark, members[k], ""));
        for (size_t k = 0; k < json_array_size(names); k++) {
            const char *name = json_string_value(json_array_get(names, k));
            kr_buf_format(out, "%s\n", name ? name : "");
        }
    }
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
        add_marks(&out, extra);
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

struct facing { // what stands before an avoid list
    struct kr_store *store;
    struct kr_arena *mem;
    const char *words;          // a line each
    const struct kr_item *item; // NULL: no item, a card or a sentence
    const char *const *persons;
    size_t person_count;
    int64_t from, to; // its days; from > to where nobody knows
};

// Somebody is met in a picture, and in every sentence that calls them by a name of theirs.
static bool meets(const struct facing *facing, const char *person, bool *out, struct kr_err *err)
{
    struct kr_person_name *names;
    size_t n;
    *out = is_pictured(facing->persons, facing->person_count, person);
    if (*out)
        return true;
    if (!kr_person_names(facing->store, facing->mem, person, &names, &n, err))
        return false;
    for (size_t i = 0; i < n && !*out; i++)
        *out = any_line_holds(facing->mem, facing->words, names[i].text);
    return true;
}

static bool is_avoided(const struct facing *facing, const struct kr_avoid_row *avoid, bool *out,
                       struct kr_err *err)
{
    const struct kr_item *item = facing->item;
    if (strcmp(avoid->kind, "person") == 0)
        return meets(facing, avoid->value, out, err);
    if (strcmp(avoid->kind, "item") == 0)
        *out =
            item && (strcmp(item->id, avoid->value) == 0 || strcmp(item->stack, avoid->value) == 0);
    else if (strcmp(avoid->kind, "date") == 0)
        *out = (facing->from <= facing->to && facing->from <= avoid->to_day &&
                facing->to >= avoid->from_day) ||
               any_line_holds(facing->mem, facing->words, avoid->value);
    else // places, songs and themes, by word
        *out = any_line_holds(facing->mem, facing->words, avoid->value);
    return true;
}

// (3)
static bool may_face(const struct facing *facing, const char *sitter, bool *out, struct kr_err *err)
{
    struct kr_avoid_row *avoids;
    size_t n;
    *out = true;
    if (!kr_avoids_of(facing->store, facing->mem, sitter, &avoids, &n, err))
        return false;
    for (size_t i = 0; i < n && *out; i++) {
        bool avoided;
        if (!is_avoided(facing, &avoids[i], &avoided, err))
            return false;
        *out = !avoided;
    }
    return true;
}

static bool may_sit(struct kr_store *store, struct kr_arena *mem, const struct kr_item *item,
                    const char *sitter, bool *out, struct kr_err *err)
{
    struct facing facing = {.store = store, .mem = mem, .item = item, .from = 1};
    if (*item->date_edtf) {
        facing.from = item->date_from;
        facing.to = item->date_to;
    }
    if (!kr_pictured_of(store, mem, item->id, &facing.persons, &facing.person_count, err))
        return false;
    facing.words = words_of(mem, item);
    return may_face(&facing, sitter, out, err);
}

bool kr_may_tell(struct kr_store *store, struct kr_arena *mem, const char *words, int64_t from,
                 int64_t to, const struct kr_view *view, bool *out, struct kr_err *err)
{
    const struct facing facing = {
        .store = store, .mem = mem, .words = words, .from = from, .to = to};
    *out = true;
    return !view->sitter || may_face(&facing, view->sitter, out, err);
}

bool kr_may(struct kr_store *store, struct kr_arena *mem, const struct kr_item *item,
            const struct kr_view *view, bool *out, struct kr_err *err)
{
    if (!kr_item_is_open(store, item->id, out, err)) // (1)
        return false;
    if (*out && view->audience != KR_TO_HOME && item->trashed_ms)
        *out = false;
    if (*out && view->audience != KR_TO_HOME &&
        !may_beyond(store, mem, item, view, out, err)) // (2)
        return false;
    return !*out || !view->sitter || may_sit(store, mem, item, view->sitter, out, err);
}

// Adds those that are persons and not there yet.
static size_t join_persons(const char **list, size_t n, const char *const *more, size_t more_count)
{
    for (size_t i = 0; i < more_count; i++) {
        struct kr_uuid id;
        if (kr_uuid_parse(more[i], &id) && !is_pictured(list, n, more[i]))
            list[n++] = more[i];
    }
    return n;
}

bool kr_in_the_way(struct kr_store *store, struct kr_arena *mem, const struct kr_item *item,
                   const struct kr_view *view, const char *const **persons, size_t *n,
                   struct kr_err *err)
{
    enum { LISTS = 3 }; // two purposes at most, and the refusals
    const char *const *found[LISTS] = {NULL}, *to = audiences[view->audience];
    size_t counts[LISTS] = {0}, lists = 0, all = 0, joined = 0;
    for (const char *const *purpose = purposes_of(item->kind);
         *purpose && view->audience != KR_TO_HOME; purpose++, lists++)
        if (!kr_item_unwilling(store, mem, item->id, to, *purpose, item->added_ms, view->now_ms,
                               &found[lists], &counts[lists], err))
            return false;
    if (!kr_item_refused(store, mem, item->id, to, &found[lists], &counts[lists], err))
        return false;
    for (size_t i = 0; i <= lists; i++)
        all += counts[i];
    const char **list = kr_arena_array(mem, const char *, all + 1);
    for (size_t i = 0; i <= lists; i++)
        joined = join_persons(list, joined, found[i], counts[i]);
    *persons = list;
    *n = joined;
    return true;
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
    return kr_item_is_released(store, mem, id, audiences[view->audience], "story", item.added_ms,
                               view->now_ms, out, err);
}

// The words of a member that is text, or an object with a text.
static void add_words(struct kr_buf *out, const json_t *of, const char *name)
{
    const json_t *value = kr_json_get(of, name);
    const char *words =
        json_is_object(value) ? kr_json_str(value, "text", "") : kr_json_str(of, name, "");
    kr_buf_format(out, "%s\n", words);
}

static void add_beat_words(struct kr_buf *out, const json_t *beat)
{
    static const char *const members[] = {"text",    "caption", "date",     "place",
                                          "chapter", "era",     "narration"};
    for (size_t i = 0; i < KR_COUNT(members); i++)
        add_words(out, beat, members[i]);
}

// What a story says itself: its titles, the words of its beats, the title of its song, its thanks.
static bool words_may(struct kr_store *store, struct kr_arena *mem, const json_t *story,
                      const struct kr_view *view, bool *out, struct kr_err *err)
{
    static const char *const members[] = {"title", "subtitle", "date", "place"};
    KR_AUTO(kr_buf_finish) struct kr_buf words = {0};
    const json_t *beats = kr_json_get(story, "beats"), *music = kr_json_get(story, "music");
    const json_t *credits = kr_json_get(story, "credits");
    for (size_t i = 0; i < KR_COUNT(members); i++)
        add_words(&words, story, members[i]);
    kr_buf_format(&words, "%s\n%s\n", kr_json_str(music, "title", ""),
                  kr_json_str(music, "media", ""));
    for (size_t i = 0; i < json_array_size(beats); i++)
        add_beat_words(&words, json_array_get(beats, i));
    for (size_t i = 0; i < json_array_size(credits); i++) {
        const char *line = json_string_value(json_array_get(credits, i));
        kr_buf_format(&words, "%s\n", line ? line : "");
    }
    return kr_may_tell(store, mem, words.at, 1, 0, view, out, err);
}

static bool is_willing(const struct kr_consent_row *rows, size_t n, const char *purpose,
                       const struct kr_view *view)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].audience, audiences[view->audience]) == 0 &&
            strcmp(rows[i].purpose, purpose) == 0)
            return rows[i].allow && rows[i].until_ms > view->now_ms;
    return false;
}

// Words have neither a day from which days pass nor a release that somebody asked could give:
// whoever wants either keeps theirs at home.
static bool sayer_may(struct kr_store *store, struct kr_arena *mem, const char *who,
                      const struct kr_view *view, bool *out, struct kr_err *err)
{
    const char *person;
    struct kr_consent_row *rows;
    struct kr_hand_row hand;
    struct kr_shut_row shut;
    size_t n;
    *out = true;
    if (!kr_sayer_of(store, mem, who, &person, err))
        return false;
    if (!*person)
        return true; // whose door it is nobody has said
    if (!kr_shut_of(store, person, &shut, err) ||
        !kr_consents_of(store, mem, person, &rows, &n, &hand, err))
        return false;
    bool own_hand = hand.delay_days > 0 || *hand.ask_first;
    *out = !shut.voice && !shut.story &&
           (view->audience == KR_TO_HOME || (!own_hand && is_willing(rows, n, "voice", view) &&
                                             is_willing(rows, n, "story", view)));
    return true;
}

// Whether all whose words stand in it are willing.
static bool sayers_may(struct kr_store *store, struct kr_arena *mem, const json_t *beat,
                       const struct kr_view *view, bool *out, struct kr_err *err)
{
    const json_t *sayers = kr_json_get(beat, "words_of");
    *out = true;
    for (size_t i = 0; i < json_array_size(sayers) && *out; i++) {
        const char *who = json_string_value(json_array_get(sayers, i));
        if (!sayer_may(store, mem, who ? who : "", view, out, err))
            return false;
    }
    return true;
}

// A narration is a recording, or an object with one.
static const char *voice_of(const json_t *beat)
{
    const json_t *narration = kr_json_get(beat, "narration");
    return json_is_object(narration) ? kr_json_str(narration, "media", "")
                                     : kr_json_str(beat, "narration", "");
}

// Whether a beat tells of nothing that may not be shown.
static bool beat_may(struct kr_store *store, struct kr_arena *mem, const json_t *beat,
                     const struct kr_view *view, bool *out, struct kr_err *err)
{
    return media_may(store, mem, kr_json_str(beat, "media", ""), view, out, err) &&
           (!*out || media_may(store, mem, voice_of(beat), view, out, err)) &&
           (!*out || sayers_may(store, mem, beat, view, out, err));
}

bool kr_story_may(struct kr_store *store, struct kr_arena *mem, const json_t *story,
                  const struct kr_view *view, bool *out, struct kr_err *err)
{
    const json_t *beats = kr_json_get(story, "beats"), *music = kr_json_get(story, "music");
    if (!words_may(store, mem, story, view, out, err))
        return false;
    if (*out && music && !media_may(store, mem, kr_json_str(music, "media", ""), view, out, err))
        return false;
    for (size_t i = 0; i < json_array_size(beats) && *out; i++)
        if (!beat_may(store, mem, json_array_get(beats, i), view, out, err))
            return false;
    return true;
}

// The beats that may be shown. A chapter whose first beat goes begins with the next that stays.
static bool keep_beats(struct kr_store *store, struct kr_arena *mem, const json_t *beats,
                       const struct kr_view *view, json_t *kept, size_t *left_out,
                       struct kr_err *err)
{
    const char *chapter = "";
    for (size_t i = 0; i < json_array_size(beats); i++) {
        const json_t *beat = json_array_get(beats, i);
        const char *own = kr_json_str(beat, "chapter", "");
        bool may;
        if (!beat_may(store, mem, beat, view, &may, err))
            return false;
        chapter = *own ? own : chapter;
        if (!may) {
            ++*left_out;
            continue;
        }
        json_t *copy = json_deep_copy(beat);
        if (*chapter)
            kr_json_set_str(copy, "chapter", chapter);
        chapter = "";
        kr_json_append_take(kept, copy);
    }
    return true;
}

bool kr_story_without(struct kr_store *store, struct kr_arena *mem, const json_t *story,
                      const struct kr_view *view, json_t **out, size_t *left_out,
                      struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *kept = json_deep_copy(story), *beats = kr_json_new_array();
    const json_t *music = kr_json_get(story, "music");
    bool may = true;
    *left_out = 0;
    if (!keep_beats(store, mem, kr_json_get(story, "beats"), view, beats, left_out, err) ||
        (music && !media_may(store, mem, kr_json_str(music, "media", ""), view, &may, err)))
        return false;
    if (!may) {
        json_object_del(kept, "music");
        ++*left_out;
    }
    kr_json_set_take(kept, "beats", json_incref(beats));
    *out = json_incref(kept);
    return true;
}
