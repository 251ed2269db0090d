// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/lanes.h"

#include "base/mem.h"
#include <assert.h>

enum { STACK = 1 << 20 }; // address space; memory only as far as it is used

struct lane {
    struct kr_work *first, **last;
    int most, idle, count;
    pthread_t *threads;
    pthread_cond_t come;
};

struct kr_lanes {
    struct kr_house *house;
    pthread_mutex_t lock;
    bool closing;
    struct lane lanes[KR_LANE_COUNT];
};

struct start {
    struct kr_lanes *lanes;
    enum kr_lane lane;
};

// The next work of a lane; NULL when it closes. Called with the lock held.
static struct kr_work *take(struct kr_lanes *lanes, struct lane *lane)
{
    while (!lane->first && !lanes->closing) {
        lane->idle++;
        pthread_cond_wait(&lane->come, &lanes->lock);
        lane->idle--;
    }
    struct kr_work *work = lane->first;
    if (work) {
        lane->first = work->next;
        if (!lane->first)
            lane->last = &lane->first;
    }
    return work;
}

static void *work_on(void *context)
{
    struct start start = *(struct start *)context;
    kr_free(&context);
    struct lane *lane = &start.lanes->lanes[start.lane];
    struct kr_desk desk = {.house = start.lanes->house};
    pthread_mutex_lock(&start.lanes->lock);
    for (struct kr_work *work; (work = take(start.lanes, lane));) {
        pthread_mutex_unlock(&start.lanes->lock);
        work->run(work, &desk, start.lane == KR_LANE_PATIENT);
        pthread_mutex_lock(&start.lanes->lock);
    }
    pthread_mutex_unlock(&start.lanes->lock);
    kr_desk_clear(&desk);
    return NULL;
}

struct kr_lanes *kr_lanes_create(struct kr_house *house, const int threads[KR_LANE_COUNT])
{
    struct kr_lanes *lanes = kr_new(struct kr_lanes);
    lanes->house = house;
    pthread_mutex_init(&lanes->lock, NULL);
    for (size_t i = 0; i < KR_LANE_COUNT; i++) {
        struct lane *lane = &lanes->lanes[i];
        assert(threads[i] > 0);
        lane->most = threads[i];
        lane->last = &lane->first;
        lane->threads = kr_new_array(pthread_t, (size_t)lane->most);
        pthread_cond_init(&lane->come, NULL);
    }
    return lanes;
}

// One more thread, when all have work. Without one the others will come to it;
// false only when there is none at all. Called with the lock held.
static bool grow(struct kr_lanes *lanes, enum kr_lane which)
{
    struct lane *lane = &lanes->lanes[which];
    if (lane->idle > 0 || lane->count == lane->most)
        return true;
    struct start *start = kr_new(struct start);
    *start = (struct start){lanes, which};
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, STACK);
    bool started = pthread_create(&lane->threads[lane->count], &small, work_on, start) == 0;
    pthread_attr_destroy(&small);
    if (started)
        lane->count++;
    else
        kr_free(&start);
    return lane->count > 0;
}

bool kr_lanes_add(struct kr_lanes *lanes, enum kr_lane which, struct kr_work *work)
{
    struct lane *lane = &lanes->lanes[which];
    pthread_mutex_lock(&lanes->lock);
    bool taken = !lanes->closing && grow(lanes, which);
    if (taken) {
        work->next = NULL;
        *lane->last = work;
        lane->last = &work->next;
        pthread_cond_signal(&lane->come);
    }
    pthread_mutex_unlock(&lanes->lock);
    return taken;
}

void kr_lanes_close(struct kr_lanes *lanes)
{
    pthread_mutex_lock(&lanes->lock);
    lanes->closing = true;
    for (size_t i = 0; i < KR_LANE_COUNT; i++)
        pthread_cond_broadcast(&lanes->lanes[i].come);
    pthread_mutex_unlock(&lanes->lock);
    for (size_t i = 0; i < KR_LANE_COUNT; i++) {
        struct lane *lane = &lanes->lanes[i];
        for (int n = 0; n < lane->count; n++)
            pthread_join(lane->threads[n], NULL);
        lane->count = 0;
    }
}

void kr_lanes_destroy(struct kr_lanes **address)
{
    struct kr_lanes *lanes = *address;
    if (!lanes)
        return;
    kr_lanes_close(lanes);
    for (size_t i = 0; i < KR_LANE_COUNT; i++) {
        kr_free(&lanes->lanes[i].threads);
        pthread_cond_destroy(&lanes->lanes[i].come);
    }
    pthread_mutex_destroy(&lanes->lock);
    kr_free(address);
}
