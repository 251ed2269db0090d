// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/jobs.h"

#include "base/clock.h"
#include <assert.h>
#include <string.h>

enum { MOST_JSON = 4 << 20 };

bool kr_job_add(struct kr_store *store, struct kr_job *job, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    char id[KR_UUID_TEXT];
    int64_t now = kr_now_ms();
    kr_uuid_new_text(id);
    const char *args = job->args ? kr_json_text(mem, job->args) : "{}";
    if (!kr_db_run(store->db, KR_SQL_JOB_ADD, err, KR_TEXT(id), KR_TEXT(store->home),
                   KR_TEXT(job->kind), KR_TEXT(args), KR_TEXT(job->item ? job->item : ""),
                   KR_INT(now)))
        return kr_within(err, "add a job");
    kr_format(job->id, sizeof job->id, "%s", id);
    job->made_ms = now;
    job->state = "waiting";
    return true;
}

static bool json_of(const struct kr_rows *rows, int column, struct kr_arena *mem,
                    const json_t **out, struct kr_err *err)
{
    json_t *value;
    if (!kr_json_parse(kr_str_of(kr_row_text(rows, column)), MOST_JSON, &value, err))
        return kr_within(err, "read a job");
    *out = kr_json_lend(mem, value);
    return true;
}

static bool job_of_row(const struct kr_rows *rows, struct kr_arena *mem, struct kr_job *out,
                       struct kr_err *err)
{
    struct kr_job job = {
        .kind = kr_arena_strdup(mem, kr_row_text(rows, 1)),
        .item = kr_arena_strdup(mem, kr_row_text(rows, 3)),
        .state = kr_arena_strdup(mem, kr_row_text(rows, 4)),
        .progress = kr_row_real(rows, 5),
        .error = kr_arena_strdup(mem, kr_row_text(rows, 7)),
        .tries = (int)kr_row_int(rows, 8),
        .epoch = kr_row_int(rows, 9),
        .made_ms = kr_row_int(rows, 10),
    };
    kr_format(job.id, sizeof job.id, "%.36s", kr_row_text(rows, 0));
    kr_format(job.home, sizeof job.home, "%.36s", kr_row_text(rows, 11));
    if (!json_of(rows, 2, mem, &job.args, err) || !json_of(rows, 6, mem, &job.result, err))
        return false;
    *out = job;
    return true;
}

bool kr_job_get(struct kr_store *store, struct kr_arena *mem, const char *id, struct kr_job *out,
                struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more = false;
    if (!kr_db_query(store->db, KR_SQL_JOB_GET, &rows, err, KR_TEXT(store->home), KR_TEXT(id)) ||
        !kr_rows_next(rows, &more, err))
        return false;
    if (!more)
        return kr_fail(err, KR_E_NOT_FOUND, "no job of this id");
    return job_of_row(rows, mem, out, err);
}

bool kr_jobs_list(struct kr_store *store, struct kr_arena *mem, int limit, struct kr_job **out,
                  size_t *n, struct kr_err *err)
{
    assert(limit >= 1 && limit <= 10000);
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    struct kr_job *list = kr_arena_array(mem, struct kr_job, (size_t)limit);
    size_t count = 0;
    if (!kr_db_query(store->db, KR_SQL_JOBS_LIST, &rows, err, KR_TEXT(store->home), KR_INT(limit)))
        return false;
    for (bool more = true; count < (size_t)limit; count++) {
        if (!kr_rows_next(rows, &more, err) || (more && !job_of_row(rows, mem, &list[count], err)))
            return false;
        if (!more)
            break;
    }
    *out = list;
    *n = count;
    return true;
}

bool kr_job_latest(struct kr_store *store, struct kr_arena *mem, const char *kind,
                   struct kr_job *out, bool *found, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    return kr_db_query(store->db, KR_SQL_JOB_LATEST, &rows, err, KR_TEXT(store->home),
                       KR_TEXT(kind)) &&
           kr_rows_next(rows, found, err) && (!*found || job_of_row(rows, mem, out, err));
}

