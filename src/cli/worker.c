// SPDX-License-Identifier: AGPL-3.0-or-later
// Runs jobs: one at a time, under a lease that it renews as the job goes on.
#include "cli/commands.h"

#include "archive/backups.h"
#include "archive/bringin.h"
#include "archive/groups.h"
#include "archive/mounts.h"
#include "archive/persons.h"
#include "archive/treat.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/jobs.h"
#include "story/make.h"
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { IDLE_MS = 500, RENEW_MS = 1000, QUIET_MS = 2000, BACKUP_LOOK_MS = 60 * 1000 };

struct shift { // one job under way
    struct kr_store *store;
    struct kr_job job;
    int lease_s;
    int64_t renewed_ms;
    bool lost; // the job is no longer ours
};

static bool on_progress(void *context, double done)
{
    struct shift *shift = context;
    int64_t now = kr_monotonic_ms();
    if (kr_cli_stopped())
        return false;
    if (now - shift->renewed_ms < RENEW_MS)
        return true;
    shift->renewed_ms = now;
    bool still = true;
    struct kr_err none;
    if (kr_job_renew(shift->store, &shift->job, done, shift->lease_s, &still, &none) && !still)
        shift->lost = true;
    return !shift->lost;
}

static bool do_film(struct kr_cli *cli, struct kr_wall *wall, struct shift *shift, json_t *result)
{
    char film[KR_UUID_TEXT];
    if (!kr_film_make(shift->store, wall, kr_json_get(shift->job.args, "story"),
                      kr_json_str(shift->job.args, "who", "owner"), on_progress, shift, film,
                      &cli->err))
        return false;
    kr_json_set_str(result, "film", film);
    return true;
}

static bool do_treatment(struct kr_cli *cli, struct kr_wall *wall, struct shift *shift,
                         json_t *result)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    const struct kr_treatment treatment = {shift->job.kind, kr_json_get(shift->job.args, "options"),
                                           on_progress, shift};
    struct kr_rendition rendition;
    if (!kr_treat_item(shift->store, wall, mem, &treatment, shift->job.item,
                       kr_json_str(shift->job.args, "who", "owner"), &rendition, &cli->err))
        return false;
    kr_json_set_str(result, "rendition", rendition.id);
    return true;
}

static bool do_add(struct kr_cli *cli, struct kr_wall *wall, struct shift *shift, json_t *result)
{
    const struct kr_bring_in bring = {.archive = cli->archive,
                                      .home = shift->store->home,
                                      .wall = wall,
                                      .path = kr_json_str(shift->job.args, "path", ""),
                                      .progress = on_progress,
                                      .context = shift};
    return kr_bring_folder_in(&bring, result, &cli->err);
}

static bool do_backup(struct kr_cli *cli, struct kr_wall *wall, struct shift *shift, json_t *result)
{
    struct kr_backup_report report;
    (void)wall;
    if (!kr_backups_make(shift->store, on_progress, shift, &report, &cli->err))
        return false;
    kr_json_set_int(result, "blobs", report.blobs);
    kr_json_set_int(result, "copied", report.copied);
    kr_json_set_int(result, "missing", report.missing);
    kr_json_set_int(result, "bytes", report.bytes);
    return true;
}

static bool do_mount(struct kr_cli *cli, struct kr_wall *wall, struct shift *shift, json_t *result)
{
    const struct kr_ride ride = {on_progress, shift};
    const char *name = kr_json_str(shift->job.args, "name", "");
    if (!kr_mount_of_item(shift->store, wall, &ride, shift->job.item, name, &cli->err))
        return false;
    kr_json_set_str(result, "mount", name);
    return true;
}

// What a job may be, sorted.
static const struct {
    const char *kind;
    bool (*run)(struct kr_cli *cli, struct kr_wall *wall, struct shift *shift, json_t *result);
} kinds[] = {{"add", do_add},           {"backup", do_backup},  {"film", do_film},
             {"kit", do_treatment},     {"mount", do_mount},    {"proxy", do_treatment},
             {"restore", do_treatment}, {"small", do_treatment}};

