// SPDX-License-Identifier: AGPL-3.0-or-later
// reaper.h: shows slow guests the door.
//
// The HTTP library's own timeout asks only whether a byte came lately, so a
// client that drips one now and then keeps its place for ever (measured: 1,500
// of 1,500 were still there after 41 s). The reaper looks once a second and
// shuts the socket of whoever
//   (1) has not told its whole request in 10 s,
//   (2) sends a body slower than 4 KiB a second, after its first 10 s,
//   (3) rests between two requests for over 75 s, or 10 s when the house is full,
//   (4) has hung up in the middle of a request. The library (0.9.75, epoll by edges) misses a
//       hang-up that comes together with the last bytes; an upload would stay locked.
// Threads: any; one lock.

#pragma once
#include "base/err.h"
#include <stdint.h>

struct kr_reaper;
struct kr_guest;

struct kr_reaper_params {
    int most; // connections that the server holds; from 4/5 of it the house is full
    int64_t head_ms, idle_ms, full_ms;
    int64_t bytes_per_s;
};
#define KR_REAPER_DEFAULTS                                                                         \
    {                                                                                              \
        .most = 1024, .head_ms = 10000, .idle_ms = 75000, .full_ms = 10000, .bytes_per_s = 4096    \
    }

KR_CHECK bool kr_reaper_create(const struct kr_reaper_params *params, struct kr_reaper **out,
                               struct kr_err *err);
void kr_reaper_destroy(struct kr_reaper **reaper); // after the last guest has left

// A connection came; `fd` stays its owner's, who calls leave() before closing it.
struct kr_guest *kr_guest_come(struct kr_reaper *reaper, int fd);
void kr_guest_leave(struct kr_guest **guest);
void kr_guest_asks(struct kr_guest *guest);                 // a request line came (1)
void kr_guest_sends(struct kr_guest *guest);                // the head is whole, a body follows (2)
void kr_guest_sent(struct kr_guest *guest, uint64_t bytes); // of the body
void kr_guest_waits(struct kr_guest *guest);                // for us: never its fault
void kr_guest_rests(struct kr_guest *guest);                // has its answer (3)
