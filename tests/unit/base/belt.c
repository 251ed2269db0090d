// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/belt.h"
#include "harness.h"
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { THINGS = 2000, PAUSE_US = 20 * 1000 };

static atomic_int dropped;

static void drop(void *thing)
{
    atomic_fetch_add(&dropped, 1);
    kr_free(&thing);
}

static int *number(int n)
{
    int *made = kr_new(int);
    *made = n;
    return made;
}

static void *lay_all(void *context)
{
    for (int i = 0; i < THINGS; i++)
        if (!kr_belt_lay(context, number(i), 1))
            return NULL;
    kr_belt_end(context);
    return NULL;
}

TEST(everything_arrives_in_order_and_then_the_end)
{
    struct kr_belt *belt = kr_belt_create(3, drop);
    pthread_t layer;
    atomic_store(&dropped, 0);
    EXPECT_INT(pthread_create(&layer, NULL, lay_all, belt), 0);
    for (int i = 0; i < THINGS; i++) {
        int *thing = kr_belt_take(belt);
        EXPECT(thing && *thing == i);
        kr_free(&thing);
    }
    EXPECT(kr_belt_take(belt) == NULL);
    pthread_join(layer, NULL);
    kr_belt_destroy(&belt);
    EXPECT_INT(atomic_load(&dropped), 0);
}

TEST(who_lays_is_not_held_up_when_the_taker_has_left)
{
    struct kr_belt *belt = kr_belt_create(3, drop);
    pthread_t layer;
    atomic_store(&dropped, 0);
    EXPECT_INT(pthread_create(&layer, NULL, lay_all, belt), 0);
    usleep(PAUSE_US); // it waits for room now
    kr_belt_leave(belt);
    pthread_join(layer, NULL);
    kr_belt_destroy(&belt);
    EXPECT_INT(atomic_load(&dropped), 4); // three lay there, the fourth was refused
}

TEST(one_thing_is_always_taken_in_however_heavy)
{
    struct kr_belt *belt = kr_belt_create(3, drop);
    EXPECT(kr_belt_lay(belt, number(7), 1000));
    int *thing = kr_belt_take(belt);
    EXPECT_INT(*thing, 7);
    kr_free(&thing);
    kr_belt_end(belt);
    EXPECT(kr_belt_take(belt) == NULL);
    kr_belt_destroy(&belt);
}

MAIN(CASE(everything_arrives_in_order_and_then_the_end),
     CASE(who_lays_is_not_held_up_when_the_taker_has_left),
     CASE(one_thing_is_always_taken_in_however_heavy))
