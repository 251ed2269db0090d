// SPDX-License-Identifier: AGPL-3.0-or-later
// flags.h: dates that cannot be, told and never mended by themselves.
//
// A finding needs to be sure: a day counts as wide as it is drawn (kr_edtf_band), and where
// the two could fit in any way, nothing is said. Both claims stay; a person decides.

#pragma once
#include "archive/persons.h"

enum { KR_PARENT_LEAST = 12, KR_MOTHER_MOST = 60, KR_AGE_MOST = 125 }; // years

enum { KR_FINDING_CLAIMS = 3 };
struct kr_finding {
    const char *what; // the end of its words key flag.…: "born_after_picture"
    char whom[KR_UUID_TEXT];
    char other[KR_UUID_TEXT]; // the parent or child it also concerns, or ""
    char item[KR_UUID_TEXT];  // or ""
    const char *whom_name, *other_name;
    const char *claims[KR_FINDING_CLAIMS]; // ids of those that do not fit together; NULL: no more
};

// Of one person (NULL: of everybody): life, parents and children, pictures.
KR_CHECK bool kr_person_findings(struct kr_store *store, struct kr_arena *mem, const char *person,
                                 struct kr_finding **out, size_t *n, struct kr_err *err);
// Of the persons in one item.
KR_CHECK bool kr_item_findings(struct kr_store *store, struct kr_arena *mem, const char *item,
                               struct kr_finding **out, size_t *n, struct kr_err *err);
// {"what","whom","name","other","other_name","item","claims":[],"text"}.
json_t *kr_finding_new_json(struct kr_arena *mem, enum kr_lang lang,
                            const struct kr_finding *finding);
