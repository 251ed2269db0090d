// SPDX-License-Identifier: AGPL-3.0-or-later
// persons.h: who the people are: what is said of them, and the rows made from it.
//
// A person is a subject of claims, as an item is: names (several, each until it is taken
// back), days of life, a sex where kinship words need one, and relations to others; see
// docs/formats/claims.md. Who is in a picture is said of the picture. Nobody is named
// by a machine. Each call that says something is one transaction and the text mirror.

#pragma once
#include "archive/kin.h"
#include "base/json.h"
#include "store/claims.h"
#include "store/persons.h"

// A new person of that name (text, or {"text","lang","kind"}); tells the id in *out.
KR_CHECK bool kr_person_add(struct kr_store *store, const json_t *name, const char *who,
                            double certain, char out[static KR_UUID_TEXT], struct kr_err *err);

// What may be said of a person; the value's form is checked (KR_E_INVALID with a sentence):
//   name      text, or {"text","lang","kind"}: full given married nick milk pinyin romanised
//   born died a date as text, or {"edtf" or "phrase","place"}
//   sex       "f", "m" or "x"
//   relation  {"kind","to","order"}: what the other is to this person; see kr_tie_name()
//   retract   the id of a claim of this person; KR_E_INVALID for the last name
// KR_E_REFUSED when a relation would make someone their own ancestor.
KR_CHECK bool kr_person_say(struct kr_store *store, const char *person, const char *predicate,
                            const json_t *value, const char *who, double certain,
                            struct kr_err *err);

// Whether this could be said of a person as far as its form goes; KR_E_INVALID as above.
KR_CHECK bool kr_person_sayable(const char *predicate, const json_t *value, struct kr_err *err);

// Makes the rows of a person from the claims, inside the caller's transaction; a person
// of whom no name is left has none.
KR_CHECK bool kr_person_refresh(struct kr_store *store, const char *person, struct kr_err *err);
// Makes the rows of all persons of the store's home again: for rebuild, before the items.
KR_CHECK bool kr_persons_rebuild(struct kr_store *store, struct kr_err *err);

// Shows pictures anew where somebody in them was named otherwise, or the words of somebody began
// to rest or to be told again: where it was noted, until it is done. What notes it calls this when
// its own transaction is through; the worker calls the second, for every home of the house.
KR_CHECK bool kr_persons_catch_up(struct kr_store *store, struct kr_err *err);
KR_CHECK bool kr_persons_tend(struct kr_store *store, struct kr_err *err);
// Notes it of a person, an account or a card, inside the caller's transaction.
KR_CHECK bool kr_persons_note(struct kr_store *store, const char *who, struct kr_err *err);

// Persons any of whose names holds these words, as written or as they sound (nainai, nn);
// an empty question finds all. In the order of their names.
KR_CHECK bool kr_persons_find(struct kr_store *store, struct kr_arena *mem, const char *question,
                              struct kr_person **out, size_t *n, struct kr_err *err);
// One person by id, or by a name that only one person has: KR_E_NOT_FOUND, or KR_E_INVALID
// where several have it.
KR_CHECK bool kr_person_named(struct kr_store *store, struct kr_arena *mem, const char *id_or_name,
                              struct kr_person *out, struct kr_err *err);

// Everybody and how they belong together.
KR_CHECK bool kr_persons_kin(struct kr_store *store, struct kr_arena *mem, struct kr_kin_graph *out,
                             struct kr_err *err);

// A region of an item (the id of its claim) is this person; an empty id takes that back.
KR_CHECK bool kr_region_is(struct kr_store *store, const char *item, const char *region,
                           const char *person, const char *who, double certain, struct kr_err *err);
// A person is in an item, or (`in` false) not after all. `keyword` is the text of a `person`
// keyword that meant this person all along, or "".
KR_CHECK bool kr_picture_has(struct kr_store *store, const char *item, const char *person,
                             const char *keyword, bool in, const char *who, double certain,
                             struct kr_err *err);
