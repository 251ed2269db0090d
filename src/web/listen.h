// SPDX-License-Identifier: AGPL-3.0-or-later
// listen.h: sockets that listen, and how many may come.
#pragma once
#include "base/err.h"
#include <stdint.h>

// At one address ("127.0.0.1", "::1"), or, for a NULL host, at all of this machine, IPv6 and
// IPv4 by one socket where there is IPv6. *port 0 takes any free one; it is told in *port.
// KR_E_BUSY where another program listens already.
KR_CHECK bool kr_listen_at(const char *host, uint16_t *port, int *out, struct kr_err *err);

// Raises what this process may hold open, and tells how many connections that is enough for.
int kr_listen_most(void);
