// SPDX-License-Identifier: AGPL-3.0-or-later
// marks_priv.h: which things the claims of an item mark, for its row.
#pragma once
#include "store/claims.h"
#include "store/items.h"

// Puts the marks of an item into its `extra` and into the index of marks; *words tells what
// they are called and what was said of them, a line each, for the search. In a transaction.
KR_CHECK bool kr_marks_show(struct kr_store *store, struct kr_arena *mem,
                            const struct kr_item *item, const struct kr_claim_list *claims,
                            json_t *extra, const char **words, struct kr_err *err);
