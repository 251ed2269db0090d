// SPDX-License-Identifier: AGPL-3.0-or-later
// What anybody says of a person or of a thing in a picture, {"predicate", "value"}: read in one
// form or refused with a sentence; and whatever stands in the claims, who belongs together, what
// may be shown and what was marked are told from it.
#include "archive/asks.h"
#include "archive/cared.h"
#include "archive/consent.h"
#include "archive/kin.h"
#include "archive/marks.h"
#include "archive/marks_priv.h"
#include "archive/may.h"
#include "archive/personshape.h"
#include "house.h"

#include <assert.h>

static void check_refusal(const struct kr_err *err)
{
    assert((err->code == KR_E_INVALID || err->code == KR_E_TOO_BIG) && err->text[0]);
}

typedef bool reader(struct kr_arena *mem, const char *predicate, const json_t *value, json_t **out,
                    struct kr_err *err);

// What was read is read again, and says the same.
static void check_form(reader *read, struct kr_arena *mem, const char *predicate,
                       const json_t *value)
{
    KR_AUTO(kr_json_drop) json_t *once = NULL, *again = NULL;
    struct kr_err err = {0};
    if (!read(mem, predicate, value, &once, &err)) {
        check_refusal(&err);
        return;
    }
    must(read(mem, predicate, once, &again, NULL));
    assert(json_equal(once, again));
}

static void check_mark(struct kr_store *store, struct kr_arena *mem, const json_t *value)
{
    const struct kr_era none = {0};
    KR_AUTO(kr_json_drop) json_t *read = kr_json_new_object();
    struct kr_err err = {0};
    if (!kr_mark_read(store, mem, &none, value, read, &err)) {
        check_refusal(&err);
        return;
    }
    assert(*kr_json_str(read, "thing", ""));
}

static void check_read(struct kr_store *store, struct kr_arena *mem, const char *predicate,
                       const json_t *value)
{
    struct kr_err err = {0};
    if (strcmp(predicate, "mark") == 0)
        check_mark(store, mem, value);
    else if (!kr_person_sayable(predicate, value, &err))
        check_refusal(&err);
    if (kr_consent_is_predicate(predicate))
        check_form(kr_consent_read, mem, predicate, value);
    if (kr_cared_is_predicate(predicate))
        check_form(kr_cared_read, mem, predicate, value);
}

static void tell_kin(struct kr_store *store, struct kr_arena *mem)
{
    struct kr_kin_graph graph;
    must(kr_persons_kin(store, mem, &graph, NULL));
    for (size_t a = 0; a < graph.n; a++)
        for (size_t b = 0; b < graph.n; b++) {
            must(strlen(kr_kin_word(mem, KR_ZH, &graph, a, b)) < 1000);
            (void)kr_kin_would_cycle(&graph, a, b);
        }
}

// Everything that is told of a person and of an item, out of the claims that stand.
static void tell(struct kr_store *store, struct kr_arena *mem)
{
    KR_AUTO(kr_json_drop) json_t *consent = NULL, *about = NULL, *shape = NULL, *marks = NULL;
    const struct kr_view view = {.audience = KR_TO_KIN, .now_ms = 1, .sitter = ID("4")};
    struct kr_person person;
    struct kr_item item;
    struct kr_lit *lit;
    size_t n;
    bool may;
    must(kr_item_get(store, mem, ID("1"), &item, NULL));
    must(kr_may(store, mem, &item, &view, &may, NULL));
    KR_AUTO(kr_json_drop) json_t *extra = NULL;
    must(kr_json_parse(kr_str_of(item.extra), SIZE_MAX, &extra, NULL));
    marks = kr_marks_new_list(store, mem, KR_EN, extra);
    assert(json_is_array(marks));
    tell_kin(store, mem);
    if (!kr_person_get(store, mem, ID("4"), &person, NULL))
        return; // the last name was taken back
    must(kr_consent_json(store, mem, person.id, &consent, NULL));
    must(kr_about_json(store, mem, person.id, &about, NULL));
    must(kr_lit_up_of(store, mem, person.id, &lit, &n, NULL));
    shape = kr_person_new_json(mem, KR_ZH, &person);
    assert(kr_json_text(mem, consent) && kr_json_text(mem, about) && kr_json_text(mem, shape));
}

// Into the claims as it is, as an archive may have got it from elsewhere.
static void say(struct kr_store *store, struct kr_arena *mem, const char *predicate,
                const json_t *value)
{
    const char *subject = strcmp(predicate, "mark") == 0 ? ID("1") : ID("4");
    struct kr_claim said = {
        .predicate = predicate, .value = value, .who = ID("4"), .certain = 1, .retracts = ""};
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    kr_format(said.subject, sizeof said.subject, "%s", subject);
    must(kr_tx_begin(store->db, &tx, NULL) && kr_claim_add(store, &said, NULL));
    must(kr_person_refresh(store, ID("4"), NULL) && kr_shown_refresh(store, ID("1"), NULL));
    tell(store, mem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_store *store = archive();
    if (!kr_json_parse((struct kr_str){(const char *)data, size}, 1 << 16, &body, NULL))
        return 0;
    const char *predicate = kr_json_str(body, "predicate", "");
    const json_t *value = kr_json_get(body, "value");
    if (!*predicate || !value || strcmp(predicate, "retract") == 0)
        return 0;
    check_read(store, mem, predicate, value);
    say(store, mem, predicate, value);
    return 0;
}
