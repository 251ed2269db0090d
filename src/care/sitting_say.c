// SPDX-License-Identifier: AGPL-3.0-or-later
// The words beside a picture: first what it is, then a feeling. What families wrote is said
// as they wrote it where the linter passes it; else something plainer takes its place.
#include "care/sitting_priv.h"

#include "archive/personshape.h"
#include "care/prompt.h"
#include "store/cache.h"
#include "story/make.h"
#include <string.h>

enum { FEELINGS = 8, LISTENINGS = 4, WATCHINGS = 4, TITLE_MOST = 60 };

// (2)
static bool is_gentle(struct kr_arena *mem, const char *text)
{
    struct kr_prompt prompt;
    return *text && strlen(text) <= KR_PROMPT_MOST &&
           kr_prompt_lint(mem, kr_str_of(text), &prompt, NULL) &&
           prompt.finding == KR_PROMPT_FINE && !prompt.is_long;
}

static bool ends_a_sentence(const char *text)
{
    static const char *const ends[] = {".", "!", "…", "。", "！", "”", "」", "?", "？"};
    for (size_t i = 0; i < KR_COUNT(ends); i++)
        if (kr_ends_with(text, ends[i]))
            return true;
    return false;
}

static bool is_han(const char *text)
{
    for (; *text; text++)
        if ((uint8_t)*text >= 0xE3 && (uint8_t)*text <= 0xE9)
            return true;
    return false;
}

// Somebody's own line as a sentence, or NULL where it may not be said in a sitting.
static const char *as_sentence(struct kr_arena *mem, const char *text)
{
    if (!*text || strchr(text, '\n'))
        return NULL;
    const char *end = ends_a_sentence(text) ? "" : is_han(text) ? "。" : ".";
    const char *said = kr_arena_format(mem, "%s%s", text, end);
    return is_gentle(mem, said) ? said : NULL;
}

// The first sentence of a longer text that may be said.
static const char *first_sentence(struct kr_arena *mem, const char *text)
{
    const char *han = strstr(text, "。"), *latin = strstr(text, ". ");
    size_t n = han && (!latin || han < latin) ? (size_t)(han - text) + strlen("。")
               : latin                        ? (size_t)(latin - text) + 1
                                              : strlen(text);
    return as_sentence(mem, kr_arena_copy(mem, text, n));
}

// "This is Mary, your sister."
static bool say_person(struct kr_store *store, struct kr_arena *mem,
                       const struct kr_candidate *candidate, const struct kr_sitting_ask *ask,
                       const char **out, const char **name, struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *kin = NULL;
    struct kr_person person;
    const char *whom = NULL;
    for (size_t i = 0; i < candidate->person_count && !whom; i++)
        if (!ask->sitter || strcmp(candidate->persons[i], ask->sitter) != 0)
            whom = candidate->persons[i];
    if (!whom || !kr_person_get(store, mem, whom, &person, NULL))
        return true;
    if (ask->sitter && !kr_persons_kin_json(store, mem, ask->lang, ask->sitter, whom, &kin, err))
        return false;
    const char *word = kr_arena_strdup(mem, kr_json_str(kin, ask->lang == KR_ZH ? "zh" : "en", ""));
    const char *said = kr_words(mem, ask->lang, *word ? "sit.say.kin" : "sit.say.person", "name",
                                person.shown, "kin", word, NULL);
    if (!is_gentle(mem, said))
        return true;
    *out = said;
    *name = person.shown;
    return true;
}

static const char *say_place(struct kr_arena *mem, const struct kr_candidate *candidate,
                             enum kr_lang lang)
{
    if (!*candidate->place)
        return NULL;
    const char *said = kr_words(mem, lang, "sit.say.place", "place", candidate->place, NULL);
    return is_gentle(mem, said) ? said : NULL;
}

static const char *plain_key(const struct kr_candidate *candidate)
{
    const char *medium = candidate->medium;
    return strcmp(medium, "audio") == 0                                  ? "sit.say.audio"
           : strcmp(medium, "photo") == 0                                ? "sit.say.photo"
           : strcmp(medium, "video") == 0 || strcmp(medium, "film") == 0 ? "sit.say.film"
                                                                         : "sit.say.card";
}

// The theme of our own prompts that suits a kind of card.
static const struct kr_starter_theme *theme_of(const struct kr_candidate *candidate)
{
    static const char *const suits[][2] = {{"festival", "festivals"}, {"food", "kitchen"},
                                           {"price", "market"},       {"school", "school"},
                                           {"song", "songs"},         {"transport", "streets"},
                                           {"work", "work"}};
    if (candidate->theme || !candidate->card)
        return candidate->theme;
    for (size_t i = 0; i < KR_COUNT(suits); i++)
        for (size_t k = 0; k < kr_starter_themes_count; k++)
            if (strcmp(suits[i][0], candidate->card->kind) == 0 &&
                strcmp(suits[i][1], kr_starter_themes[k].name) == 0)
                return &kr_starter_themes[k];
    return NULL;
}

static const char *a_feeling(struct kr_arena *mem, const struct kr_candidate *candidate,
                             enum kr_lang lang, uint64_t lot)
{
    const struct kr_starter_theme *theme = theme_of(candidate);
    const char *kind =
        strcmp(candidate->medium, "audio") == 0 ? "listen"
        : strcmp(candidate->medium, "video") == 0 || strcmp(candidate->medium, "film") == 0
            ? "watch"
            : "feel";
    uint64_t count = *kind == 'l' ? LISTENINGS : *kind == 'w' ? WATCHINGS : FEELINGS;
    if (candidate->theme && theme)
        return kr_starter_prompt(lang, theme, (size_t)(lot % (uint64_t)theme->count));
    return kr_word(lang, kr_arena_format(mem, "sit.%s.%d", kind, (int)(lot % count) + 1));
}

