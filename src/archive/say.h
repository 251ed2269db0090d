// SPDX-License-Identifier: AGPL-3.0-or-later
// say.h: what a person says of an item, and what follows from it.
//
// Each call is one transaction: the claim, the shown row, the text mirror. The
// value that is shown follows from all claims (archive/shown.h); nothing that
// was said before is lost.

#pragma once
#include "base/json.h"
#include "store/store.h"

// What may be said. `predicate` is one of date, caption, title, place, keyword,
// person, favourite, rating. A date takes {"edtf":…} or {"phrase":…} (or a
// string: either), favourite a boolean, the rest text; keyword and person take
// "-text" to take one back. KR_E_INVALID with a sentence for anything else.
KR_CHECK bool kr_say(struct kr_store *store, const char *item, const char *predicate,
                     const json_t *value, const char *who, double certain, struct kr_err *err);

// Takes back one thing said of an item, by the id of its claim; only who said it may
// (KR_E_REFUSED). KR_E_NOT_FOUND where no such claim stands.
KR_CHECK bool kr_say_back(struct kr_store *store, const char *item, const char *claim,
                          const char *who, struct kr_err *err);

// Into the trash, and back.
KR_CHECK bool kr_trash(struct kr_store *store, const char *item, const char *who,
                       struct kr_err *err);
KR_CHECK bool kr_untrash(struct kr_store *store, const char *item, const char *who,
                         struct kr_err *err);
// Forgets what has lain in the trash for `days` (0: all of it): claims, row,
// blob, thumbnails, renditions; a nameless tombstone stays, so that it does not
// come back with the next folder. Only a person asks for this.
KR_CHECK bool kr_trash_empty(struct kr_store *store, int days, int64_t *count, struct kr_err *err);
