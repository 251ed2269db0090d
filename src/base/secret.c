// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/secret.h"

#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <sodium.h>
#include <string.h>

enum { TOKEN_BYTES = 32, MEMORY = 19 * 1024 * 1024, PASSES = 2, AT_ONCE = 2 };

static const char letters[] = "23456789ABCDEFGHJKMNPQRSTVWXYZ"; // 30
static sem_t kitchen;

static void start(void)
{
    int failed = sodium_init() < 0;
    assert(!failed);
    (void)failed;
    sem_init(&kitchen, 0, AT_ONCE);
}

static void once(void)
{
    static pthread_once_t started = PTHREAD_ONCE_INIT;
    pthread_once(&started, start);
}

void kr_token_new(char out[static KR_TOKEN_TEXT])
{
    uint8_t bytes[TOKEN_BYTES];
    once();
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(out, KR_TOKEN_TEXT, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void kr_code_new(char out[static KR_CODE_TEXT])
{
    once();
    for (size_t i = 0; i + 1 < KR_CODE_TEXT; i++)
        out[i] = letters[randombytes_uniform(sizeof letters - 1)];
    out[KR_CODE_TEXT - 1] = '\0';
}

bool kr_code_read(const char *typed, char out[static KR_CODE_TEXT])
{
    size_t n = 0;
    for (const char *c = typed; *c; c++) {
        char capital = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
        if (capital == ' ' || capital == '-')
            continue;
        if (n + 1 == KR_CODE_TEXT || !strchr(letters, capital))
            return false;
        out[n++] = capital;
    }
    out[n] = '\0';
    return n + 1 == KR_CODE_TEXT;
}

void kr_secret_mark(const char *secret, uint8_t out[static KR_MARK_SIZE])
{
    once();
    crypto_generichash(out, KR_MARK_SIZE, (const uint8_t *)secret, strlen(secret), NULL, 0);
}

// Characters of UTF-8, not bytes: eight of Chinese are eight.
static size_t characters(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += (*text & 0xc0) != 0x80;
    return n;
}

bool kr_password_keep(const char *password, char out[static KR_PASSWORD_KEPT], struct kr_err *err)
{
    static_assert(crypto_pwhash_STRBYTES <= KR_PASSWORD_KEPT, "a kept password fits");
    size_t n = strlen(password);
    once();
    if (characters(password) < KR_PASSWORD_LEAST || n > KR_PASSWORD_MOST)
        return kr_fail(err, KR_E_INVALID, "a password has %d characters or more",
                       KR_PASSWORD_LEAST);
    sem_wait(&kitchen);
    int failed = crypto_pwhash_str(out, password, n, PASSES, MEMORY);
    sem_post(&kitchen);
    return !failed || kr_fail(err, KR_E_INTERNAL, "no memory to keep a password");
}

bool kr_password_is(const char *kept, const char *password)
{
    char spent[KR_PASSWORD_KEPT];
    size_t n = strlen(password);
    once();
    if (n > KR_PASSWORD_MOST)
        return false;
    sem_wait(&kitchen);
    bool is = kept ? crypto_pwhash_str_verify(kept, password, n) == 0
                   : crypto_pwhash_str(spent, password, n, PASSES, MEMORY) < 0;
    sem_post(&kitchen);
    return kept && is;
}
