// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/personshape.h"

#include "archive/age.h"
#include "archive/cared.h"
#include "archive/flags.h"
#include "archive/heard.h"
#include "archive/portraits.h"
#include "base/clock.h"
#include <string.h>

static json_t *new_day(struct kr_arena *mem, enum kr_lang lang, const struct kr_life_day *day)
{
    json_t *out = kr_json_new_object();
    kr_json_set_str(out, "edtf", day->edtf);
    kr_json_set_str(out, "text", kr_edtf_words(mem, lang, day->edtf));
    kr_json_set_str(out, "place", day->place);
    return out;
}

json_t *kr_person_new_json(struct kr_arena *mem, enum kr_lang lang, const struct kr_person *person)
{
    json_t *out = kr_json_new_object();
    kr_json_set_str(out, "id", person->id);
    kr_json_set_str(out, "name", person->shown);
    kr_json_set_str(out, "sort", person->sort);
    kr_json_set_str(out, "sex", person->sex);
    kr_json_set_take(out, "born", new_day(mem, lang, &person->born));
    kr_json_set_take(out, "died", new_day(mem, lang, &person->died));
    return out;
}

static json_t *new_names(const struct kr_person_name *names, size_t n)
{
    json_t *list = kr_json_new_array();
    for (size_t i = 0; i < n; i++) {
        json_t *one = kr_json_new_object();
        kr_json_set_str(one, "text", names[i].text);
        kr_json_set_str(one, "kind", names[i].kind);
        kr_json_set_str(one, "lang", names[i].lang);
        kr_json_set_str(one, "claim", names[i].claim);
        kr_json_append_take(list, one);
    }
    return list;
}

// What a relation is, seen from the other end.
static const char *kind_back(const char *kind)
{
    static const char *const back[][2] = {
        {"parent", "child"}, {"adoptive_parent", "adoptive_child"}, {"step_parent", "step_child"}};
    for (size_t i = 0; i < KR_COUNT(back); i++)
        if (strcmp(back[i][0], kind) == 0)
            return back[i][1];
    return kind;
}

static const char *order_back(const char *order)
{
    return strcmp(order, "elder") == 0 ? "younger" : strcmp(order, "younger") == 0 ? "elder" : "";
}

static bool add_relation(struct kr_store *store, struct kr_arena *mem, const char *id,
                         const struct kr_relation *relation, json_t *list, struct kr_err *err)
{
    bool forth = strcmp(relation->person, id) == 0;
    const char *to = forth ? relation->other : relation->person;
    struct kr_person other;
    struct kr_err why = {0};
    if (!forth && strcmp(relation->other, id) != 0)
        return true;
    if (!kr_person_get(store, mem, to, &other, &why))
        return why.code == KR_E_NOT_FOUND || kr_fail(err, why.code, "%s", why.text);
    json_t *one = kr_json_new_object();
    kr_json_set_str(one, "kind", forth ? relation->kind : kind_back(relation->kind));
    kr_json_set_str(one, "to", to);
    kr_json_set_str(one, "name", other.shown);
    kr_json_set_str(one, "order", forth ? relation->order : order_back(relation->order));
    kr_json_set_str(one, "said_of", relation->person);
    kr_json_set_str(one, "claim", relation->claim);
    kr_json_append_take(list, one);
    return true;
}

static json_t *new_claims(const struct kr_claim_list *claims)
{
    json_t *list = kr_json_new_array();
    for (size_t i = 0; i < claims->n; i++) {
        char at[KR_TIME_TEXT];
        if (kr_cared_is_predicate(claims->at[i].predicate) ||
            strcmp(claims->at[i].predicate, "avoid") == 0)
            continue; // told to those who may know, by routes of their own
        json_t *one = kr_json_new_object();
        kr_time_text(claims->at[i].at_ms, at);
        kr_json_set_str(one, "id", claims->at[i].id);
        kr_json_set_str(one, "predicate", claims->at[i].predicate);
        kr_json_set_take(one, "value", json_deep_copy(claims->at[i].value));
        kr_json_set_str(one, "who", kr_heard_who(&claims->at[i]));
        kr_json_set_real(one, "certain", claims->at[i].certain);
        kr_json_set_str(one, "at", at);
        kr_json_set_bool(one, "retracted", claims->retracted[i]);
        kr_json_append_take(list, one);
    }
    return list;
}

