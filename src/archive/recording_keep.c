// SPDX-License-Identifier: AGPL-3.0-or-later
// From pieces to an item. The order is what keeps it: the original and its claims first (the
// ordinary ingest), then what follows from them, then the result, and only then the pieces go.
#include "archive/recording.h"

#include "archive/asks.h"
#include "archive/reading.h"
#include "archive/say.h"
#include "archive/treat.h"
#include "base/newfile.h"
#include "store/claims.h"
#include "store/items.h"
#include "store/jobs.h"
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static const char who[] = "kinreel";

// One after the other into a file without a name.
static bool assemble(const struct kr_recording *recording, size_t pieces, struct kr_newfile *out,
                     struct kr_err *err)
{
    if (!kr_newfile_begin(recording->folder.fd, out, err))
        return false;
    for (size_t i = 0; i < pieces; i++) {
        char name[KR_PIECE_NAME];
        kr_piece_name(&recording->pieces[i], name);
        KR_AUTO(kr_fd_close)
        int fd = openat(recording->folder.fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (fd < 0)
            return kr_fail_errno(err, "open piece %zu", i);
        if (!kr_copy(fd, out->fd, KR_RECORDING_PIECE_MOST, NULL, err))
            return kr_within(err, "join piece %zu", i);
    }
    return lseek(out->fd, 0, SEEK_SET) == 0 || kr_fail_errno(err, "go back to the start");
}

// A refusal for what lies in the recording; a disk that stumbled may be asked again.
static bool is_final(enum kr_code code)
{
    return code == KR_E_UNSUPPORTED || code == KR_E_INVALID || code == KR_E_TOO_BIG ||
           code == KR_E_REFUSED;
}

static bool bring_in(const struct kr_recording *recording, const struct kr_ingest_params *by,
                     struct kr_arena *mem, size_t pieces, struct kr_outcome *out,
                     struct kr_err *err)
{
    KR_AUTO(kr_newfile_discard) struct kr_newfile file = KR_NEWFILE_NONE;
    KR_AUTO(kr_ingest_close) struct kr_ingest *ingest = NULL;
    struct kr_ingest_params params = *by;
    params.home = recording->about.home;
    params.threads = 1;
    struct kr_str name = kr_str_of(kr_recording_name(mem, &recording->about));
    if (!assemble(recording, pieces, &file, err) || !kr_ingest_open(&params, &ingest, err) ||
        !kr_ingest_file(ingest, mem, file.fd, name, out, err))
        return false;
    return out->fate != KR_REFUSED || is_final(out->code) ||
           kr_fail(err, out->code, "%s", out->reason);
}

static json_t *new_recorded(const struct kr_recording *recording, size_t pieces, bool whole)
{
    json_t *value = kr_recording_about_new_json(&recording->about);
    kr_json_set_str(value, "recording", recording->id);
    kr_json_set_int(value, "pieces", (int64_t)pieces);
    kr_json_set_bool(value, "whole", whole);
    return value;
}

static bool was_said(const struct kr_claim_list *claims, const char *predicate)
{
    for (size_t i = 0; i < claims->n; i++)
        if (!claims->retracted[i] && strcmp(claims->at[i].predicate, predicate) == 0)
            return true;
    return false;
}

// How it was recorded, once.
static bool say_recorded(struct kr_store *store, const struct kr_recording *recording,
                         const struct kr_claim_list *before, const char *item, size_t pieces,
                         bool whole, struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *value = new_recorded(recording, pieces, whole);
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    struct kr_claim claim = {.value = value, .who = who, .certain = 1, .retracts = ""};
    claim.predicate = "recorded";
    if (was_said(before, claim.predicate))
        return true;
    kr_format(claim.subject, sizeof claim.subject, "%s", item);
    return kr_tx_begin(store->db, &tx, err) && kr_claim_add(store, &claim, err) &&
           kr_tx_commit(&tx, err) && kr_claims_mirror(store, err);
}

// The cleaned sound beside the raw one: slow, so a job.
static bool ask_for_kit(struct kr_store *store, const char *item, struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *args = kr_json_new_object();
    json_t *options = kr_json_new_object();
    struct kr_job job = {.kind = "kit", .args = args, .item = item};
    kr_json_set_bool(options, "sound", true);
    kr_json_set_take(args, "options", options);
    return kr_job_add(store, &job, err);
}

// What a browser wrote tells no length and cannot be searched: a copy for playing can. Without
// one nothing is lost, so its failure is none of ours; it can be asked for again.
static bool make_playable(struct kr_store *store, const struct kr_ingest_params *by,
                          struct kr_arena *mem, const char *item)
{
    const struct kr_treatment remux = {.kind = "remux"};
    struct kr_rendition copy;
    struct kr_err why = {0};
    return kr_treat_item(store, by->wall, mem, &remux, item, who, &copy, &why);
}

static bool complete(struct kr_store *store, const struct kr_ingest_params *by,
                     struct kr_arena *mem, const struct kr_recording *recording,
                     const struct kr_outcome *outcome, size_t pieces, bool whole,
                     struct kr_err *err)
{
    struct kr_claim_list before;
    if (!kr_claims_of(store, mem, outcome->id, &before, err) ||
        !say_recorded(store, recording, &before, outcome->id, pieces, whole, err))
        return false;
    if (*outcome->damaged || was_said(&before, "recipe"))
        return true;
    if (!make_playable(store, by, mem, outcome->id))
        return true;
    return strcmp(recording->about.kind, "sound") != 0 || ask_for_kit(store, outcome->id, err);
}

static bool spoken_of(const struct kr_claim_list *claims)
{
    for (size_t i = 0; i < claims->n; i++)
        if (!kr_is_source(claims->at[i].who))
            return true;
    return false;
}

// What was kept before the rest came, or "".
static const char *part_of(struct kr_arena *mem, const struct kr_recording *recording)
{
    KR_AUTO(kr_json_drop) json_t *before = NULL;
    if (!*recording->result ||
        !kr_json_parse(kr_str_of(recording->result), SIZE_MAX, &before, NULL))
        return "";
    return kr_arena_strdup(mem, kr_json_str(before, "id", ""));
}

// The part that was kept before the rest came gives way to the whole, unless a person has
// said something of it (4).
static bool replace_part(struct kr_store *store, struct kr_arena *mem,
                         const struct kr_recording *recording, const char *item, struct kr_err *err)
{
    struct kr_claim_list claims;
    struct kr_item part;
    const char *id = part_of(mem, recording);
    if (!*id || strcmp(id, item) == 0 || !kr_item_get(store, mem, id, &part, NULL))
        return true;
    return kr_claims_of(store, mem, id, &claims, err) &&
           (spoken_of(&claims) || kr_trash(store, id, who, err));
}

static bool put_result(struct kr_recording *recording, struct kr_arena *mem,
                       const struct kr_outcome *outcome, size_t pieces, bool whole,
                       struct kr_err *err)
{
    KR_AUTO(kr_newfile_discard) struct kr_newfile file = KR_NEWFILE_NONE;
    KR_AUTO(kr_json_drop) json_t *result = kr_json_new_object();
    bool refused = outcome->fate == KR_REFUSED;
    kr_json_set_str(result, "status", kr_fate_name(outcome->fate));
    kr_json_set_str(result, "id", outcome->id);
    kr_json_set_str(result, "code", refused ? kr_code_name(outcome->code) : "");
    kr_json_set_str(result, "damaged", outcome->damaged);
    kr_json_set_int(result, "pieces", (int64_t)pieces);
    kr_json_set_bool(result, "whole", whole);
    recording->result = kr_json_text(mem, result);
    recording->whole = whole;
    return kr_newfile_begin(recording->folder.fd, &file, err) &&
           kr_newfile_write(&file, recording->result, strlen(recording->result), err) &&
           kr_newfile_replace(&file, "result.json", err);
}

static void drop_pieces(struct kr_recording *recording)
{
    for (size_t i = 0; i < recording->n; i++) {
        char name[KR_PIECE_NAME];
        kr_piece_name(&recording->pieces[i], name);
        unlinkat(recording->folder.fd, name, 0); // else the sweep takes it one day
    }
}

static bool open_store(const struct kr_ingest_params *by, const struct kr_recording *recording,
                       struct kr_store **out, struct kr_err *err)
{
    if (!kr_store_open(by->archive, KR_STORE_WRITE, out, err))
        return false;
    kr_store_enter(*out, recording->about.home);
    return true;
}

bool kr_recording_keep(struct kr_recording *recording, const struct kr_ingest_params *by,
                       struct kr_arena *mem, size_t pieces, bool whole, struct kr_err *err)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    struct kr_outcome outcome = {0};
    if (recording->whole)
        return true;
    if (pieces == 0 || pieces > recording->run)
        return kr_fail(err, KR_E_NOT_FOUND, "%zu pieces, %zu are here", pieces, recording->run);
    if (!bring_in(recording, by, mem, pieces, &outcome, err))
        return kr_within(err, "keep recording %s", recording->id);
    bool refused = outcome.fate == KR_REFUSED;
    if (!refused && (!open_store(by, recording, &store, err) ||
                     !complete(store, by, mem, recording, &outcome, pieces, whole, err) ||
                     !kr_answer_recorded(store, recording->about.cause, outcome.id,
                                         part_of(mem, recording), err) ||
                     !replace_part(store, mem, recording, outcome.id, err)))
        return kr_within(err, "keep recording %s", recording->id);
    if (!put_result(recording, mem, &outcome, pieces, whole, err))
        return false;
    if (whole && !refused) // (3)
        drop_pieces(recording);
    return true;
}
