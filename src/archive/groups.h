// SPDX-License-Identifier: AGPL-3.0-or-later
// groups.h: stacks and look-alikes over the whole archive, after a change to it.
#pragma once
#include "store/store.h"

// Finds stacks (archive/stacks.h) and groups of near-duplicates (archive/alike.h,
// fingerprints at most near.bits apart) among all items outside the trash and writes
// those that changed. What comes out depends on the set alone, not on the order.
KR_CHECK bool kr_groups_refresh(struct kr_store *store, struct kr_err *err);

// Notes that stacks and look-alikes must be found anew (one file came in; finding
// them for each would be too slow), and does it where that was noted.
KR_CHECK bool kr_groups_note_due(struct kr_store *store, struct kr_err *err);
KR_CHECK bool kr_groups_if_due(struct kr_store *store, struct kr_err *err);
