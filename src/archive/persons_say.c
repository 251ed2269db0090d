// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/cared.h"
#include "archive/consent.h"
#include "archive/edtf.h"
#include "archive/persons_priv.h"
#include "archive/pictured_priv.h"
#include "archive/shown.h"
#include <string.h>

enum { NAME_MOST = 400, LANG_MOST = 35, PLACE_MOST = 1000 };

// What is about to be said of a subject.
struct saying {
    const char *predicate;
    json_t *value;
    const char *retracts;
};

static void drop_saying(struct saying *saying)
{
    kr_json_drop(&saying->value);
}

// Inside text without blanks at its ends; NULL for what is no text or too long.
static const char *text_of(struct kr_arena *mem, const json_t *value, size_t most)
{
    if (!json_is_string(value))
        return NULL;
    const char *text = kr_text_trimmed(mem, json_string_value(value));
    return strlen(text) <= most ? text : NULL;
}

static const char *member(struct kr_arena *mem, const json_t *value, const char *name, size_t most)
{
    const json_t *there = kr_json_get(value, name);
    return there ? text_of(mem, there, most) : "";
}

static bool read_name(struct kr_arena *mem, const json_t *value, struct saying *out,
                      struct kr_err *err)
{
    bool bare = json_is_string(value);
    const char *text =
        bare ? text_of(mem, value, NAME_MOST) : member(mem, value, "text", NAME_MOST);
    const char *lang = bare ? "" : member(mem, value, "lang", LANG_MOST);
    const char *kind = bare ? "" : member(mem, value, "kind", LANG_MOST);
    if (!text || !*text || strchr(text, '\n'))
        return kr_fail(err, KR_E_INVALID, "a name of one line and at most %d bytes is wanted",
                       NAME_MOST);
    if (!lang || !kind || (*kind && !kr_is_name_kind(kind)))
        return kr_fail(err, KR_E_INVALID,
                       "a name is full, given, married, nick, milk, pinyin or "
                       "romanised");
    out->value = kr_json_new_object();
    kr_json_set_str(out->value, "text", text);
    kr_json_set_str(out->value, "kind", *kind ? kind : "full");
    if (*lang)
        kr_json_set_str(out->value, "lang", lang);
    return true;
}

static bool read_day(struct kr_arena *mem, const json_t *value, struct saying *out,
                     struct kr_err *err)
{
    const char *phrase =
        text_of(mem, json_is_string(value) ? value : kr_json_get(value, "phrase"), PLACE_MOST);
    const char *edtf = kr_json_str(value, "edtf", NULL);
    const char *place = member(mem, value, "place", PLACE_MOST);
    struct kr_edtf date;
    if (!place || (!phrase && !edtf && !*place))
        return kr_fail(err, KR_E_INVALID, "a date or a place is wanted");
    if (edtf     ? !kr_edtf_parse(edtf, &date, err)
        : phrase ? !kr_edtf_from_phrase(phrase, &date, err)
                 : false)
        return false;
    out->value = kr_json_new_object();
    if (edtf || phrase)
        kr_json_set_str(out->value, "edtf", date.text);
    if (phrase && !edtf && strcmp(phrase, date.text) != 0)
        kr_json_set_str(out->value, "phrase", phrase);
    if (*place)
        kr_json_set_str(out->value, "place", place);
    return true;
}

static bool read_sex(struct kr_arena *mem, const json_t *value, struct saying *out,
                     struct kr_err *err)
{
    const char *text = text_of(mem, value, 1);
    if (!text || !*text || !strchr("fmx", *text))
        return kr_fail(err, KR_E_INVALID, "f, m or x is wanted");
    out->value = json_string(text);
    return true;
}

