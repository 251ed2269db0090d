// SPDX-License-Identifier: AGPL-3.0-or-later
// persons.h: the index of persons: names, days, relations, pictures they are in.
//
// Index, not truth: archive/persons makes every row from claims, and rebuild
// makes them all again. A relation stands once, with the person of whom it was said.

#pragma once
#include "store/items.h"

struct kr_life_day {
    const char *edtf;  // "" where nobody knows
    int64_t from, to;  // days since 1970-01-01, inclusive; both 0 with an empty edtf
    const char *place; // "" where nobody knows
    const char *claim; // the claim that says so, or ""
};
struct kr_person {
    char id[KR_UUID_TEXT];
    const char *shown, *sort;
    const char *sex; // "f", "m", "x", or "" where nobody said
    struct kr_life_day born, died;
};
struct kr_person_name {
    char person[KR_UUID_TEXT];
    const char *claim, *kind, *lang, *text;
    const char *body; // its tokens, as archive/searchtext.h writes them
};
struct kr_relation {
    char person[KR_UUID_TEXT], other[KR_UUID_TEXT];
    const char *claim;
    const char *kind;  // what `other` is to `person`: "parent", "partner" …
    const char *order; // "elder", "younger": `other` beside `person`; or ""
};

// Puts the row with its names and relations in the place of those there were. In a transaction.
KR_CHECK bool kr_person_put(struct kr_store *store, const struct kr_person *person,
                            const struct kr_person_name *names, size_t name_count,
                            const struct kr_relation *relations, size_t relation_count,
                            struct kr_err *err);
KR_CHECK bool kr_person_drop(struct kr_store *store, const char *id, struct kr_err *err);
// KR_E_NOT_FOUND when there is none. Text lives in the arena, as everywhere below.
KR_CHECK bool kr_person_get(struct kr_store *store, struct kr_arena *mem, const char *id,
                            struct kr_person *out, struct kr_err *err);
// All of the home, in the order of their names as they sound.
KR_CHECK bool kr_persons_all(struct kr_store *store, struct kr_arena *mem, struct kr_person **out,
                             size_t *n, struct kr_err *err);
// The names of one, in order of saying; with a NULL id those of everybody.
KR_CHECK bool kr_person_names(struct kr_store *store, struct kr_arena *mem, const char *id,
                              struct kr_person_name **out, size_t *n, struct kr_err *err);
KR_CHECK bool kr_relations_all(struct kr_store *store, struct kr_arena *mem,
                               struct kr_relation **out, size_t *n, struct kr_err *err);

// Who is in an item: replaces what was there. In a transaction.
KR_CHECK bool kr_pictured_put(struct kr_store *store, const char *item, const char *const *persons,
                              size_t n, struct kr_err *err);
KR_CHECK bool kr_pictured_of(struct kr_store *store, struct kr_arena *mem, const char *item,
                             const char *const **persons, size_t *n, struct kr_err *err);
// At most `limit` ids of items with this person, hidden ones too, after the id `after` ("": first).
KR_CHECK bool kr_pictured_after(struct kr_store *store, struct kr_arena *mem, const char *person,
                                const char *after, int limit, const char *const **items, size_t *n,
                                struct kr_err *err);
// The visible items with this person, newest first, with their number in `total`.
KR_CHECK bool kr_items_of_person(struct kr_store *store, struct kr_arena *mem, const char *person,
                                 const char *cursor, int limit, struct kr_item_list *out,
                                 struct kr_err *err);
