// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/belt.h"

#include <assert.h>
#include <pthread.h>

struct lying {
    struct lying *next;
    void *thing;
    size_t weight;
};

struct kr_belt {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct lying *first, **last;
    size_t room, weight;
    bool ended, left;
    void (*drop)(void *thing);
};

struct kr_belt *kr_belt_create(size_t room, void (*drop)(void *thing))
{
    struct kr_belt *belt = kr_new(struct kr_belt);
    pthread_mutex_init(&belt->lock, NULL);
    pthread_cond_init(&belt->changed, NULL);
    belt->last = &belt->first;
    belt->room = room;
    belt->drop = drop;
    return belt;
}

// Called with the lock held; NULL where nothing lies.
static void *take_first(struct kr_belt *belt)
{
    struct lying *first = belt->first;
    if (!first)
        return NULL;
    void *thing = first->thing;
    belt->weight -= first->weight;
    belt->first = first->next;
    if (!belt->first)
        belt->last = &belt->first;
    kr_free(&first);
    return thing;
}

void kr_belt_destroy(struct kr_belt **belt)
{
    if (!*belt)
        return;
    for (void *thing; (thing = take_first(*belt));)
        (*belt)->drop(thing);
    pthread_cond_destroy(&(*belt)->changed);
    pthread_mutex_destroy(&(*belt)->lock);
    kr_free(belt);
}

bool kr_belt_lay(struct kr_belt *belt, void *thing, size_t weight)
{
    struct lying *lying = kr_new(struct lying);
    *lying = (struct lying){.thing = thing, .weight = weight};
    pthread_mutex_lock(&belt->lock);
    assert(!belt->ended);
    while (belt->first && belt->weight + weight > belt->room && !belt->left)
        pthread_cond_wait(&belt->changed, &belt->lock);
    bool left = belt->left;
    if (!left) {
        *belt->last = lying;
        belt->last = &lying->next;
        belt->weight += weight;
    }
    pthread_cond_broadcast(&belt->changed);
    pthread_mutex_unlock(&belt->lock);
    if (left) {
        belt->drop(thing);
        kr_free(&lying);
    }
    return !left;
}

void *kr_belt_take(struct kr_belt *belt)
{
    pthread_mutex_lock(&belt->lock);
    while (!belt->first && !belt->ended)
        pthread_cond_wait(&belt->changed, &belt->lock);
    void *thing = take_first(belt);
    pthread_cond_broadcast(&belt->changed);
    pthread_mutex_unlock(&belt->lock);
    return thing;
}

static void say(struct kr_belt *belt, bool *what)
{
    pthread_mutex_lock(&belt->lock);
    *what = true;
    pthread_cond_broadcast(&belt->changed);
    pthread_mutex_unlock(&belt->lock);
}

void kr_belt_end(struct kr_belt *belt)
{
    say(belt, &belt->ended);
}

void kr_belt_leave(struct kr_belt *belt)
{
    say(belt, &belt->left);
}