static bool read_relation(struct kr_arena *mem, const json_t *value, struct saying *out,
                          struct kr_err *err)
{
    const char *kind = member(mem, value, "kind", LANG_MOST);
    const char *to = member(mem, value, "to", KR_UUID_TEXT);
    const char *order = member(mem, value, "order", LANG_MOST);
    struct kr_uuid id;
    enum kr_tie tie;
    if (!kind || !kr_tie_named(kind, &tie))
        return kr_fail(err, KR_E_INVALID,
                       "a relation is parent, adoptive_parent, step_parent, "
                       "partner, ex_partner or sibling");
    if (!to || !kr_uuid_parse(to, &id))
        return kr_fail(err, KR_E_INVALID, "the id of a person is wanted");
    if (!order || (*order && (tie != KR_TIE_SIBLING ||
                              (strcmp(order, "elder") != 0 && strcmp(order, "younger") != 0))))
        return kr_fail(err, KR_E_INVALID, "of siblings one is the elder or the younger");
    out->value = kr_json_new_object();
    kr_json_set_str(out->value, "kind", kind);
    kr_json_set_str(out->value, "to", to);
    if (*order)
        kr_json_set_str(out->value, "order", order);
    return true;
}

static bool read_retract(struct kr_arena *mem, const json_t *value, struct saying *out,
                         struct kr_err *err)
{
    out->retracts = text_of(mem, value, KR_UUID_TEXT);
    out->value = json_null();
    return out->retracts || kr_fail(err, KR_E_INVALID, "the id of a claim is wanted");
}

// Sorted; what may be said of a person, and how it is read.
static const struct {
    const char *predicate;
    bool (*read)(struct kr_arena *mem, const json_t *value, struct saying *out, struct kr_err *err);
} sayings[] = {
    {"born", read_day},          {"died", read_day},        {"name", read_name},
    {"relation", read_relation}, {"retract", read_retract}, {"sex", read_sex},
};

static bool read_saying(struct kr_arena *mem, const char *predicate, const json_t *value,
                        double certain, struct saying *out, struct kr_err *err)
{
    if (!(certain >= 0 && certain <= 1))
        return kr_fail(err, KR_E_INVALID, "a certainty from 0 to 1 is wanted");
    for (size_t i = 0; i < KR_COUNT(sayings); i++) {
        if (strcmp(sayings[i].predicate, predicate) != 0)
            continue;
        out->predicate = sayings[i].predicate;
        return sayings[i].read(mem, value, out, err);
    }
    if (kr_cared_is_predicate(predicate)) {
        out->predicate = predicate;
        return kr_cared_read(mem, predicate, value, &out->value, err);
    }
    if (kr_consent_is_predicate(predicate)) {
        out->predicate = predicate;
        return kr_consent_read(mem, predicate, value, &out->value, err);
    }
    return kr_fail(err, KR_E_INVALID, "nothing called '%.40s' can be said of a person", predicate);
}

bool kr_person_sayable(const char *predicate, const json_t *value, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(drop_saying) struct saying saying = {0};
    return read_saying(mem, predicate, value, 1, &saying, err);
}

static bool add_claim(struct kr_store *store, const char *subject, const struct saying *saying,
                      const char *who, double certain, struct kr_err *err)
{
    struct kr_claim claim = {.predicate = saying->predicate,
                             .value = saying->value,
                             .who = who,
                             .certain = certain,
                             .retracts = saying->retracts ? saying->retracts : ""};
    kr_format(claim.subject, sizeof claim.subject, "%.36s", subject);
    return kr_claim_add(store, &claim, err);
}

// Both must be there, be two, and nobody may become their own ancestor.
static bool may_relate(struct kr_store *store, struct kr_arena *mem, const char *person,
                       const json_t *value, struct kr_err *err)
{
    const char *to = kr_json_str(value, "to", "");
    struct kr_kin_graph graph;
    enum kr_tie tie;
    if (!kr_tie_named(kr_json_str(value, "kind", ""), &tie) ||
        !kr_persons_kin(store, mem, &graph, err))
        return false;
    size_t a = kr_kin_find(&graph, person), b = kr_kin_find(&graph, to);
    if (b == graph.n)
        return kr_fail(err, KR_E_NOT_FOUND, "no person %.36s", to);
    if (a == b)
        return kr_fail(err, KR_E_INVALID, "nobody is related to themselves");
    if (tie <= KR_TIE_STEP && kr_kin_would_cycle(&graph, a, b))
        return kr_fail(err, KR_E_REFUSED, "someone would be their own ancestor");
    for (size_t i = 0; i < graph.tie_count; i++)
        if (graph.ties[i].person == a && graph.ties[i].other == b && graph.ties[i].kind == tie &&
            !kr_json_get(value, "order"))
            return kr_fail(err, KR_E_EXISTS, "this has been said");
    return true;
}

