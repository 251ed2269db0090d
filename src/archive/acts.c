// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/acts.h"

#include "archive/edtf.h"
#include "archive/heard.h"
#include "base/clock.h"
#include "store/albums.h"
#include "store/claims.h"
#include "store/persons.h"
#include <stdlib.h>
#include <string.h>

enum { PARTS_MOST = 4, LOOKED_AT_MOST = 100, MINUTE_MS = 60000, HOUR_MS = 3600000 };

struct telling {
    struct kr_store *store;
    struct kr_arena *mem;
    enum kr_lang lang;
};

static const char *number(struct telling *to, int64_t n)
{
    return kr_arena_format(to->mem, "%jd", (intmax_t)n);
}

// "+1 d 8 h": how far the clock was moved.
static const char *shift_words(struct telling *to, int64_t seconds)
{
    KR_AUTO(kr_buf_finish) struct kr_buf text = {0};
    int64_t all = seconds < 0 ? -seconds : seconds;
    const int64_t amounts[] = {all / 86400, all / 3600 % 24, all / 60 % 60};
    static const char *const units[] = {"act.unit.d", "act.unit.h", "act.unit.min"};
    kr_buf_text(&text, seconds < 0 ? "-" : "+");
    for (size_t i = 0; i < KR_COUNT(units); i++)
        if (amounts[i])
            kr_buf_format(&text, "%s%jd %s", text.n > 1 ? " " : "", (intmax_t)amounts[i],
                          kr_word(to->lang, units[i]));
    return kr_arena_copy(to->mem, text.at, text.n);
}

static const char *date_words(struct telling *to, const json_t *value, bool same)
{
    int64_t shift = kr_json_int(value, "shift", 0);
    if (shift)
        return kr_words(to->mem, to->lang, "act.moved", "shift", shift_words(to, shift), NULL);
    return same ? kr_edtf_words(to->mem, to->lang, kr_json_str(value, "edtf", ""))
                : kr_word(to->lang, "act.dates");
}

static const char *person_words(struct telling *to, const char *id)
{
    struct kr_person person;
    return kr_person_get(to->store, to->mem, id, &person, NULL) ? person.shown
                                                                : kr_word(to->lang, "act.somebody");
}

static const char *album_words(struct telling *to, const json_t *value)
{
    struct kr_album album;
    bool there = kr_album_get(to->store, to->mem, kr_json_str(value, "album", ""), &album, NULL);
    return kr_words(to->mem, to->lang, "act.album", "title", there ? album.title : "?", NULL);
}

static const char *state_words(struct telling *to, const struct kr_claim *claim)
{
    return kr_word(to->lang, kr_arena_format(to->mem, "act.%s%s", claim->predicate,
                                             json_is_true(claim->value) ? "" : ".not"));
}

// What one of its claims says; `same`: all of this predicate say the same.
static const char *part_words(struct telling *to, const struct kr_claim *claim, bool same)
{
    const char *is = claim->predicate;
    if (!kr_is_heard(claim))
        return kr_word(to->lang, "act.rests");
    if (strcmp(is, "date") == 0)
        return date_words(to, claim->value, same);
    if (!same)
        return kr_word(to->lang, "act.several");
    if (strcmp(is, "in_picture") == 0)
        return person_words(to, kr_json_str(claim->value, "person", ""));
    if (strcmp(is, "album") == 0)
        return album_words(to, claim->value);
    if (strcmp(is, "album_order") == 0 || strcmp(is, "retract") == 0)
        return kr_word(to->lang, *is == 'a' ? "act.album_order" : "act.retract");
    if (json_is_boolean(claim->value))
        return state_words(to, claim);
    const char *text = json_string_value(claim->value);
    return text ? text : kr_json_text(to->mem, claim->value);
}

static bool all_alike(const struct kr_claim_list *claims, const struct kr_claim *first)
{
    for (size_t i = 0; i < claims->n; i++)
        if (strcmp(claims->at[i].predicate, first->predicate) == 0 &&
            !json_equal(claims->at[i].value, first->value))
            return false;
    return true;
}

