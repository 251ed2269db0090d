// SPDX-License-Identifier: AGPL-3.0-or-later
// pictured_priv.h: whom the claims of an item name, for its row.
#pragma once
#include "base/json.h"
#include "store/claims.h"
#include "store/items.h"

// Puts who is in an item into its `extra` (persons, people, regions) and into the indices of
// pictures and regions; *names tells all their names, a line each, for the search. Of `item`
// only id, width and height are looked at. In a transaction.
KR_CHECK bool kr_pictured_show(struct kr_store *store, struct kr_arena *mem,
                               const struct kr_item *item, const struct kr_claim_list *claims,
                               json_t *extra, const char **names, struct kr_err *err);
// The last standing claim that ties a region to a person, or NULL.
const struct kr_claim *kr_region_tie(const struct kr_claim_list *claims, const char *region);
