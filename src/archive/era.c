// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/era_priv.h"

#include "archive/searchtext.h"
#include "base/clock.h"
#include <stdlib.h>
#include <string.h>

void kr_era_shelf_finish(struct kr_era_shelf *shelf)
{
    kr_buf_finish(&shelf->cards);
    kr_buf_finish(&shelf->packs);
    kr_buf_finish(&shelf->refusals);
}

void kr_era_refuse(struct kr_era_shelf *shelf, const char *pack, const char *card,
                   const char *format, ...)
{
    char why[480];
    va_list args;
    va_start(args, format);
    vsnprintf(why, sizeof why, format, args);
    va_end(args);
    struct kr_era_refusal refusal = {.pack = kr_arena_strdup(shelf->mem, pack),
                                     .card = card,
                                     .why = kr_text_in(shelf->mem, kr_str_of(why))};
    kr_buf_add(&shelf->refusals, &refusal, sizeof refusal);
}

static int by_date(const void *left, const void *right)
{
    const struct kr_era_card *a = left, *b = right;
    int order = kr_edtf_compare(&a->date, &b->date);
    return order ? order : strcmp(a->id, b->id);
}

static void *lasting(struct kr_arena *mem, const struct kr_buf *list)
{
    return kr_arena_copy(mem, list->at, list->n);
}

void kr_era_shelf_end(struct kr_era_shelf *shelf, struct kr_era *out)
{
    struct kr_arena *mem = shelf->mem;
    *out = (struct kr_era){.cards = lasting(mem, &shelf->cards),
                           .count = shelf->cards.n / sizeof *out->cards,
                           .packs = lasting(mem, &shelf->packs),
                           .pack_count = shelf->packs.n / sizeof *out->packs,
                           .refusals = lasting(mem, &shelf->refusals),
                           .refusal_count = shelf->refusals.n / sizeof *out->refusals};
    qsort(out->cards, out->count, sizeof *out->cards, by_date);
}

bool kr_era_parse(struct kr_arena *mem, const char *pack, struct kr_str text, struct kr_era *out,
                  struct kr_err *err)
{
    KR_AUTO(kr_era_shelf_finish) struct kr_era_shelf shelf = {.mem = mem};
    if (!kr_era_is_name(pack))
        return kr_fail(err, KR_E_INVALID, "a pack is called by a-z, 0-9 and '-'");
    kr_era_read(&shelf, pack, false, -1, text);
    kr_era_shelf_end(&shelf, out);
    return true;
}

bool kr_era_card(const struct kr_era *era, const char *id, const struct kr_era_card **out,
                 struct kr_err *err)
{
    for (size_t i = 0; i < era->count; i++)
        if (strcmp(era->cards[i].id, id) == 0) {
            *out = &era->cards[i];
            return true;
        }
    return kr_fail(err, KR_E_NOT_FOUND, "no era card is called that");
}

static const char *tokens_of(struct kr_arena *mem, const char *text)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    kr_search_tokens(&out, "", text);
    return kr_arena_copy(mem, out.at, out.n);
}

static bool is_called(struct kr_arena *mem, const struct kr_era_card *card, const char *tokens)
{
    for (int lang = 0; lang < KR_LANG_COUNT; lang++)
        if (strcmp(tokens_of(mem, card->title[lang]), tokens) == 0)
            return true;
    for (size_t i = 0; i < card->word_count; i++)
        if (strcmp(tokens_of(mem, card->words[i]), tokens) == 0)
            return true;
    return false;
}

const struct kr_era_card *kr_era_called(struct kr_arena *mem, const struct kr_era *era,
                                        const char *word)
{
    const char *tokens = tokens_of(mem, word);
    for (size_t i = 0; *tokens && i < era->count; i++)
        if (is_called(mem, &era->cards[i], tokens))
            return &era->cards[i];
    return NULL;
}

