// SPDX-License-Identifier: AGPL-3.0-or-later
// groups.h: stacks and look-alikes over a whole home, after a change to it.
#pragma once
#include "store/store.h"

// Finds stacks (archive/stacks.h) and groups of near-duplicates (archive/alike.h,
// fingerprints at most near.bits apart) among all items outside the trash and writes
// those that changed. What comes out depends on the set alone, not on the order.
KR_CHECK bool kr_groups_refresh(struct kr_store *store, struct kr_err *err);

// Notes that stacks and look-alikes must be found anew (an item came, went or changed;
// finding them for each would be too slow). Inside the transaction of that change.
KR_CHECK bool kr_groups_note_due(struct kr_store *store, struct kr_err *err);
// Does it where it was noted, once nothing was noted for `quiet_ms`: while a whole
// folder comes in, it would be done again and again.
KR_CHECK bool kr_groups_if_due(struct kr_store *store, int64_t quiet_ms, struct kr_err *err);
// The same in every home of the house.
KR_CHECK bool kr_groups_tend(struct kr_store *store, int64_t quiet_ms, struct kr_err *err);
