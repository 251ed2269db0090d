// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/pictured_priv.h"

#include "store/persons.h"
#include "store/regions.h"
#include <string.h>

enum { PERSONS_MOST = 500 }; // of one item

// Whom an item shows, gathered from its claims.
struct company {
    struct kr_store *store;
    struct kr_arena *mem;
    struct kr_buf names;
    const char *ids[PERSONS_MOST];
    size_t n;
    json_t *persons, *people; // people is borrowed from extra
};

static void drop_company(struct company *company)
{
    kr_buf_finish(&company->names);
    kr_json_drop(&company->persons);
}

const struct kr_claim *kr_region_tie(const struct kr_claim_list *claims, const char *region)
{
    const struct kr_claim *found = NULL;
    for (size_t i = 0; i < claims->n; i++)
        if (!claims->retracted[i] && strcmp(claims->at[i].predicate, "region_person") == 0 &&
            strcmp(kr_json_str(claims->at[i].value, "region", ""), region) == 0)
            found = &claims->at[i];
    return found;
}

static bool add_names(struct company *company, const char *id, struct kr_err *err)
{
    struct kr_person_name *names;
    size_t n;
    if (!kr_person_names(company->store, company->mem, id, &names, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        kr_buf_format(&company->names, "%s\n", names[i].text);
    return true;
}

static void add_text_once(json_t *list, const char *text)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *there = json_string_value(json_array_get(list, i));
        if (there && strcmp(there, text) == 0)
            return;
    }
    kr_json_append_take(list, json_string(text));
}

// The shown name of a person, who then is in the picture; NULL for one nobody knows (any more).
static bool add_person(struct company *company, const char *id, const char **shown,
                       struct kr_err *err)
{
    struct kr_person person;
    struct kr_err why = {0};
    *shown = NULL;
    if (!kr_person_get(company->store, company->mem, id, &person, &why))
        return why.code == KR_E_NOT_FOUND || kr_fail(err, why.code, "%s", why.text);
    *shown = person.shown;
    for (size_t i = 0; i < company->n; i++)
        if (strcmp(company->ids[i], id) == 0)
            return true;
    if (company->n == PERSONS_MOST)
        return true;
    company->ids[company->n++] = kr_arena_strdup(company->mem, id);
    json_t *one = kr_json_new_object();
    kr_json_set_str(one, "id", id);
    kr_json_set_str(one, "name", person.shown);
    kr_json_append_take(company->persons, one);
    add_text_once(company->people, person.shown);
    return add_names(company, id, err);
}

static const struct kr_claim *claim_of_region(const struct kr_claim_list *claims,
                                              const json_t *region)
{
    for (size_t i = 0; i < claims->n; i++)
        if (!claims->retracted[i] && strcmp(claims->at[i].predicate, "region") == 0 &&
            json_equal(claims->at[i].value, region))
            return &claims->at[i];
    return NULL;
}

// What the file called the region stays findable.
static bool name_region(struct company *company, const struct kr_claim_list *claims, json_t *region,
                        struct kr_err *err)
{
    const struct kr_claim *claim = claim_of_region(claims, region);
    if (!claim)
        return true;
    const struct kr_claim *tie = kr_region_tie(claims, claim->id);
    const char *shown = NULL, *id = tie ? kr_json_str(tie->value, "person", "") : "";
    if (*id && !add_person(company, id, &shown, err))
        return false;
    kr_json_set_str(region, "claim", claim->id);
    if (!shown)
        return true;
    kr_buf_format(&company->names, "%s\n", kr_json_str(region, "name", ""));
    kr_json_set_str(region, "name", shown);
    kr_json_set_str(region, "person", id);
    return true;
}

static void drop_text(json_t *list, const char *text)
{
    for (size_t i = json_array_size(list); i-- > 0;) {
        const char *there = json_string_value(json_array_get(list, i));
        if (there && strcmp(there, text) == 0)
            json_array_remove(list, i);
    }
}

static bool add_pictured(struct company *company, const struct kr_claim *claim, struct kr_err *err)
{
    const char *keyword = kr_json_str(claim->value, "keyword", ""), *shown;
    if (!add_person(company, kr_json_str(claim->value, "person", ""), &shown, err))
        return false;
    if (shown && *keyword && strcmp(keyword, shown) != 0) {
        drop_text(company->people, keyword);
        kr_buf_format(&company->names, "%s\n", keyword);
    }
    return true;
}

static bool gather(struct company *company, const struct kr_claim_list *claims, json_t *extra,
                   struct kr_err *err)
{
    json_t *regions = json_object_get(extra, "regions");
    for (size_t i = 0; i < claims->n; i++)
        if (!claims->retracted[i] && strcmp(claims->at[i].predicate, "in_picture") == 0 &&
            !add_pictured(company, &claims->at[i], err))
            return false;
    for (size_t i = 0; i < json_array_size(regions); i++)
        if (!name_region(company, claims, json_array_get(regions, i), err))
            return false;
    return true;
}

// The index of regions, from what `extra` shows by now.
static bool put_regions(struct kr_store *store, struct kr_arena *mem, const struct kr_item *item,
                        const json_t *shown, struct kr_err *err)
{
    size_t n = 0, most = json_array_size(shown);
    struct kr_region *regions = kr_arena_array(mem, struct kr_region, most + 1);
    for (size_t i = 0; i < most; i++) {
        const json_t *one = json_array_get(shown, i);
        const char *claim = kr_json_str(one, "claim", "");
        struct kr_region *r = &regions[n];
        if (!*claim)
            continue;
        *r = (struct kr_region){.kind = kr_json_str(one, "kind", "other"),
                                .name = kr_json_str(one, "name", ""),
                                .x = kr_json_real(one, "x", 0),
                                .y = kr_json_real(one, "y", 0),
                                .w = kr_json_real(one, "w", 0),
                                .h = kr_json_real(one, "h", 0)};
        double pixels = r->w * r->h * item->width * item->height;
        r->pixels = pixels > 0 && pixels < 1e15 ? (int64_t)pixels : 0; // a claim may say anything
        kr_format(r->claim, sizeof r->claim, "%.36s", claim);
        kr_format(r->person, sizeof r->person, "%.36s", kr_json_str(one, "person", ""));
        n++;
    }
    return kr_regions_put(store, item->id, regions, n, err);
}

bool kr_pictured_show(struct kr_store *store, struct kr_arena *mem, const struct kr_item *item,
                      const struct kr_claim_list *claims, json_t *extra, const char **names,
                      struct kr_err *err)
{
    KR_AUTO(drop_company)
    struct company company = {.store = store, .mem = mem, .persons = kr_json_new_array()};
    company.people = json_object_get(extra, "people");
    KR_AUTO(kr_json_drop)
    json_t *people = company.people ? json_incref(company.people) : kr_json_new_array();
    company.people = people;
    if (!gather(&company, claims, extra, err))
        return false;
    if (json_array_size(people))
        kr_json_set_take(extra, "people", json_incref(people));
    if (company.n)
        kr_json_set_take(extra, "persons", json_incref(company.persons));
    *names = kr_arena_copy(mem, company.names.at, company.names.n);
    return kr_pictured_put(store, item->id, company.ids, company.n, err) &&
           put_regions(store, mem, item, kr_json_get(extra, "regions"), err);
}
