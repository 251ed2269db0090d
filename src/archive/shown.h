// SPDX-License-Identifier: AGPL-3.0-or-later
// shown.h: from what was said to what is shown.
//
// The row of an item follows from its claims and from nothing else, so rebuild
// gives the same archive. A person's word comes before a file's; of two words
// of one kind the surer one, then the later. Retracted claims do not count.

#pragma once
#include "store/claims.h"
#include "store/items.h"

// Makes the row of an item from its claims, inside the caller's transaction.
// Stack and group stay as they were (archive/groups.h finds them).
KR_CHECK bool kr_shown_refresh(struct kr_store *store, const char *item, struct kr_err *err);

// Throws the index away and makes it again from the claims. Renditions stay.
KR_CHECK bool kr_rebuild(struct kr_store *store, bool (*progress)(void *context, double done),
                         void *context, struct kr_err *err);
