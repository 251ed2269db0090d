// SPDX-License-Identifier: AGPL-3.0-or-later
// shown.h: from what was said to what is shown.
//
// The row of an item follows from its claims and from nothing else, so rebuild
// gives the same archive. A person's word comes before a file's, and the last word
// of people before their earlier ones, whoever was surer. Of two words of files the
// surer one; of equally sure ones their content decides, so that the order in which
// files came in does not (but a side-car's later word comes before its earlier).
// Retracted claims do not count, nor words that rest (archive/heard.h).

#pragma once
#include "store/claims.h"
#include "store/items.h"

// The claim of this predicate that counts, or NULL: of an item or of a person.
const struct kr_claim *kr_shown_claim(const struct kr_claim_list *claims, const char *predicate);

// Makes the row of an item from its claims, inside the caller's transaction.
// Stack and group stay as they were (archive/groups.h finds them).
KR_CHECK bool kr_shown_refresh(struct kr_store *store, const char *item, struct kr_err *err);
// The same, where the item is not forgotten meanwhile.
KR_CHECK bool kr_shown_refresh_if_there(struct kr_store *store, const char *item,
                                        struct kr_err *err);

// Makes the index of every home again from the claims, row by row, and drops what no claim speaks
// of: whoever reads meanwhile sees an archive, whoever adds finds what is there. Stacks and groups
// are the caller's to find anew. Renditions stay. Stopped half way, files are refused with
// KR_E_BUSY until it has been run to its end.
KR_CHECK bool kr_rebuild(struct kr_store *store, bool (*progress)(void *context, double done),
                         void *context, struct kr_err *err);
// Whether a rebuild has begun and not ended: the index may lack items.
KR_CHECK bool kr_rebuild_is_due(struct kr_store *store, bool *out, struct kr_err *err);
