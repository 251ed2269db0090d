// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/persons.h"

#include "archive/consent.h"
#include "archive/edtf.h"
#include "archive/persons_priv.h"
#include "archive/searchtext.h"
#include "archive/shown.h"
#include "store/door.h"
#include <string.h>

enum { BATCH = 50 };

// Which of several names stands for a person: the first kind of these that there is.
static const char *const shown_kinds[] = {"full", "given",  "married",  "nick",
                                          "milk", "pinyin", "romanised"};

bool kr_is_name_kind(const char *kind)
{
    for (size_t i = 0; i < KR_COUNT(shown_kinds); i++)
        if (strcmp(shown_kinds[i], kind) == 0)
            return true;
    return false;
}

static bool counts(const struct kr_claim_list *claims, size_t i, const char *predicate)
{
    return !claims->retracted[i] && strcmp(claims->at[i].predicate, predicate) == 0;
}

static struct kr_life_day day_of(const struct kr_claim_list *claims, const char *predicate)
{
    const struct kr_claim *claim = kr_shown_claim(claims, predicate);
    struct kr_life_day day = {.edtf = "", .place = "", .claim = ""};
    struct kr_edtf date;
    if (!claim)
        return day;
    day.claim = claim->id;
    day.place = kr_json_str(claim->value, "place", "");
    const char *edtf = kr_json_str(claim->value, "edtf", "");
    if (*edtf && kr_edtf_parse(edtf, &date, NULL)) {
        day.edtf = edtf;
        day.from = date.from;
        day.to = date.to;
    }
    return day;
}

static size_t names_of(const struct kr_claim_list *claims, struct kr_arena *mem,
                       struct kr_person_name *out)
{
    size_t n = 0;
    for (size_t i = 0; i < claims->n; i++) {
        if (!counts(claims, i, "name"))
            continue;
        const json_t *value = claims->at[i].value;
        out[n] = (struct kr_person_name){.claim = claims->at[i].id,
                                         .kind = kr_json_str(value, "kind", "full"),
                                         .lang = kr_json_str(value, "lang", ""),
                                         .text = kr_json_str(value, "text", "")};
        out[n].body = kr_search_body(mem, out[n].text);
        n += *out[n].text != '\0';
    }
    return n;
}

static const struct kr_person_name *shown_of(const struct kr_person_name *names, size_t n)
{
    const struct kr_person_name *found = &names[n - 1];
    for (size_t kind = KR_COUNT(shown_kinds); kind-- > 0;)
        for (size_t i = 0; i < n; i++)
            if (strcmp(names[i].kind, shown_kinds[kind]) == 0)
                found = &names[i]; // of one kind the last word
    return found;
}

static size_t relations_of(const struct kr_claim_list *claims, struct kr_relation *out)
{
    size_t n = 0;
    enum kr_tie tie;
    for (size_t i = 0; i < claims->n; i++) {
        const json_t *value = claims->at[i].value;
        const char *kind = kr_json_str(value, "kind", "");
        if (!counts(claims, i, "relation") || !kr_tie_named(kind, &tie))
            continue;
        out[n] = (struct kr_relation){
            .claim = claims->at[i].id, .kind = kind, .order = kr_json_str(value, "order", "")};
        kr_format(out[n].other, sizeof out[n].other, "%.36s", kr_json_str(value, "to", ""));
        n++;
    }
    return n;
}

bool kr_person_refresh(struct kr_store *store, const char *id, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_claim_list claims;
    if (!kr_claims_of(store, mem, id, &claims, err))
        return false;
    struct kr_person_name *names = kr_arena_array(mem, struct kr_person_name, claims.n + 1);
    struct kr_relation *relations = kr_arena_array(mem, struct kr_relation, claims.n + 1);
    size_t name_count = names_of(&claims, mem, names);
    if (!name_count) {
        const struct kr_claim_list none = {0};
        const struct kr_life_day never = {.edtf = ""};
        return kr_consent_refresh(store, mem, id, &none, &never, err) &&
               kr_person_drop(store, id, err);
    }
    const struct kr_person_name *shown = shown_of(names, name_count);
    const struct kr_claim *sex = kr_shown_claim(&claims, "sex");
    const char *said = sex ? json_string_value(sex->value) : NULL;
    struct kr_person person = {.shown = shown->text,
                               .sort = kr_search_sort(mem, shown->text),
                               .sex = said ? said : "",
                               .born = day_of(&claims, "born"),
                               .died = day_of(&claims, "died")};
    kr_format(person.id, sizeof person.id, "%.36s", id);
    return kr_person_put(store, &person, names, name_count, relations,
                         relations_of(&claims, relations), err) &&
           kr_consent_refresh(store, mem, id, &claims, &person.born, err);
}