bool kr_job_latest_of(struct kr_store *store, struct kr_arena *mem, const char *kind,
                      const char *item, struct kr_job *out, bool *found, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    return kr_db_query(store->db, KR_SQL_JOB_LATEST_OF, &rows, err, KR_TEXT(store->home),
                       KR_TEXT(kind), KR_TEXT(item)) &&
           kr_rows_next(rows, found, err) && (!*found || job_of_row(rows, mem, out, err));
}

bool kr_job_is_open(const struct kr_job *job)
{
    return strcmp(job->state, "waiting") == 0 || strcmp(job->state, "running") == 0;
}

bool kr_job_cancel(struct kr_store *store, const char *id, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_job job;
    if (!kr_job_get(store, mem, id, &job, err) ||
        !kr_db_run(store->db, KR_SQL_JOB_CANCEL, err, KR_TEXT(store->home), KR_TEXT(id)))
        return kr_within(err, "cancel a job");
    if (kr_db_changes(store->db) == 0)
        return kr_fail(err, KR_E_CONFLICT, "cancel a job: it has ended already");
    return true;
}

// Both statements in one transaction: the engine's one writer at a time (or its
// row locks) is what makes a job one worker's.
static bool take(struct kr_store *store, struct kr_arena *mem, int lease_s, int most_tries,
                 struct kr_job *out, bool *found, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    int64_t now = kr_now_ms();
    return kr_db_run(store->db, KR_SQL_JOBS_GIVE_UP, err,
                     KR_TEXT("its worker stopped answering, every time"), KR_INT(now),
                     KR_INT(most_tries)) &&
           kr_db_query(store->db, KR_SQL_JOB_TAKE, &rows, err,
                       KR_INT(now + (int64_t)lease_s * 1000), KR_INT(now)) &&
           kr_rows_next(rows, found, err) && (!*found || job_of_row(rows, mem, out, err));
}

static bool any_to_take(struct kr_store *store, bool *any, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    return kr_db_query(store->db, KR_SQL_JOBS_ANY, &rows, err, KR_INT(kr_now_ms())) &&
           kr_rows_next(rows, any, err);
}

bool kr_job_take(struct kr_store *store, struct kr_arena *mem, int lease_s, int most_tries,
                 struct kr_job *out, bool *found, struct kr_err *err)
{
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    bool any = false, got = false;
    // A worker that finds nothing, again and again, should disturb nobody who writes.
    if (!any_to_take(store, &any, err))
        return kr_within(err, "take a job");
    if (any && (!kr_tx_begin(store->db, &tx, err) ||
                !take(store, mem, lease_s, most_tries, out, &got, err) || !kr_tx_commit(&tx, err)))
        return kr_within(err, "take a job");
    *found = got;
    return true;
}

bool kr_job_renew(struct kr_store *store, const struct kr_job *job, double progress, int lease_s,
                  bool *still, struct kr_err *err)
{
    int64_t until = kr_now_ms() + (int64_t)lease_s * 1000;
    if (!kr_db_run(store->db, KR_SQL_JOB_RENEW, err, KR_REAL(progress), KR_INT(until),
                   KR_TEXT(job->id), KR_INT(job->epoch)))
        return kr_within(err, "renew the lease of a job");
    *still = kr_db_changes(store->db) > 0;
    return true;
}

static bool end(struct kr_store *store, const struct kr_job *job, const char *state,
                double progress, const char *result, const char *error, struct kr_err *err)
{
    return kr_db_run(store->db, KR_SQL_JOB_END, err, KR_TEXT(state), KR_REAL(progress),
                     KR_TEXT(result), KR_TEXT(error), KR_TEXT(job->id), KR_INT(job->epoch)) ||
           kr_within(err, "end a job");
}

bool kr_job_done(struct kr_store *store, const struct kr_job *job, const json_t *result,
                 struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    return end(store, job, "done", 1.0, result ? kr_json_text(mem, result) : "null", "", err);
}

bool kr_job_failed(struct kr_store *store, const struct kr_job *job, const struct kr_err *why,
                   struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    const char *result = kr_arena_format(mem, "{\"code\":\"%s\"}", kr_code_name(why->code));
    return end(store, job, "failed", job->progress, result, why->text, err);
}
