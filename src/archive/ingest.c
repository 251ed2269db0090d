// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/ingest.h"

#include "archive/groups.h"
#include "archive/ingest_priv.h"
#include "archive/shown.h"
#include "base/clock.h"
#include "store/claims.h"
#include <pthread.h>
#include <string.h>
#include <unistd.h>

enum { BATCH = 24, AHEAD = 64, MIRROR_MS = 500, TICK_MS = 250 };

struct kr_ingest {
    struct kr_ingest_params params;
    struct kr_store *store; // for writing, and what only one does
    uint64_t most, floor;
};

const char *kr_fate_name(enum kr_fate fate)
{
    static const char *const names[] = {"added", "duplicate", "refused"};
    return names[fate];
}

// The archive, set to the home whose files these become.
static bool open_store(const struct kr_ingest_params *params, enum kr_store_mode mode,
                       struct kr_store **out, struct kr_err *err)
{
    if (!kr_store_open(params->archive, mode, out, err))
        return false;
    kr_store_enter(*out, params->home);
    return true;
}

bool kr_ingest_open(const struct kr_ingest_params *params, struct kr_ingest **out,
                    struct kr_err *err)
{
    KR_AUTO(kr_ingest_close) struct kr_ingest *ingest = kr_new(struct kr_ingest);
    int64_t most, floor;
    bool lacking;
    ingest->params = *params;
    if (!open_store(params, KR_STORE_WRITE, &ingest->store, err) ||
        !kr_rebuild_is_due(ingest->store, &lacking, err) ||
        !kr_store_number(ingest->store, "add.most_mib", &most, err) ||
        !kr_store_number(ingest->store, "add.free_mib", &floor, err))
        return false;
    if (lacking) // what is kept might look new
        return kr_fail(err, KR_E_BUSY, "a rebuild has not ended; run it again");
    ingest->most = (uint64_t)most << 20;
    ingest->floor = (uint64_t)floor << 20;
    *out = ingest;
    ingest = NULL;
    return true;
}

void kr_ingest_close(struct kr_ingest **ingest)
{
    if (*ingest)
        kr_store_close(&(*ingest)->store);
    kr_free(ingest);
}

// Threads take files in order and hand findings to the one that commits.
struct crew {
    struct kr_ingest *ingest;
    const struct kr_walk *walk;
    pthread_mutex_t lock;
    pthread_cond_t found, room;
    size_t next;    // the next file to take
    size_t waiting; // findings not committed yet
    int running;    // threads still at work
    struct kr_finding *first, **last;
    bool stop;
    struct kr_err err; // what stopped a thread
};

static void finding_destroy(struct kr_finding *finding)
{
    struct kr_arena *mem = finding->mem;
    kr_arena_destroy(&mem); // the finding lies in it
}

static struct kr_finding *new_finding(void)
{
    struct kr_arena *mem = kr_arena_create();
    struct kr_finding *finding = kr_arena_new(mem, struct kr_finding);
    finding->mem = mem;
    finding->reading.mem = mem;
    return finding;
}

static bool next_file(struct crew *crew, size_t *index)
{
    pthread_mutex_lock(&crew->lock);
    while (!crew->stop && crew->waiting >= AHEAD)
        pthread_cond_wait(&crew->room, &crew->lock);
    bool more = !crew->stop && crew->next < crew->walk->n;
    if (more)
        *index = crew->next++;
    pthread_mutex_unlock(&crew->lock);
    return more;
}

static void hand_over(struct crew *crew, struct kr_finding *finding)
{
    pthread_mutex_lock(&crew->lock);
    *crew->last = finding;
    crew->last = &finding->next;
    crew->waiting++;
    pthread_cond_signal(&crew->found);
    pthread_mutex_unlock(&crew->lock);
}

static void give_up(struct crew *crew, const struct kr_err *err)
{
    pthread_mutex_lock(&crew->lock);
    if (!crew->err.code)
        crew->err = *err;
    crew->stop = true;
    pthread_cond_broadcast(&crew->room);
    pthread_cond_signal(&crew->found);
    pthread_mutex_unlock(&crew->lock);
}

static void work(struct crew *crew, struct kr_taker *taker)
{
    struct kr_err err = {0};
    for (size_t index; next_file(crew, &index);) {
        struct kr_finding *finding = new_finding();
        if (kr_take_file(taker, crew->walk, index, finding, &err)) {
            hand_over(crew, finding);
            continue;
        }
        finding_destroy(finding);
        give_up(crew, &err);
    }
}

static void *thread_main(void *context)
{
    struct crew *crew = context;
    struct kr_taker taker = {.wall = crew->ingest->params.wall,
                             .most = crew->ingest->most,
                             .floor = crew->ingest->floor};
    struct kr_err err = {0};
    if (open_store(&crew->ingest->params, KR_STORE_READ, &taker.store, &err))
        work(crew, &taker);
    else
        give_up(crew, &err);
    kr_store_close(&taker.store);
    pthread_mutex_lock(&crew->lock);
    crew->running--;
    pthread_cond_signal(&crew->found);
    pthread_mutex_unlock(&crew->lock);
    return NULL;
}

// Up to BATCH findings, as soon as there are some; NULL once all is done.
static struct kr_finding *take_batch(struct crew *crew, bool *over)
{
    pthread_mutex_lock(&crew->lock);
    if (!crew->first && crew->running > 0) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += TICK_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&crew->found, &crew->lock, &until);
    }
    struct kr_finding *batch = crew->first, *last = batch;
    size_t n = batch ? 1 : 0;
    while (last && last->next && n < BATCH) {
        last = last->next;
        n++;
    }
    if (last) {
        crew->first = last->next;
        last->next = NULL;
        if (!crew->first)
            crew->last = &crew->first;
    }
    crew->waiting -= n;
    *over = !batch && crew->running == 0;
    pthread_cond_broadcast(&crew->room);
    pthread_mutex_unlock(&crew->lock);
    return batch;
}

