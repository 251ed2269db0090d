// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/regions.h"

#include "archive/pictured_priv.h"
#include "archive/shown.h"
#include <math.h>
#include <string.h>

enum { NAME_MOST = 400 };
static const double least = 0.0005, slack = 1e-6; // as files are read; of rounding
static const double seen_least = 0.005;           // of the picture: less than that nobody sees

// A frame as a claim says it.
struct framing {
    struct kr_store *store;
    struct kr_arena *mem;
    const char *item, *who;
    double certain;
    json_t *value;
    struct kr_claim_list claims;
};

static void drop_framing(struct framing *framing)
{
    kr_json_drop(&framing->value);
    kr_arena_destroy(&framing->mem);
}

static bool is_kind(const char *kind)
{
    static const char *const kinds[] = {"face", "pet", "focus", "other"};
    for (size_t i = 0; i < KR_COUNT(kinds); i++)
        if (strcmp(kinds[i], kind) == 0)
            return true;
    return false;
}

static bool is_inside(const struct kr_frame *f)
{
    return isfinite(f->x) && isfinite(f->y) && f->w >= least && f->h >= least && f->x >= -slack &&
           f->y >= -slack && f->x + f->w <= 1 + slack && f->y + f->h <= 1 + slack;
}

static bool new_value(struct framing *framing, const struct kr_frame *frame, const char *kind,
                      const char *name, struct kr_err *err)
{
    if (!is_inside(frame))
        return kr_fail(err, KR_E_INVALID, "a frame lies inside its picture");
    if (!is_kind(kind))
        return kr_fail(err, KR_E_INVALID, "a frame is face, pet, focus or other");
    if (strlen(name) > NAME_MOST || strchr(name, '\n'))
        return kr_fail(err, KR_E_INVALID, "a name of one line and at most %d bytes is wanted",
                       NAME_MOST);
    framing->value = kr_json_new_object();
    kr_json_set_str(framing->value, "name", name);
    kr_json_set_str(framing->value, "kind", kind);
    kr_json_set_real(framing->value, "x", frame->x);
    kr_json_set_real(framing->value, "y", frame->y);
    kr_json_set_real(framing->value, "w", frame->w);
    kr_json_set_real(framing->value, "h", frame->h);
    return true;
}

static bool is_frame(const struct kr_claim_list *claims, size_t i)
{
    return !claims->retracted[i] && strcmp(claims->at[i].predicate, "region") == 0;
}

static const struct kr_claim *frame_of(const struct kr_claim_list *claims, const char *region)
{
    for (size_t i = 0; i < claims->n; i++)
        if (is_frame(claims, i) && strcmp(claims->at[i].id, region) == 0)
            return &claims->at[i];
    return NULL;
}

static const struct kr_claim *frame_like(const struct kr_claim_list *claims, const json_t *value)
{
    for (size_t i = 0; i < claims->n; i++)
        if (is_frame(claims, i) && json_equal(claims->at[i].value, value))
            return &claims->at[i];
    return NULL;
}

// In the transaction: what is said of the item by now.
static bool look(struct framing *framing, struct kr_err *err)
{
    struct kr_item shown;
    if (!(framing->certain >= 0 && framing->certain <= 1))
        return kr_fail(err, KR_E_INVALID, "a certainty from 0 to 1 is wanted");
    if (!kr_item_get(framing->store, framing->mem, framing->item, &shown, err))
        return false;
    if (shown.width <= 0 || shown.height <= 0)
        return kr_fail(err, KR_E_INVALID, "there is no picture to frame something in");
    return kr_claims_of(framing->store, framing->mem, framing->item, &framing->claims, err);
}

static bool claim(const struct framing *framing, const char *predicate, json_t *value,
                  const char *retracts, char out[static KR_UUID_TEXT], struct kr_err *err)
{
    struct kr_claim said = {.predicate = predicate,
                            .value = value,
                            .who = framing->who,
                            .certain = framing->certain,
                            .retracts = retracts};
    kr_format(said.subject, sizeof said.subject, "%.36s", framing->item);
    if (!kr_claim_add(framing->store, &said, err))
        return false;
    kr_format(out, KR_UUID_TEXT, "%s", said.id);
    return true;
}

static bool take_back_all(const struct framing *framing, const json_t *value, struct kr_err *err)
{
    char id[KR_UUID_TEXT];
    for (size_t i = 0; i < framing->claims.n; i++)
        if (is_frame(&framing->claims, i) && json_equal(framing->claims.at[i].value, value) &&
            !claim(framing, "retract", json_null(), framing->claims.at[i].id, id, err))
            return false;
    return true;
}

static bool end(const struct framing *framing, struct kr_tx *tx, struct kr_err *err)
{
    return kr_shown_refresh(framing->store, framing->item, err) && kr_tx_commit(tx, err) &&
           kr_claims_mirror(framing->store, err);
}

