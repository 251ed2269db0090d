// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/marks.h"

#include "archive/heard.h"
#include "archive/marks_priv.h"
#include "archive/may.h"
#include "archive/regions.h"
#include "archive/searchtext.h"
#include "archive/shown.h"
#include "base/clock.h"
#include <string.h>

enum { THING_MOST = 200, SENTENCE_MOST = 1000, DATE_MOST = 200 };

// One line without blanks at its ends; "" where the member is missing, NULL for no such text.
static const char *line_of(struct kr_arena *mem, const json_t *value, const char *name, size_t most)
{
    const json_t *member = kr_json_get(value, name);
    if (!member || json_is_null(member))
        return "";
    if (!json_is_string(member))
        return NULL;
    const char *text = kr_text_trimmed(mem, json_string_value(member));
    return strlen(text) <= most && !strchr(text, '\n') ? text : NULL;
}

static bool read_thing(struct kr_arena *mem, const json_t *value, json_t *out, struct kr_err *err)
{
    const char *thing = line_of(mem, value, "thing", THING_MOST);
    if (!thing || !*thing)
        return kr_fail(err, KR_E_INVALID, "a thing of one line and at most %d bytes is wanted",
                       THING_MOST);
    kr_json_set_str(out, "thing", thing);
    return true;
}

static void add_name(json_t *names, const char *name)
{
    kr_json_append_take(names, json_string(name));
}

// What the card calls it is copied: whoever has the claim alone still finds it.
static bool read_card(struct kr_arena *mem, const struct kr_era *era, const json_t *value,
                      json_t *out, struct kr_err *err)
{
    const char *id = line_of(mem, value, "card", KR_ERA_ID);
    const struct kr_era_card *card = NULL;
    if (!id)
        return kr_fail(err, KR_E_INVALID, "the id of an era card is wanted");
    if (!kr_json_get(value, "card"))
        card = kr_era_called(mem, era, kr_json_str(out, "thing", ""));
    else if (*id && !kr_era_card(era, id, &card, NULL))
        return kr_fail(err, KR_E_INVALID, "no era card is called that");
    if (!card)
        return true;
    json_t *names = kr_json_new_array();
    for (int lang = 0; lang < KR_LANG_COUNT; lang++)
        add_name(names, card->title[lang]);
    for (size_t i = 0; i < card->word_count; i++)
        add_name(names, card->words[i]);
    kr_json_set_str(out, "card", card->id);
    kr_json_set_take(out, "names", names);
    return true;
}

static bool read_date(struct kr_arena *mem, const json_t *value, json_t *out, struct kr_err *err)
{
    const char *date = line_of(mem, value, "date", DATE_MOST);
    struct kr_edtf edtf;
    if (!date)
        return kr_fail(err, KR_E_INVALID, "a date of one line is wanted");
    if (!*date)
        return true;
    if (!kr_edtf_from_phrase(date, &edtf, err))
        return false;
    kr_json_set_str(out, "edtf", edtf.text);
    if (strcmp(date, edtf.text) != 0)
        kr_json_set_str(out, "phrase", date);
    return true;
}

static bool read_sentence(struct kr_arena *mem, const json_t *value, json_t *out,
                          struct kr_err *err)
{
    const char *sentence = line_of(mem, value, "sentence", SENTENCE_MOST);
    if (!sentence)
        return kr_fail(err, KR_E_INVALID, "a sentence of one line and at most %d bytes is wanted",
                       SENTENCE_MOST);
    if (*sentence)
        kr_json_set_str(out, "sentence", sentence);
    return true;
}

static bool read_voice(struct kr_store *store, struct kr_arena *mem, const json_t *value,
                       json_t *out, struct kr_err *err)
{
    const char *id = line_of(mem, value, "voice", KR_UUID_TEXT);
    struct kr_item voice;
    struct kr_uuid uuid;
    if (id && !*id)
        return true;
    if (!id || !kr_uuid_parse(id, &uuid) || !kr_item_get(store, mem, id, &voice, NULL) ||
        strcmp(voice.kind, "photo") == 0)
        return kr_fail(err, KR_E_INVALID, "the voice must be a recording in the archive");
    kr_json_set_str(out, "voice", voice.id);
    return true;
}

bool kr_mark_read(struct kr_store *store, struct kr_arena *mem, const struct kr_era *era,
                  const json_t *from, json_t *out, struct kr_err *err)
{
    return read_thing(mem, from, out, err) && read_card(mem, era, from, out, err) &&
           kr_region_read(from, out, err) && read_date(mem, from, out, err) &&
           read_sentence(mem, from, out, err) && read_voice(store, mem, from, out, err);
}

static bool is_mark(const struct kr_claim_list *claims, size_t i)
{
    return !claims->retracted[i] && strcmp(claims->at[i].predicate, "mark") == 0;
}

