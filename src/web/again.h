// SPDX-License-Identifier: AGPL-3.0-or-later
// again.h: a POST that is sent twice is done once.
//
// A program that lost our answer may ask again with the same Idempotency-Key
// and gets the first answer, without anything being done a second time. The
// last 256 answers are kept in memory; who asks again after a restart, or much
// later, is a new asker. Threads: any; one lock.

#pragma once
#include "base/hash.h"
#include "base/text.h"

struct kr_again;
struct kr_again *kr_again_create(void);
void kr_again_destroy(struct kr_again **again);

struct kr_again_key {
    uint8_t asked[KR_SHA256_SIZE]; // of the key and the path it was sent to
    uint8_t body[KR_SHA256_SIZE];
};
struct kr_again_key kr_again_key_of(const char *key, struct kr_str path, struct kr_str body);

enum kr_again_is {
    KR_AGAIN_NEW,   // do it, then tell
    KR_AGAIN_KNOWN, // *status and *text (in the arena) are the answer
    KR_AGAIN_BUSY,  // the first one is not answered yet
    KR_AGAIN_OTHER, // the same key for another body: a mistake of the asker
};
enum kr_again_is kr_again_ask(struct kr_again *again, const struct kr_again_key *key,
                              struct kr_arena *mem, int *status, struct kr_str *text);
// What a new one was answered; status 0: forget that it was asked.
void kr_again_tell(struct kr_again *again, const struct kr_again_key *key, int status,
                   struct kr_str text);
