// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/lanes.h"
#include "harness.h"
#include <stdatomic.h>
#include <unistd.h>

static const int threads[KR_LANE_COUNT] = {3, 1};

struct task {
    struct kr_work work;
    atomic_int *done;
    int wait_ms;
};

static void run(struct kr_work *work, struct kr_desk *desk, bool patient)
{
    struct task *task = (struct task *)work;
    assert_non_null(desk->house);
    (void)patient;
    usleep((useconds_t)task->wait_ms * 1000);
    atomic_fetch_add(task->done, 1);
}

static bool wait_for(atomic_int *number, int want)
{
    for (int i = 0; i < 300 && atomic_load(number) < want; i++)
        usleep(10000);
    return atomic_load(number) == want;
}

TEST(slow_work_does_not_stand_before_quick_work)
{
    (void)t;
    struct kr_house house = {0};
    atomic_int slow_done = 0, quick_done = 0;
    struct task slow[4], quick[50];
    struct kr_lanes *lanes = kr_lanes_create(&house, threads);
    for (size_t i = 0; i < KR_COUNT(slow); i++) {
        slow[i] = (struct task){{.run = run}, &slow_done, 150};
        EXPECT(kr_lanes_add(lanes, KR_LANE_PATIENT, &slow[i].work));
    }
    for (size_t i = 0; i < KR_COUNT(quick); i++) {
        quick[i] = (struct task){{.run = run}, &quick_done, 0};
        EXPECT(kr_lanes_add(lanes, KR_LANE_QUICK, &quick[i].work));
    }
    EXPECT(wait_for(&quick_done, 50));
    EXPECT(atomic_load(&slow_done) < 4);
    kr_lanes_destroy(&lanes);
    EXPECT_INT(atomic_load(&slow_done), 4); // what was added is finished
}

TEST(closed_lanes_take_nothing)
{
    (void)t;
    struct kr_house house = {0};
    atomic_int done = 0;
    struct task task = {{.run = run}, &done, 0};
    struct kr_lanes *lanes = kr_lanes_create(&house, threads);
    kr_lanes_close(lanes);
    EXPECT(!kr_lanes_add(lanes, KR_LANE_QUICK, &task.work));
    kr_lanes_destroy(&lanes);
    EXPECT_INT(atomic_load(&done), 0);
}

static void *make_once(void *context)
{
    struct kr_house *house = context;
    static atomic_int inside;
    const struct kr_blob_id blob = {{7}};
    kr_house_make(house, &blob);
    int others = atomic_fetch_add(&inside, 1);
    usleep(1000);
    atomic_fetch_sub(&inside, 1);
    kr_house_made(house, &blob);
    return (void *)(intptr_t)others;
}

TEST(one_thing_is_made_by_one_at_a_time)
{
    (void)t;
    struct kr_house house = {0};
    pthread_t makers[20];
    kr_house_init(&house);
    for (size_t i = 0; i < KR_COUNT(makers); i++)
        EXPECT(pthread_create(&makers[i], NULL, make_once, &house) == 0);
    for (size_t i = 0; i < KR_COUNT(makers); i++) {
        void *others;
        pthread_join(makers[i], &others);
        EXPECT(others == NULL);
    }
    EXPECT_INT(house.making_count, 0);
    kr_house_finish(&house);
}

MAIN(CASE(slow_work_does_not_stand_before_quick_work), CASE(closed_lanes_take_nothing),
     CASE(one_thing_is_made_by_one_at_a_time))
