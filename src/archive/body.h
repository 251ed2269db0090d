// SPDX-License-Identifier: AGPL-3.0-or-later
// body.h: what somebody who films cannot do, so that no advice asks it of them.
//
// Words such as "no-elbows,rolls", kept by the door they come in by. They tell of a
// person's body, so the house holds them more closely than what is said of pictures:
// (1) whoever comes in by that door sees and sets them, and nobody else by any other:
//     not a keeper, not another card made out for the same person; whoever sits at the
//     house's own command line may speak for anybody, as in everything there;
// (2) they are no claims: no text beside the archive, no export and no recipe of a
//     mended clip holds them, and a rebuild leaves them alone;
// (3) they go when the door is shut for good.
// Which words there are, restore/coach.h tells.

#pragma once
#include "archive/door.h"
#include "base/json.h"

// The door of a visitor: their account, else their invitation, else their home (whoever sits at the
// house's own machine, before it has an owner). Borrowed from the visitor.
const char *kr_body_door(const struct kr_visitor *visitor);
// The door of whoever works at the command line as `who` (a person's id, or "owner": the first
// account of an owner), in the store's home; lives in `mem`. A person who has no account is their
// own door, an owner who has none there the home is.
KR_CHECK bool kr_body_door_of(struct kr_store *store, struct kr_arena *mem, const char *who,
                              const char **out, struct kr_err *err);

// "rolls,no-elbows", in any order, as it is kept: in the order of `bodies`, the words there are
// (restore/coach.h). KR_E_INVALID for any other word. *out lives in `mem`.
KR_CHECK bool kr_body_read(struct kr_arena *mem, const char *words, const json_t *bodies,
                           const char **out, struct kr_err *err);

// Replaces the keys in `judged` (as restore/coach.h tells it) by those that fit `body`, by the list
// `advice` of all there are. What is not in that list stays as it is.
void kr_body_fit(json_t *judged, const json_t *advice, const char *body);
