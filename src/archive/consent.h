// SPDX-License-Identifier: AGPL-3.0-or-later
// consent.h: what people let be shown of theirs, for what, to whom and until when.
//
// Said as claims of a person (docs/formats/claims.md): `consent`, and the three of one's
// own hand on the tap: `rest` ("not now": nothing of theirs is shown to anybody, until
// they take it back), `delay` (days that pass before anything of theirs goes beyond
// home), `ask_first` (whose yes it needs for that). An item is let out beyond home by a
// `release`. Without a word, what a home holds is shown to this home and nobody else.
//
// Whose word counts, for one purpose and audience:
// (1) the person's own, said at their own door, before what others wrote down for them;
//     of one rank the last. So nobody undoes a no that somebody said themselves.
// (2) A no to a nearer audience is a no to the farther ones; a yes to the public is a
//     yes to kin.
// (3) A guardian's yes ends on the first day the child may have reached the age of its
//     own say (setting consent.own_say_age); a guardian's no stays until the child speaks.
// (4) `rest` is taken back by the person, or by whoever said it for them.
// No page infers any of this from what somebody does.

#pragma once
#include "store/claims.h"
#include "store/consent.h"
#include "store/persons.h"

// The predicates above are sayable of a person (kr_person_say), with these checks on who says
// so: (1) and (4), KR_E_REFUSED.
KR_CHECK bool kr_consent_may_say(struct kr_store *store, struct kr_arena *mem, const char *person,
                                 const char *predicate, const char *claim_taken_back,
                                 const char *who, struct kr_err *err);
// Reads what somebody wants to say; *out is the claim's value. KR_E_INVALID with a sentence.
KR_CHECK bool kr_consent_read(struct kr_arena *mem, const char *predicate, const json_t *value,
                              json_t **out, struct kr_err *err);
bool kr_consent_is_predicate(const char *predicate);

// Makes a person's rows of the index from their claims, in the caller's transaction.
KR_CHECK bool kr_consent_refresh(struct kr_store *store, struct kr_arena *mem, const char *person,
                                 const struct kr_claim_list *claims, const struct kr_life_day *born,
                                 struct kr_err *err);
// The same of an item: its releases.
KR_CHECK bool kr_release_refresh(struct kr_store *store, const char *item,
                                 const struct kr_claim_list *claims, struct kr_err *err);

// {"rows":[{"audience","purpose","allow","until","given","how", …}],"rest","delay","ask_first",
// "hand":[{"predicate", …}],"own_say","avoid":[{"kind","value","claim"}]}: what holds now, by the
// index, and who said so: … is "claim","who","who_name","at". "own_say" is from when on a child
// decides (3), or "" where nobody knows the day of birth.
KR_CHECK bool kr_consent_json(struct kr_store *store, struct kr_arena *mem, const char *person,
                              json_t **out, struct kr_err *err);

// Lets an item out beyond home, or takes that back: to "kin" or "public".
KR_CHECK bool kr_release_say(struct kr_store *store, const char *item, const char *audience,
                             bool allow, const char *who, struct kr_err *err);
// Takes back what `who` said of that, yes or no.
KR_CHECK bool kr_release_take_back(struct kr_store *store, const char *item, const char *audience,
                                   const char *who, struct kr_err *err);
