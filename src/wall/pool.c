// SPDX-License-Identifier: AGPL-3.0-or-later
#include "wall/pool_priv.h"

#include <assert.h>
#include <pthread.h>

enum { LOOK_UP_MS = 200 };

struct kr_pool {
    struct kr_spawner *spawner; // borrowed
    pthread_mutex_t lock;
    pthread_cond_t freed;
    int most, taken;
    struct kr_process *waiting; // a stack of `most` places: the warmest worker is taken first
    int waiting_count;
};

struct kr_pool *kr_pool_create(struct kr_spawner *spawner, int most)
{
    assert(most > 0);
    struct kr_pool *pool = kr_new(struct kr_pool);
    pool->spawner = spawner;
    pool->most = most;
    pool->waiting = kr_new_array(struct kr_process, (size_t)most);
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->freed, NULL);
    return pool;
}

void kr_pool_destroy(struct kr_pool **pool)
{
    struct kr_pool *it = *pool;
    if (!it)
        return;
    assert(it->taken == 0);
    for (int i = 0; i < it->waiting_count; i++)
        kr_process_end(&it->waiting[i]);
    pthread_cond_destroy(&it->freed);
    pthread_mutex_destroy(&it->lock);
    kr_free(&it->waiting);
    kr_free(pool);
}

static void wait_a_moment(struct kr_pool *pool)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += LOOK_UP_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_cond_timedwait(&pool->freed, &pool->lock, &until);
}

static void leave(struct kr_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->taken--;
    pthread_cond_signal(&pool->freed);
    pthread_mutex_unlock(&pool->lock);
}

// Waits for a turn. Patience is asked without the lock: it runs a stranger's callback.
static bool wait_for_turn(struct kr_pool *pool, struct kr_patience *patience,
                          struct kr_process *out, struct kr_err *err)
{
    for (;;) {
        pthread_mutex_lock(&pool->lock);
        if (pool->taken == pool->most)
            wait_a_moment(pool);
        bool mine = pool->taken < pool->most;
        *out = KR_PROCESS_NONE;
        if (mine) {
            pool->taken++;
            if (pool->waiting_count > 0)
                *out = pool->waiting[--pool->waiting_count];
        }
        pthread_mutex_unlock(&pool->lock);
        if (mine)
            return true;
        if (!kr_patience_left(patience, err))
            return kr_within(err, "wait for a free worker");
    }
}

bool kr_pool_take(struct kr_pool *pool, struct kr_patience *patience, struct kr_process *out,
                  struct kr_err *err)
{
    struct kr_process process;
    if (!wait_for_turn(pool, patience, &process, err))
        return false;
    if (process.pid == 0 && !kr_process_begin(pool->spawner, KR_TASK_PICTURE, &process, err)) {
        leave(pool);
        return false;
    }
    *out = process;
    return true;
}

bool kr_pool_renew(struct kr_pool *pool, struct kr_process *process, struct kr_err *err)
{
    kr_process_end(process);
    if (kr_process_begin(pool->spawner, KR_TASK_PICTURE, process, err))
        return true;
    leave(pool);
    return false;
}

void kr_pool_give(struct kr_pool *pool, struct kr_process *process, bool sound)
{
    if (!sound || process->answered >= KR_QUESTIONS_A_LIFE)
        kr_process_end(process);
    pthread_mutex_lock(&pool->lock);
    if (process->pid > 0)
        pool->waiting[pool->waiting_count++] = *process;
    pool->taken--;
    pthread_cond_signal(&pool->freed);
    pthread_mutex_unlock(&pool->lock);
    *process = KR_PROCESS_NONE;
}
