// SPDX-License-Identifier: AGPL-3.0-or-later
// alike.h: pictures that look nearly the same, as groups.
//
// Two pictures are alike when their fingerprints differ in at most `bits` of 64;
// a group is whatever hangs together that way. The result depends on the
// pictures only, never on their order. Candidates are found by multi-index
// hashing (Norouzi, Punjani, Fleet 2012): split in four, one quarter of two
// near fingerprints differs in at most bits/4 of its 16.

#pragma once
#include "base/hash.h"

enum { KR_ALIKE_BITS = 16 };

struct kr_alike {
    uint64_t phash;                 // 0: no fingerprint, alike to none
    uint8_t sha256[KR_SHA256_SIZE]; // of the original
};

// For each picture the name of its group in out[i]: the smallest SHA-256 of its members
// in hex, or "" when it is alone. `bits` in [0, KR_ALIKE_BITS]. Names are the arena's.
void kr_alike_groups(struct kr_arena *mem, const struct kr_alike *pictures, size_t n, int bits,
                     const char **out);
