// SPDX-License-Identifier: AGPL-3.0-or-later
// marks.h: a thing in a picture is marked as a face is: what it is, where, from when.
//
// A mark is a claim of the item ("mark", docs/formats/claims.md), with the words of its era
// card copied into it: it is found in Chinese, English and by its sound, also where the card
// is gone. Marks of one card, or of one name without a card, are one thing: "all our bicycles".
// Each call that says something is one transaction and the text mirror.

#pragma once
#include "archive/era.h"
#include "store/marks.h"

// Marks a thing. The value's form is checked (KR_E_INVALID with a sentence):
//   thing     text: what people call it
//   card      id of an era card; "" for none; left out: the card that is called so, if any
//   region    {"x","y","w","h"}, fractions of the picture, or left out
//   date      EDTF, or as people say it ("1970s", 七十年代); or left out
//   sentence  one sentence; or left out
//   voice     the id of a recording in the archive; or left out
// Tells the claim's id. KR_E_TOO_BIG over KR_MARKS_OF_ITEM marks, KR_E_NOT_FOUND for an item that
// the home may not see.
enum { KR_MARKS_OF_ITEM = 200 };
KR_CHECK bool kr_mark_say(struct kr_store *store, const struct kr_era *era, const char *item,
                          const json_t *value, const char *who, double certain,
                          char claim[static KR_UUID_TEXT], struct kr_err *err);
// Takes a mark back; it stays among the claims. KR_E_NOT_FOUND where the item has no such mark.
KR_CHECK bool kr_mark_take_back(struct kr_store *store, const char *item, const char *claim,
                                const char *who, struct kr_err *err);

// The marks of a card or of a thing called so (its own card's, where it has one), in the
// order of their years; *card is that card, or NULL.
KR_CHECK bool kr_marks_of(struct kr_store *store, struct kr_arena *mem, const struct kr_era *era,
                          const char *thing, const char *card_id, struct kr_mark **out, size_t *n,
                          const struct kr_era_card **card, struct kr_err *err);

// {"claim","item","thing","card","region","date","sentence","voice"}; region may be null.
json_t *kr_mark_new_json(struct kr_store *store, struct kr_arena *mem, enum kr_lang lang,
                         const struct kr_mark *mark);
// The same list for an item, from what its row holds, with "who".
json_t *kr_marks_new_list(struct kr_store *store, struct kr_arena *mem, enum kr_lang lang,
                          const json_t *extra);
// {"thing","card","count","from","to"}: years, 0 where nobody knows.
json_t *kr_marked_new_json(const struct kr_era *era, enum kr_lang lang,
                           const struct kr_marked_thing *thing);
