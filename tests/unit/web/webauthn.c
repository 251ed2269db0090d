// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/webauthn.h"
#include "base/hash.h"
#include "harness.h"
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <string.h>

enum { ES256 = -7, EDDSA = -8, RS256 = -257, TOUCHED = 0x01, KNOWN = 0x04, WITH_KEY = 0x40 };

static const struct kr_ceremony asked = {
    .challenge = "pJ6Zk1mB2n0cQ7rY8uTg5xWv3aLd9oEf4hSi6jKl0mN",
    .origin = "https://lamp.local:8420",
    .rp = "lamp.local",
};

// A device of software: what a real one would sign, and what a false one would.
struct device {
    int algorithm;
    EVP_PKEY *key;
    const char *rp;
    uint8_t flags;
    uint32_t count;
};

static void forget(struct device *device)
{
    EVP_PKEY_free(device->key);
}

static struct device made(int algorithm)
{
    struct device device = {
        .algorithm = algorithm, .rp = asked.rp, .flags = TOUCHED | KNOWN, .count = 1};
    device.key = algorithm == ES256   ? EVP_EC_gen("P-256")
                 : algorithm == EDDSA ? EVP_PKEY_Q_keygen(NULL, NULL, "ED25519")
                                      : EVP_RSA_gen(2048);
    EXPECT(device.key != NULL);
    return device;
}

static void add_number(struct kr_buf *out, const EVP_PKEY *key, const char *name, int n)
{
    uint8_t bytes[256];
    BIGNUM *number = NULL;
    EXPECT(EVP_PKEY_get_bn_param(key, name, &number));
    EXPECT_INT(BN_bn2binpad(number, bytes, n), n);
    BN_free(number);
    kr_buf_add(out, bytes, (size_t)n);
}

#define ADD(out, literal) kr_buf_add((out), (literal), sizeof(literal) - 1)

// The key as COSE has it (RFC 9053): kty, alg, and what belongs to it.
static void add_key(struct kr_buf *out, const struct device *device)
{
    uint8_t raw[32];
    size_t n = sizeof raw;
    switch (device->algorithm) {
    case ES256:
        ADD(out, "\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20");
        add_number(out, device->key, OSSL_PKEY_PARAM_EC_PUB_X, 32);
        ADD(out, "\x22\x58\x20");
        add_number(out, device->key, OSSL_PKEY_PARAM_EC_PUB_Y, 32);
        break;
    case EDDSA:
        ADD(out, "\xa4\x01\x01\x03\x27\x20\x06\x21\x58\x20");
        EXPECT(EVP_PKEY_get_raw_public_key(device->key, raw, &n));
        kr_buf_add(out, raw, n);
        break;
    default:
        ADD(out, "\xa4\x01\x03\x03\x39\x01\x00\x20\x59\x01\x00");
        add_number(out, device->key, OSSL_PKEY_PARAM_RSA_N, 256);
        ADD(out, "\x21\x43\x01\x00\x01");
    }
}

// Authenticator data (section 6.1), with the new key where there is one.
static struct kr_str data_of(struct kr_test *t, const struct device *device, bool with_key)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    uint8_t hash[KR_SHA256_SIZE];
    const uint8_t head[5] = {(uint8_t)(device->flags | (with_key ? WITH_KEY : 0)),
                             (uint8_t)(device->count >> 24), (uint8_t)(device->count >> 16),
                             (uint8_t)(device->count >> 8), (uint8_t)device->count};
    kr_sha256(device->rp, strlen(device->rp), hash);
    kr_buf_add(&out, hash, sizeof hash);
    kr_buf_add(&out, head, sizeof head);
    if (with_key) {
        ADD(&out, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\4name");
        add_key(&out, device);
    }
    return (struct kr_str){kr_arena_copy(t->mem, out.at, out.n), out.n};
}

static struct kr_str client_data(struct kr_test *t, const char *type, const char *challenge,
                                 const char *origin, const char *more)
{
    return kr_str_of(kr_arena_format(t->mem,
                                     "{\"type\":\"%s\",\"challenge\":\"%s\",\"origin\":\"%s\"%s}",
                                     type, challenge, origin, more));
}

