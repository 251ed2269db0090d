// SPDX-License-Identifier: AGPL-3.0-or-later
// hash.h: SHA-256 (FIPS 180-4) by OpenSSL's libcrypto, which uses SHA-NI.
#pragma once
#include "base/mem.h"

enum { KR_SHA256_SIZE = 32, KR_SHA256_HEX = 65 };

struct kr_sha256; // a hash on its way
struct kr_sha256 *kr_sha256_begin(void);
void kr_sha256_add(struct kr_sha256 *hash, const void *bytes, size_t n);
// Tells the hash and ends *hash (sets it to NULL).
void kr_sha256_end(struct kr_sha256 **hash, uint8_t out[static KR_SHA256_SIZE]);
void kr_sha256_discard(struct kr_sha256 **hash); // for KR_AUTO

void kr_sha256(const void *bytes, size_t n, uint8_t out[static KR_SHA256_SIZE]);
// Of the file from its offset to its end; *size may be NULL.
KR_CHECK bool kr_sha256_fd(int fd, uint8_t out[static KR_SHA256_SIZE], uint64_t *size,
                           struct kr_err *err);