static int by_text(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static int64_t count_subjects(struct kr_arena *mem, const struct kr_claim_list *claims)
{
    const char **ids = kr_arena_array(mem, const char *, claims->n + 1);
    int64_t n = 0;
    for (size_t i = 0; i < claims->n; i++)
        ids[i] = claims->at[i].subject;
    qsort(ids, claims->n, sizeof *ids, by_text);
    for (size_t i = 0; i < claims->n; i++)
        n += i == 0 || strcmp(ids[i - 1], ids[i]) != 0;
    return n;
}

// The first claim of each predicate, in words: "the 1980s, Beijing".
static const char *parts_words(struct telling *to, const struct kr_claim_list *claims)
{
    KR_AUTO(kr_buf_finish) struct kr_buf text = {0};
    const char *told[PARTS_MOST];
    size_t n = 0;
    for (size_t i = 0; i < claims->n && n < PARTS_MOST; i++) {
        const struct kr_claim *claim = &claims->at[i];
        bool known = false;
        for (size_t k = 0; k < n; k++)
            known = known || strcmp(told[k], claim->predicate) == 0;
        if (known)
            continue;
        told[n++] = claim->predicate;
        kr_buf_format(&text, "%s%s", n > 1 ? kr_word(to->lang, "act.comma") : "",
                      part_words(to, claim, all_alike(claims, claim)));
    }
    return kr_arena_copy(to->mem, text.at, text.n);
}

// An album that was taken away: what takes back its title.
static const char *ended_words(struct telling *to, const struct kr_claim *back)
{
    struct kr_claim title;
    if (strcmp(back->predicate, "retract") != 0 ||
        !kr_claim_get(to->store, to->mem, back->retracts, &title, NULL) ||
        strcmp(title.predicate, "album_title") != 0)
        return NULL;
    return kr_words(to->mem, to->lang, "act.album.ended", "title", json_string_value(title.value),
                    NULL);
}

static const char *what_of(struct telling *to, const struct kr_claim_list *claims, int64_t count)
{
    const char *ended = ended_words(to, &claims->at[0]);
    if (ended)
        return ended;
    const char *parts = parts_words(to, claims);
    if (kr_starts_with(claims->at[0].predicate, "album_"))
        return kr_words(to->mem, to->lang, "act.of_album", "what", parts, NULL);
    return kr_words(to->mem, to->lang, count == 1 ? "act.what.one" : "act.what", "n",
                    number(to, count), "what", parts, NULL);
}

// "just now", "5 minutes ago".
static const char *ago(struct telling *to, int64_t at_ms)
{
    int64_t age = kr_now_ms() - at_ms;
    bool days = age >= 48 * (int64_t)HOUR_MS, hours = age >= HOUR_MS;
    if (age < MINUTE_MS) // a clock set back is no time at all
        return kr_word(to->lang, "act.ago.now");
    const char *key = days ? "act.ago.days" : hours ? "act.ago.hours" : "act.ago.minutes";
    int64_t n = age / (days ? 24 * (int64_t)HOUR_MS : hours ? HOUR_MS : MINUTE_MS);
    return kr_words(to->mem, to->lang, key, "n", number(to, n), NULL);
}

static const char *who_words(struct telling *to, const char *who)
{
    struct kr_person person;
    if (!*who || strcmp(who, "owner") == 0)
        return kr_word(to->lang, *who ? "act.owner" : "act.somebody");
    return kr_person_get(to->store, to->mem, who, &person, NULL) ? person.shown : who;
}

static const char *undoes(const struct kr_claim_list *claims)
{
    bool back = strcmp(claims->at[0].predicate, "retract") == 0;
    return back ? kr_json_str(claims->at[0].value, "act", "") : "";
}

static void tell_line(struct telling *to, struct kr_act *act)
{
    act->text = kr_words(to->mem, to->lang, "act.line", "what", act->what, "who",
                         who_words(to, act->who), "ago", ago(to, act->at_ms), NULL);
}

static bool tell(struct telling *to, const char *id, struct kr_act *out, struct kr_err *err);

// What was undone, or (undone twice) done again after all.
static bool tell_undo(struct telling *to, struct kr_act *act, struct kr_err *err)
{
    struct kr_act other;
    struct kr_err none = {0};
    if (!tell(to, act->undoes, &other, &none)) // forgotten since
        return none.code == KR_E_NOT_FOUND || kr_fail(err, none.code, "%s", none.text);
    act->what = kr_words(to->mem, to->lang, "act.undo", "what", other.what, NULL);
    return true;
}

static bool tell(struct telling *to, const char *id, struct kr_act *out, struct kr_err *err)
{
    struct kr_claim_list claims;
    if (!kr_claims_of_act(to->store, to->mem, id, &claims, err))
        return false;
    if (!claims.n)
        return kr_fail(err, KR_E_NOT_FOUND, "no act %.36s", id);
    struct kr_act act = {.who = kr_heard_who(&claims.at[0]),
                         .at_ms = claims.at[claims.n - 1].at_ms};
    kr_format(act.id, sizeof act.id, "%.36s", claims.at[0].act);
    kr_format(act.undoes, sizeof act.undoes, "%.36s", undoes(&claims));
    act.count = count_subjects(to->mem, &claims);
    for (size_t i = 0; i < claims.n && !act.stands; i++)
        act.stands = !claims.retracted[i];
    act.what = what_of(to, &claims, act.count);
    if (*act.undoes && !tell_undo(to, &act, err))
        return false;
    tell_line(to, &act);
    *out = act;
    return true;
}

// An act of which the home may see nothing now is not told.
static bool tell_if_seen(struct telling *to, const char *id, struct kr_act *out, bool *seen,
                         struct kr_err *err)
{
    struct kr_err why = {0};
    *seen = tell(to, id, out, &why);
    return *seen || why.code == KR_E_NOT_FOUND || kr_fail(err, why.code, "%s", why.text);
}

bool kr_act_get(struct kr_store *store, struct kr_arena *mem, enum kr_lang lang, const char *id,
                struct kr_act *out, struct kr_err *err)
{
    struct telling to = {store, mem, lang};
    return tell(&to, id, out, err);
}

bool kr_acts_last(struct kr_store *store, struct kr_arena *mem, enum kr_lang lang,
                  const char *before, int limit, struct kr_act **out, size_t *n, struct kr_err *err)
{
    struct telling to = {store, mem, lang};
    const char *const *ids;
    size_t most = (size_t)limit, count = most;
    *out = kr_arena_array(mem, struct kr_act, most + 1);
    for (*n = 0; *n < most && count == most;) {
        if (!kr_acts_before(store, mem, before, limit, &ids, &count, err))
            return false;
        for (size_t i = 0; i < count && *n < most; i++) {
            bool seen;
            if (!tell_if_seen(&to, ids[i], &(*out)[*n], &seen, err))
                return false;
            *n += seen;
            before = ids[i];
        }
    }
    return true;
}

bool kr_act_to_undo(struct kr_store *store, struct kr_arena *mem, enum kr_lang lang,
                    struct kr_act *out, struct kr_err *err)
{
    struct telling to = {store, mem, lang};
    const char *const *ids;
    size_t n;
    if (!kr_acts_before(store, mem, NULL, LOOKED_AT_MOST, &ids, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        bool seen;
        if (!tell_if_seen(&to, ids[i], out, &seen, err))
            return false;
        if (seen && out->stands && !*out->undoes)
            return true;
    }
    return kr_fail(err, KR_E_NOT_FOUND, "nothing to undo");
}

json_t *kr_act_new_json(const struct kr_act *act)
{
    char at[KR_TIME_TEXT];
    json_t *out = kr_json_new_object();
    kr_time_text(act->at_ms, at);
    kr_json_set_str(out, "act", act->id);
    kr_json_set_str(out, "what", act->what);
    kr_json_set_str(out, "text", act->text);
    kr_json_set_str(out, "who", act->who);
    kr_json_set_str(out, "at", at);
    kr_json_set_int(out, "count", act->count);
    kr_json_set_bool(out, "stands", act->stands);
    kr_json_set_str(out, "undoes", act->undoes);
    return out;
}
