// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/say.h"

#include "archive/asks.h"
#include "archive/edtf.h"
#include "archive/groups.h"
#include "archive/heard.h"
#include "archive/say_priv.h"
#include "archive/shown.h"
#include "base/clock.h"
#include "store/cache.h"
#include "store/claims.h"
#include "store/items.h"
#include <string.h>

enum { TEXT_MOST = 64 * 1024 };

void kr_saying_drop(struct kr_saying *saying)
{
    kr_json_drop(&saying->value);
}

static const char *text_of(struct kr_arena *mem, const json_t *value)
{
    return json_is_string(value) ? kr_text_in(mem, kr_str_of(json_string_value(value))) : NULL;
}

static bool say_date(struct kr_arena *mem, const json_t *value, struct kr_saying *out,
                     struct kr_err *err)
{
    const char *edtf = json_is_string(value) ? NULL : kr_json_str(value, "edtf", NULL);
    const char *phrase = text_of(mem, json_is_string(value) ? value : kr_json_get(value, "phrase"));
    struct kr_edtf date;
    bool understood = edtf     ? kr_edtf_parse(edtf, &date, err)
                      : phrase ? kr_edtf_from_phrase(phrase, &date, err)
                               : kr_fail(err, KR_E_INVALID, "a date is missing");
    if (!understood)
        return false;
    out->value = kr_json_new_object();
    kr_json_set_str(out->value, "edtf", date.text);
    if (phrase && strcmp(phrase, date.text) != 0)
        kr_json_set_str(out->value, "phrase", phrase);
    return true;
}

static bool say_text(struct kr_arena *mem, const json_t *value, struct kr_saying *out,
                     struct kr_err *err)
{
    const char *text = text_of(mem, value);
    if (!text || strlen(text) > TEXT_MOST)
        return kr_fail(err, KR_E_INVALID, "text of at most %d bytes is wanted", TEXT_MOST);
    out->value = json_string(text);
    return true;
}

static bool say_favourite(struct kr_arena *mem, const json_t *value, struct kr_saying *out,
                          struct kr_err *err)
{
    const char *text = text_of(mem, value);
    bool yes = json_is_true(value) || (text && (!strcmp(text, "yes") || !strcmp(text, "true")));
    bool no = json_is_false(value) || (text && (!strcmp(text, "no") || !strcmp(text, "false")));
    if (!yes && !no)
        return kr_fail(err, KR_E_INVALID, "yes or no is wanted");
    out->value = json_boolean(yes);
    return true;
}

static bool say_rating(struct kr_arena *mem, const json_t *value, struct kr_saying *out,
                       struct kr_err *err)
{
    const char *text = text_of(mem, value);
    int64_t stars = json_is_integer(value) ? json_integer_value(value) : -9;
    if (text && !kr_parse_int(text, -1, 5, &stars))
        stars = -9;
    if (stars < -1 || stars > 5)
        return kr_fail(err, KR_E_INVALID, "a whole number from -1 to 5 is wanted");
    out->value = json_integer(stars);
    return true;
}

// Sorted; what may be said, and how it is read.
static const struct {
    const char *predicate;
    bool (*read)(struct kr_arena *mem, const json_t *value, struct kr_saying *out,
                 struct kr_err *err);
    bool many; // "-text" takes one of several back
} sayings[] = {
    {"caption", say_text, false},  {"date", say_date, false},  {"favourite", say_favourite, false},
    {"keyword", say_text, true},   {"person", say_text, true}, {"place", say_text, false},
    {"rating", say_rating, false}, {"title", say_text, false},
};

// Everybody who said it: a keyword that the file and its side-car both tell goes as one.
static bool take_back(struct kr_arena *mem, const struct kr_claim_list *claims,
                      const char *predicate, const char *text, struct kr_saying *out,
                      struct kr_err *err)
{
    out->retracts = kr_arena_array(mem, const char *, claims->n + 1);
    for (size_t i = 0; i < claims->n; i++) {
        const struct kr_claim *claim = &claims->at[i];
        if (!claims->retracted[i] && kr_is_heard(claim) &&
            strcmp(claim->predicate, predicate) == 0 && json_is_string(claim->value) &&
            strcmp(json_string_value(claim->value), text) == 0)
            out->retracts[out->retract_count++] = claim->id;
    }
    out->predicate = "retract";
    out->value = json_null();
    return out->retract_count || kr_fail(err, KR_E_NOT_FOUND, "nobody said this");
}

