// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/treat.h"

#include "archive/look.h"
#include "archive/mounts.h"
#include "base/newfile.h"
#include "store/claims.h"
#include "store/items.h"
#include <string.h>
#include <unistd.h>

bool kr_treat_fds(struct kr_wall *wall, const struct kr_treatment *treatment, int in, int out,
                  json_t **answer, struct kr_err *err)
{
    const int fds[] = {in, out};
    bool film = strcmp(treatment->kind, "restore") != 0;
    struct kr_question question = {.task = treatment->kind,
                                   .task_class = KR_TASK_FILM,
                                   .args = treatment->options,
                                   .fds = fds,
                                   .fd_count = 2,
                                   .timeout_s = film ? 0 : 600,
                                   .progress = treatment->progress,
                                   .context = treatment->context};
    return kr_wall_ask(wall, &question, answer, err);
}

// What a treatment of an item of this kind gives: its file, and what must be asked for. Which file
// "remux" gives depends on what lies in it: its answer tells.
static const struct outcome {
    const char *treatment, *kind, *mime, *ending, *format;
} outcomes[] = {
    {"kit", "audio", "audio/flac", "flac", "flac"},
    {"kit", "video", "video/mp4", "mp4", "mp4"},
    {"proxy", "audio", "audio/ogg", "opus", "opus"},
    {"proxy", "video", "video/mp4", "mp4", "mp4"},
    {"remux", "audio", NULL, NULL, ""},
    {"remux", "video", NULL, NULL, ""},
    {"restore", "photo", "image/jpeg", "jpg", "jpeg"},
    {"small", "audio", "audio/mp4", "m4a", "m4a"}, // old telephones do not know Ogg
    {"small", "video", "video/mp4", "mp4", "mp4"},
};

static const struct outcome *outcome_of(const char *treatment, const char *kind)
{
    for (size_t i = 0; i < KR_COUNT(outcomes); i++)
        if (strcmp(outcomes[i].treatment, treatment) == 0 && strcmp(outcomes[i].kind, kind) == 0)
            return &outcomes[i];
    return NULL;
}

static const struct format {
    const char *name, *mime, *ending;
} formats[] = {
    {"flac", "audio/flac", "flac"},     {"m4a", "audio/mp4", "m4a"},
    {"mka", "audio/x-matroska", "mka"}, {"mkv", "video/x-matroska", "mkv"},
    {"mp4", "video/mp4", "mp4"},        {"opus", "audio/ogg", "opus"},
    {"webm", "video/webm", "webm"},
};

static bool name_file(const struct outcome *outcome, const json_t *answer,
                      struct kr_rendition *rendition, struct kr_err *err)
{
    const char *told = kr_json_str(answer, "format", "");
    rendition->kind = strcmp(outcome->treatment, "remux") == 0 ? "proxy" : outcome->treatment;
    rendition->mime = outcome->mime;
    rendition->ending = outcome->ending;
    for (size_t i = 0; i < KR_COUNT(formats) && !rendition->mime; i++)
        if (strcmp(formats[i].name, told) == 0) {
            rendition->mime = formats[i].mime;
            rendition->ending = formats[i].ending;
        }
    return rendition->mime || kr_fail(err, KR_E_INTERNAL, "a file of an unknown format");
}

static bool keep_recipe(struct kr_store *store, const char *item, const char *kind,
                        const json_t *answer, const char *who, struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *value = kr_json_new_object();
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    kr_json_set_str(value, "kind", kind);
    kr_json_set_take(value, "recipe", json_deep_copy(answer));
    struct kr_claim claim = {
        .predicate = "recipe", .value = value, .who = who, .certain = 1, .retracts = ""};
    kr_format(claim.subject, sizeof claim.subject, "%.36s", item);
    return kr_tx_begin(store->db, &tx, err) && kr_claim_add(store, &claim, err) &&
           kr_tx_commit(&tx, err) && kr_claims_mirror(store, err);
}

static bool is_small(const struct kr_treatment *treatment)
{
    return strcmp(treatment->kind, "small") == 0;
}

static bool run(struct kr_store *store, struct kr_wall *wall, const struct kr_treatment *treatment,
                const struct kr_item *item, const struct outcome *outcome, int out, json_t **answer,
                struct kr_err *err)
{
    KR_AUTO(kr_fd_close) int in = -1;
    KR_AUTO(kr_json_drop)
    json_t *options =
        treatment->options ? json_deep_copy(treatment->options) : kr_json_new_object();
    kr_json_set_str(options, "format", outcome->format);
    struct kr_treatment full = *treatment;
    full.options = options;
    if (is_small(treatment)) {
        full.kind = "proxy";
        kr_json_set_bool(options, "small", true);
    }
    return kr_mount_fill(store, options, err) &&
           kr_blobs_read(store->blobs, &item->blob, &in, err) &&
           kr_treat_fds(wall, &full, in, out, answer, err) &&
           (lseek(out, 0, SEEK_SET) == 0 || kr_fail_errno(err, "go back to the start"));
}

bool kr_treat_item(struct kr_store *store, struct kr_wall *wall, struct kr_arena *mem,
                   const struct kr_treatment *treatment, const char *item_id, const char *who,
                   struct kr_rendition *out, struct kr_err *err)
{
    KR_AUTO(kr_newfile_discard) struct kr_newfile file = KR_NEWFILE_NONE;
    KR_AUTO(kr_json_drop) json_t *answer = NULL;
    struct kr_item item;
    if (!kr_item_get(store, mem, item_id, &item, err))
        return false;
    const struct outcome *outcome = outcome_of(treatment->kind, item.kind);
    if (!outcome)
        return kr_fail(err, KR_E_UNSUPPORTED, "'%.20s' is not for a %s", treatment->kind,
                       item.kind);
    if (!kr_newfile_begin(store->dir, &file, err) ||
        !run(store, wall, treatment, &item, outcome, file.fd, &answer, err) ||
        !kr_item_get(store, mem, item_id, &item, err)) // it may have been forgotten meanwhile
        return kr_within(err, "%s item %s", treatment->kind, item.id);
    struct kr_rendition rendition = {.recipe = kr_json_lend(mem, json_incref(answer))};
    kr_format(rendition.subject, sizeof rendition.subject, "%s", item.id);
    if (!name_file(outcome, answer, &rendition, err) ||
        !kr_rendition_keep(store, &rendition, file.fd, err) ||
        (!is_small(treatment) && !keep_recipe(store, item.id, rendition.kind, answer, who, err)))
        return false;
    *out = rendition;
    return true;
}

bool kr_treat_thumbs(struct kr_store *store, struct kr_wall *wall, const char *item_id,
                     struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_json_drop) json_t *answer = NULL;
    struct kr_item item;
    return kr_item_get(store, mem, item_id, &item, err) &&
           kr_look_at_blob(store, wall, &item.blob, item.kind, item.mime, "", &answer, err);
}
