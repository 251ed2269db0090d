// SPDX-License-Identifier: AGPL-3.0-or-later
// sitting.h: what is laid before two people who sit together: three choices, and what follows.
//
// Family pictures, clips, films, recordings, and cards of the years around, mixed; from the
// first day on, with an empty archive too. Each comes with a line that states something and
// one that offers a feeling. Promises:
//   (1) at most three; none that may not be shown to the home (archive/may.h), none on the
//       avoid list of whoever sits: neither it nor a word that is said with it;
//   (2) no prompt that the linter (care/prompt.h) does not pass, whoever wrote the caption;
//   (3) the same question is answered alike: archive, sitter, seed, step, what was seen;
//   (4) what lit them up comes first, and draws after it what has people, place and years
//       in common with it.
// Nothing is written down here. Threads: no state.

#pragma once
#include "archive/era.h"
#include "archive/may.h"

enum {
    KR_SITTING_CHOICES = 3,
    KR_SITTING_SEEN_MOST = 400, // things that are not offered again
    KR_SITTING_THING = 160,     // "item:ID", "film:ID", "card:PACK.CARD", "theme:NAME"
};

struct kr_sitting_ask {
    const char *sitter; // a person's id, or NULL: somebody
    uint64_t seed;
    int64_t step;            // how many times they have chosen
    const char *after;       // the thing whose thread is followed, or "": begin anywhere
    const char *const *seen; // not offered again while there is anything else
    size_t seen_count;
    const char *const *away; // "not this now": not offered again at all
    size_t away_count;
    int64_t now_ms;
    enum kr_lang lang;
    bool pictures; // family pictures alone, as on a frame
};

struct kr_sitting_choice {
    const char *thing;
    const char *medium; // "photo", "video", "audio", "film", "card", "words"
    const char *why;    // "again", "person", "place", "years", "thing", "kind", "else"
    const char *title;  // a few words for it
    const char *say, *feel;
    bool lit;                       // it lit them up before
    const struct kr_item *item;     // or NULL
    const struct kr_era_card *card; // or NULL
};

// Up to three. None at all only where an avoid list leaves nothing.
KR_CHECK bool kr_sitting_offer(struct kr_store *store, struct kr_arena *mem,
                               const struct kr_era *era, const struct kr_sitting_ask *ask,
                               struct kr_sitting_choice out[static KR_SITTING_CHOICES], size_t *n,
                               struct kr_err *err);
// One thing by its name, as the same sitter may see it now; KR_E_NOT_FOUND where they may not.
KR_CHECK bool kr_sitting_one(struct kr_store *store, struct kr_arena *mem, const struct kr_era *era,
                             const struct kr_sitting_ask *ask, const char *thing,
                             struct kr_sitting_choice *out, struct kr_err *err);

// {"thing","medium","why","title","say","feel","lit","image","width","height","play"}.
json_t *kr_sitting_choice_new_json(const struct kr_sitting_choice *choice);
