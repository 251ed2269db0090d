// SPDX-License-Identifier: AGPL-3.0-or-later
// marks_priv.h: a thing in a picture as it is read, and what an item is marked with, for its row.
#pragma once
#include "archive/era.h"
#include "store/claims.h"
#include "store/items.h"

// Puts the marks of an item into its `extra` and into the index of marks; *words tells what
// they are called and what was said of them, a line each, for the search. In a transaction.
KR_CHECK bool kr_marks_show(struct kr_store *store, struct kr_arena *mem,
                            const struct kr_item *item, const struct kr_claim_list *claims,
                            json_t *extra, const char **words, struct kr_err *err);

// The claim's value of a mark from a stranger's JSON, or KR_E_INVALID with a sentence. A card it
// names must be among `era`, a voice among the recordings of the archive.
KR_CHECK bool kr_mark_read(struct kr_store *store, struct kr_arena *mem, const struct kr_era *era,
                           const json_t *from, json_t *out, struct kr_err *err);
