// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/flags.h"

#include "archive/age.h"
#include "archive/shown.h"
#include <string.h>

enum { PAGE = 500, PICTURES_MOST = 50000, FATHER_AFTER_DAYS = 300 };

// A day as wide as it may be; not known where nobody said.
struct span {
    bool known;
    int64_t from, to;
};

struct search {
    struct kr_store *store;
    struct kr_arena *mem;
    struct kr_person *persons;
    struct kr_relation *relations;
    size_t person_count, relation_count;
    struct kr_buf found; // of struct kr_finding
};

static void finish(struct search *search)
{
    kr_buf_finish(&search->found);
}

static bool begin(struct search *search, struct kr_err *err)
{
    return kr_persons_all(search->store, search->mem, &search->persons, &search->person_count,
                          err) &&
           kr_relations_all(search->store, search->mem, &search->relations, &search->relation_count,
                            err);
}

static void end(struct search *search, struct kr_finding **out, size_t *n)
{
    *n = search->found.n / sizeof **out;
    *out =
        (struct kr_finding *)(void *)kr_arena_copy(search->mem, search->found.at, search->found.n);
}

static const struct kr_person *person_of(const struct search *search, const char *id)
{
    for (size_t i = 0; i < search->person_count; i++)
        if (strcmp(search->persons[i].id, id) == 0)
            return &search->persons[i];
    return NULL;
}

static struct span span_of(const char *edtf)
{
    struct kr_edtf date;
    struct span span = {0};
    if (!*edtf || !kr_edtf_parse(edtf, &date, NULL))
        return span;
    span.known = true;
    kr_edtf_band(&date, &span.from, &span.to);
    return span;
}

static struct kr_finding *add(struct search *search, const char *what, const struct kr_person *whom,
                              const struct kr_person *other)
{
    struct kr_finding finding = {
        .what = what, .whom_name = whom->shown, .other_name = other ? other->shown : ""};
    kr_format(finding.whom, sizeof finding.whom, "%s", whom->id);
    kr_format(finding.other, sizeof finding.other, "%s", other ? other->id : "");
    kr_buf_add(&search->found, &finding, sizeof finding);
    return (struct kr_finding *)(void *)(search->found.at + search->found.n - sizeof finding);
}

static void set_claims(struct kr_finding *finding, const char *a, const char *b, const char *c)
{
    finding->claims[0] = a;
    finding->claims[1] = b;
    finding->claims[2] = c;
}

static void check_life(struct search *search, const struct kr_person *person)
{
    struct span born = span_of(person->born.edtf), died = span_of(person->died.edtf);
    if (!born.known || !died.known)
        return;
    const char *what = died.to < born.from                                  ? "died_before_born"
                       : kr_years_between(born.to, died.from) > KR_AGE_MOST ? "too_old"
                                                                            : NULL;
    if (what)
        set_claims(add(search, what, person, NULL), person->born.claim, person->died.claim, NULL);
}

// Whether a child can have been born to this parent then.
static void check_birth(struct search *search, const struct kr_person *child,
                        const struct kr_person *parent, const char *claim)
{
    struct span born = span_of(child->born.edtf), before = span_of(parent->born.edtf);
    struct span died = span_of(parent->died.edtf);
    bool mother = strcmp(parent->sex, "f") == 0;
    if (!born.known)
        return;
    if (before.known && kr_years_between(before.from, born.to) < KR_PARENT_LEAST)
        set_claims(add(search, "parent_too_young", child, parent), child->born.claim,
                   parent->born.claim, claim);
    if (before.known && mother && kr_years_between(before.to, born.from) > KR_MOTHER_MOST)
        set_claims(add(search, "mother_too_old", child, parent), child->born.claim,
                   parent->born.claim, claim);
    if (died.known && died.to + (mother ? 0 : FATHER_AFTER_DAYS) < born.from)
        set_claims(add(search, "parent_dead", child, parent), child->born.claim, parent->died.claim,
                   claim);
}

// As a child, and unless everybody is gone through, as a parent.
static void check_parents(struct search *search, const struct kr_person *person, bool as_parent)
{
    size_t parents = 0;
    const char *claims[KR_FINDING_CLAIMS] = {NULL};
    for (size_t i = 0; i < search->relation_count; i++) {
        const struct kr_relation *relation = &search->relations[i];
        if (strcmp(relation->kind, "parent") != 0)
            continue;
        bool is_child = strcmp(relation->person, person->id) == 0;
        bool is_parent = as_parent && strcmp(relation->other, person->id) == 0;
        const struct kr_person *other =
            is_child || is_parent ? person_of(search, is_child ? relation->other : relation->person)
                                  : NULL;
        if (!other)
            continue;
        check_birth(search, is_child ? person : other, is_child ? other : person, relation->claim);
        if (is_child && parents < KR_FINDING_CLAIMS)
            claims[parents++] = relation->claim;
    }
    if (parents > 2)
        set_claims(add(search, "too_many_parents", person, NULL), claims[0], claims[1], claims[2]);
}

