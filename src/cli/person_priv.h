// SPDX-License-Identifier: AGPL-3.0-or-later
// person_priv.h: the verbs of `kinreel person`, and what they share.
#pragma once
#include "archive/persons.h"
#include "cli/cli.h"

// What one of the verbs is given.
struct kr_person_asked {
    struct kr_store *store;
    struct kr_arguments words; // behind the verb
    double certain;
    const char *sex, *born, *died, *lang, *kind, *keyword, *order, *instead;
    bool not_in;
};

// A person by id or name.
KR_CHECK bool kr_person_asked_for(struct kr_cli *cli, const struct kr_person_asked *asked,
                                  const char *name, struct kr_person *out);
// Who is in an item, with their ages.
// KR_E_NOT_FOUND for an item that the home may not see: nothing is said of it.
KR_CHECK bool kr_person_item_seen(struct kr_cli *cli, const struct kr_person_asked *asked,
                                  const char *item);
KR_CHECK bool kr_person_tell_in(struct kr_cli *cli, const struct kr_person_asked *asked,
                                const char *item);

// person_frames.c
KR_CHECK bool kr_person_frame(struct kr_cli *cli, struct kr_person_asked *asked);
KR_CHECK bool kr_person_portraits(struct kr_cli *cli, struct kr_person_asked *asked);
KR_CHECK bool kr_person_same_age(struct kr_cli *cli, struct kr_person_asked *asked);
KR_CHECK bool kr_person_unframe(struct kr_cli *cli, struct kr_person_asked *asked);
KR_CHECK bool kr_person_unframed(struct kr_cli *cli, struct kr_person_asked *asked);
KR_CHECK bool kr_person_unnamed(struct kr_cli *cli, struct kr_person_asked *asked);
