// SPDX-License-Identifier: AGPL-3.0-or-later
#include "story/years.h"

#include "archive/marks.h"

struct looking {
    struct kr_store *store;
    struct kr_arena *mem;
    enum kr_lang lang;
    struct kr_era era;
};

static const char *line_of(struct kr_arena *mem, const char *years, const char *what)
{
    return *years ? kr_arena_format(mem, "%s · %s", years, what) : what;
}

// Its own years as people say them, else the year of its picture.
static bool line_of_mark(const struct looking *looking, const char *claim, const char **out,
                         struct kr_err *err)
{
    struct kr_mark mark;
    if (!kr_mark_get(looking->store, looking->mem, claim, &mark, err))
        return false;
    KR_AUTO(kr_json_drop)
    json_t *told = kr_mark_new_json(looking->store, looking->mem, looking->lang, &mark);
    const char *years = kr_json_str(kr_json_get(told, "date"), "text", "");
    int64_t from = kr_json_int(told, "from", 0);
    if (!*years && from && from == kr_json_int(told, "to", 0))
        years = kr_arena_format(looking->mem, "%jd", (intmax_t)from);
    *out = line_of(looking->mem, kr_arena_strdup(looking->mem, years), mark.thing);
    return true;
}

// A day of public life is told by its year alone.
static bool line_of_card(const struct looking *looking, const char *id, const char **out,
                         struct kr_err *err)
{
    const struct kr_era_card *card;
    if (!kr_era_card(&looking->era, id, &card, err))
        return false;
    const char *years = card->date.form == KR_EDTF_DATE && card->date.precision >= KR_EDTF_YEAR
                            ? kr_arena_format(looking->mem, "%d", kr_era_year(card))
                            : kr_edtf_words(looking->mem, looking->lang, card->date.text);
    *out = line_of(looking->mem, years, card->title[looking->lang]);
    return true;
}

static bool look_up(const struct looking *looking, json_t *json, struct kr_story_era *era,
                    struct kr_err *err)
{
    struct kr_err why = {0};
    if (era->text || (!era->mark && !era->card))
        return true;
    if (era->mark ? !line_of_mark(looking, era->mark, &era->text, &why)
                  : !line_of_card(looking, era->card, &era->text, &why))
        return kr_fail(err, why.code == KR_E_NOT_FOUND ? KR_E_INVALID : why.code, "%s", why.text);
    kr_json_set_str(json, "text", era->text);
    return true;
}

bool kr_story_look_up(struct kr_store *store, struct kr_arena *mem, json_t *json,
                      struct kr_story *story, struct kr_err *err)
{
    struct looking looking = {.store = store, .mem = mem, .lang = kr_lang_of(story->lang)};
    const json_t *beats = kr_json_get(json, "beats");
    if (!kr_era_open(mem, store, &looking.era, err))
        return false;
    for (size_t i = 0; i < story->beat_count; i++) {
        json_t *era = json_object_get(json_array_get(beats, i), "era");
        if (!look_up(&looking, era, &story->beats[i].era, err))
            return kr_within(err, "beat %zu: 'era'", i + 1);
    }
    return true;
}
