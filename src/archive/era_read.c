// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/era_priv.h"

#include "base/file.h"
#include <string.h>

enum {
    NAME_MOST = 40,
    TITLE_MOST = 160,
    TEXT_MOST = 2048,
    WORDS_MOST = 24,
    WORD_MOST = 80,
    SOURCES_MOST = 8,
    SOURCE_MOST = 300,
    LICENCE_MOST = 80,
    SHOWN_MOST = 60, // bytes of a stranger's name in a sentence
};

const char *const kr_era_kinds[] = {"event", "festival", "housing", "price", "school",
                                    "song",  "thing",    "work",    NULL};
static const char *const CARD_NAMES[] = {"care",   "date", "id",    "kind",  "licence", "media",
                                         "region", "text", "title", "words", "sources", NULL};
static const char *const PACK_NAMES[] = {"cards", "title", NULL};
static const char *const LANG_NAMES[KR_LANG_COUNT] = {"zh", "en"};

bool kr_era_is_name(const char *text)
{
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return n > 0 && n <= NAME_MOST && !text[n] && text[0] != '-';
}

static bool is_among(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

static const char *shown(struct kr_arena *mem, const char *name)
{
    size_t n = strlen(name);
    return kr_text_in(mem, (struct kr_str){name, n < SHOWN_MOST ? n : SHOWN_MOST});
}

static bool only_known(struct kr_arena *mem, const json_t *object, const char *const *names,
                       struct kr_err *err)
{
    const char *name;
    json_t *member;
    if (!json_is_object(object))
        return kr_fail(err, KR_E_INVALID, "an object is wanted");
    json_object_foreach((json_t *)object, name, member)
    {
        if (!kr_starts_with(name, "x-") && !is_among(name, names))
            return kr_fail(err, KR_E_INVALID, "nobody knows the member '%s'", shown(mem, name));
    }
    return true;
}

// One line of text that is not blank.
static bool read_text(struct kr_arena *mem, const json_t *value, const char *what, size_t most,
                      const char **out, struct kr_err *err)
{
    if (!json_is_string(value))
        return kr_fail(err, KR_E_INVALID, "no '%s'", what);
    struct kr_str told = {json_string_value(value), json_string_length(value)};
    if (told.n > most)
        return kr_fail(err, KR_E_INVALID, "'%s' has %zu bytes, at most %zu", what, told.n, most);
    const char *text = kr_text_in(mem, told);
    if (!text[strspn(text, " \t\n")] || strchr(text, '\n'))
        return kr_fail(err, KR_E_INVALID, "'%s' must be one line of text", what);
    *out = text;
    return true;
}

static bool read_both(struct kr_arena *mem, const json_t *object, const char *name, size_t most,
                      const char *out[KR_LANG_COUNT], struct kr_err *err)
{
    const json_t *both = kr_json_get(object, name);
    for (int lang = 0; lang < KR_LANG_COUNT; lang++) {
        const char *what = kr_arena_format(mem, "%s.%s", name, LANG_NAMES[lang]);
        if (!read_text(mem, kr_json_get(both, LANG_NAMES[lang]), what, most, &out[lang], err))
            return false;
    }
    return true;
}

static bool read_list(struct kr_arena *mem, const json_t *object, const char *name, size_t count,
                      size_t most, const char ***out, size_t *n, struct kr_err *err)
{
    const json_t *list = kr_json_get(object, name);
    if (!json_is_array(list) || !json_array_size(list))
        return kr_fail(err, KR_E_INVALID, "no '%s'", name);
    if (json_array_size(list) > count)
        return kr_fail(err, KR_E_INVALID, "'%s' has %zu texts, at most %zu", name,
                       json_array_size(list), count);
    *n = json_array_size(list);
    *out = kr_arena_array(mem, const char *, *n);
    for (size_t i = 0; i < *n; i++)
        if (!read_text(mem, json_array_get(list, i), name, most, &(*out)[i], err))
            return false;
    return true;
}

static bool read_date(const json_t *object, struct kr_era_card *card, struct kr_err *err)
{
    const json_t *date = kr_json_get(object, "date");
    if (!json_is_string(date) || !*json_string_value(date))
        return kr_fail(err, KR_E_INVALID, "no 'date'");
    if (!kr_edtf_parse(json_string_value(date), &card->date, err))
        return kr_within(err, "'date'");
    if (card->date.from <= KR_EDTF_FIRST_DAY)
        return kr_fail(err, KR_E_INVALID, "'date' must tell when it began");
    return true;
}

// A country (ISO 3166-1), or a part of one (ISO 3166-2).
static bool is_region(const char *text)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    if (strspn(text, letters) != 2)
        return false;
    if (!text[2])
        return true;
    size_t n = text[2] == '-' ? strspn(text + 3, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") : 0;
    return n >= 1 && n <= 3 && !text[3 + n];
}

static bool read_region(struct kr_arena *mem, const json_t *object, struct kr_era_card *card,
                        struct kr_err *err)
{
    const json_t *region = kr_json_get(object, "region");
    card->region = "";
    if (!region)
        return true;
    return read_text(mem, region, "region", SHOWN_MOST, &card->region, err) &&
           (is_region(card->region) ||
            kr_fail(err, KR_E_INVALID, "'region' must be a country such as CN, or be left out"));
}

const char *kr_era_mime(const char *name)
{
    static const char *const kinds[][2] = {{".jpeg", "image/jpeg"},
                                           {".jpg", "image/jpeg"},
                                           {".png", "image/png"},
                                           {".svg", "image/svg+xml"},
                                           {".webp", "image/webp"}};
    for (size_t i = 0; i < KR_COUNT(kinds); i++)
        if (kr_ends_with(name, kinds[i][0]))
            return kinds[i][1];
    return NULL;
}

// A plain name in the pack's own folder: no way leads out of it.
static bool read_media(struct kr_arena *mem, const json_t *object, int dir,
                       struct kr_era_card *card, struct kr_err *err)
{
    const json_t *media = kr_json_get(object, "media");
    KR_AUTO(kr_fd_close) int fd = -1;
    card->media = "";
    if (!media)
        return true;
    if (!read_text(mem, media, "media", SHOWN_MOST, &card->media, err))
        return false;
    if (strchr(card->media, '/') || card->media[0] == '.' || !kr_era_mime(card->media))
        return kr_fail(err, KR_E_INVALID,
                       "'media' must be a .jpg, .png, .svg or .webp beside cards.json");
    return dir < 0 || kr_era_open_file(dir, card->media, KR_ERA_MEDIA_MOST, &fd, err) ||
           kr_within(err, "'media'");
}

static bool read_name(struct kr_arena *mem, const char *pack, const json_t *object,
                      struct kr_era_card *card, struct kr_err *err)
{
    const char *id = kr_json_str(object, "id", "");
    if (!kr_era_is_name(id))
        return kr_fail(err, KR_E_INVALID, "'id' must be of a-z, 0-9 and '-', at most %d",
                       NAME_MOST);
    card->id = kr_arena_format(mem, "%s.%s", pack, id);
    card->kind = kr_arena_strdup(mem, kr_json_str(object, "kind", ""));
    if (!is_among(card->kind, kr_era_kinds))
        return kr_fail(err, KR_E_INVALID, "no kind of card is called '%s'", shown(mem, card->kind));
    const json_t *care = kr_json_get(object, "care");
    card->care = !care || json_is_true(care);
    return !care || json_is_boolean(care) ||
           kr_fail(err, KR_E_INVALID, "'care' must be true or false");
}

static bool read_card(struct kr_arena *mem, const char *pack, int dir, const json_t *object,
                      struct kr_era_card *card, struct kr_err *err)
{
    return only_known(mem, object, CARD_NAMES, err) && read_name(mem, pack, object, card, err) &&
           read_date(object, card, err) &&
           read_both(mem, object, "title", TITLE_MOST, card->title, err) &&
           read_both(mem, object, "text", TEXT_MOST, card->text, err) &&
           read_list(mem, object, "words", WORDS_MOST, WORD_MOST, &card->words, &card->word_count,
                     err) &&
           read_list(mem, object, "sources", SOURCES_MOST, SOURCE_MOST, &card->sources,
                     &card->source_count, err) &&
           read_text(mem, kr_json_get(object, "licence"), "licence", LICENCE_MOST, &card->licence,
                     err) &&
           read_region(mem, object, card, err) && read_media(mem, object, dir, card, err);
}

static bool is_there(const struct kr_era_shelf *shelf, const char *id)
{
    const struct kr_era_card *cards = (const void *)shelf->cards.at;
    for (size_t i = 0; i < shelf->cards.n / sizeof *cards; i++)
        if (strcmp(cards[i].id, id) == 0)
            return true;
    return false;
}

// Cards that cannot be read are told one by one; the others load.
static size_t read_cards(struct kr_era_shelf *shelf, const char *pack, int dir, const json_t *list)
{
    size_t taken = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *object = json_array_get(list, i);
        struct kr_era_card card = {0};
        struct kr_err why = {0};
        const char *id = kr_json_str(object, "id", "");
        const char *called = kr_era_is_name(id) ? kr_arena_strdup(shelf->mem, id)
                                                : kr_arena_format(shelf->mem, "%zu", i + 1);
        if (!read_card(shelf->mem, pack, dir, object, &card, &why)) {
            kr_era_refuse(shelf, pack, called, "%s", why.text);
        } else if (is_there(shelf, card.id)) {
            kr_era_refuse(shelf, pack, called, "'id' stands twice");
        } else {
            kr_buf_add(&shelf->cards, &card, sizeof card);
            taken++;
        }
    }
    return taken;
}

