// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/jobs.h"
#include "store_test.h"
#include <sys/wait.h>

static void add(struct kr_test *t, struct kr_store *store, const char *kind,
                char id[static KR_UUID_TEXT])
{
    struct kr_job job = {.kind = kind, .item = "it"};
    KR_AUTO(kr_json_drop) json_t *args = kr_json_new_object();
    kr_json_set_str(args, "kind", kind);
    job.args = args;
    EXPECT_OK(kr_job_add(store, &job, &t->err));
    kr_format(id, KR_UUID_TEXT, "%s", job.id);
}

static struct kr_job look(struct kr_test *t, struct kr_store *store, const char *id)
{
    struct kr_job job = {.kind = NULL};
    EXPECT_OK(kr_job_get(store, t->mem, id, &job, &t->err));
    return job;
}

TEST(the_oldest_is_taken_first_and_ends_with_its_result)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    struct kr_job job;
    bool found = false, still = false;
    char first[KR_UUID_TEXT], second[KR_UUID_TEXT];
    add(t, store, "kit", first);
    add(t, store, "film", second);
    EXPECT_OK(kr_job_take(store, t->mem, 60, 3, &job, &found, &t->err));
    EXPECT(found);
    EXPECT_STR(job.id, first);
    EXPECT_STR(job.state, "running");
    EXPECT_STR(kr_json_str(job.args, "kind", ""), "kit");
    EXPECT_OK(kr_job_renew(store, &job, 0.5, 60, &still, &t->err));
    EXPECT(still);
    EXPECT_NEAR(look(t, store, first).progress, 0.5, 0);
    EXPECT_OK(kr_job_done(store, &job, job.args, &t->err));
    EXPECT_STR(look(t, store, first).state, "done");
    EXPECT_STR(kr_json_str(look(t, store, first).result, "kind", ""), "kit");
    EXPECT_OK(kr_job_take(store, t->mem, 60, 3, &job, &found, &t->err));
    EXPECT(found);
    EXPECT_STR(job.id, second);
    const struct kr_err why = {KR_E_UNSUPPORTED, "no sound"};
    EXPECT_OK(kr_job_failed(store, &job, &why, &t->err));
    EXPECT_STR(look(t, store, second).error, "no sound");
    EXPECT_STR(kr_json_str(look(t, store, second).result, "code", ""), "unsupported");
    EXPECT_OK(kr_job_take(store, t->mem, 60, 3, &job, &found, &t->err));
    EXPECT(!found);
}

TEST(a_late_worker_touches_nothing)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    struct kr_job late, now;
    bool found = false, still = true;
    char id[KR_UUID_TEXT];
    add(t, store, "kit", id);
    EXPECT_OK(kr_job_take(store, t->mem, -1, 3, &late, &found, &t->err)); // its lease is over
    EXPECT_OK(kr_job_take(store, t->mem, 60, 3, &now, &found, &t->err));
    EXPECT(found);
    EXPECT(now.epoch > late.epoch);
    EXPECT_INT(now.tries, 2);
    EXPECT_OK(kr_job_renew(store, &late, 0.9, 60, &still, &t->err));
    EXPECT(!still);
    EXPECT_OK(kr_job_done(store, &late, NULL, &t->err));
    EXPECT_STR(look(t, store, id).state, "running");
    EXPECT_NEAR(look(t, store, id).progress, 0, 0);
    EXPECT_OK(kr_job_done(store, &now, NULL, &t->err));
    EXPECT_STR(look(t, store, id).state, "done");
}

TEST(a_job_that_kills_its_workers_is_given_up)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    struct kr_job job;
    bool found = true;
    char id[KR_UUID_TEXT];
    add(t, store, "kit", id);
    for (int tries = 0; tries < 2; tries++) {
        EXPECT_OK(kr_job_take(store, t->mem, -1, 2, &job, &found, &t->err));
        EXPECT(found);
    }
    EXPECT_OK(kr_job_take(store, t->mem, -1, 2, &job, &found, &t->err));
    EXPECT(!found);
    EXPECT_STR(look(t, store, id).state, "failed");
    EXPECT(*look(t, store, id).error);
}