static bool may_retract(struct kr_store *store, struct kr_arena *mem, const char *person,
                        const char *claim, struct kr_err *err)
{
    struct kr_claim_list claims;
    size_t names = 0;
    const struct kr_claim *found = NULL;
    if (!kr_claims_of(store, mem, person, &claims, err))
        return false;
    for (size_t i = 0; i < claims.n; i++) {
        if (claims.retracted[i] || strcmp(claims.at[i].predicate, "retract") == 0)
            continue;
        names += strcmp(claims.at[i].predicate, "name") == 0;
        if (strcmp(claims.at[i].id, claim) == 0)
            found = &claims.at[i];
    }
    if (!found)
        return kr_fail(err, KR_E_NOT_FOUND, "no such claim stands");
    if (names == 1 && strcmp(found->predicate, "name") == 0)
        return kr_fail(err, KR_E_INVALID, "a person keeps at least one name");
    return true;
}

static bool may_say(struct kr_store *store, struct kr_arena *mem, const char *person,
                    const struct saying *saying, const char *who, struct kr_err *err)
{
    struct kr_person there;
    if (!kr_person_get(store, mem, person, &there, err) ||
        ((saying->retracts || kr_consent_is_predicate(saying->predicate)) &&
         !kr_consent_may_say(store, mem, person, saying->predicate,
                             saying->retracts ? saying->retracts : "", who, err)))
        return false;
    if (strcmp(saying->predicate, "relation") == 0)
        return may_relate(store, mem, person, saying->value, err);
    return !saying->retracts || may_retract(store, mem, person, saying->retracts, err);
}

bool kr_person_add(struct kr_store *store, const json_t *name, const char *who, double certain,
                   char out[static KR_UUID_TEXT], struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(drop_saying) struct saying saying = {0};
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    char id[KR_UUID_TEXT];
    kr_uuid_new_text(id);
    if (!read_saying(mem, "name", name, certain, &saying, err) ||
        !kr_tx_begin(store->db, &tx, err) || !add_claim(store, id, &saying, who, certain, err) ||
        !kr_person_refresh(store, id, err) || !kr_tx_commit(&tx, err) ||
        !kr_claims_mirror(store, err))
        return kr_within(err, "add a person");
    kr_format(out, KR_UUID_TEXT, "%s", id);
    return true;
}

bool kr_person_say(struct kr_store *store, const char *person, const char *predicate,
                   const json_t *value, const char *who, double certain, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(drop_saying) struct saying saying = {0};
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    if (!read_saying(mem, predicate, value, certain, &saying, err) ||
        !kr_persons_catch_up(store, err) || !kr_tx_begin(store->db, &tx, err) ||
        !may_say(store, mem, person, &saying, who, err) ||
        !add_claim(store, person, &saying, who, certain, err) ||
        !kr_person_refresh(store, person, err))
        return false;
    if ((saying.retracts || strcmp(predicate, "name") == 0) && !kr_persons_note(store, person, err))
        return false;
    return kr_tx_commit(&tx, err) && kr_claims_mirror(store, err) &&
           kr_persons_catch_up(store, err);
}

// Says one thing of an item and shows it, inside the caller's transaction.
static bool say_of_item(struct kr_store *store, const char *item, const struct saying *saying,
                        const char *who, double certain, struct kr_err *err)
{
    return add_claim(store, item, saying, who, certain, err) && kr_shown_refresh(store, item, err);
}

static bool take_back(struct kr_store *store, const char *item, const char *claim, const char *who,
                      struct kr_err *err)
{
    KR_AUTO(drop_saying)
    struct saying saying = {.predicate = "retract", .value = json_null(), .retracts = claim};
    return say_of_item(store, item, &saying, who, 1, err);
}

