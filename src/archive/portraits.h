// SPDX-License-Identifier: AGPL-3.0-or-later
// portraits.h: one person's pictures by age: her strip, and several people at one age.
//
// An age is only said where the date of the picture and that of the birth allow it. A picture
// whose age is known to a few years stands in their middle, and says what it knows ("about
// seven"); one that is known no closer has no place in the strip. Any thread with its own store.

#pragma once
#include "archive/age.h"
#include "archive/persons.h"
#include "store/regions.h"

enum {
    KR_PORTRAIT_WIDE = 4,
    KR_PORTRAIT_NEAR = 2,
    KR_PORTRAITS_EACH = 12
}; // years; years; pictures

struct kr_portrait {
    int at;            // the column: a whole age, from 0
    struct kr_age age; // what is known
    const struct kr_item *item;
    const struct kr_region *region; // where she is in it, or NULL
};

// At most KR_PORTRAITS_EACH of each age, youngest first; of one age the best first: known to the
// year, framed, and large. Goes through all pictures of the person: about 0.1 s for 10,000.
KR_CHECK bool kr_portraits(struct kr_store *store, struct kr_arena *mem,
                           const struct kr_person *person, struct kr_portrait **out, size_t *n,
                           struct kr_err *err);
// The best at that age; where there is none, one at most KR_PORTRAIT_NEAR years from it, the
// nearest, of two the younger; NULL where there is none at all.
const struct kr_portrait *kr_portrait_at(const struct kr_portrait *portraits, size_t n, int age);

// {"at","age":{"from","to","about","text"},"region"}: "region" is {"claim","x","y","w","h"} or
// null.
json_t *kr_portrait_new_json(struct kr_arena *mem, enum kr_lang lang,
                             const struct kr_portrait *portrait);
// {"claim","x","y","w","h"}.
json_t *kr_region_new_json(const struct kr_region *region);
// The face that stands for a person in lists, the largest there is: a region with its "item" and
// that item's "width" and "height"; JSON null where nobody has framed them.
KR_CHECK bool kr_face_new_json(struct kr_store *store, struct kr_arena *mem, const char *person,
                               json_t **out, struct kr_err *err);