// Adds a claim of an item and shows it, in the caller's transaction, which it ends.
static bool say_and_show(struct kr_store *store, struct kr_tx *tx, const char *item,
                         struct kr_claim *claim, struct kr_err *err)
{
    kr_format(claim->subject, sizeof claim->subject, "%.36s", item);
    return kr_claim_add(store, claim, err) && kr_shown_refresh(store, item, err) &&
           kr_tx_commit(tx, err) && kr_claims_mirror(store, err);
}

bool kr_mark_say(struct kr_store *store, const struct kr_era *era, const char *item,
                 const json_t *value, const char *who, double certain, char id[static KR_UUID_TEXT],
                 struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_json_drop) json_t *mark = kr_json_new_object();
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    struct kr_claim_list claims;
    struct kr_item there;
    size_t n = 0;
    if (!(certain >= 0 && certain <= 1))
        return kr_fail(err, KR_E_INVALID, "a certainty from 0 to 1 is wanted");
    if (!kr_mark_read(store, mem, era, value, mark, err) || !kr_tx_begin(store->db, &tx, err) ||
        !kr_item_may_get(store, mem, item, &KR_VIEW_HOME, &there, err) ||
        !kr_claims_of(store, mem, item, &claims, err))
        return false;
    for (size_t i = 0; i < claims.n; i++)
        n += is_mark(&claims, i);
    if (n >= KR_MARKS_OF_ITEM)
        return kr_fail(err, KR_E_TOO_BIG, "at most %d marks in a picture", KR_MARKS_OF_ITEM);
    struct kr_claim claim = {
        .predicate = "mark", .value = mark, .who = who, .certain = certain, .retracts = ""};
    if (!say_and_show(store, &tx, item, &claim, err))
        return false;
    kr_format(id, KR_UUID_TEXT, "%.36s", claim.id);
    return true;
}

bool kr_mark_take_back(struct kr_store *store, const char *item, const char *mark, const char *who,
                       struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_json_drop) json_t *nothing = json_null();
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    struct kr_claim_list claims;
    struct kr_item there;
    if (!kr_tx_begin(store->db, &tx, err) ||
        !kr_item_may_get(store, mem, item, &KR_VIEW_HOME, &there, err) ||
        !kr_claims_of(store, mem, item, &claims, err))
        return false;
    for (size_t i = 0; i < claims.n; i++) {
        struct kr_claim claim = {
            .predicate = "retract", .value = nothing, .who = who, .certain = 1, .retracts = mark};
        if (is_mark(&claims, i) && kr_is_heard(&claims.at[i]) && strcmp(claims.at[i].id, mark) == 0)
            return say_and_show(store, &tx, item, &claim, err);
    }
    return kr_fail(err, KR_E_NOT_FOUND, "no such mark stands in this picture");
}

// What makes two things one: the tokens by which they are searched.
static const char *name_of(struct kr_arena *mem, const char *thing)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    kr_search_tokens(&out, "", thing);
    return out.n ? kr_arena_copy(mem, out.at, out.n) : thing;
}

// Its own years, else those of its picture.
static void date_mark(const json_t *value, const struct kr_item *item, struct kr_mark *mark)
{
    const char *edtf = kr_json_str(value, "edtf", "");
    struct kr_edtf date;
    mark->from = mark->to = KR_MARK_UNDATED;
    if (*edtf && kr_edtf_parse(edtf, &date, NULL)) {
        mark->from = date.from;
        mark->to = date.to;
    } else if (*item->date_edtf) {
        mark->from = item->date_from;
        mark->to = item->date_to;
    }
}

static json_t *new_shown(const struct kr_claim *claim)
{
    static const char *const members[] = {"thing", "card", "region", "edtf", "sentence", "voice"};
    json_t *out = kr_json_new_object();
    kr_json_set_str(out, "claim", claim->id);
    kr_json_set_str(out, "who", claim->who);
    for (size_t i = 0; i < KR_COUNT(members); i++) {
        const json_t *member = kr_json_get(claim->value, members[i]);
        if (member)
            kr_json_set_take(out, members[i], json_deep_copy(member));
    }
    return out;
}

static void add_words(struct kr_buf *words, const json_t *value)
{
    const json_t *names = kr_json_get(value, "names");
    kr_buf_format(words, "%s\n%s\n", kr_json_str(value, "thing", ""),
                  kr_json_str(value, "sentence", ""));
    for (size_t i = 0; i < json_array_size(names); i++) {
        const char *name = json_string_value(json_array_get(names, i));
        kr_buf_format(words, "%s\n", name ? name : "");
    }
}

