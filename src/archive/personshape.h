// SPDX-License-Identifier: AGPL-3.0-or-later
// personshape.h: persons as JSON, the same for the command line and the interface.
// Shapes: docs/formats/api.md. *out is the caller's to drop.

#pragma once
#include "archive/persons.h"

// {"id","name","sort","sex","born","died"}.
json_t *kr_person_new_json(struct kr_arena *mem, enum kr_lang lang, const struct kr_person *person);
// The same with names, relations (both ways), claims, findings and the "portrait".
KR_CHECK bool kr_person_whole(struct kr_store *store, struct kr_arena *mem, enum kr_lang lang,
                              const char *id, json_t **out, struct kr_err *err);
// Who is in an item: [{"id","name","age"}], "age" in words or "".
KR_CHECK bool kr_persons_in(struct kr_store *store, struct kr_arena *mem, enum kr_lang lang,
                            const struct kr_item *item, json_t **out, struct kr_err *err);
// How old a person is in an item: {"from","to","about","text"}, or NULL where nobody can tell.
json_t *kr_person_new_age(struct kr_arena *mem, enum kr_lang lang, const struct kr_person *person,
                          const struct kr_item *item);
// {"a","b","word","zh","en"}: what a calls b; empty words where nothing leads there.
KR_CHECK bool kr_persons_kin_json(struct kr_store *store, struct kr_arena *mem, enum kr_lang lang,
                                  const char *a, const char *b, json_t **out, struct kr_err *err);
// A list of persons as somebody sees them: each with "portrait" (a face, or null; see
// archive/portraits.h) and, where `me` is the id of a person, "kin": {"word","zh","en"}, what
// that person calls them.
KR_CHECK bool kr_persons_seen_json(struct kr_store *store, struct kr_arena *mem, enum kr_lang lang,
                                   const char *me, const struct kr_person *persons, size_t n,
                                   json_t **out, struct kr_err *err);
