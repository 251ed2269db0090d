// SPDX-License-Identifier: AGPL-3.0-or-later
// cared.h: what is said of a person so that others sit well with them.
//
// Two predicates (docs/formats/claims.md): `about_me`, the parts of a card that is
// handed to whoever cares for somebody, and `lit_up`, what did them good in a sitting.
// Both are read from the claims themselves: there are few, and nothing lists them.
// They are told by their own routes only, never among what is known of a person.

#pragma once
#include "store/claims.h"

// The parts of the card, in its order, ended by NULL.
extern const char *const kr_about_parts[];
enum { KR_ABOUT_TEXT_MOST = 280 }; // bytes of one line; the card is one page
enum { KR_ABOUT_LINES_MOST = 3 };  // lines of one part

bool kr_cared_is_predicate(const char *predicate);
// Reads what somebody wants to say; *out is the claim's value. KR_E_INVALID with a sentence.
KR_CHECK bool kr_cared_read(struct kr_arena *mem, const char *predicate, const json_t *value,
                            json_t **out, struct kr_err *err);

// {"parts":[{"part","lines":[{"text","claim"}]}]}: every part, said or not, in the card's order.
KR_CHECK bool kr_about_json(struct kr_store *store, struct kr_arena *mem, const char *person,
                            json_t **out, struct kr_err *err);

struct kr_lit { // what lit somebody up: an item, a film, a card
    const char *thing, *claim;
};
// The latest first, each thing once.
KR_CHECK bool kr_lit_up_of(struct kr_store *store, struct kr_arena *mem, const char *person,
                           struct kr_lit **out, size_t *n, struct kr_err *err);