static bool date_claim(struct search *search, const char *item, const char **out,
                       struct kr_err *err)
{
    struct kr_claim_list claims;
    if (!kr_claims_of(search->store, search->mem, item, &claims, err))
        return false;
    const struct kr_claim *claim = kr_shown_claim(&claims, "date");
    *out = claim ? claim->id : NULL;
    return true;
}

static bool check_picture(struct search *search, const struct kr_person *person,
                          const struct kr_item *item, struct kr_err *err)
{
    struct span taken = span_of(item->date_edtf), born = span_of(person->born.edtf);
    struct span died = span_of(person->died.edtf);
    if (!taken.known)
        return true;
    const char *what = born.known && taken.to < born.from   ? "born_after_picture"
                       : died.known && died.to < taken.from ? "died_before_picture"
                       : born.known && kr_years_between(born.to, taken.from) > KR_AGE_MOST
                           ? "too_old_in_picture"
                           : NULL;
    const char *dated;
    if (!what)
        return true;
    if (!date_claim(search, item->id, &dated, err))
        return false;
    struct kr_finding *finding = add(search, what, person, NULL);
    kr_format(finding->item, sizeof finding->item, "%s", item->id);
    bool by_death = strcmp(what, "died_before_picture") == 0;
    set_claims(finding, by_death ? person->died.claim : person->born.claim, dated, NULL);
    return true;
}

static bool check_pictures(struct search *search, const struct kr_person *person,
                           struct kr_err *err)
{
    char cursor[64] = "";
    if (!*person->born.edtf && !*person->died.edtf)
        return true;
    for (size_t seen = 0; seen < PICTURES_MOST;) {
        KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
        struct kr_item_list page;
        if (!kr_items_of_person(search->store, mem, person->id, cursor, PAGE, &page, err))
            return false;
        for (size_t i = 0; i < page.n; i++, seen++)
            if (!check_picture(search, person, &page.at[i], err))
                return false;
        if (!page.next[0])
            break;
        kr_format(cursor, sizeof cursor, "%s", page.next);
    }
    return true;
}

bool kr_person_findings(struct kr_store *store, struct kr_arena *mem, const char *person,
                        struct kr_finding **out, size_t *n, struct kr_err *err)
{
    KR_AUTO(finish) struct search search = {.store = store, .mem = mem};
    if (!begin(&search, err))
        return false;
    if (person && !person_of(&search, person))
        return kr_fail(err, KR_E_NOT_FOUND, "no person %.36s", person);
    for (size_t i = 0; i < search.person_count; i++) {
        const struct kr_person *one = &search.persons[i];
        if (person && strcmp(one->id, person) != 0)
            continue;
        check_life(&search, one);
        check_parents(&search, one, person != NULL);
        if (!check_pictures(&search, one, err))
            return false;
    }
    end(&search, out, n);
    return true;
}

bool kr_item_findings(struct kr_store *store, struct kr_arena *mem, const char *item,
                      struct kr_finding **out, size_t *n, struct kr_err *err)
{
    KR_AUTO(finish) struct search search = {.store = store, .mem = mem};
    const char *const *ids;
    struct kr_item shown;
    size_t count;
    if (!begin(&search, err) || !kr_item_get(store, mem, item, &shown, err) ||
        !kr_pictured_of(store, mem, item, &ids, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct kr_person *person = person_of(&search, ids[i]);
        if (person && !check_picture(&search, person, &shown, err))
            return false;
    }
    end(&search, out, n);
    return true;
}

json_t *kr_finding_new_json(struct kr_arena *mem, enum kr_lang lang,
                            const struct kr_finding *finding)
{
    json_t *line = kr_json_new_object(), *claims = kr_json_new_array();
    for (size_t i = 0; i < KR_FINDING_CLAIMS && finding->claims[i]; i++)
        kr_json_append_take(claims, json_string(finding->claims[i]));
    kr_json_set_str(line, "what", finding->what);
    kr_json_set_str(line, "whom", finding->whom);
    kr_json_set_str(line, "name", finding->whom_name);
    kr_json_set_str(line, "other", finding->other);
    kr_json_set_str(line, "other_name", finding->other_name);
    kr_json_set_str(line, "item", finding->item);
    kr_json_set_take(line, "claims", claims);
    kr_json_set_str(line, "text",
                    kr_words(mem, lang, kr_arena_format(mem, "flag.%s", finding->what), "name",
                             finding->whom_name, "other", finding->other_name, NULL));
    return line;
}
