// SPDX-License-Identifier: AGPL-3.0-or-later
// jobs.h: work that is too slow to wait for: rows with a lease.
//
// A worker claims a job for a while and renews its claim as it goes on; when it
// dies, the lease runs out and another takes the job under a higher epoch. A
// late worker's words then touch nothing: exactly one result for each job.

#pragma once
#include "base/json.h"
#include "store/store.h"

struct kr_job {
    char id[KR_UUID_TEXT], home[KR_UUID_TEXT]; // the home: of the store it was added through
    const char *kind; // "restore", "kit", "proxy", "small", "film", "mount", "add", "backup"
    const json_t *args;
    const char *item;  // whom it is about, or ""
    const char *state; // "waiting", "running", "done", "failed", "cancelled"
    double progress;
    const json_t *result;
    const char *error;
    int tries;
    int64_t epoch, made_ms;
};
// Adds a waiting job inside or outside a transaction; fills id and made_ms.
KR_CHECK bool kr_job_add(struct kr_store *store, struct kr_job *job, struct kr_err *err);
KR_CHECK bool kr_job_get(struct kr_store *store, struct kr_arena *mem, const char *id,
                         struct kr_job *out, struct kr_err *err);
// Newest first.
KR_CHECK bool kr_jobs_list(struct kr_store *store, struct kr_arena *mem, int limit,
                           struct kr_job **out, size_t *n, struct kr_err *err);
// The newest of this kind; *found is false where there is none.
KR_CHECK bool kr_job_latest(struct kr_store *store, struct kr_arena *mem, const char *kind,
                            struct kr_job *out, bool *found, struct kr_err *err);
// The same, of those about one item.
KR_CHECK bool kr_job_latest_of(struct kr_store *store, struct kr_arena *mem, const char *kind,
                               const char *item, struct kr_job *out, bool *found,
                               struct kr_err *err);
bool kr_job_is_open(const struct kr_job *job); // waiting or running
KR_CHECK bool kr_job_cancel(struct kr_store *store, const char *id, struct kr_err *err);

// Takes the oldest job that waits, of any home (or whose lease ran out and that has tries
// left; one without is marked failed). *found is false when there is none.
KR_CHECK bool kr_job_take(struct kr_store *store, struct kr_arena *mem, int lease_s, int most_tries,
                          struct kr_job *out, bool *found, struct kr_err *err);
// Renews the lease and tells the progress; *still is false when the job is no
// longer this worker's or was cancelled: then stop.
KR_CHECK bool kr_job_renew(struct kr_store *store, const struct kr_job *job, double progress,
                           int lease_s, bool *still, struct kr_err *err);
// Ends it; touches nothing when the epoch is no longer the job's.
KR_CHECK bool kr_job_done(struct kr_store *store, const struct kr_job *job, const json_t *result,
                          struct kr_err *err);
// Its result is {"code"}, so that people can be told in their own words.
KR_CHECK bool kr_job_failed(struct kr_store *store, const struct kr_job *job,
                            const struct kr_err *why, struct kr_err *err);