bool kr_person_whole(struct kr_store *store, struct kr_arena *mem, enum kr_lang lang,
                     const char *id, json_t **out, struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *ties = kr_json_new_array();
    KR_AUTO(kr_json_drop) json_t *face = NULL;
    struct kr_person person;
    struct kr_person_name *names;
    struct kr_relation *relations;
    struct kr_claim_list claims;
    struct kr_finding *findings;
    size_t name_count, relation_count, finding_count;
    if (!kr_person_get(store, mem, id, &person, err) ||
        !kr_person_names(store, mem, id, &names, &name_count, err) ||
        !kr_relations_all(store, mem, &relations, &relation_count, err) ||
        !kr_claims_of(store, mem, id, &claims, err) ||
        !kr_face_new_json(store, mem, id, &face, err) ||
        !kr_person_findings(store, mem, id, &findings, &finding_count, err))
        return false;
    for (size_t i = 0; i < relation_count; i++)
        if (!add_relation(store, mem, id, &relations[i], ties, err))
            return false;
    json_t *flags = kr_json_new_array();
    for (size_t i = 0; i < finding_count; i++)
        kr_json_append_take(flags, kr_finding_new_json(mem, lang, &findings[i]));
    *out = kr_person_new_json(mem, lang, &person);
    kr_json_set_take(*out, "names", new_names(names, name_count));
    kr_json_set_take(*out, "relations", json_incref(ties));
    kr_json_set_take(*out, "claims", new_claims(&claims));
    kr_json_set_take(*out, "flags", flags);
    kr_json_set_take(*out, "portrait", json_incref(face));
    return true;
}

json_t *kr_person_new_age(struct kr_arena *mem, enum kr_lang lang, const struct kr_person *person,
                          const struct kr_item *item)
{
    struct kr_age age;
    if (!kr_age_at(person->born.edtf, item->date_edtf, &age) || age.unborn)
        return NULL;
    return kr_age_new_json(mem, lang, &age);
}

bool kr_persons_in(struct kr_store *store, struct kr_arena *mem, enum kr_lang lang,
                   const struct kr_item *item, json_t **out, struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *list = kr_json_new_array();
    const char *const *ids;
    size_t n;
    if (!kr_pictured_of(store, mem, item->id, &ids, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct kr_person person;
        struct kr_err why = {0};
        if (!kr_person_get(store, mem, ids[i], &person, &why)) {
            if (why.code != KR_E_NOT_FOUND)
                return kr_fail(err, why.code, "%s", why.text);
            continue;
        }
        KR_AUTO(kr_json_drop) json_t *age = kr_person_new_age(mem, lang, &person, item);
        json_t *one = kr_json_new_object();
        kr_json_set_str(one, "id", person.id);
        kr_json_set_str(one, "name", person.shown);
        kr_json_set_str(one, "age", kr_json_str(age, "text", ""));
        kr_json_append_take(list, one);
    }
    *out = json_incref(list);
    return true;
}

static json_t *new_kin(struct kr_arena *mem, enum kr_lang lang, const struct kr_kin_graph *graph,
                       size_t from, size_t to)
{
    const char *zh = kr_kin_word(mem, KR_ZH, graph, from, to);
    const char *en = kr_kin_word(mem, KR_EN, graph, from, to);
    json_t *out = kr_json_new_object();
    kr_json_set_str(out, "word", lang == KR_ZH ? zh : en);
    kr_json_set_str(out, "zh", zh);
    kr_json_set_str(out, "en", en);
    return out;
}

bool kr_persons_kin_json(struct kr_store *store, struct kr_arena *mem, enum kr_lang lang,
                         const char *a, const char *b, json_t **out, struct kr_err *err)
{
    struct kr_kin_graph graph;
    if (!kr_persons_kin(store, mem, &graph, err))
        return false;
    size_t from = kr_kin_find(&graph, a), to = kr_kin_find(&graph, b);
    if (from == graph.n || to == graph.n)
        return kr_fail(err, KR_E_NOT_FOUND, "no person %.36s", from == graph.n ? a : b);
    *out = new_kin(mem, lang, &graph, from, to);
    kr_json_set_str(*out, "a", a);
    kr_json_set_str(*out, "b", b);
    return true;
}

bool kr_persons_seen_json(struct kr_store *store, struct kr_arena *mem, enum kr_lang lang,
                          const char *me, const struct kr_person *persons, size_t n, json_t **out,
                          struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *list = kr_json_new_array();
    struct kr_kin_graph graph = {0};
    if (*me && !kr_persons_kin(store, mem, &graph, err))
        return false;
    size_t from = *me ? kr_kin_find(&graph, me) : 0;
    for (size_t i = 0; i < n; i++) {
        json_t *face, *one;
        if (!kr_face_new_json(store, mem, persons[i].id, &face, err))
            return false;
        one = kr_person_new_json(mem, lang, &persons[i]);
        kr_json_set_take(one, "portrait", face);
        size_t to = *me ? kr_kin_find(&graph, persons[i].id) : 0;
        if (from < graph.n && to < graph.n)
            kr_json_set_take(one, "kin", new_kin(mem, lang, &graph, from, to));
        kr_json_append_take(list, one);
    }
    *out = json_incref(list);
    return true;
}
