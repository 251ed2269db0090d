// SPDX-License-Identifier: AGPL-3.0-or-later
// acts.h: the last acts, told in words: "12 pictures: the 1980s, by the owner, 5 minutes ago".

#pragma once
#include "base/json.h"
#include "base/words.h"
#include "store/store.h"

struct kr_act {
    char id[KR_UUID_TEXT];
    char undoes[KR_UUID_TEXT]; // the act it takes back, or ""
    const char *who;           // "owner", a person's id or name, or "": they let theirs rest
    int64_t at_ms;             // when it ended
    int64_t count;             // of what it speaks
    bool stands;               // something of it was not taken back
    const char *what;          // "12 pictures: the 1980s"
    const char *text;          // the same, by whom and how long ago
};

// One act. KR_E_NOT_FOUND when there is none. Text lives in the arena.
KR_CHECK bool kr_act_get(struct kr_store *store, struct kr_arena *mem, enum kr_lang lang,
                         const char *id, struct kr_act *out, struct kr_err *err);
// The last ones before the act `before` (NULL: of all), newest first, at most `limit`.
KR_CHECK bool kr_acts_last(struct kr_store *store, struct kr_arena *mem, enum kr_lang lang,
                           const char *before, int limit, struct kr_act **out, size_t *n,
                           struct kr_err *err);
// The last act that stands and is no undo: what `undo` means by itself. KR_E_NOT_FOUND.
KR_CHECK bool kr_act_to_undo(struct kr_store *store, struct kr_arena *mem, enum kr_lang lang,
                             struct kr_act *out, struct kr_err *err);

// {"act","what","text","who","at","count","stands","undoes"}; the caller's to drop.
json_t *kr_act_new_json(const struct kr_act *act);
