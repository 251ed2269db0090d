// SPDX-License-Identifier: AGPL-3.0-or-later
#include "care/book.h"

#include "archive/era.h"
#include "archive/persons.h"
#include "base/clock.h"
#include <string.h>

#define DAY_MS (INT64_C(86400) * 1000)

static bool put(struct kr_store *store, const struct kr_sitting *sitting, struct kr_err *err)
{
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    return kr_tx_begin(store->db, &tx, err) && kr_sitting_put(store, sitting, err) &&
           kr_tx_commit(&tx, err);
}

static int64_t new_seed(void)
{
    struct kr_uuid id = kr_uuid_new();
    uint64_t seed = 0;
    for (size_t i = 8; i < 16; i++) // the half of it that is chance
        seed = seed << 8 | id.bytes[i];
    return (int64_t)(seed & INT32_MAX);
}

bool kr_sitting_begin(struct kr_store *store, struct kr_arena *mem,
                      const struct kr_new_sitting *params, struct kr_sitting *out,
                      struct kr_err *err)
{
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    struct kr_person person;
    struct kr_sitting sitting = {.person = params->person,
                                 .company = params->company,
                                 .seed = params->seed ? (int64_t)*params->seed : new_seed(),
                                 .logged = params->logged,
                                 .began_ms = kr_now_ms()};
    if (strlen(params->company) > KR_COMPANY_MOST)
        return kr_fail(err, KR_E_INVALID, "who is with them, in %d bytes", KR_COMPANY_MOST);
    if (*params->person && !kr_person_get(store, mem, params->person, &person, err))
        return false;
    sitting.seen_ms = sitting.began_ms;
    kr_uuid_new_text(sitting.id);
    if (!kr_tx_begin(store->db, &tx, err) || !kr_sitting_add(store, &sitting, err) ||
        !kr_tx_commit(&tx, err))
        return false;
    *out = sitting;
    return true;
}

bool kr_sitting_goes_on(struct kr_store *store, struct kr_sitting *sitting, struct kr_err *err)
{
    sitting->seen_ms = kr_now_ms();
    return put(store, sitting, err);
}

static bool keep_it(struct kr_store *store, const char *person, const char *thing, const char *who,
                    struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *value = json_string(thing);
    return kr_person_say(store, person, "lit_up", value, who, 1, err);
}

static bool leave_it(struct kr_store *store, const char *person, const struct kr_lit *lit, size_t n,
                     const char *thing, const char *who, struct kr_err *err)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(lit[i].thing, thing) == 0) {
            KR_AUTO(kr_json_drop) json_t *claim = json_string(lit[i].claim);
            return kr_person_say(store, person, "retract", claim, who, 1, err);
        }
    return true;
}

static bool is_kept(const struct kr_lit *lit, size_t n, const char *thing)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(lit[i].thing, thing) == 0)
            return true;
    return false;
}

bool kr_sitting_again(struct kr_store *store, struct kr_arena *mem, struct kr_sitting *sitting,
                      const char *thing, bool keep, const char *who, struct kr_err *err)
{
    struct kr_lit *lit;
    size_t n;
    sitting->kept += keep;
    sitting->seen_ms = kr_now_ms();
    if (*sitting->person && !kr_starts_with(thing, "theme:")) {
        if (!kr_lit_up_of(store, mem, sitting->person, &lit, &n, err))
            return false;
        if (keep ? !is_kept(lit, n, thing) && !keep_it(store, sitting->person, thing, who, err)
                 : !leave_it(store, sitting->person, lit, n, thing, who, err))
            return false;
    }
    return put(store, sitting, err);
}

static bool new_avoid(struct kr_store *store, struct kr_arena *mem, enum kr_lang lang,
                      const char *thing, json_t **out, struct kr_err *err)
{
    const struct kr_era_card *card = NULL;
    struct kr_era era;
    bool of_card = kr_starts_with(thing, "card:");
    if (!of_card && !kr_starts_with(thing, "item:") && !kr_starts_with(thing, "film:"))
        return kr_fail(err, KR_E_INVALID, "an item, a film or a card is kept away");
    if (of_card &&
        (!kr_era_open(mem, store, &era, err) || !kr_era_card(&era, thing + 5, &card, err)))
        return false;
    *out = kr_json_new_object();
    kr_json_set_str(*out, "kind", of_card ? "theme" : "item");
    kr_json_set_str(*out, "value", of_card ? card->title[lang] : thing + 5);
    return true;
}

