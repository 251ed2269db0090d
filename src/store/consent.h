// SPDX-License-Identifier: AGPL-3.0-or-later
// consent.h: the index of what people let be shown. archive/consent.h makes it from
// claims; archive/may.h asks it. Everything inside the caller's transaction.

#pragma once
#include "store/store.h"

struct kr_consent_row {
    const char *audience, *purpose; // "home", "kin", "public"; "picture", "voice", "story"
    bool allow;
    int64_t until_ms; // INT64_MAX: without an end
    const char *claim;
};
struct kr_hand_row {
    bool rest;
    int delay_days;
    const char *ask_first; // a person's id, or ""
};
struct kr_shut_row { // not even the home may see, hear, be told of them
    bool picture, voice, story;
};
// Puts all of a person in the place of what there was.
KR_CHECK bool kr_consents_put(struct kr_store *store, const char *person,
                              const struct kr_consent_row *rows, size_t n,
                              const struct kr_hand_row *hand, const struct kr_shut_row *shut,
                              struct kr_err *err);
KR_CHECK bool kr_consents_of(struct kr_store *store, struct kr_arena *mem, const char *person,
                             struct kr_consent_row **out, size_t *n, struct kr_hand_row *hand,
                             struct kr_err *err);

KR_CHECK bool kr_shut_of(struct kr_store *store, const char *person, struct kr_shut_row *out,
                         struct kr_err *err);
// The person who spoke by this name: themselves, or whose account or card it is; "" for nobody
// known.
KR_CHECK bool kr_sayer_of(struct kr_store *store, struct kr_arena *mem, const char *who,
                          const char **person, struct kr_err *err);

// Who let an item out beyond home, or refused to: the last word of each.
KR_CHECK bool kr_releases_drop(struct kr_store *store, const char *item, struct kr_err *err);
KR_CHECK bool kr_release_put(struct kr_store *store, const char *item, const char *audience,
                             const char *who, bool allow, struct kr_err *err);

struct kr_avoid_row {
    const char *claim;
    const char *kind, *value; // "person", "place", "date", "item", "song", "theme"
    int64_t from_day, to_day; // of a date
};
KR_CHECK bool kr_avoids_put(struct kr_store *store, const char *person,
                            const struct kr_avoid_row *rows, size_t n, struct kr_err *err);
KR_CHECK bool kr_avoids_of(struct kr_store *store, struct kr_arena *mem, const char *person,
                           struct kr_avoid_row **out, size_t *n, struct kr_err *err);

// Whether the store's home may see an item: it is there, and nobody in it rests.
KR_CHECK bool kr_item_is_open(struct kr_store *store, const char *item, bool *out,
                              struct kr_err *err);
// Whether the home may be told of everybody in it.
KR_CHECK bool kr_item_is_tellable(struct kr_store *store, const char *item, bool *out,
                                  struct kr_err *err);
// Whether it was let out to this audience, and everybody in it is willing at `now_ms`.
KR_CHECK bool kr_item_is_released(struct kr_store *store, struct kr_arena *mem, const char *item,
                                  const char *audience, const char *purpose, int64_t added_ms,
                                  int64_t now_ms, bool *out, struct kr_err *err);
// Those in it who are not willing, or not yet.
KR_CHECK bool kr_item_unwilling(struct kr_store *store, struct kr_arena *mem, const char *item,
                                const char *audience, const char *purpose, int64_t added_ms,
                                int64_t now_ms, const char *const **persons, size_t *n,
                                struct kr_err *err);
// Whoever said that it may not go out to this audience: persons, or the names of doors.
KR_CHECK bool kr_item_refused(struct kr_store *store, struct kr_arena *mem, const char *item,
                              const char *audience, const char *const **who, size_t *n,
                              struct kr_err *err);