bool kr_saying_read(struct kr_arena *mem, const struct kr_claim_list *claims, const char *predicate,
                    const json_t *value, struct kr_saying *out, struct kr_err *err)
{
    for (size_t i = 0; i < KR_COUNT(sayings); i++) {
        if (strcmp(sayings[i].predicate, predicate) != 0)
            continue;
        out->predicate = sayings[i].predicate;
        const char *text = text_of(mem, value);
        if (sayings[i].many && text && text[0] == '-' && text[1])
            return take_back(mem, claims, predicate, text + 1, out, err);
        if (sayings[i].many && (!text || !*text))
            return kr_fail(err, KR_E_INVALID, "an empty %s", predicate);
        return sayings[i].read(mem, value, out, err);
    }
    return kr_fail(err, KR_E_INVALID, "nothing called '%.40s' can be said of an item", predicate);
}

static bool add_claim(struct kr_store *store, const char *item, const struct kr_saying *saying,
                      const char *retracts, const char *who, double certain, const char *act,
                      struct kr_err *err)
{
    struct kr_claim claim = {.predicate = saying->predicate,
                             .value = saying->value,
                             .who = who,
                             .certain = certain,
                             .retracts = retracts,
                             .act = act};
    kr_format(claim.subject, sizeof claim.subject, "%.36s", item);
    return kr_claim_add(store, &claim, err);
}

bool kr_saying_state(struct kr_store *store, const char *item, const struct kr_saying *saying,
                     const char *who, double certain, const char *act, struct kr_err *err)
{
    if (!saying->retract_count)
        return add_claim(store, item, saying, "", who, certain, act, err);
    for (size_t i = 0; i < saying->retract_count; i++)
        if (!add_claim(store, item, saying, saying->retracts[i], who, certain, act, err))
            return false;
    return true;
}

// Behind a cover that goes to the trash nobody would be seen: its stack falls apart at
// once, and is found anew soon.
static bool part_stack(struct kr_store *store, const char *id, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_item item;
    struct kr_item_list list = {0};
    if (!kr_item_get(store, mem, id, &item, err) ||
        (*item.stack && !kr_items_of_stack(store, mem, item.stack, &list, err)) ||
        !kr_item_set_groups(store, id, "", 1, item.near, err))
        return false;
    for (size_t i = 0; i < list.n; i++)
        if (!kr_item_set_groups(store, list.at[i].id, "", 1, list.at[i].near, err))
            return false;
    return kr_groups_note_due(store, err);
}

bool kr_said_show(struct kr_store *store, const char *item, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_item before, after;
    return kr_item_get(store, mem, item, &before, err) && kr_shown_refresh(store, item, err) &&
           kr_item_get(store, mem, item, &after, err) &&
           (!before.trashed_ms == !after.trashed_ms || part_stack(store, item, err));
}

static bool add_and_show(struct kr_store *store, const char *item, const struct kr_saying *saying,
                         const char *who, double certain, struct kr_err *err)
{
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    return kr_tx_begin(store->db, &tx, err) &&
           kr_saying_state(store, item, saying, who, certain, "", err) &&
           kr_said_show(store, item, err) && kr_tx_commit(&tx, err) && kr_claims_mirror(store, err);
}

bool kr_say(struct kr_store *store, const char *item, const char *predicate, const json_t *value,
            const char *who, double certain, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_saying_drop) struct kr_saying saying = {0};
    struct kr_claim_list claims;
    struct kr_item there;
    if (!kr_item_get(store, mem, item, &there, err) ||
        !kr_claims_of(store, mem, item, &claims, err))
        return false;
    if (certain < 0 || certain > 1)
        return kr_fail(err, KR_E_INVALID, "a certainty from 0 to 1 is wanted");
    return kr_saying_read(mem, &claims, predicate, value, &saying, err) &&
           add_and_show(store, item, &saying, who, certain, err);
}

bool kr_say_back(struct kr_store *store, const char *item, const char *claim, const char *who,
                 struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_saying_drop)
    struct kr_saying saying = {
        .predicate = "retract", .value = json_null(), .retracts = &claim, .retract_count = 1};
    struct kr_claim_list claims;
    struct kr_item there;
    if (!kr_item_get(store, mem, item, &there, err) ||
        !kr_claims_of(store, mem, item, &claims, err))
        return false;
    for (size_t i = 0; i < claims.n; i++) {
        if (claims.retracted[i] || strcmp(claims.at[i].id, claim) != 0)
            continue;
        if (strcmp(claims.at[i].who, who) != 0 || strcmp(claims.at[i].predicate, "retract") == 0)
            return kr_fail(err, KR_E_REFUSED, "only who said it takes it back");
        return add_and_show(store, item, &saying, who, 1.0, err);
    }
    return kr_fail(err, KR_E_NOT_FOUND, "no such claim stands");
}