static struct kr_str signed_by(struct kr_test *t, const struct device *device, struct kr_str data,
                               struct kr_str client)
{
    KR_AUTO(kr_buf_finish) struct kr_buf all = {0};
    uint8_t hash[KR_SHA256_SIZE];
    size_t n = 512;
    uint8_t *seal = kr_arena_alloc(t->mem, n);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    kr_sha256(client.at, client.n, hash);
    kr_buf_add(&all, data.at, data.n);
    kr_buf_add(&all, hash, sizeof hash);
    const EVP_MD *digest = device->algorithm == EDDSA ? NULL : EVP_sha256();
    EXPECT(EVP_DigestSignInit(context, NULL, digest, NULL, device->key));
    EXPECT(EVP_DigestSign(context, seal, &n, (const uint8_t *)all.at, all.n));
    EVP_MD_CTX_free(context);
    return (struct kr_str){(const char *)seal, n};
}

static void add_sized(struct kr_buf *out, struct kr_str bytes)
{
    const uint8_t size[3] = {0x59, (uint8_t)(bytes.n >> 8), (uint8_t)bytes.n};
    kr_buf_add(out, size, sizeof size);
    kr_buf_add(out, bytes.at, bytes.n);
}

// An attestation object of format "none", or "packed" with the seal of the key itself.
static struct kr_str attestation_of(struct kr_test *t, struct kr_str data, struct kr_str seal)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    ADD(&out, "\xa3\x63"
              "fmt");
    if (seal.n) {
        ADD(&out, "\x66packed\x67"
                  "attStmt\xa2\x63"
                  "alg\x26\x63sig");
        add_sized(&out, seal);
    } else {
        ADD(&out, "\x64none\x67"
                  "attStmt\xa0");
    }
    ADD(&out, "\x68"
              "authData");
    add_sized(&out, data);
    return (struct kr_str){kr_arena_copy(t->mem, out.at, out.n), out.n};
}

static struct kr_str create(struct kr_test *t)
{
    return client_data(t, "webauthn.create", asked.challenge, asked.origin,
                       ",\"crossOrigin\":false");
}

static bool attested(struct kr_test *t, const struct device *device, struct kr_str client,
                     struct kr_attested *out)
{
    struct kr_str whole = attestation_of(t, data_of(t, device, true), (struct kr_str){0});
    t->err = (struct kr_err){0};
    return kr_webauthn_attested(t->mem, &asked, client, whole, out, &t->err);
}

// What a device says when it is asked; each test bends one thing.
struct saying {
    const char *type, *challenge, *origin, *more;
};
#define HONEST ((struct saying){"webauthn.get", asked.challenge, asked.origin, ""})

static bool asserted(struct kr_test *t, const struct device *device, struct saying saying,
                     const struct kr_attested *known, int64_t *count)
{
    struct kr_str client =
        client_data(t, saying.type, saying.challenge, saying.origin, saying.more);
    struct kr_str data = data_of(t, device, false);
    const struct kr_asserted said = {client, data, signed_by(t, device, data, client)};
    t->err = (struct kr_err){0};
    return kr_webauthn_asserted(&asked, &said, known->algorithm, known->key, count, &t->err);
}

TEST(a_device_is_made_known_and_opens_whatever_its_kind_of_key)
{
    static const int kinds[] = {ES256, EDDSA, RS256};
    for (size_t i = 0; i < KR_COUNT(kinds); i++) {
        KR_AUTO(forget) struct device device = made(kinds[i]);
        struct kr_attested known;
        int64_t count = 0;
        EXPECT(attested(t, &device, create(t), &known));
        EXPECT_INT(known.algorithm, kinds[i]);
        EXPECT_INT(known.credential.n, 4);
        EXPECT(memcmp(known.credential.at, "name", 4) == 0);
        EXPECT_INT(known.count, 1);
        device.count = 0x01020304;
        EXPECT_OK(asserted(t, &device, HONEST, &known, &count));
        EXPECT_INT(count, 0x01020304);
    }
}

