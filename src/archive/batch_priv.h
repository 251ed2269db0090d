// SPDX-License-Identifier: AGPL-3.0-or-later
// batch_priv.h: what an act is to do, read into steps; and what a step means for one item.
#pragma once
#include "archive/batch.h"
#include "archive/say_priv.h"

enum kr_step_kind {
    KR_STEP_SAY,    // as kr_say()
    KR_STEP_MEMBER, // a person in the picture, or an album it is in
    KR_STEP_STATE,  // a yes or no
    KR_STEP_LIKE,   // the date of another item, or a little beside it
    KR_STEP_MOVE,   // its own date, moved or a little beside it
};
struct kr_step {
    enum kr_step_kind kind;
    const char *predicate;
    const json_t *value; // of a claim: as it is said, or (once bound) as it will be stated
    const char *whom;    // of a member: id or name as given, then the id; of a likeness the item
    bool back;           // takes it back
    int64_t shift;       // seconds; 0: none
    int beside;          // -1 a little earlier, 1 a little later, 0 the same
};
struct kr_todo {
    struct kr_step steps[KR_BATCH_STEPS];
    size_t n;
};

// Reads the form alone. KR_E_INVALID with a sentence.
KR_CHECK bool kr_todo_read(struct kr_arena *mem, const json_t *todo, struct kr_todo *out,
                           struct kr_err *err);
// Finds whom and what is named; proves that the values can be said.
KR_CHECK bool kr_todo_bind(struct kr_store *store, struct kr_arena *mem, struct kr_todo *todo,
                           struct kr_err *err);

// What the step says of an item with these claims. *why tells why nothing ("already" …), else NULL.
KR_CHECK bool kr_step_saying(struct kr_arena *mem, const struct kr_step *step,
                             const struct kr_claim_list *claims, const char *who,
                             struct kr_saying *out, const char **why, struct kr_err *err);
