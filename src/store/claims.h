// SPDX-License-Identifier: AGPL-3.0-or-later
// claims.h: who said what of what, when, and how sure: the other half of truth.
//
// Claims are only ever added; a later claim may retract an earlier one. What a
// file says of itself is a claim too, with a source such as "exif" as its who.
// docs/formats/claims.md lists the predicates. Every claim is written a second
// time as a line of text in claims/YYYY-MM.jsonl (kr_claims_mirror): the
// database can be made again from those lines and the blobs.

#pragma once
#include "base/json.h"
#include "store/store.h"

struct kr_claim {
    int64_t seq; // order of saying within this archive; 0 when new
    char id[KR_UUID_TEXT];
    char home[KR_UUID_TEXT];
    char subject[KR_UUID_TEXT];
    const char *predicate; // "found", "date", "caption" …
    const json_t *value;   // borrowed on the way in
    const char *who;       // a person's id, "owner", or a source: "exif", "filename" …
    double certain;        // [0,1]
    int64_t at_ms;         // when it was said
    const char *retracts;  // id of the claim it takes back, or ""
    const char *act;       // id of the act over many subjects by which it was said, or "" or NULL
    bool rests;            // who said it lets theirs rest, by whichever door; not added
};

// Adds a claim inside the caller's transaction; fills id (when empty), home and
// at_ms (when 0) and seq.
KR_CHECK bool kr_claim_add(struct kr_store *store, struct kr_claim *claim, struct kr_err *err);

struct kr_claim_list {
    size_t n;
    struct kr_claim *at; // in order of saying; values are borrowed from the list's arena
    bool *retracted;     // for each: a later claim, itself standing, took it back
};
// Everything said of a subject, retracted claims included and marked.
KR_CHECK bool kr_claims_of(struct kr_store *store, struct kr_arena *mem, const char *subject,
                           struct kr_claim_list *out, struct kr_err *err);
// Everything one act said, in order of saying, with its retracted claims marked,
// without what it said of items that the home may not see.
KR_CHECK bool kr_claims_of_act(struct kr_store *store, struct kr_arena *mem, const char *act,
                               struct kr_claim_list *out, struct kr_err *err);
// One claim by its id; KR_E_NOT_FOUND when there is none.
KR_CHECK bool kr_claim_get(struct kr_store *store, struct kr_arena *mem, const char *id,
                           struct kr_claim *out, struct kr_err *err);
// The id of the standing claim that takes this one back, or "" while it stands itself.
KR_CHECK bool kr_claim_against(struct kr_store *store, struct kr_arena *mem, const char *id,
                               const char **by, struct kr_err *err);
// The ids of the last acts before the act `before` (NULL: of all), newest first, at most `limit`.
KR_CHECK bool kr_acts_before(struct kr_store *store, struct kr_arena *mem, const char *before,
                             int limit, const char *const **out, size_t *n, struct kr_err *err);
// Calls `see` with the first claim of this predicate of each subject that was ever
// spoken of with it, in the order in which the subjects were made. `see` may write.
KR_CHECK bool kr_claims_each(struct kr_store *store, const char *predicate,
                             bool (*see)(void *context, const struct kr_claim *claim,
                                         struct kr_err *err),
                             void *context, struct kr_err *err);
// The same with every claim of this predicate, by subject and order of saying.
KR_CHECK bool kr_claims_every(struct kr_store *store, const char *predicate,
                              bool (*see)(void *context, const struct kr_claim *claim,
                                          struct kr_err *err),
                              void *context, struct kr_err *err);

// The highest number that a claim of this archive ever had.
KR_CHECK bool kr_claims_last(struct kr_store *store, int64_t *out, struct kr_err *err);
// Who spoke of what after the claim numbered `seq`, at most `most` claims, in order of saying;
// the subject is "" where the home may not see the item it is about.
KR_CHECK bool kr_claims_since(struct kr_store *store, int64_t seq, int most,
                              void (*see)(void *context, int64_t seq, const char *home,
                                          const char *subject, const char *predicate),
                              void *context, struct kr_err *err);

// The ids of the items that somebody asked, answered or wrote about (title, caption, keyword,
// mark), whatever rests; `person` "*": all of the home whose words rest.
KR_CHECK bool kr_items_said_of(struct kr_store *store, struct kr_arena *mem, const char *person,
                               const char *const **out, size_t *n, struct kr_err *err);

// Appends to claims/*.jsonl what the database holds and the text does not yet;
// flushed when it returns. Any process may call it at any time; they take turns.
KR_CHECK bool kr_claims_mirror(struct kr_store *store, struct kr_err *err);
// Makes the claims in an empty database (else KR_E_EXISTS) from claims/*.jsonl.
// After KR_E_DAMAGED every line that is whole was taken, and *count tells how many.
KR_CHECK bool kr_claims_from_text(struct kr_store *store, int64_t *count, struct kr_err *err);
// Takes every claim of a subject out of the text, then out of the database
// (forgetting); inside the caller's transaction or outside one.
KR_CHECK bool kr_claims_forget(struct kr_store *store, const char *subject, struct kr_err *err);
