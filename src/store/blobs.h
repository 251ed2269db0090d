// SPDX-License-Identifier: AGPL-3.0-or-later
// blobs.h: the drawer where every original lies, named by its own content.
//
// The name is the SHA-256 of the bytes, so anyone with `sha256sum` can check
// the drawer in fifty years, with no kinreel at hand. Three promises hold at
// every moment, through a crash or a pulled plug; the code cites them:
//   (1) what carries a blob's name is whole, and hashes to that name;
//   (2) nothing is ever written over: keeping the same bytes twice keeps one;
//   (3) once kr_blobs_keep() returns true, the bytes outlive a power cut.
// A disk may break (1) behind our back. Then the same bytes, when they come
// again, heal the blob; that is the one replacement there is.
// Threads: a drawer may be shared; only its notes of flushed shelves change.

#pragma once
#include "base/hash.h"
#include <stdint.h>

struct kr_blobs;
struct kr_blob_id {
    uint8_t sha256[KR_SHA256_SIZE];
};

// Opens the drawer in the archive folder `dir` (blobs/ and tmp/ in it, made when missing).
KR_CHECK bool kr_blobs_open(int dir, struct kr_blobs **out, struct kr_err *err);
void kr_blobs_close(struct kr_blobs **blobs);

// Keeps the bytes of `fd`, from its offset to its end, and tells their name and
// number in *out and *size (may be NULL). `fd` stays the caller's. KR_E_TOO_BIG
// past `most` bytes, KR_E_FULL when the disk is (a reserve is left, so that the
// database can still commit), KR_E_CONFLICT when the file changed while it was
// read, else KR_E_IO; after any of them the drawer is as it was.
KR_CHECK bool kr_blobs_keep(struct kr_blobs *blobs, int fd, uint64_t most, struct kr_blob_id *out,
                            uint64_t *size, struct kr_err *err);
// Puts the bytes of `fd` in the place of the blob `id`, be it missing or
// damaged. KR_E_DAMAGED, and nothing is touched, when they are other bytes.
KR_CHECK bool kr_blobs_mend(struct kr_blobs *blobs, int fd, const struct kr_blob_id *id,
                            struct kr_err *err);
bool kr_blobs_has(struct kr_blobs *blobs, const struct kr_blob_id *id);
// Its length; false when it is missing.
KR_CHECK bool kr_blobs_size(struct kr_blobs *blobs, const struct kr_blob_id *id, uint64_t *out);
// A read-only descriptor, the caller's. KR_E_NOT_FOUND when it is missing.
KR_CHECK bool kr_blobs_read(struct kr_blobs *blobs, const struct kr_blob_id *id, int *out,
                            struct kr_err *err);
// Reads it whole, from the disk where it can: KR_E_DAMAGED when it does not hash
// to its name, KR_E_NOT_FOUND.
KR_CHECK bool kr_blobs_verify(struct kr_blobs *blobs, const struct kr_blob_id *id, uint64_t *size,
                              struct kr_err *err);
// Forgets a blob (a person asked, and no home refers to it any more). Missing is fine.
KR_CHECK bool kr_blobs_forget(struct kr_blobs *blobs, const struct kr_blob_id *id,
                              struct kr_err *err);
// Calls `see` for every blob, in order of name; stops when it returns false.
KR_CHECK bool kr_blobs_each(struct kr_blobs *blobs,
                            bool (*see)(void *context, const struct kr_blob_id *id), void *context,
                            struct kr_err *err);
void kr_blob_hex(const struct kr_blob_id *id, char out[static KR_SHA256_HEX]);
KR_CHECK bool kr_blob_of_hex(const char *hex, struct kr_blob_id *out);
