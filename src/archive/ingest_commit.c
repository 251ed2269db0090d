// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/ingest_priv.h"

#include "archive/groups.h"
#include "archive/shown.h"
#include "base/clock.h"
#include <string.h>

static bool same_said(const struct kr_claim *claim, const struct kr_said *said)
{
    return strcmp(claim->predicate, said->predicate) == 0 && strcmp(claim->who, said->who) == 0 &&
           json_equal(claim->value, said->value);
}

static bool was_said(const struct kr_claim_list *claims, const struct kr_said *said)
{
    for (size_t i = 0; i < claims->n; i++)
        if (same_said(&claims->at[i], said))
            return true;
    return false;
}

static bool say(struct kr_store *store, const char *item, const struct kr_said *said,
                struct kr_err *err)
{
    struct kr_claim claim = {.predicate = said->predicate,
                             .value = said->value,
                             .who = said->who,
                             .certain = said->certain,
                             .retracts = ""};
    kr_format(claim.subject, sizeof claim.subject, "%s", item);
    return kr_claim_add(store, &claim, err);
}

// Says what is new: the same file brought again, or at two places, says it once.
static bool say_all(struct kr_store *store, struct kr_finding *finding, bool is_new,
                    struct kr_err *err)
{
    struct kr_claim_list before = {0};
    if (!is_new && !kr_claims_of(store, finding->mem, finding->outcome.id, &before, err))
        return false;
    for (size_t i = 0; i < finding->reading.n; i++) {
        const struct kr_said *said = &finding->reading.said[i];
        bool twice = was_said(&before, said);
        for (size_t k = 0; k < i && !twice; k++)
            twice = strcmp(finding->reading.said[k].predicate, said->predicate) == 0 &&
                    strcmp(finding->reading.said[k].who, said->who) == 0 &&
                    json_equal(finding->reading.said[k].value, said->value);
        if (!twice && !say(store, finding->outcome.id, said, err))
            return false;
    }
    return true;
}

static void add_kept(struct kr_finding *finding)
{
    char hex[KR_SHA256_HEX];
    kr_blob_hex(&finding->outcome.blob, hex);
    json_t *value = kr_json_new_object();
    kr_json_set_str(value, "sha256", hex);
    kr_json_set_int(value, "size", (int64_t)finding->size);
    kr_json_set_str(value, "kind", kr_sniff_media(&finding->sniff));
    kr_json_set_str(value, "mime", finding->sniff.mime);
    kr_reading_add(&finding->reading, "kept", value, "kinreel", 1.0);
}

void kr_json_set_place(struct kr_arena *mem, json_t *object, struct kr_str path)
{
    kr_json_set_str(object, "path", kr_path_escape(mem, path));
    if (!kr_is_utf8(path))
        kr_json_set_str(object, "path_base64", kr_base64(mem, path.at, path.n));
}

static void add_found(struct kr_finding *finding)
{
    const struct kr_place *place = &finding->places[0];
    json_t *value = kr_json_new_object();
    char when[KR_TIME_TEXT];
    kr_json_set_place(finding->mem, value, place->path);
    kr_time_text(place->mtime_ns / 1000000, when);
    kr_json_set_int(value, "size", (int64_t)place->size);
    kr_json_set_str(value, "mtime", when);
    kr_json_set_int(value, "mtime_ns", place->mtime_ns);
    kr_reading_add(&finding->reading, "found", value, "kinreel", 1.0);
}

static bool put_places(struct kr_store *store, const struct kr_finding *finding, struct kr_err *err)
{
    for (size_t i = 0; i < finding->place_count; i++)
        if (!kr_found_put(store, finding->outcome.id, finding->places[i].path,
                          finding->places[i].size, finding->places[i].mtime_ns, err))
            return false;
    return true;
}

// Refuses what somebody emptied out of the trash. While its row still lies there, somebody
// is at it (or was stopped), and the blob is theirs to remove.
static bool refuse_forgotten(struct kr_store *store, struct kr_finding *finding, bool there,
                             struct kr_err *err)
{
    finding->outcome.fate = KR_REFUSED;
    finding->outcome.code = KR_E_REFUSED;
    finding->outcome.reason = "it was in the trash and somebody emptied it";
    return there || kr_blobs_forget(store->blobs, &finding->outcome.blob, err);
}

bool kr_know_again(struct kr_store *store, struct kr_finding *finding, struct kr_item *item,
                   bool *there, struct kr_err *err)
{
    bool forgotten = false;
    if (!kr_item_by_blob(store, finding->mem, &finding->outcome.blob, item, there, err) ||
        !kr_tombstone_known(store, &finding->outcome.blob, &forgotten, err))
        return false;
    return !forgotten || (*there && !item->trashed_ms) ||
           refuse_forgotten(store, finding, *there, err);
}

static bool commit_one(struct kr_store *store, struct kr_finding *finding, struct kr_err *err)
{
    struct kr_item item;
    bool there = false;
    if (finding->outcome.fate == KR_REFUSED || finding->known || finding->outcome.sidecar)
        return true;
    if (!kr_know_again(store, finding, &item, &there, err))
        return false;
    if (finding->outcome.fate == KR_REFUSED)
        return true;
    finding->outcome.fate = there ? KR_DUPLICATE : KR_ADDED;
    if (there) {
        kr_format(finding->outcome.id, sizeof finding->outcome.id, "%s", item.id);
        finding->outcome.damaged = item.damaged;
    } else {
        kr_uuid_new_text(finding->outcome.id);
        add_kept(finding);
    }
    add_found(finding);
    return say_all(store, finding, !there, err) && put_places(store, finding, err) &&
           kr_shown_refresh(store, finding->outcome.id, err);
}

bool kr_commit_findings(struct kr_store *store, struct kr_finding *first, struct kr_err *err)
{
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    bool writes = false;
    for (struct kr_finding *one = first; one; one = one->next)
        writes |= one->outcome.fate != KR_REFUSED && !one->known && !one->outcome.sidecar;
    if (!writes)
        return true;
    if (!kr_tx_begin(store->db, &tx, err))
        return false;
    for (struct kr_finding *one = first; one; one = one->next)
        if (!commit_one(store, one, err))
            return false;
    return kr_groups_note_due(store, err) && kr_tx_commit(&tx, err);
}
