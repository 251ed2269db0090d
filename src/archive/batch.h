// SPDX-License-Identifier: AGPL-3.0-or-later
// batch.h: one act over many items, and its undoing.
//
// Every item gets a claim of its own, and all of them bear the id of the act; so the
// whole act is taken back by one undo, which retracts exactly the claims it made,
// whatever others have said since. Promises:
//   (1) the work goes in slices, none over 50 ms: whoever else writes gets a turn;
//   (2) stopped anywhere, each item has the act's claims or none of them;
//   (3) the same act (its id) over the same items ends what was begun, and says nothing twice;
//   (4) an undo is an act too: undone itself, it leaves everything as before it, in the
//       old order of saying.

#pragma once
#include "base/json.h"
#include "store/store.h"

enum { KR_BATCH_MOST = 1000, KR_BATCH_STEPS = 50 };

struct kr_batch {
    const char *const *items; // at most KR_BATCH_MOST ids
    size_t n;
    const json_t *todo; // see kr_batch_run()
    const char *who;
    double certain;               // [0,1]
    const char *act;              // the id of an act to end, or NULL for a new one
    bool (*go_on)(void *context); // NULL: always; false stops with KR_E_INTERRUPTED
    void *context;
};

// Why an item was passed over: "already" (it is so), "gone" (none that may be seen), "nobody_said"
// (nothing to take back), "undated", "too_vague" (to be moved).
struct kr_batch_skip {
    char item[KR_UUID_TEXT];
    const char *why;
};
struct kr_batch_done {
    char act[KR_UUID_TEXT];
    int64_t changed; // items of which this act says something now
    const struct kr_batch_skip *skips;
    size_t skip_count;
};

// Does all that `todo`, an object, tells:
//   date      text, {"edtf"}, {"phrase"}; {"like":item}; {"shift":"+8h"}; {"step":-1 or 1},
//             a little earlier or later than it is, or with "like" than that item
//   caption, title, place, rating, keyword, person   as kr_say(); the last two also lists
//   persons   one or a list: who is in the picture, by id or name; "-…": not after all
//   album     one or a list, by id or title; "-…" takes out of it
//   favourite, hidden, trashed   true or false
// KR_E_INVALID or KR_E_NOT_FOUND with a sentence, and nothing done, where it cannot be
// understood. After KR_E_INTERRUPTED out->act tells which act to end or undo.
KR_CHECK bool kr_batch_run(struct kr_store *store, struct kr_arena *mem,
                           const struct kr_batch *batch, struct kr_batch_done *out,
                           struct kr_err *err);

// Takes back what the act said and what still stands; out->act is the act that did so. An
// undo that was stopped is ended under its own id. KR_E_NOT_FOUND for no act. Of items that the
// home may not see nothing is taken back, and the act still stands.
KR_CHECK bool kr_batch_undo(struct kr_store *store, struct kr_arena *mem, const char *act,
                            const char *who, bool (*go_on)(void *context), void *context,
                            struct kr_batch_done *out, struct kr_err *err);

// The ids of all that a question finds (archive/search.h), in the order of the line of time;
// KR_E_TOO_BIG for more than KR_BATCH_MOST.
KR_CHECK bool kr_batch_find(struct kr_store *store, struct kr_arena *mem, const char *question,
                            const char *const **items, size_t *n, struct kr_err *err);
