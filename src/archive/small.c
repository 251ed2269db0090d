// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/small.h"

#include "base/clock.h"
#include "store/jobs.h"
#include <string.h>

#define AGAIN_MS (INT64_C(3600) * 1000)

static const char kind[] = "small";

// The copy, or the latest job that is to make it.
static bool find(struct kr_store *store, struct kr_arena *mem, const char *item,
                 struct kr_small *out, struct kr_job *job, bool *asked, struct kr_err *err)
{
    struct kr_rendition *all;
    size_t n;
    *out = (struct kr_small){0};
    if (!kr_renditions_of(store, mem, item, &all, &n, err))
        return false;
    for (size_t i = 0; i < n && !out->made; i++)
        if (strcmp(all[i].kind, kind) == 0)
            *out = (struct kr_small){.made = true, .rendition = all[i], .share = 1};
    return kr_job_latest_of(store, mem, kind, item, job, asked, err);
}

static bool has_failed(const struct kr_job *job)
{
    bool ended = strcmp(job->state, "failed") == 0 || strcmp(job->state, "cancelled") == 0;
    return ended && kr_now_ms() - job->made_ms < AGAIN_MS;
}

bool kr_small_look(struct kr_store *store, struct kr_arena *mem, const char *item,
                   struct kr_small *out, struct kr_err *err)
{
    struct kr_small small;
    struct kr_job job;
    bool asked = false;
    if (!find(store, mem, item, &small, &job, &asked, err))
        return false;
    if (!small.made && asked && has_failed(&job))
        return kr_fail(err, KR_E_UNSUPPORTED, "no small copy of item %.36s could be made", item);
    small.coming = !small.made && asked && kr_job_is_open(&job);
    if (small.coming)
        small.share = job.progress;
    *out = small;
    return true;
}

bool kr_small_wish(struct kr_store *store, const char *item, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE; // two who ask at once have one job (1)
    struct kr_small small;
    struct kr_job job, wish = {.kind = kind, .item = item};
    bool asked = false;
    if (!kr_tx_begin(store->db, &tx, err) || !find(store, mem, item, &small, &job, &asked, err))
        return kr_within(err, "ask for a small copy");
    if (small.made || (asked && (kr_job_is_open(&job) || has_failed(&job))))
        return true;
    return (kr_job_add(store, &wish, err) && kr_tx_commit(&tx, err)) ||
           kr_within(err, "ask for a small copy");
}
