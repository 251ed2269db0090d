// SPDX-License-Identifier: AGPL-3.0-or-later
// asks.h: the index of questions about pictures and of their answers.
//
// Index, not truth: archive/asks makes every row from claims, and rebuild makes them all
// again. (1) A question is told where its item is; (2) an answer where its media item is, and
// one that is for a person only to them and to whoever said it. (3) Of somebody whose voice
// rests (store/consent.h), by whichever door of theirs they spoke, no answer is told, and a
// question without words, voice and name: what others answered to it is theirs, and stays.

#pragma once
#include "base/json.h"
#include "store/store.h"

enum { KR_ASKS_MOST = 500 }; // in one answer

struct kr_listener { // who is told (2); "" where there is none
    const char *person, *who;
};

struct kr_ask {
    char id[KR_UUID_TEXT], home[KR_UUID_TEXT], item[KR_UUID_TEXT], claim[KR_UUID_TEXT];
    const char *who; // who asks; "" while it rests
    int64_t at_ms;
    const json_t *value; // the claim's; while it rests, without what it says
    int64_t answers;     // that the listener is told
    bool rests;          // (3); not put
};
struct kr_reply {
    char claim[KR_UUID_TEXT];
    int64_t seq; // order of saying
    const char *who;
    int64_t at_ms;
    const char *kind;          // "voice", "film", "picture", "text"
    const char *media;         // item id, or ""
    const char *person;        // for whom alone, or ""
    const json_t *value;       // the claim's
    const char *mime;          // of the media; not put
    int64_t media_duration_ms; // not put
};

// Puts a question and its answers in the place of what was there; `ask` NULL drops them. In a
// transaction.
KR_CHECK bool kr_ask_put(struct kr_store *store, const char *id, const struct kr_ask *ask,
                         const struct kr_reply *replies, size_t n, struct kr_err *err);
// (1) KR_E_NOT_FOUND. Text and values live in the arena, as below.
KR_CHECK bool kr_ask_get(struct kr_store *store, struct kr_arena *mem, const char *id,
                         const struct kr_listener *to, struct kr_ask *out, struct kr_err *err);
// Those about an item, in order of asking.
KR_CHECK bool kr_asks_of_item(struct kr_store *store, struct kr_arena *mem, const char *item,
                              const struct kr_listener *to, struct kr_ask **out, size_t *n,
                              struct kr_err *err);
// Those of a round (archive/rounds.h), the latest first.
KR_CHECK bool kr_asks_of_round(struct kr_store *store, struct kr_arena *mem, const char *round,
                               const struct kr_listener *to, struct kr_ask **out, size_t *n,
                               struct kr_err *err);
enum kr_ask_state { KR_ASKS_OPEN, KR_ASKS_ANSWERED, KR_ASKS_ALL };
// Those of the home that do not rest, the latest first.
KR_CHECK bool kr_asks_of_home(struct kr_store *store, struct kr_arena *mem, enum kr_ask_state state,
                              const struct kr_listener *to, struct kr_ask **out, size_t *n,
                              struct kr_err *err);
// (2) (3) In order of saying.
KR_CHECK bool kr_replies_of(struct kr_store *store, struct kr_arena *mem, const char *ask,
                            const struct kr_listener *to, struct kr_reply **out, size_t *n,
                            struct kr_err *err);
// The words of all questions about an item and of what was answered to everybody in words alone,
// without what rests (3), a line each.
KR_CHECK bool kr_ask_words(struct kr_store *store, struct kr_arena *mem, const char *item,
                           const char **out, struct kr_err *err);
// The ids of all questions about an item, whatever rests.
KR_CHECK bool kr_ask_ids_of_item(struct kr_store *store, struct kr_arena *mem, const char *item,
                                 const char *const **out, size_t *n, struct kr_err *err);