// Ids first, rows later: rows may be written while the list goes on.
struct ids {
    struct kr_arena *mem;
    const char *home;   // whose
    struct kr_buf list; // of const char *
};

static bool see_named(void *context, const struct kr_claim *claim, struct kr_err *err)
{
    struct ids *ids = context;
    const char *id = kr_arena_strdup(ids->mem, claim->subject);
    (void)err;
    if (strcmp(claim->home, ids->home) == 0)
        kr_buf_add(&ids->list, &id, sizeof id);
    return true;
}

static void free_ids(struct ids *ids)
{
    kr_buf_finish(&ids->list);
    kr_arena_destroy(&ids->mem);
}

static bool refresh_some(struct kr_store *store, const char *const *ids, size_t n,
                         bool (*refresh)(struct kr_store *store, const char *id,
                                         struct kr_err *err),
                         struct kr_err *err)
{
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    if (!kr_tx_begin(store->db, &tx, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!refresh(store, ids[i], err))
            return false;
    return kr_tx_commit(&tx, err);
}

bool kr_persons_rebuild(struct kr_store *store, struct kr_err *err)
{
    KR_AUTO(free_ids) struct ids ids = {.mem = kr_arena_create(), .home = store->home};
    struct kr_person *rows;
    const char *note;
    char key[KR_NOTE_KEY];
    size_t n;
    if (!kr_store_noted(store, ids.mem, kr_store_own_key(store, "persons", key), &note, err) ||
        !kr_claims_each(store, "name", see_named, &ids, err) ||
        !kr_persons_all(store, ids.mem, &rows, &n, err))
        return kr_within(err, "make the persons again");
    for (size_t i = 0; i < n; i++) { // rows that no claim speaks of go
        const char *id = rows[i].id;
        kr_buf_add(&ids.list, &id, sizeof id);
    }
    const char *const *all = (const char *const *)(const void *)ids.list.at;
    size_t count = ids.list.n / sizeof *all;
    for (size_t i = 0; i < count; i += BATCH)
        if (!refresh_some(store, &all[i], count - i < BATCH ? count - i : BATCH, kr_person_refresh,
                          err))
            return kr_within(err, "make the persons again");
    return kr_store_swap_note(store, key, note, "", err);
}

static bool catch_up_pictures(struct kr_store *store, struct kr_arena *mem, const char *person,
                              struct kr_err *err)
{
    char after[KR_UUID_TEXT] = "";
    for (size_t n = BATCH; n == BATCH;) {
        const char *const *items;
        if (!kr_pictured_after(store, mem, person, after, BATCH, &items, &n, err) ||
            !refresh_some(store, items, n, kr_shown_refresh_if_there, err))
            return false;
        if (n)
            kr_format(after, sizeof after, "%.36s", items[n - 1]);
    }
    return true;
}

static bool catch_up_words(struct kr_store *store, struct kr_arena *mem, const char *person,
                           struct kr_err *err)
{
    const char *const *items;
    size_t n;
    if (!kr_items_said_of(store, mem, person, &items, &n, err))
        return false;
    for (size_t i = 0; i < n; i += BATCH)
        if (!refresh_some(store, &items[i], n - i < BATCH ? n - i : BATCH,
                          kr_shown_refresh_if_there, err))
            return false;
    return true;
}

// A picture is found by the names of whoever is in it, and by what they asked, answered and wrote
// about it. A note tells of whom that is still to be done, a line each ("*": of all who rest), and
// when it was said, so that no later word is taken for done: stopped half way, the next saying ends
// it.
bool kr_persons_catch_up(struct kr_store *store, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    const char *note;
    char key[KR_NOTE_KEY];
    if (!kr_store_noted(store, mem, kr_store_own_key(store, "persons", key), &note, err))
        return false;
    if (!*note)
        return true;
    for (const char *line = note; *line; line += strspn(line, "\n")) {
        const char *person = kr_arena_copy(mem, line, strcspn(line, " \n"));
        if (!catch_up_pictures(store, mem, person, err) || !catch_up_words(store, mem, person, err))
            return kr_within(err, "show what a person said");
        line += strcspn(line, "\n");
    }
    return kr_store_swap_note(store, key, note, "", err);
}

bool kr_persons_note(struct kr_store *store, const char *who, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    const char *note;
    char key[KR_NOTE_KEY], said[KR_UUID_TEXT];
    kr_uuid_new_text(said);
    return kr_store_noted(store, mem, kr_store_own_key(store, "persons", key), &note, err) &&
           kr_store_note(store, key,
                         kr_arena_format(mem, "%s%s%s %s", note, *note ? "\n" : "", who, said),
                         err);
}

static bool tend_home(struct kr_store *store, void *context, struct kr_err *err)
{
    (void)context;
    return kr_persons_catch_up(store, err);
}

bool kr_persons_tend(struct kr_store *store, struct kr_err *err)
{
    return kr_homes_each(store, tend_home, NULL, err);
}

static bool person_fits(struct kr_arena *mem, const struct kr_person *person,
                        const struct kr_person_name *names, size_t n, const char *phrase,
                        bool open_end)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i].person, person->id) == 0 &&
            kr_search_fits(mem, names[i].body, phrase, open_end))
            return true;
    return false;
}