static bool has_region(const struct kr_claim_list *claims, const char *region)
{
    for (size_t i = 0; i < claims->n; i++)
        if (!claims->retracted[i] && strcmp(claims->at[i].predicate, "region") == 0 &&
            strcmp(claims->at[i].id, region) == 0)
            return true;
    return false;
}

static bool end_saying(struct kr_store *store, struct kr_tx *tx, struct kr_err *err)
{
    return kr_tx_commit(tx, err) && kr_claims_mirror(store, err);
}

static bool tie_region(struct kr_store *store, const char *item, const struct kr_claim *old,
                       const struct saying *saying, const char *who, double certain,
                       struct kr_err *err)
{
    if (old && !take_back(store, item, old->id, who, err))
        return false;
    return !saying || say_of_item(store, item, saying, who, certain, err);
}

bool kr_region_is(struct kr_store *store, const char *item, const char *region, const char *person,
                  const char *who, double certain, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(drop_saying)
    struct saying saying = {.predicate = "region_person", .value = kr_json_new_object()};
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    struct kr_claim_list claims;
    struct kr_person there;
    struct kr_item shown;
    if (!kr_tx_begin(store->db, &tx, err) || !kr_item_get(store, mem, item, &shown, err) ||
        !kr_claims_of(store, mem, item, &claims, err) ||
        (*person && !kr_person_get(store, mem, person, &there, err)))
        return false;
    if (!has_region(&claims, region))
        return kr_fail(err, KR_E_NOT_FOUND, "no such region in this picture");
    const struct kr_claim *old = kr_region_tie(&claims, region);
    if (!*person && !old)
        return kr_fail(err, KR_E_NOT_FOUND, "nobody named this region");
    kr_json_set_str(saying.value, "region", region);
    kr_json_set_str(saying.value, "person", person);
    return tie_region(store, item, old, *person ? &saying : NULL, who, certain, err) &&
           end_saying(store, &tx, err);
}

static bool is_about(const struct kr_claim_list *claims, size_t i, const char *person)
{
    return !claims->retracted[i] && strcmp(claims->at[i].predicate, "in_picture") == 0 &&
           strcmp(kr_json_str(claims->at[i].value, "person", ""), person) == 0;
}

static bool take_all_back(struct kr_store *store, const char *item, const char *person,
                          const struct kr_claim_list *claims, const char *who, struct kr_err *err)
{
    size_t taken = 0;
    for (size_t i = 0; i < claims->n; i++) {
        if (!is_about(claims, i, person))
            continue;
        if (!take_back(store, item, claims->at[i].id, who, err))
            return false;
        taken++;
    }
    return taken || kr_fail(err, KR_E_NOT_FOUND, "nobody said this");
}

bool kr_picture_has(struct kr_store *store, const char *item, const char *person,
                    const char *keyword, bool in, const char *who, double certain,
                    struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(drop_saying)
    struct saying saying = {.predicate = "in_picture", .value = kr_json_new_object()};
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    struct kr_claim_list claims;
    struct kr_person there;
    struct kr_item shown;
    if (strlen(keyword) > NAME_MOST)
        return kr_fail(err, KR_E_INVALID, "a keyword of at most %d bytes is wanted", NAME_MOST);
    if (!kr_tx_begin(store->db, &tx, err) || !kr_item_get(store, mem, item, &shown, err) ||
        !kr_claims_of(store, mem, item, &claims, err))
        return false;
    if (!in)
        return take_all_back(store, item, person, &claims, who, err) && end_saying(store, &tx, err);
    if (!kr_person_get(store, mem, person, &there, err))
        return false;
    kr_json_set_str(saying.value, "person", person);
    if (*keyword)
        kr_json_set_str(saying.value, "keyword", keyword);
    for (size_t i = 0; i < claims.n; i++)
        if (is_about(&claims, i, person) && json_equal(claims.at[i].value, saying.value))
            return true; // said before
    return say_of_item(store, item, &saying, who, certain, err) && end_saying(store, &tx, err);
}