static bool say_trashed(struct kr_store *store, const char *item, bool trashed, const char *who,
                        struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_saying_drop)
    struct kr_saying saying = {.predicate = "trashed", .value = json_boolean(trashed)};
    struct kr_item there;
    if (!kr_item_get(store, mem, item, &there, err))
        return false;
    if ((there.trashed_ms != 0) == trashed)
        return true;
    return add_and_show(store, item, &saying, who, 1.0, err);
}

bool kr_trash(struct kr_store *store, const char *item, const char *who, struct kr_err *err)
{
    return say_trashed(store, item, true, who, err);
}

bool kr_untrash(struct kr_store *store, const char *item, const char *who, struct kr_err *err)
{
    return say_trashed(store, item, false, who, err);
}

static bool in_tx(struct kr_store *store, const struct kr_item *item,
                  bool (*change)(struct kr_store *store, const struct kr_item *item,
                                 struct kr_err *err),
                  struct kr_err *err)
{
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    return kr_tx_begin(store->db, &tx, err) && change(store, item, err) && kr_tx_commit(&tx, err);
}

static bool bury(struct kr_store *store, const struct kr_item *item, struct kr_err *err)
{
    return kr_tombstone_put(store, &item->blob, err);
}

static bool drop_row(struct kr_store *store, const struct kr_item *item, struct kr_err *err)
{
    return kr_item_drop(store, item->id, err);
}

// The row goes late: stopped before that, the item still lies in the trash and
// the next emptying ends the work. Stopped after it, the blob alone is left, an
// extra one that `check` names.
static bool forget(struct kr_store *store, const struct kr_item *item, struct kr_err *err)
{
    if (!kr_asks_forget(store, item->id, err) || !in_tx(store, item, bury, err) ||
        !kr_claims_forget(store, item->id, err) || !kr_renditions_drop(store, item->id, err))
        return false;
    kr_cache_drop_thumbs(store, &item->blob);
    return in_tx(store, item, drop_row, err) && kr_blobs_forget(store->blobs, &item->blob, err);
}

// A side-car that only this item has, forgotten with it.
struct notes {
    const char *item, *sha256;
    bool elsewhere;
};

static bool see_note(void *context, const struct kr_claim *claim, struct kr_err *err)
{
    struct notes *notes = context;
    (void)err;
    notes->elsewhere |= strcmp(claim->subject, notes->item) != 0 &&
                        strcmp(kr_json_str(claim->value, "sha256", ""), notes->sha256) == 0;
    return true;
}

// Before the claims that name them go: stopped in between, the next emptying comes here again.
static bool forget_notes(struct kr_store *store, const struct kr_item *item, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_claim_list claims;
    if (!kr_claims_of(store, mem, item->id, &claims, err))
        return false;
    for (size_t i = 0; i < claims.n; i++) {
        struct notes notes = {item->id, kr_json_str(claims.at[i].value, "sha256", ""), false};
        struct kr_item note = {0};
        if (strcmp(claims.at[i].predicate, "sidecar") != 0 ||
            !kr_blob_of_hex(notes.sha256, &note.blob))
            continue;
        if (!kr_claims_every(store, "sidecar", see_note, &notes, err))
            return false;
        if (!notes.elsewhere &&
            (!in_tx(store, &note, bury, err) || !kr_blobs_forget(store->blobs, &note.blob, err)))
            return false;
    }
    return true;
}

bool kr_trash_empty(struct kr_store *store, int days, int64_t *count, struct kr_err *err)
{
    int64_t before = kr_now_ms() - (int64_t)days * 86400000;
    struct kr_items_query query = {.trashed = true, .limit = 500, .before_ms = before};
    for (*count = 0;;) {
        KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
        struct kr_item_list list;
        if (!kr_items_page(store, mem, &query, &list, err))
            return false;
        for (size_t i = 0; i < list.n; i++, (*count)++)
            if (!forget_notes(store, &list.at[i], err) || !forget(store, &list.at[i], err))
                return kr_within(err, "forget");
        if (list.n == 0)
            return *count == 0 || kr_items_tidy(store, err) || kr_within(err, "forget");
    }
}