bool kr_sitting_never(struct kr_store *store, struct kr_arena *mem, enum kr_lang lang,
                      const struct kr_sitting *sitting, const char *thing, const char *who,
                      struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *avoid = NULL;
    if (!*sitting->person)
        return kr_fail(err, KR_E_INVALID, "nobody is named in this sitting");
    return new_avoid(store, mem, lang, thing, &avoid, err) &&
           kr_person_say(store, sitting->person, "avoid", avoid, who, 1, err);
}

bool kr_sitting_mood(struct kr_store *store, struct kr_sitting *sitting, const char *mood,
                     struct kr_err *err)
{
    int64_t *face = strcmp(mood, "good") == 0      ? &sitting->good
                    : strcmp(mood, "quiet") == 0   ? &sitting->quiet
                    : strcmp(mood, "unhappy") == 0 ? &sitting->unhappy
                                                   : NULL;
    if (!face)
        return kr_fail(err, KR_E_INVALID, "a mood is good, quiet or unhappy");
    ++*face;
    return put(store, sitting, err);
}

bool kr_sitting_end(struct kr_store *store, struct kr_sitting *sitting, struct kr_err *err)
{
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    if (!sitting->ended_ms)
        sitting->ended_ms = sitting->seen_ms = kr_now_ms();
    return kr_tx_begin(store->db, &tx, err) &&
           (sitting->logged ? kr_sitting_put(store, sitting, err)
                            : kr_sitting_drop(store, sitting->id, err)) &&
           kr_tx_commit(&tx, err);
}

bool kr_book_sweep(struct kr_store *store, struct kr_err *err)
{
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    return kr_tx_begin(store->db, &tx, err) &&
           kr_sittings_sweep(store, kr_now_ms() - DAY_MS, err) && kr_tx_commit(&tx, err);
}

static int64_t minutes_of(const struct kr_sitting *sitting)
{
    int64_t ms = sitting->seen_ms - sitting->began_ms;
    return ms > 0 ? (ms + 30000) / 60000 : 0;
}

json_t *kr_sitting_new_json(const struct kr_sitting *sitting)
{
    char began[KR_TIME_TEXT];
    json_t *out = kr_json_new_object();
    kr_time_text(sitting->began_ms, began);
    kr_json_set_str(out, "id", sitting->id);
    kr_json_set_str(out, "person", sitting->person);
    kr_json_set_str(out, "began", began);
    kr_json_set_int(out, "minutes", minutes_of(sitting));
    kr_json_set_str(out, "company", sitting->company);
    kr_json_set_int(out, "again", sitting->kept);
    kr_json_set_int(out, "good", sitting->good);
    kr_json_set_int(out, "quiet", sitting->quiet);
    kr_json_set_int(out, "unhappy", sitting->unhappy);
    return out;
}

// Quotes doubled; what a spreadsheet would take for a formula gets a quote before it.
static void add_cell(struct kr_buf *out, const char *text)
{
    kr_buf_text(out, *text && strchr("=+-@\t\r", *text) ? "\"'" : "\"");
    for (; *text; text++) {
        if (*text == '"')
            kr_buf_text(out, "\"");
        kr_buf_add(out, text, 1);
    }
    kr_buf_text(out, "\"");
}

const char *kr_book_csv(struct kr_arena *mem, const struct kr_sitting *sittings, size_t n)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    kr_buf_text(&out, "began,person,minutes,company,again,good,quiet,unhappy\r\n");
    for (size_t i = 0; i < n; i++) {
        const struct kr_sitting *one = &sittings[i];
        char began[KR_TIME_TEXT];
        kr_time_text(one->began_ms, began);
        kr_buf_format(&out, "%s,%s,%jd,", began, one->person, (intmax_t)minutes_of(one));
        add_cell(&out, one->company);
        kr_buf_format(&out, ",%jd,%jd,%jd,%jd\r\n", (intmax_t)one->kept, (intmax_t)one->good,
                      (intmax_t)one->quiet, (intmax_t)one->unhappy);
    }
    return kr_arena_copy(mem, out.at, out.n);
}