bool kr_frame_add(struct kr_store *store, const char *item, const struct kr_frame *frame,
                  const char *kind, const char *name, const char *who, double certain,
                  char out[static KR_UUID_TEXT], struct kr_err *err)
{
    KR_AUTO(drop_framing)
    struct framing framing = {
        .store = store, .mem = kr_arena_create(), .item = item, .who = who, .certain = certain};
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    if (!new_value(&framing, frame, kind, name, err) || !kr_tx_begin(store->db, &tx, err) ||
        !look(&framing, err))
        return false;
    const struct kr_claim *said = frame_like(&framing.claims, framing.value);
    if (said) {
        kr_format(out, KR_UUID_TEXT, "%s", said->id);
        return true;
    }
    return claim(&framing, "region", framing.value, "", out, err) && end(&framing, &tx, err);
}

// Whom the old frame showed, the new one shows.
static bool take_over(const struct framing *framing, const char *before, const char *now,
                      struct kr_err *err)
{
    const struct kr_claim *tie = kr_region_tie(&framing->claims, before);
    char id[KR_UUID_TEXT];
    if (!tie)
        return true;
    KR_AUTO(kr_json_drop) json_t *value = kr_json_new_object();
    kr_json_set_str(value, "region", now);
    kr_json_set_str(value, "person", kr_json_str(tie->value, "person", ""));
    return claim(framing, "region_person", value, "", id, err);
}

bool kr_frame_move(struct kr_store *store, const char *item, const char *region,
                   const struct kr_frame *frame, const char *who, double certain,
                   char out[static KR_UUID_TEXT], struct kr_err *err)
{
    KR_AUTO(drop_framing)
    struct framing framing = {
        .store = store, .mem = kr_arena_create(), .item = item, .who = who, .certain = certain};
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    if (!kr_tx_begin(store->db, &tx, err) || !look(&framing, err))
        return false;
    const struct kr_claim *old = frame_of(&framing.claims, region);
    if (!old)
        return kr_fail(err, KR_E_NOT_FOUND, "no such region in this picture");
    if (!new_value(&framing, frame, kr_json_str(old->value, "kind", "other"),
                   kr_json_str(old->value, "name", ""), err))
        return false;
    if (json_equal(old->value, framing.value)) { // where it was
        kr_format(out, KR_UUID_TEXT, "%s", old->id);
        return true;
    }
    return take_back_all(&framing, old->value, err) &&
           claim(&framing, "region", framing.value, "", out, err) &&
           take_over(&framing, old->id, out, err) && end(&framing, &tx, err);
}

bool kr_frame_drop(struct kr_store *store, const char *item, const char *region, const char *who,
                   struct kr_err *err)
{
    KR_AUTO(drop_framing)
    struct framing framing = {
        .store = store, .mem = kr_arena_create(), .item = item, .who = who, .certain = 1};
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    if (!kr_tx_begin(store->db, &tx, err) || !look(&framing, err))
        return false;
    const struct kr_claim *old = frame_of(&framing.claims, region);
    if (!old)
        return kr_fail(err, KR_E_NOT_FOUND, "no such region in this picture");
    return take_back_all(&framing, old->value, err) && end(&framing, &tx, err);
}

bool kr_frame_read(const char *text, struct kr_frame *out, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_frame frame;
    double *const parts[] = {&frame.x, &frame.y, &frame.w, &frame.h};
    for (size_t i = 0; i < KR_COUNT(parts); i++) {
        size_t n = strcspn(text, ",");
        bool last = i + 1 == KR_COUNT(parts);
        if (!kr_parse_real(kr_arena_copy(mem, text, n), 0, 1, parts[i]) ||
            (text[n] == '\0') != last)
            return kr_fail(err, KR_E_INVALID, "a frame is X,Y,WIDTH,HEIGHT, each from 0 to 1");
        text += n + !last;
    }
    *out = frame;
    return true;
}

static double rounded(double fraction)
{
    return (double)(int64_t)(fraction * 1e6 + 0.5) / 1e6;
}

// A place and a size along one side of the picture, rounded and still inside it.
static bool read_side(const json_t *region, const char *place, const char *size, json_t *out)
{
    double from = kr_json_real(region, place, NAN), share = kr_json_real(region, size, NAN);
    if (!(from >= 0 && share >= seen_least && share <= 1 && from + share <= 1 + slack))
        return false;
    double most = rounded(1 - rounded(share));
    kr_json_set_real(out, place, rounded(from) < most ? rounded(from) : most);
    kr_json_set_real(out, size, rounded(share));
    return true;
}

bool kr_region_read(const json_t *from, json_t *out, struct kr_err *err)
{
    const json_t *region = kr_json_get(from, "region");
    if (!region || json_is_null(region))
        return true;
    json_t *kept = kr_json_new_object();
    if (!read_side(region, "x", "w", kept) || !read_side(region, "y", "h", kept)) {
        kr_json_drop(&kept);
        return kr_fail(err, KR_E_INVALID,
                       "a region is x, y, w and h inside the picture, from 0 to 1");
    }
    kr_json_set_take(out, "region", kept);
    return true;
}