TEST(a_new_key_may_sign_itself_and_then_must_do_it_well)
{
    KR_AUTO(forget) struct device device = made(ES256);
    KR_AUTO(forget) struct device other = made(ES256);
    struct kr_str data = data_of(t, &device, true), client = create(t);
    struct kr_str good = attestation_of(t, data, signed_by(t, &device, data, client));
    struct kr_str bad = attestation_of(t, data, signed_by(t, &other, data, client));
    struct kr_attested out;
    EXPECT_OK(kr_webauthn_attested(t->mem, &asked, client, good, &out, &t->err));
    EXPECT_FAIL(kr_webauthn_attested(t->mem, &asked, client, bad, &out, &t->err), KR_E_REFUSED);
}

TEST(a_new_key_for_another_page_house_or_question_is_refused)
{
    KR_AUTO(forget) struct device device = made(ES256);
    const struct saying wrong[] = {
        {"webauthn.get", asked.challenge, asked.origin, ""},
        {"webauthn.create", "another", asked.origin, ""},
        {"webauthn.create", asked.challenge, "https://evil.example", ""},
        {"webauthn.create", asked.challenge, "http://lamp.local:8420", ""},
        {"webauthn.create", asked.challenge, asked.origin, ",\"crossOrigin\":true"},
        {"webauthn.create", asked.challenge, asked.origin, ",\"crossOrigin\":\"no\""}};
    struct kr_attested out;
    for (size_t i = 0; i < KR_COUNT(wrong); i++) {
        struct kr_str client =
            client_data(t, wrong[i].type, wrong[i].challenge, wrong[i].origin, wrong[i].more);
        EXPECT_FAIL(attested(t, &device, client, &out), KR_E_REFUSED);
    }
    device.rp = "evil.example";
    EXPECT_FAIL(attested(t, &device, create(t), &out), KR_E_REFUSED);
    device.rp = asked.rp;
    device.flags = KNOWN; // nobody's hand on it
    EXPECT_FAIL(attested(t, &device, create(t), &out), KR_E_REFUSED);
    device.flags = TOUCHED; // whether it knew whose, is left to it
    EXPECT_OK(attested(t, &device, create(t), &out));
}

TEST(what_is_cut_short_anywhere_is_no_device)
{
    KR_AUTO(forget) struct device device = made(ES256);
    struct kr_str data = data_of(t, &device, true), client = create(t);
    struct kr_str whole = attestation_of(t, data, (struct kr_str){0});
    struct kr_attested out;
    for (size_t n = 0; n < whole.n; n++) {
        char *cut = n ? malloc(n) : NULL; // its very end is watched where a checker runs
        if (cut)
            memcpy(cut, whole.at, n);
        EXPECT(!kr_webauthn_attested(t->mem, &asked, client, (struct kr_str){cut, n}, &out, NULL));
        free(cut);
    }
    for (size_t n = 0; n < data.n; n++) { // cut inside, whole outside
        struct kr_str less = attestation_of(t, (struct kr_str){data.at, n}, (struct kr_str){0});
        EXPECT(!kr_webauthn_attested(t->mem, &asked, client, less, &out, NULL));
    }
    for (size_t n = 0; n < client.n; n++)
        EXPECT(!kr_webauthn_attested(t->mem, &asked, (struct kr_str){client.at, n}, whole, &out,
                                     NULL));
    EXPECT_OK(kr_webauthn_attested(t->mem, &asked, client, whole, &out, &t->err));
}