bool kr_marks_show(struct kr_store *store, struct kr_arena *mem, const struct kr_item *item,
                   const struct kr_claim_list *claims, json_t *extra, const char **words,
                   struct kr_err *err)
{
    KR_AUTO(kr_buf_finish) struct kr_buf found = {0};
    struct kr_mark *marks = kr_arena_array(mem, struct kr_mark, claims->n + 1);
    size_t n = 0;
    KR_AUTO(kr_json_drop) json_t *list = kr_json_new_array();
    for (size_t i = 0; i < claims->n; i++) {
        const json_t *value = claims->at[i].value;
        const char *thing = kr_json_str(value, "thing", "");
        if (!is_mark(claims, i) || !kr_is_heard(&claims->at[i]) || !*thing || n == KR_MARKS_OF_ITEM)
            continue;
        struct kr_mark *mark = &marks[n++];
        *mark = (struct kr_mark){.name = name_of(mem, thing),
                                 .thing = thing,
                                 .card = kr_json_str(value, "card", ""),
                                 .value = value};
        kr_format(mark->claim, sizeof mark->claim, "%.36s", claims->at[i].id);
        date_mark(value, item, mark);
        kr_json_append_take(list, new_shown(&claims->at[i]));
        add_words(&found, value);
    }
    if (n)
        kr_json_set_take(extra, "marks", json_incref(list));
    *words = kr_arena_copy(mem, found.at, found.n);
    return kr_marks_put(store, item->id, marks, n, err);
}

bool kr_marks_of(struct kr_store *store, struct kr_arena *mem, const struct kr_era *era,
                 const char *thing, const char *card_id, struct kr_mark **out, size_t *n,
                 const struct kr_era_card **card, struct kr_err *err)
{
    *card = NULL;
    if (*card_id) {
        if (!kr_era_card(era, card_id, card, NULL))
            *card = NULL; // its pack is gone; the marks are not
    } else {
        *card = kr_era_called(mem, era, thing);
    }
    return kr_marks_find(store, mem, name_of(mem, thing), *card ? (*card)->id : card_id, out, n,
                         err);
}

static void set_date(struct kr_arena *mem, enum kr_lang lang, json_t *out, const char *edtf)
{
    json_t *date = kr_json_new_object();
    kr_json_set_str(date, "edtf", edtf);
    kr_json_set_str(date, "text", kr_edtf_words(mem, lang, edtf));
    kr_json_set_take(out, "date", date);
}

// The members of a mark as people are told them, from its claim's value or a row's copy.
static json_t *new_told(struct kr_store *store, struct kr_arena *mem, enum kr_lang lang,
                        const char *claim, const json_t *value)
{
    json_t *out = kr_json_new_object();
    const json_t *region = kr_json_get(value, "region");
    kr_json_set_str(out, "claim", claim);
    kr_json_set_str(out, "thing", kr_json_str(value, "thing", ""));
    kr_json_set_str(out, "card", kr_json_str(value, "card", ""));
    kr_json_set_take(out, "region", region ? json_deep_copy(region) : json_null());
    set_date(mem, lang, out, kr_json_str(value, "edtf", ""));
    kr_json_set_str(out, "sentence", kr_json_str(value, "sentence", ""));
    kr_json_set_str(out, "voice", kr_heard_voice(store, value));
    return out;
}

static int64_t year_of(int64_t days)
{
    int year, month, day;
    if (days == KR_MARK_UNDATED)
        return 0;
    kr_day_of(days, &year, &month, &day);
    return year;
}

json_t *kr_mark_new_json(struct kr_store *store, struct kr_arena *mem, enum kr_lang lang,
                         const struct kr_mark *mark)
{
    json_t *out = new_told(store, mem, lang, mark->claim, mark->value);
    kr_json_set_str(out, "item", mark->item);
    kr_json_set_int(out, "from", year_of(mark->from));
    kr_json_set_int(out, "to", year_of(mark->to));
    return out;
}

json_t *kr_marks_new_list(struct kr_store *store, struct kr_arena *mem, enum kr_lang lang,
                          const json_t *extra)
{
    const json_t *marks = kr_json_get(extra, "marks");
    json_t *list = kr_json_new_array();
    for (size_t i = 0; i < json_array_size(marks); i++) {
        const json_t *mark = json_array_get(marks, i);
        json_t *out = new_told(store, mem, lang, kr_json_str(mark, "claim", ""), mark);
        kr_json_set_str(out, "who", kr_json_str(mark, "who", ""));
        kr_json_append_take(list, out);
    }
    return list;
}

json_t *kr_marked_new_json(const struct kr_era *era, enum kr_lang lang,
                           const struct kr_marked_thing *thing)
{
    const struct kr_era_card *card;
    json_t *out = kr_json_new_object();
    bool has_card = *thing->card && kr_era_card(era, thing->card, &card, NULL);
    kr_json_set_str(out, "thing", has_card ? card->title[lang] : thing->thing);
    kr_json_set_str(out, "card", thing->card);
    kr_json_set_int(out, "count", thing->count);
    kr_json_set_int(out, "from", year_of(thing->from));
    kr_json_set_int(out, "to", thing->to == KR_MARK_UNDATED ? 0 : year_of(thing->to));
    return out;
}
