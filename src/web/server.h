// SPDX-License-Identifier: AGPL-3.0-or-later
// server.h: speaks HTTP/1.1 on a listening socket, over TLS or not, and over plain HTTP on
// another beside it (by libmicrohttpd, used only in server.c), and brings each request through
// dispatch.h.
//
// A few threads wait for all connections at once (epoll); what needs the
// archive runs in the lanes meanwhile, so a slow disk never stops the others.
// (1) A refused request is answered, not cut off, as long as its body is short
//     enough to be read to the end (32 MiB) or the client asked before sending it.
// (2) A body is never held whole in memory by a route that takes it in pieces.
// (3) A connection that does not finish its handshake is shown out as any slow one is.
// (4) Each request is one line in the log: method, pattern, status, time.

#pragma once
#include "web/house.h"
#include "web/reaper.h"
#include "web/tls.h"

struct kr_server;
struct kr_server_params {
    struct kr_house *house;         // borrowed
    int listening;                  // a listening socket; taken over
    struct kr_tls *tls;             // borrowed; NULL: plain HTTP
    int beside;                     // with TLS: another socket, of plain HTTP; -1; taken over
    bool strict;                    // tells browsers to come over TLS only, from now on (HSTS)
    int threads;                    // 0: one for each core
    struct kr_reaper_params reaper; // its `most` is how many connections are held
};
KR_CHECK bool kr_server_start(const struct kr_server_params *params, struct kr_server **out,
                              struct kr_err *err);
// Takes no more connections, answers what was asked, then closes. At most about
// 2 s longer than the work under way.
void kr_server_stop(struct kr_server **server);
