// SPDX-License-Identifier: AGPL-3.0-or-later
#include "wall/wall.h"

#include "base/clock.h"
#include "wall/ask_priv.h"
#include "wall/pool_priv.h"
#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <unistd.h>

enum { WORKERS_MOST = 256 };

struct kr_wall {
    char *program;
    int workers;
    pthread_mutex_t lock; // of the two below, which the first question makes
    struct kr_spawner *spawner;
    struct kr_pool *pool;
};

static const char own_name[] = "kinreel-media";

// kinreel-media lies where the running program lies.
static bool find_beside_us(char **out, struct kr_err *err)
{
    char path[PATH_MAX + sizeof own_name];
    ssize_t n = readlink("/proc/self/exe", path, PATH_MAX);
    if (n < 0)
        return kr_fail_errno(err, "find where this program lies");
    path[n] = '\0';
    char *slash = strrchr(path, '/');
    size_t start = slash ? (size_t)(slash + 1 - path) : 0;
    kr_format(path + start, sizeof path - start, "%s", own_name);
    *out = kr_strdup(path);
    return true;
}

static bool find_program(const struct kr_wall_params *params, char **out, struct kr_err *err)
{
    const char *told = params->program ? params->program : getenv("KINREEL_MEDIA");
    if (!told || !told[0])
        return find_beside_us(out, err);
    *out = kr_strdup(told);
    return true;
}

static int cores(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > WORKERS_MOST ? WORKERS_MOST : (int)n;
}

bool kr_wall_open(const struct kr_wall_params *params, struct kr_wall **out, struct kr_err *err)
{
    assert(params->workers >= 0 && params->workers <= WORKERS_MOST);
    char *program;
    if (!find_program(params, &program, err))
        return false;
    struct kr_wall *wall = kr_new(struct kr_wall);
    wall->program = program;
    wall->workers = params->workers ? params->workers : cores();
    pthread_mutex_init(&wall->lock, NULL);
    *out = wall;
    return true;
}

void kr_wall_close(struct kr_wall **wall)
{
    struct kr_wall *it = *wall;
    if (!it)
        return;
    kr_pool_destroy(&it->pool);
    kr_spawner_close(&it->spawner);
    pthread_mutex_destroy(&it->lock);
    kr_free(&it->program);
    kr_free(wall);
}

static bool make_ready(struct kr_wall *wall, struct kr_err *err)
{
    pthread_mutex_lock(&wall->lock);
    bool ready = wall->pool || kr_spawner_open(wall->program, &wall->spawner, err);
    if (ready && !wall->pool)
        wall->pool = kr_pool_create(wall->spawner, wall->workers);
    pthread_mutex_unlock(&wall->lock);
    return ready;
}

// A worker's own error that may have left it odd: damage, want of memory or time.
static bool leaves_it_odd(enum kr_code code)
{
    return code == KR_E_DAMAGED || code == KR_E_TOO_BIG || code == KR_E_TIMEOUT ||
           code == KR_E_INTERNAL;
}

// (2): a death may be the fault of an earlier file, or of chance; slowness can
// only be an earlier file's fault, and a fresh worker has seen none.
static bool is_worth_another(enum kr_outcome outcome, bool was_fresh)
{
    return outcome == KR_LOST || (outcome == KR_HUNG && !was_fresh);
}

static bool still_wanted(void *context)
{
    const struct kr_question *question = context;
    return question->progress(question->context, 0);
}

static bool ask_picture(struct kr_wall *wall, const struct kr_question *question, json_t **answer,
                        struct kr_err *err)
{
    struct kr_process process;
    struct kr_patience patience = {.still = question->progress ? still_wanted : NULL,
                                   .context = (void *)(uintptr_t)question};
    if (!kr_pool_take(wall->pool, &patience, &process, err))
        return false;
    bool fresh = process.answered == 0;
    enum kr_outcome outcome = kr_process_ask(&process, question, answer, err);
    bool again = is_worth_another(outcome, fresh);
    if (again) {
        if (!kr_pool_renew(wall->pool, &process, err))
            return false;
        outcome = kr_process_ask(&process, question, answer, err);
    }
    bool sound = outcome == KR_ANSWERED || (outcome == KR_DECLINED && !leaves_it_odd(err->code));
    kr_pool_give(wall->pool, &process, sound && !again); // alone: nobody follows it
    return outcome == KR_ANSWERED;
}

static bool ask_film(struct kr_wall *wall, const struct kr_question *question, json_t **answer,
                     struct kr_err *err)
{
    struct kr_process process;
    if (!kr_process_begin(wall->spawner, KR_TASK_FILM, &process, err))
        return false;
    enum kr_outcome outcome = kr_process_ask(&process, question, answer, err);
    kr_process_end(&process);
    return outcome == KR_ANSWERED;
}

bool kr_wall_ask(struct kr_wall *wall, const struct kr_question *question, json_t **answer,
                 struct kr_err *err)
{
    struct kr_err why = {0}; // err may be NULL, and codes decide what follows
    json_t *got = NULL;
    if (make_ready(wall, &why) &&
        (question->task_class == KR_TASK_PICTURE ? ask_picture : ask_film)(wall, question, &got,
                                                                           &why)) {
        *answer = got;
        return true;
    }
    kr_fail(err, why.code, "%s", why.text);
    return kr_within(err, "task '%s'", question->task);
}