static bool run_kind(struct kr_cli *cli, struct kr_wall *wall, struct shift *shift, json_t *result)
{
    for (size_t i = 0; i < KR_COUNT(kinds); i++)
        if (strcmp(kinds[i].kind, shift->job.kind) == 0)
            return kinds[i].run(cli, wall, shift, result);
    return kr_fail(&cli->err, KR_E_UNSUPPORTED, "no job of the kind '%.20s'", shift->job.kind);
}

// A job's failure is the job's; only the archive's own failure ends the worker.
static bool run_job(struct kr_cli *cli, struct kr_wall *wall, struct shift *shift)
{
    KR_AUTO(kr_json_drop) json_t *result = kr_json_new_object();
    char first[KR_UUID_TEXT];
    int64_t began = kr_monotonic_ms();
    shift->renewed_ms = 0;
    memcpy(first, shift->store->home, sizeof first);
    memcpy(shift->store->home, shift->job.home, sizeof first); // a job is done in its own home
    bool done = run_kind(cli, wall, shift, result);
    kr_log(KR_INFO, "job", KR_T("kind", shift->job.kind), KR_T("id", shift->job.id),
           KR_T("result", done ? "done" : kr_code_name(cli->err.code)),
           KR_I("ms", kr_monotonic_ms() - began));
    memcpy(shift->store->home, first, sizeof first);
    struct kr_err why = cli->err;
    cli->err = (struct kr_err){0};
    if (shift->lost || kr_cli_stopped())
        return true; // its lease runs out, another takes it
    return done ? kr_job_done(shift->store, &shift->job, result, &cli->err)
                : kr_job_failed(shift->store, &shift->job, &why, &cli->err);
}

static void rest(void)
{
    struct timespec time = {.tv_nsec = IDLE_MS * 1000000L};
    nanosleep(&time, NULL); // a signal ends it early
}

// The house's own backup, where one is due.
static bool ask_for_backup(struct kr_cli *cli, struct kr_store *store, int64_t *looked_ms)
{
    int64_t now = kr_monotonic_ms();
    if (*looked_ms && now - *looked_ms < BACKUP_LOOK_MS)
        return true;
    *looked_ms = now;
    return kr_backups_ask(store, &cli->err);
}

static bool work(struct kr_cli *cli, struct kr_wall *wall, struct kr_store *store, bool once)
{
    int64_t lease, tries, looked_ms = 0;
    if (!kr_store_number(store, "jobs.lease_s", &lease, &cli->err))
        return false;
    while (!kr_cli_stopped()) {
        KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
        struct shift shift = {.store = store, .lease_s = (int)lease};
        bool found = false;
        if (!ask_for_backup(cli, store, &looked_ms) ||
            !kr_store_number(store, "jobs.tries", &tries, &cli->err) ||
            !kr_job_take(store, mem, (int)lease, (int)tries, &shift.job, &found, &cli->err) ||
            (found && !run_job(cli, wall, &shift)) || !kr_persons_tend(store, &cli->err) ||
            !kr_groups_tend(store, once ? 0 : QUIET_MS, &cli->err))
            return false;
        if (!found && once)
            return true;
        if (!found)
            rest();
    }
    return true;
}

int kr_cmd_worker(struct kr_cli *cli, int argc, char **argv)
{
    bool once = false, child = false;
    const struct kr_option options[] = {{"--once", &once, NULL}, {"--child", &child, NULL}};
    KR_AUTO(kr_wall_close) struct kr_wall *wall = NULL;
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    struct kr_arguments left;
    if (!kr_cli_options(cli, options, KR_COUNT(options), argc, argv, &left) || left.n)
        return kr_cli_usage(cli, "worker");
    if (child) // of a serve: ends with it, however that ends
        prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (!kr_cli_store(cli, KR_STORE_WRITE, &store) || !kr_cli_wall(cli, &wall) ||
        !work(cli, wall, store, once))
        return kr_cli_failed(cli);
    return KR_EXIT_DONE;
}