static bool has_pack(const struct kr_era_shelf *shelf, const char *name)
{
    const struct kr_era_pack *packs = (const void *)shelf->packs.at;
    for (size_t i = 0; i < shelf->packs.n / sizeof *packs; i++)
        if (strcmp(packs[i].name, name) == 0)
            return true;
    return false;
}

static bool read_pack(struct kr_era_shelf *shelf, struct kr_era_pack *pack, int dir,
                      const json_t *object, struct kr_err *err)
{
    const json_t *cards = kr_json_get(object, "cards");
    if (has_pack(shelf, pack->name))
        return kr_fail(err, KR_E_EXISTS, "a pack of this name came with the program");
    if (!only_known(shelf->mem, object, PACK_NAMES, err) ||
        !read_both(shelf->mem, object, "title", TITLE_MOST, pack->title, err))
        return false;
    if (!json_is_array(cards) || json_array_size(cards) > KR_ERA_CARDS_MOST)
        return kr_fail(err, KR_E_INVALID, "'cards' must be a list of at most %d",
                       KR_ERA_CARDS_MOST);
    pack->count = read_cards(shelf, pack->name, dir, cards);
    return true;
}

void kr_era_read(struct kr_era_shelf *shelf, const char *name, bool own, int dir,
                 struct kr_str text)
{
    struct kr_era_pack pack = {.name = kr_arena_strdup(shelf->mem, name), .own = own};
    KR_AUTO(kr_json_drop) json_t *object = NULL;
    struct kr_err why = {0};
    if (!kr_json_parse(text, KR_ERA_PACK_MOST, &object, &why) ||
        !read_pack(shelf, &pack, dir, object, &why)) {
        kr_era_refuse(shelf, pack.name, "", "%s", why.text);
        return;
    }
    kr_buf_add(&shelf->packs, &pack, sizeof pack);
}