static void count(struct kr_ingest_counts *counts, const struct kr_outcome *outcome)
{
    counts->files++;
    if (outcome->sidecar)
        return;
    counts->added += outcome->fate == KR_ADDED;
    counts->duplicates += outcome->fate == KR_DUPLICATE;
    counts->refused += outcome->fate == KR_REFUSED;
    counts->damaged += outcome->fate == KR_ADDED && outcome->damaged[0];
}

static void report_and_drop(struct kr_ingest *ingest, struct kr_finding *batch,
                            struct kr_ingest_counts *counts)
{
    for (struct kr_finding *next; batch; batch = next) {
        next = batch->next;
        count(counts, &batch->outcome);
        counts->bytes += batch->file ? batch->file->size : 0;
        if (ingest->params.outcome)
            ingest->params.outcome(ingest->params.context, &batch->outcome);
        finding_destroy(batch);
    }
}

static void drop(struct kr_finding *batch)
{
    for (struct kr_finding *next; batch; batch = next) {
        next = batch->next;
        finding_destroy(batch);
    }
}

static bool mirror_now_and_then(struct kr_ingest *ingest, int64_t *last, struct kr_err *err)
{
    int64_t now = kr_monotonic_ms();
    if (now - *last < MIRROR_MS)
        return true;
    *last = now;
    return kr_claims_mirror(ingest->store, err);
}

// Commits what the threads find until they are done or somebody says stop.
static bool commit_all(struct crew *crew, struct kr_ingest_counts *counts, struct kr_err *err)
{
    struct kr_ingest *ingest = crew->ingest;
    int64_t mirrored = kr_monotonic_ms(), ticked = 0;
    for (bool over = false; !over;) {
        struct kr_finding *batch = take_batch(crew, &over);
        if (batch && !kr_commit_findings(ingest->store, batch, err)) {
            drop(batch);
            return false;
        }
        report_and_drop(ingest, batch, counts);
        if (!mirror_now_and_then(ingest, &mirrored, err))
            return false;
        int64_t now = kr_monotonic_ms();
        if (!ingest->params.progress || now - ticked < TICK_MS)
            continue;
        ticked = now;
        if (!ingest->params.progress(ingest->params.context, counts->files, crew->walk->n,
                                     counts->bytes))
            return kr_fail(err, KR_E_INTERRUPTED, "stopped");
    }
    return true;
}

static int thread_count(const struct kr_ingest *ingest, size_t files)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    long n = ingest->params.threads ? ingest->params.threads : cores < 1 ? 1 : cores;
    n = n > 32 ? 32 : n;
    return (int)((size_t)n > files ? files : (size_t)n);
}

static bool run_crew(struct crew *crew, struct kr_ingest_counts *counts, struct kr_err *err)
{
    pthread_t threads[32];
    int n = thread_count(crew->ingest, crew->walk->n), started = 0;
    crew->running = n;
    while (started < n && pthread_create(&threads[started], NULL, thread_main, crew) == 0)
        started++;
    pthread_mutex_lock(&crew->lock);
    crew->running -= n - started;
    pthread_mutex_unlock(&crew->lock);
    bool fine = commit_all(crew, counts, err);
    if (!fine)
        give_up(crew, err ? err : &crew->err);
    for (int i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    drop(crew->first);
    if (fine && crew->err.code)
        return kr_fail(err, crew->err.code, "%s", crew->err.text);
    return fine && (started > 0 || n == 0 || kr_fail(err, KR_E_IO, "no thread could be started"));
}

static bool run_walk(struct kr_ingest *ingest, const struct kr_walk *walk,
                     struct kr_ingest_counts *counts, struct kr_err *err)
{
    struct crew crew = {.ingest = ingest, .walk = walk, .last = NULL};
    crew.last = &crew.first;
    pthread_mutex_init(&crew.lock, NULL);
    pthread_cond_init(&crew.found, NULL);
    pthread_cond_init(&crew.room, NULL);
    bool fine = run_crew(&crew, counts, err);
    pthread_cond_destroy(&crew.room);
    pthread_cond_destroy(&crew.found);
    pthread_mutex_destroy(&crew.lock);
    return fine;
}

bool kr_ingest_run(struct kr_ingest *ingest, const char *const *paths, size_t n,
                   struct kr_ingest_counts *out, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_walk walk;
    struct kr_ingest_counts counts = {0};
    kr_walk_paths(mem, paths, n, &walk);
    bool fine = run_walk(ingest, &walk, &counts, err);
    *out = counts; // what came in before a failure stays in
    struct kr_err why = {0};
    bool mirrored = kr_claims_mirror(ingest->store, &why);
    if (!fine)
        return kr_within(err, "bring in");
    if (!mirrored)
        return kr_fail(err, why.code, "%s", why.text);
    return kr_groups_if_due(ingest->store, 0, err);
}

bool kr_ingest_file(struct kr_ingest *ingest, struct kr_arena *mem, int fd, struct kr_str name,
                    struct kr_outcome *out, struct kr_err *err)
{
    struct kr_finding finding = {.mem = mem, .reading = {.mem = mem}};
    struct kr_taker taker = {.store = ingest->store,
                             .wall = ingest->params.wall,
                             .most = ingest->most,
                             .floor = ingest->floor};
    if (!kr_take_fd(&taker, fd, name, kr_now_ms() * 1000000, &finding, err) ||
        !kr_commit_findings(ingest->store, &finding, err) || !kr_claims_mirror(ingest->store, err))
        return kr_within(err, "bring in a file");
    *out = finding.outcome;
    return true;
}