bool kr_persons_find(struct kr_store *store, struct kr_arena *mem, const char *question,
                     struct kr_person **out, size_t *n, struct kr_err *err)
{
    KR_AUTO(kr_buf_finish) struct kr_buf phrase = {0};
    struct kr_person_name *names;
    size_t name_count, all, fit = 0;
    bool open_end = false;
    if (!kr_persons_all(store, mem, out, &all, err) ||
        !kr_person_names(store, mem, NULL, &names, &name_count, err))
        return false;
    if (!kr_search_phrase(&phrase, "", question, &open_end)) {
        *n = *question ? 0 : all;
        return true;
    }
    for (size_t i = 0; i < all; i++)
        if (person_fits(mem, &(*out)[i], names, name_count, phrase.at, open_end))
            (*out)[fit++] = (*out)[i];
    *n = fit;
    return true;
}

// Those with exactly this name, else those found by it.
bool kr_person_named(struct kr_store *store, struct kr_arena *mem, const char *id_or_name,
                     struct kr_person *out, struct kr_err *err)
{
    struct kr_uuid id;
    struct kr_person *found;
    struct kr_person_name *names;
    size_t n, name_count;
    const char *exact = NULL;
    if (kr_uuid_parse(id_or_name, &id))
        return kr_person_get(store, mem, id_or_name, out, err);
    if (!kr_persons_find(store, mem, id_or_name, &found, &n, err) ||
        !kr_person_names(store, mem, NULL, &names, &name_count, err))
        return false;
    if (n == 0 || !*id_or_name)
        return kr_fail(err, KR_E_NOT_FOUND, "nobody is called that");
    for (size_t i = 0; i < name_count; i++) {
        if (strcmp(names[i].text, id_or_name) != 0)
            continue;
        if (exact && strcmp(exact, names[i].person) != 0)
            return kr_fail(err, KR_E_INVALID, "several people are called that: say the id");
        exact = names[i].person;
    }
    if (exact)
        return kr_person_get(store, mem, exact, out, err);
    if (n > 1)
        return kr_fail(err, KR_E_INVALID, "several people are called that: say the id");
    *out = found[0];
    return true;
}

static bool knows_year(const struct kr_life_day *day)
{
    return *day->edtf && day->from > KR_EDTF_FIRST_DAY && day->to < KR_EDTF_LAST_DAY;
}

bool kr_persons_kin(struct kr_store *store, struct kr_arena *mem, struct kr_kin_graph *out,
                    struct kr_err *err)
{
    struct kr_person *all;
    struct kr_relation *relations;
    size_t n, relation_count, ties = 0;
    if (!kr_persons_all(store, mem, &all, &n, err) ||
        !kr_relations_all(store, mem, &relations, &relation_count, err))
        return false;
    struct kr_kin_person *persons = kr_arena_array(mem, struct kr_kin_person, n + 1);
    struct kr_kin_tie *tie = kr_arena_array(mem, struct kr_kin_tie, relation_count + 1);
    for (size_t i = 0; i < n; i++)
        persons[i] = (struct kr_kin_person){.id = all[i].id,
                                            .sex = all[i].sex[0],
                                            .dated = knows_year(&all[i].born),
                                            .born_from = all[i].born.from,
                                            .born_to = all[i].born.to};
    *out = (struct kr_kin_graph){.persons = persons, .n = n, .ties = tie};
    for (size_t i = 0; i < relation_count; i++) {
        const struct kr_relation *relation = &relations[i];
        tie[ties].person = kr_kin_find(out, relation->person);
        tie[ties].other = kr_kin_find(out, relation->other);
        tie[ties].order = strcmp(relation->order, "elder") == 0     ? 1
                          : strcmp(relation->order, "younger") == 0 ? -1
                                                                    : 0;
        ties += kr_tie_named(relation->kind, &tie[ties].kind) && tie[ties].person < n &&
                tie[ties].other < n;
    }
    out->tie_count = ties;
    return true;
}
