// SPDX-License-Identifier: AGPL-3.0-or-later
// guard.h: who may speak to this server at all, before any route is looked at.
//
// (1) A page elsewhere that makes its name point to us (DNS rebinding) is
//     turned away: the Host header must be one of our names.
// (2) A page elsewhere cannot make a browser change anything here, nor draw our
//     pictures into itself: unsafe methods need our Origin, and everything
//     below /api refuses what Fetch Metadata (W3C, 2021) calls not ours.

#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kr_guard {
    const char *const
        *names;          // lower case, ended by NULL; besides localhost and the loopback addresses
    uint16_t port;       // that we listen on
    uint16_t plain_port; // of plain http beside TLS; 0: there is none
    bool home;           // open to the house's network
};

// (1) `host` as sent, or NULL; `here` is the address of this machine that was connected to, as
// text. The loopback names and, in a home, that very address need a port of ours (none stands
// for 80 or 443); a configured name may carry any, since something may stand before us.
bool kr_guard_host(const struct kr_guard *guard, const char *host, const char *here);

// Whether a Host names this machine from the inside: what nobody else can open.
bool kr_guard_is_near(const char *host);

// (2) For a Host that has passed. NULL for what was not sent.
bool kr_guard_origin(const char *host, const char *origin, const char *fetch_site);
bool kr_guard_reading(const char *fetch_site);

// "127.0.0.1:8420", "[::1]:0", "localhost:8420": an address to listen at, of which
// only loopback ones are known. `host` becomes "127.0.0.1" or "::1".
bool kr_guard_listen(const char *address, const char **host, uint16_t *port, bool *beyond);