// Everything by which a card is found, as it is written and as it sounds.
static const char *body_of(struct kr_arena *mem, const struct kr_era_card *card)
{
    KR_AUTO(kr_buf_finish) struct kr_buf text = {0};
    for (int lang = 0; lang < KR_LANG_COUNT; lang++)
        kr_buf_format(&text, "%s\n", card->title[lang]);
    for (size_t i = 0; i < card->word_count; i++)
        kr_buf_format(&text, "%s\n", card->words[i]);
    return kr_search_body(mem, text.at);
}

static bool is_of_pack(const struct kr_era_card *card, const char *pack)
{
    size_t n = strlen(pack);
    return !n || (strncmp(card->id, pack, n) == 0 && card->id[n] == '.');
}

static bool touches(const struct kr_era_card *card, int from, int to)
{
    return from > to ||
           (card->date.from < kr_days_of(to + 1, 1, 1) && card->date.to >= kr_days_of(from, 1, 1));
}

static bool is_moment(const struct kr_edtf *date)
{
    return date->form == KR_EDTF_DATE && date->precision >= KR_EDTF_YEAR;
}

size_t kr_era_find(struct kr_arena *mem, const struct kr_era *era, const struct kr_era_query *query,
                   const struct kr_era_card ***out)
{
    KR_AUTO(kr_buf_finish) struct kr_buf phrase = {0};
    bool open_end = false;
    size_t n = 0;
    bool asked = *query->q && kr_search_phrase(&phrase, "", query->q, &open_end);
    *out = kr_arena_array(mem, const struct kr_era_card *, era->count + 1);
    if (*query->q && !asked)
        return 0;
    for (size_t i = 0; i < era->count; i++) {
        const struct kr_era_card *card = &era->cards[i];
        bool fits = is_of_pack(card, query->pack) && touches(card, query->from, query->to) &&
                    (card->care || !query->calm) && (!query->line || is_moment(&card->date));
        // While somebody still types, the last word is only begun.
        if (fits && (!asked || kr_search_fits(mem, body_of(mem, card), phrase.at, true)))
            (*out)[n++] = card;
    }
    return n;
}

int kr_era_year(const struct kr_era_card *card)
{
    int year, month, day;
    kr_day_of(card->date.from, &year, &month, &day);
    return year;
}

static json_t *new_list(const char *const *texts, size_t n)
{
    json_t *list = kr_json_new_array();
    for (size_t i = 0; i < n; i++)
        kr_json_append_take(list, json_string(texts[i]));
    return list;
}

static void set_day(json_t *object, const char *name, int64_t days)
{
    char text[24];
    int year, month, day;
    kr_day_of(days, &year, &month, &day);
    kr_format(text, sizeof text, "%04d-%02d-%02d", year, month, day);
    kr_json_set_str(object, name, text);
}

static json_t *new_date(struct kr_arena *mem, enum kr_lang lang, const struct kr_edtf *date)
{
    json_t *out = kr_json_new_object();
    kr_json_set_str(out, "edtf", date->text);
    set_day(out, "from", date->from);
    set_day(out, "to", date->to);
    kr_json_set_str(out, "text", kr_edtf_words(mem, lang, date->text));
    return out;
}

json_t *kr_era_new_json(struct kr_arena *mem, enum kr_lang lang, const struct kr_era_card *card)
{
    json_t *out = kr_json_new_object();
    kr_json_set_str(out, "id", card->id);
    kr_json_set_take(out, "pack", json_stringn(card->id, strcspn(card->id, ".")));
    kr_json_set_str(out, "kind", card->kind);
    kr_json_set_int(out, "year", kr_era_year(card));
    kr_json_set_take(out, "date", new_date(mem, lang, &card->date));
    kr_json_set_str(out, "region", card->region);
    kr_json_set_str(out, "title", card->title[lang]);
    kr_json_set_str(out, "text", card->text[lang]);
    kr_json_set_take(out, "words", new_list(card->words, card->word_count));
    kr_json_set_take(out, "sources", new_list(card->sources, card->source_count));
    kr_json_set_str(out, "licence", card->licence);
    kr_json_set_str(out, "media",
                    *card->media ? kr_arena_format(mem, "/api/v1/era/%s/media", card->id) : "");
    kr_json_set_bool(out, "care", card->care);
    return out;
}
