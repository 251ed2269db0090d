// SPDX-License-Identifier: AGPL-3.0-or-later
// live.h: what is new, told to every open page (server-sent events, WHATWG HTML 9.2).
//
// Claims are the log of everything that changes, and their numbers rise: so an event's
// id is a claim's number, a page that was away asks on from the last it saw, and it does
// not matter which process said the claim. One thread looks whether anybody has written
// (ten times a second, a few microseconds each) and wakes the streams that wait.
//
// (1) An event says that something changed, never what it is: {"kind","id"}. Pages read
//     again through the routes, which ask who may. Of consent it says not even whose, and of
//     what the home may not see, or was told of before the last word of consent, not which.
// (2) Only of one's own home; a guest hears only of what they were invited to.
// (3) Every 15 s without news a comment, so that both ends know the line is alive.
// (4) Who was away too long, or reads too slowly, is told to read everything again.
// Any thread; one lock.

#pragma once
#include "web/house.h"

struct kr_live;
struct kr_live_stream;

KR_CHECK bool kr_live_create(struct kr_house *house, struct kr_live **out, struct kr_err *err);
// Ends every stream: each reads its end. Then destroy, once all have left.
void kr_live_end(struct kr_live *live);
void kr_live_destroy(struct kr_live **live);

// `after`: the number of the last claim seen, none that is still to come. `about`: "" or the one
// subject a guest hears of. `wake` is called, under the lock, when a stream that slept has
// something to read.
struct kr_live_stream *kr_live_join(struct kr_live *live, const char *home, const char *about,
                                    int64_t after, void (*wake)(void *context), void *context);
void kr_live_leave(struct kr_live_stream **stream);
// At most `room` bytes into `out`. 0: nothing now; then `sleep` was called, under the lock,
// and `wake` will be. -1: it is over.
long kr_live_read(struct kr_live_stream *stream, char *out, size_t room,
                  void (*sleep)(void *context));
