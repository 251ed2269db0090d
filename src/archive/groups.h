// SPDX-License-Identifier: AGPL-3.0-or-later
// groups.h: stacks and look-alikes over the whole archive, after a change to it.
#pragma once
#include "store/store.h"

// Finds stacks (archive/stacks.h) and groups of near-duplicates (archive/alike.h,
// fingerprints at most `bits` apart) among all items outside the trash and writes
// those that changed. What comes out depends on the set alone, not on the order.
KR_CHECK bool kr_groups_refresh(struct kr_store *store, int bits, struct kr_err *err);
