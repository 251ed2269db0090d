// SPDX-License-Identifier: AGPL-3.0-or-later
// nearby.h: by which addresses and names the house's network knows this machine.
//
// Nothing is sent to find out.

#pragma once
#include "base/mem.h"

// The private addresses it has now (RFC 1918, 3927, 4193, 6598), as text, ended by NULL; first
// the one that the way out of the house leads by. Loopback ones are left out.
const char *const *kr_nearby_addresses(struct kr_arena *mem);
// Its host name in small letters, without what stands behind a dot; "" where it has none that
// could stand in an address.
const char *kr_nearby_name(struct kr_arena *mem);
// Whether a text is an address: 4, 6, or 0 for a name. A v6 one stands without brackets.
int kr_is_address(const char *text);
