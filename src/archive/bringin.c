// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/bringin.h"

#include "base/file.h"
#include <fcntl.h>
#include <string.h>

enum { LISTED = 200 };

struct bringing {
    const struct kr_bring_in *bring;
    json_t *refusals;
    int64_t more;
};

static void on_outcome(void *context, const struct kr_outcome *outcome)
{
    struct bringing *bringing = context;
    if (outcome->fate != KR_REFUSED)
        return;
    if (json_array_size(bringing->refusals) == LISTED) {
        bringing->more++;
        return;
    }
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    json_t *refusal = kr_json_new_object();
    kr_json_set_str(refusal, "path", kr_path_escape(mem, outcome->path));
    kr_json_set_str(refusal, "code", kr_code_name(outcome->code));
    kr_json_set_str(refusal, "reason", outcome->reason);
    kr_json_append_take(bringing->refusals, refusal);
}

static bool on_progress(void *context, size_t done, size_t all, uint64_t bytes)
{
    const struct kr_bring_in *bring = ((struct bringing *)context)->bring;
    (void)bytes;
    return !bring->progress ||
           bring->progress(bring->context, all ? (double)done / (double)all : 1);
}

static bool folder_is_there(const char *path, size_t n, struct kr_err *err)
{
    KR_AUTO(kr_fd_close) int folder = -1;
    if (*path != '/' || strlen(path) != n)
        return kr_fail(err, KR_E_INVALID, "no path from the root");
    return kr_open_folder(AT_FDCWD, path, false, &folder, err);
}

static bool run(struct bringing *bringing, const char *path, struct kr_ingest_counts *counts,
                struct kr_err *err)
{
    KR_AUTO(kr_ingest_close) struct kr_ingest *ingest = NULL;
    const struct kr_ingest_params params = {.archive = bringing->bring->archive,
                                            .home = bringing->bring->home,
                                            .wall = bringing->bring->wall,
                                            .outcome = on_outcome,
                                            .progress = on_progress,
                                            .context = bringing};
    return kr_ingest_open(&params, &ingest, err) && kr_ingest_run(ingest, &path, 1, counts, err);
}

bool kr_bring_folder_in(const struct kr_bring_in *bring, json_t *result, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct bringing bringing = {.bring = bring, .refusals = kr_json_new_array()};
    struct kr_ingest_counts counts = {0};
    struct kr_str path = kr_path_unescape(mem, bring->path);
    kr_json_set_take(result, "refusals", bringing.refusals);
    if (!folder_is_there(path.at, path.n, err) || !run(&bringing, path.at, &counts, err))
        return false;
    kr_json_set_int(result, "files", (int64_t)counts.files);
    kr_json_set_int(result, "added", (int64_t)counts.added);
    kr_json_set_int(result, "duplicates", (int64_t)counts.duplicates);
    kr_json_set_int(result, "refused", (int64_t)counts.refused);
    kr_json_set_int(result, "damaged", (int64_t)counts.damaged);
    kr_json_set_int(result, "bytes", (int64_t)counts.bytes);
    kr_json_set_int(result, "more", bringing.more);
    return true;
}