TEST(a_cancelled_job_stops_its_worker_and_is_not_taken)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    struct kr_job job;
    bool found = false, still = true;
    char running[KR_UUID_TEXT], waiting[KR_UUID_TEXT];
    add(t, store, "kit", running);
    add(t, store, "kit", waiting);
    EXPECT_OK(kr_job_take(store, t->mem, 60, 3, &job, &found, &t->err));
    EXPECT_OK(kr_job_cancel(store, running, &t->err));
    EXPECT_OK(kr_job_cancel(store, waiting, &t->err));
    EXPECT_OK(kr_job_cancel(store, waiting, &t->err)); // pressed twice
    EXPECT_OK(kr_job_renew(store, &job, 0.9, 60, &still, &t->err));
    EXPECT(!still);
    EXPECT_OK(kr_job_done(store, &job, NULL, &t->err));
    EXPECT_STR(look(t, store, running).state, "cancelled");
    EXPECT_OK(kr_job_take(store, t->mem, 60, 3, &job, &found, &t->err));
    EXPECT(!found);
    EXPECT_FAIL(kr_job_cancel(store, "nobody", &t->err), KR_E_NOT_FOUND);
}

TEST(what_has_ended_cannot_be_cancelled)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    struct kr_job job;
    bool found = false;
    char id[KR_UUID_TEXT];
    add(t, store, "kit", id);
    EXPECT_OK(kr_job_take(store, t->mem, 60, 3, &job, &found, &t->err));
    EXPECT_OK(kr_job_done(store, &job, NULL, &t->err));
    EXPECT_FAIL(kr_job_cancel(store, id, &t->err), KR_E_CONFLICT);
}

TEST(the_list_is_newest_first_and_as_long_as_asked)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    struct kr_job *list;
    size_t n = 0;
    char id[4][KR_UUID_TEXT];
    for (int i = 0; i < 4; i++)
        add(t, store, "kit", id[i]);
    EXPECT_OK(kr_jobs_list(store, t->mem, 3, &list, &n, &t->err));
    EXPECT_INT(n, 3);
    EXPECT_STR(list[0].id, id[3]);
    EXPECT_STR(list[2].id, id[1]);
}

enum { WORKERS = 3, JOBS = 24 };

// A worker process: takes what it can, and dies without a word after its fifth.
static int work(const char *path, bool dies)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_job job;
    bool found = true;
    if (!kr_store_open(path, KR_STORE_WRITE, &store, NULL))
        return 1;
    for (int i = 0; found; i++) {
        if (!kr_job_take(store, mem, dies && i == 5 ? -1 : 60, 5, &job, &found, NULL))
            return 1;
        if (dies && i == 5)
            _exit(0);
        KR_AUTO(kr_json_drop) json_t *result = kr_json_new_object();
        kr_json_set_int(result, "worker", getpid());
        if (found && !kr_job_done(store, &job, result, NULL))
            return 1;
    }
    return 0;
}

TEST(many_workers_give_each_job_one_result)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    const char *path = kr_arena_format(t->mem, "%s/a", t->dir);
    char id[JOBS][KR_UUID_TEXT];
    pid_t child[WORKERS];
    for (int i = 0; i < JOBS; i++)
        add(t, store, "kit", id[i]);
    for (int i = 0; i < WORKERS; i++) {
        child[i] = fork();
        if (child[i] == 0)
            _exit(work(path, i == 0));
    }
    for (int i = 0; i < WORKERS; i++) {
        int status = 1;
        EXPECT(waitpid(child[i], &status, 0) == child[i] && status == 0);
    }
    EXPECT_INT(work(path, false), 0); // what the dead one held
    for (int i = 0; i < JOBS; i++)
        EXPECT_STR(look(t, store, id[i]).state, "done");
}

MAIN(CASE(the_oldest_is_taken_first_and_ends_with_its_result), CASE(a_late_worker_touches_nothing),
     CASE(a_job_that_kills_its_workers_is_given_up),
     CASE(a_cancelled_job_stops_its_worker_and_is_not_taken),
     CASE(what_has_ended_cannot_be_cancelled), CASE(the_list_is_newest_first_and_as_long_as_asked),
     CASE(many_workers_give_each_job_one_result))
