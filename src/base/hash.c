// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/hash.h"

#include "base/file.h"
#include <openssl/evp.h>
#include <stdlib.h>

enum { CHUNK = 1 << 18 };

struct kr_sha256 {
    EVP_MD_CTX *context;
};

struct kr_sha256 *kr_sha256_begin(void)
{
    struct kr_sha256 *hash = kr_new(struct kr_sha256);
    hash->context = EVP_MD_CTX_new();
    if (!hash->context || !EVP_DigestInit_ex(hash->context, EVP_sha256(), NULL))
        abort(); // out of memory
    return hash;
}

void kr_sha256_add(struct kr_sha256 *hash, const void *bytes, size_t n)
{
    if (!EVP_DigestUpdate(hash->context, bytes, n))
        abort();
}

void kr_sha256_end(struct kr_sha256 **hash, uint8_t out[static KR_SHA256_SIZE])
{
    if (!EVP_DigestFinal_ex((*hash)->context, out, NULL))
        abort();
    kr_sha256_discard(hash);
}

void kr_sha256_discard(struct kr_sha256 **hash)
{
    if (*hash)
        EVP_MD_CTX_free((*hash)->context);
    kr_free(hash);
}

void kr_sha256(const void *bytes, size_t n, uint8_t out[static KR_SHA256_SIZE])
{
    struct kr_sha256 *hash = kr_sha256_begin();
    kr_sha256_add(hash, bytes, n);
    kr_sha256_end(&hash, out);
}

bool kr_sha256_fd(int fd, uint8_t out[static KR_SHA256_SIZE], uint64_t *size, struct kr_err *err)
{
    KR_AUTO(kr_sha256_discard) struct kr_sha256 *hash = kr_sha256_begin();
    KR_AUTO(kr_free_at) char *chunk = kr_alloc(CHUNK);
    uint64_t total = 0;
    ssize_t n;
    while ((n = kr_read(fd, chunk, CHUNK)) > 0) {
        kr_sha256_add(hash, chunk, (size_t)n);
        total += (uint64_t)n;
    }
    if (n < 0)
        return kr_fail_errno(err, "read to hash");
    kr_sha256_end(&hash, out);
    if (size)
        *size = total;
    return true;
}