TEST(what_was_signed_for_something_else_does_not_open)
{
    KR_AUTO(forget) struct device device = made(ES256);
    KR_AUTO(forget) struct device other = made(ES256);
    struct kr_attested known;
    int64_t count = -1;
    const struct saying wrong[] = {
        {"webauthn.create", asked.challenge, asked.origin, ""},
        {"webauthn.get", "another", asked.origin, ""},
        {"webauthn.get", asked.challenge, "https://lamp.local", ""},
        {"webauthn.get", asked.challenge, asked.origin, ",\"crossOrigin\":true"}};
    EXPECT(attested(t, &device, create(t), &known));
    for (size_t i = 0; i < KR_COUNT(wrong); i++)
        EXPECT_FAIL(asserted(t, &device, wrong[i], &known, &count), KR_E_REFUSED);
    EXPECT_FAIL(asserted(t, &other, HONEST, &known, &count), KR_E_REFUSED);
    device.rp = "evil.example";
    EXPECT_FAIL(asserted(t, &device, HONEST, &known, &count), KR_E_REFUSED);
    device.rp = asked.rp;
    device.flags = KNOWN;
    EXPECT_FAIL(asserted(t, &device, HONEST, &known, &count), KR_E_REFUSED);
    EXPECT_INT(count, -1);
    device.flags = TOUCHED;
    EXPECT_OK(asserted(t, &device, HONEST, &known, &count));
    known.algorithm = RS256; // a key is read as what it was kept as
    EXPECT_FAIL(asserted(t, &device, HONEST, &known, &count), KR_E_REFUSED);
}

TEST(one_bit_of_difference_anywhere_does_not_open)
{
    KR_AUTO(forget) struct device device = made(ES256);
    struct kr_attested known;
    int64_t count;
    EXPECT(attested(t, &device, create(t), &known));
    struct kr_str client = client_data(t, "webauthn.get", asked.challenge, asked.origin, "");
    struct kr_str data = data_of(t, &device, false);
    struct kr_str seal = signed_by(t, &device, data, client);
    for (size_t i = 0; i < data.n; i++) {
        char *bent = kr_arena_copy(t->mem, data.at, data.n);
        bent[i] ^= 0x08;
        const struct kr_asserted said = {client, {bent, data.n}, seal};
        EXPECT(!kr_webauthn_asserted(&asked, &said, ES256, known.key, &count, NULL));
        const struct kr_asserted less = {client, {data.at, i}, seal};
        EXPECT(!kr_webauthn_asserted(&asked, &less, ES256, known.key, &count, NULL));
    }
    const struct kr_asserted whole = {client, data, seal};
    EXPECT_OK(kr_webauthn_asserted(&asked, &whole, ES256, known.key, &count, &t->err));
}

TEST(a_passkey_is_made_for_a_name_never_for_a_number_or_an_open_road)
{
    static const struct {
        const char *origin, *rp;
    } rows[] = {{"https://lamp.local:8420", "lamp.local"},
                {"https://photos.example.org", "photos.example.org"},
                {"http://localhost:8420", "localhost"},
                {"http://home.localhost:8420", "home.localhost"},
                {"https://lamp", "lamp"},
                {"http://lamp.local:8420", NULL},
                {"http://evillocalhost", NULL},
                {"http://127.0.0.1:8420", NULL},
                {"https://192.168.1.5:8420", NULL},
                {"https://[fd00::5]:8420", NULL},
                {"https://lamp.local.", NULL},
                {"https://Lamp.local", NULL},
                {"https://lamp.local/x", NULL},
                {"https://", NULL},
                {"null", NULL},
                {"ftp://lamp.local", NULL}};
    for (size_t i = 0; i < KR_COUNT(rows); i++) {
        const char *rp = NULL;
        EXPECT(kr_webauthn_place(t->mem, rows[i].origin, &rp, NULL) == (rows[i].rp != NULL));
        if (rows[i].rp)
            EXPECT_STR(rp, rows[i].rp);
    }
}

MAIN(CASE(a_device_is_made_known_and_opens_whatever_its_kind_of_key),
     CASE(a_new_key_may_sign_itself_and_then_must_do_it_well),
     CASE(a_new_key_for_another_page_house_or_question_is_refused),
     CASE(what_is_cut_short_anywhere_is_no_device),
     CASE(what_was_signed_for_something_else_does_not_open),
     CASE(one_bit_of_difference_anywhere_does_not_open),
     CASE(a_passkey_is_made_for_a_name_never_for_a_number_or_an_open_road))
