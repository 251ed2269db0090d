// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/reaper.h"

#include "base/clock.h"
#include "base/mem.h"
#include <errno.h>
#include <pthread.h>
#include <sys/socket.h>

enum doing { TELLS_HEAD, TELLS_BODY, WAITS, RESTS };

struct kr_guest {
    struct kr_reaper *reaper;
    struct kr_guest *next, **before;
    int fd;
    bool shown_out;
    bool ended; // had hung up when we last looked
    enum doing doing;
    int64_t since_ms;
    uint64_t bytes;
};

struct kr_reaper {
    struct kr_reaper_params params;
    pthread_mutex_t lock;
    pthread_cond_t end;
    bool ending;
    pthread_t thread;
    struct kr_guest *guests;
    int count;
};

static bool is_slow(const struct kr_reaper *reaper, const struct kr_guest *guest, int64_t now)
{
    const struct kr_reaper_params *p = &reaper->params;
    int64_t past = now - guest->since_ms;
    switch (guest->doing) {
    case TELLS_HEAD:
        return past > p->head_ms; // (1)
    case TELLS_BODY:              // (2)
        return past > p->head_ms &&
               guest->bytes < (uint64_t)((past - p->head_ms) * p->bytes_per_s / 1000);
    case RESTS: // (3)
        return past > (reaper->count > p->most / 5 * 4 ? p->full_ms : p->idle_ms);
    case WAITS:
        return false;
    }
    return false;
}

// (4) Twice in a row, since what it had sent before may just now be on its way to us.
static bool is_gone(struct kr_guest *guest)
{
    char byte;
    bool before = guest->ended;
    guest->ended = (guest->doing == TELLS_HEAD || guest->doing == TELLS_BODY) &&
                   recv(guest->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
    return before && guest->ended;
}

static void look_round(struct kr_reaper *reaper)
{
    int64_t now = kr_monotonic_ms();
    for (struct kr_guest *guest = reaper->guests; guest; guest = guest->next)
        if (!guest->shown_out && (is_gone(guest) || is_slow(reaper, guest, now))) {
            // Under the lock its owner cannot have closed it, so the number is still its own.
            shutdown(guest->fd, SHUT_RDWR);
            guest->shown_out = true;
        }
}

static void *watch(void *context)
{
    struct kr_reaper *reaper = context;
    pthread_mutex_lock(&reaper->lock);
    while (!reaper->ending) {
        struct timespec next;
        clock_gettime(CLOCK_MONOTONIC, &next);
        next.tv_sec += 1;
        pthread_cond_timedwait(&reaper->end, &reaper->lock, &next);
        look_round(reaper);
    }
    pthread_mutex_unlock(&reaper->lock);
    return NULL;
}

bool kr_reaper_create(const struct kr_reaper_params *params, struct kr_reaper **out,
                      struct kr_err *err)
{
    struct kr_reaper *reaper = kr_new(struct kr_reaper);
    reaper->params = *params;
    pthread_mutex_init(&reaper->lock, NULL);
    pthread_condattr_t steady;
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&reaper->end, &steady);
    pthread_condattr_destroy(&steady);
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 64 * 1024);
    int failed = pthread_create(&reaper->thread, &small, watch, reaper);
    pthread_attr_destroy(&small);
    if (failed) {
        kr_free(&reaper);
        errno = failed;
        return kr_fail_errno(err, "start the thread that watches slow clients");
    }
    *out = reaper;
    return true;
}

void kr_reaper_destroy(struct kr_reaper **address)
{
    struct kr_reaper *reaper = *address;
    if (!reaper)
        return;
    pthread_mutex_lock(&reaper->lock);
    reaper->ending = true;
    pthread_cond_signal(&reaper->end);
    pthread_mutex_unlock(&reaper->lock);
    pthread_join(reaper->thread, NULL);
    pthread_cond_destroy(&reaper->end);
    pthread_mutex_destroy(&reaper->lock);
    kr_free(address);
}

struct kr_guest *kr_guest_come(struct kr_reaper *reaper, int fd)
{
    struct kr_guest *guest = kr_new(struct kr_guest);
    *guest = (struct kr_guest){.reaper = reaper, .fd = fd, .since_ms = kr_monotonic_ms()};
    pthread_mutex_lock(&reaper->lock);
    guest->next = reaper->guests;
    guest->before = &reaper->guests;
    if (guest->next)
        guest->next->before = &guest->next;
    reaper->guests = guest;
    reaper->count++;
    pthread_mutex_unlock(&reaper->lock);
    return guest;
}

void kr_guest_leave(struct kr_guest **address)
{
    struct kr_guest *guest = *address;
    if (!guest)
        return;
    struct kr_reaper *reaper = guest->reaper;
    pthread_mutex_lock(&reaper->lock);
    *guest->before = guest->next;
    if (guest->next)
        guest->next->before = guest->before;
    reaper->count--;
    pthread_mutex_unlock(&reaper->lock);
    kr_free(address);
}

static void turn_to(struct kr_guest *guest, enum doing doing)
{
    if (!guest)
        return;
    pthread_mutex_lock(&guest->reaper->lock);
    // A head begun at connecting time stays begun: the request line does not buy more time.
    if (doing != TELLS_HEAD || guest->doing != TELLS_HEAD)
        guest->since_ms = kr_monotonic_ms();
    guest->doing = doing;
    guest->bytes = 0;
    guest->ended = false;
    pthread_mutex_unlock(&guest->reaper->lock);
}

void kr_guest_asks(struct kr_guest *guest)
{
    turn_to(guest, TELLS_HEAD);
}

void kr_guest_sends(struct kr_guest *guest)
{
    turn_to(guest, TELLS_BODY);
}

void kr_guest_waits(struct kr_guest *guest)
{
    turn_to(guest, WAITS);
}

void kr_guest_rests(struct kr_guest *guest)
{
    turn_to(guest, RESTS);
}

void kr_guest_sent(struct kr_guest *guest, uint64_t bytes)
{
    if (!guest)
        return;
    pthread_mutex_lock(&guest->reaper->lock);
    guest->bytes += bytes;
    pthread_mutex_unlock(&guest->reaper->lock);
}
