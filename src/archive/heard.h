// SPDX-License-Identifier: AGPL-3.0-or-later
// heard.h: of what was said of a thing or a person, what the home hears now.
//
// While somebody lets theirs rest (archive/consent.h), by whichever door they spoke:
// (1) what they said in words of their own (caption, title, keyword, mark) is not heard and
//     not shown; what was said before, or by others, is shown in its place;
// (2) of all else (a date without the phrase in which it was said, a place, a face, an album
//     and what it is called) the fact stands, and nobody is named for it.
// The claims stay as they are, and all is heard again when they take their "not now" back.

#pragma once
#include "store/claims.h"

// (1)
bool kr_is_heard(const struct kr_claim *claim);
// (2) Who said it, or "". Words of consent keep their sayer: they are what it rests on.
const char *kr_heard_who(const struct kr_claim *claim);
// What it says, as it is told: a mark without its voice where the home may not hear that,
// a date without its phrase where who said it rests. The caller's to drop.
json_t *kr_heard_new_value(struct kr_store *store, const struct kr_claim *claim);
// The voice of a mark's value, or "" where it has none that may be heard.
const char *kr_heard_voice(struct kr_store *store, const json_t *mark);