static const char *cut_title(struct kr_arena *mem, const char *text)
{
    size_t n = 0;
    while (text[n] && text[n] != '\n')
        n++;
    if (n > TITLE_MOST)
        for (n = TITLE_MOST; n && ((uint8_t)text[n] & 0xC0) == 0x80;)
            n--;
    return kr_arena_format(mem, "%s%s", kr_arena_copy(mem, text, n), text[n] ? "…" : "");
}

// What it is: the family's own line, else who is in it, else where, else the plainest.
static bool say_item(struct kr_store *store, struct kr_arena *mem,
                     const struct kr_candidate *candidate, const struct kr_sitting_ask *ask,
                     struct kr_sitting_choice *choice, struct kr_err *err)
{
    const struct kr_item *item = candidate->item;
    const char *name = NULL, *own = as_sentence(mem, item->caption);
    const char *titled = own ? item->caption : NULL;
    if (!own && (own = as_sentence(mem, item->title)))
        titled = item->title;
    choice->say = NULL;
    if (!say_person(store, mem, candidate, ask, &choice->say, &name, err))
        return false;
    if (own)
        choice->say = own;
    const char *place = say_place(mem, candidate, ask->lang);
    if (!choice->say)
        choice->say = place;
    choice->title = titled ? titled : name ? name : place ? item->place : NULL;
    return true;
}

static void say_common(struct kr_arena *mem, const struct kr_candidate *candidate,
                       enum kr_lang lang, struct kr_sitting_choice *choice)
{
    choice->title = choice->say = NULL;
    if (candidate->card) {
        choice->title = candidate->card->title[lang];
        choice->say = first_sentence(mem, candidate->card->text[lang]);
        if (!choice->say)
            choice->say = as_sentence(mem, choice->title);
    } else if (candidate->film) {
        choice->say = as_sentence(mem, candidate->film_title);
        choice->title = choice->say ? candidate->film_title : NULL;
    } else if (candidate->theme) {
        choice->title = kr_word(lang, candidate->theme->words_key);
        choice->say = "";
    }
    if (choice->title && *choice->title && !as_sentence(mem, choice->title))
        choice->title = NULL;
}

bool kr_candidate_say(struct kr_store *store, struct kr_arena *mem,
                      const struct kr_candidate *candidate, const struct kr_sitting_ask *ask,
                      struct kr_sitting_choice *choice, bool *out, struct kr_err *err)
{
    const struct kr_view view = {
        .audience = KR_TO_HOME, .now_ms = ask->now_ms, .sitter = ask->sitter};
    uint64_t lot = kr_lot(ask->seed, ask->step, candidate->thing);
    if (candidate->item) {
        if (!say_item(store, mem, candidate, ask, choice, err))
            return false;
    } else {
        say_common(mem, candidate, ask->lang, choice);
    }
    if (!choice->say)
        choice->say = kr_word(ask->lang, plain_key(candidate));
    if (!choice->title || !*choice->title)
        choice->title = kr_word(ask->lang, kr_arena_format(mem, "sit.title.%s", candidate->medium));
    choice->title = cut_title(mem, choice->title);
    *out = false;
    for (int i = 0; i < FEELINGS && !*out; i++) { // one of them will be free of what is avoided
        choice->feel = a_feeling(mem, candidate, ask->lang, lot + (uint64_t)i);
        const char *words =
            kr_arena_format(mem, "%s\n%s\n%s\n", choice->title, choice->say, choice->feel);
        if (!kr_may_tell(store, mem, words, 1, 0, &view, out, err))
            return false;
    }
    return true;
}

static const char *words_of_card(struct kr_arena *mem, const struct kr_era_card *card)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    for (int lang = 0; lang < KR_LANG_COUNT; lang++)
        kr_buf_format(&out, "%s\n%s\n", card->title[lang], card->text[lang]);
    for (size_t i = 0; i < card->word_count; i++)
        kr_buf_format(&out, "%s\n", card->words[i]);
    return kr_arena_copy(mem, out.at, out.n);
}

static const char *words_of_theme(struct kr_arena *mem, const struct kr_starter_theme *theme)
{
    return kr_arena_format(mem, "%s\n%s\n%s\n", theme->name, kr_word(KR_ZH, theme->words_key),
                           kr_word(KR_EN, theme->words_key));
}

// A film that is itself on the list, beside what is in it.
static bool film_may(struct kr_store *store, struct kr_arena *mem, const char *film,
                     const struct kr_view *view, bool *out, struct kr_err *err)
{
    struct kr_avoid_row *avoids;
    size_t n = 0;
    if (!kr_film_may(store, mem, film, view, out, err) ||
        (view->sitter && !kr_avoids_of(store, mem, view->sitter, &avoids, &n, err)))
        return false;
    for (size_t i = 0; i < n; i++)
        *out = *out && strcmp(avoids[i].value, film) != 0;
    return true;
}

bool kr_candidate_may(struct kr_store *store, struct kr_arena *mem,
                      const struct kr_candidate *candidate, const struct kr_sitting_ask *ask,
                      bool *out, struct kr_err *err)
{
    const struct kr_view view = {
        .audience = KR_TO_HOME, .now_ms = ask->now_ms, .sitter = ask->sitter};
    if (candidate->item)
        return kr_may(store, mem, candidate->item, &view, out, err);
    if (candidate->film)
        return film_may(store, mem, candidate->film, &view, out, err);
    if (candidate->card)
        return kr_may_tell(store, mem, words_of_card(mem, candidate->card), candidate->from,
                           candidate->to, &view, out, err);
    return kr_may_tell(store, mem, words_of_theme(mem, candidate->theme), 1, 0, &view, out, err);
}
