// SPDX-License-Identifier: AGPL-3.0-or-later
// claims_priv.h: claims in order of saying, a page at a time; for mirror, check and backup.
#pragma once
#include "store/claims.h"

// At most `most` claims after `seq`; `retracted` is not filled.
KR_CHECK bool kr_claims_after(struct kr_store *store, struct kr_arena *mem, int64_t seq,
                              int64_t most, struct kr_claim_list *out, struct kr_err *err);

// Sees to it that later claims have numbers above `seq`. Outside a transaction.
KR_CHECK bool kr_claims_reach(struct kr_store *store, int64_t seq, struct kr_err *err);
