// SPDX-License-Identifier: AGPL-3.0-or-later
// say_priv.h: one saying of an item, read, stated and shown; for say.c and the acts over many.
#pragma once
#include "base/json.h"
#include "store/claims.h"

// One claim, or taking some back.
struct kr_saying {
    const char *predicate;
    json_t *value;
    const char **retracts; // ids; none for a claim
    size_t retract_count;
};
void kr_saying_drop(struct kr_saying *saying);

// Reads what kr_say() takes; `claims` are those of the item, of which "-text" takes some back.
KR_CHECK bool kr_saying_read(struct kr_arena *mem, const struct kr_claim_list *claims,
                             const char *predicate, const json_t *value, struct kr_saying *out,
                             struct kr_err *err);
// States it, as part of an act ("" for alone). Inside a transaction.
KR_CHECK bool kr_saying_state(struct kr_store *store, const char *item,
                              const struct kr_saying *saying, const char *who, double certain,
                              const char *act, struct kr_err *err);
// Shows an item as its claims have it now; one that went into the trash or came out of it
// leaves its stack. Inside a transaction.
KR_CHECK bool kr_said_show(struct kr_store *store, const char *item, struct kr_err *err);
