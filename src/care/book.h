// SPDX-License-Identifier: AGPL-3.0-or-later
// book.h: the home's book of sittings: how long, with whom, how it went.
//
// (1) The book never holds what was looked at: no item, no card, no word of it. (2) A
// sitting stays in the book only where whoever began it wanted that. (3) What lit somebody
// up is a claim of the person (archive/cared.h), apart from the book, and can be taken back.
// (4) No score: minutes, faces that a carer tapped, and how often something was kept.

#pragma once
#include "archive/cared.h"
#include "base/words.h"
#include "store/sittings.h"

enum { KR_COMPANY_MOST = 200, KR_BOOK_MOST = 2000 }; // bytes; sittings listed

struct kr_new_sitting {
    const char *person;  // an id, or "": somebody
    const char *company; // free words, or ""
    bool logged;
    const uint64_t *seed; // NULL: by chance
};
KR_CHECK bool kr_sitting_begin(struct kr_store *store, struct kr_arena *mem,
                               const struct kr_new_sitting *params, struct kr_sitting *out,
                               struct kr_err *err);
// Somebody is still sitting: its minutes go on.
KR_CHECK bool kr_sitting_goes_on(struct kr_store *store, struct kr_sitting *sitting,
                                 struct kr_err *err);
// Keeps a thing for next time, or no longer (3). With nobody named it only counts.
KR_CHECK bool kr_sitting_again(struct kr_store *store, struct kr_arena *mem,
                               struct kr_sitting *sitting, const char *thing, bool keep,
                               const char *who, struct kr_err *err);
// Keeps a thing away from whoever sits, for good: itself, or, of a card, what it is called in
// `lang`. KR_E_INVALID with nobody named.
KR_CHECK bool kr_sitting_never(struct kr_store *store, struct kr_arena *mem, enum kr_lang lang,
                               const struct kr_sitting *sitting, const char *thing, const char *who,
                               struct kr_err *err);
// "good", "quiet" or "unhappy"; KR_E_INVALID else.
KR_CHECK bool kr_sitting_mood(struct kr_store *store, struct kr_sitting *sitting, const char *mood,
                              struct kr_err *err);
// Ends it; what nobody wanted in the book is gone (2).
KR_CHECK bool kr_sitting_end(struct kr_store *store, struct kr_sitting *sitting,
                             struct kr_err *err);
// Begun long ago and left: never ended, never wanted. Gone.
KR_CHECK bool kr_book_sweep(struct kr_store *store, struct kr_err *err);

// {"id","person","began","minutes","company","again","good","quiet","unhappy"}.
json_t *kr_sitting_new_json(const struct kr_sitting *sitting);
// The book as CSV (RFC 4180), a line a sitting, the latest first. Who sat stands as an id.
const char *kr_book_csv(struct kr_arena *mem, const struct kr_sitting *sittings, size_t n);
