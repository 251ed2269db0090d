// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/webauthn.h"

#include "base/hash.h"
#include "base/json.h"
#include "store/passkeys.h"
#include <cbor.h>
#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>
#include <string.h>

enum { CLIENT_DATA_MOST = 4096, HOST_MOST = 253, TOUCHED = 0x01 };
enum { EXTENSIONS_AT = 37, CREDENTIAL_AT = 55 }; // in authenticator data: bytes

const int kr_webauthn_algorithms[KR_WEBAUTHN_ALGORITHMS] = {COSE_ES256, COSE_EDDSA, COSE_RS256};

// A name as the domain system has it, and no address: those end in a number (URL, section 3.5).
static bool is_host(const char *host)
{
    static const char *const plain = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
    size_t n = strlen(host);
    if (n == 0 || n > HOST_MOST || host[strspn(host, plain)] != '\0')
        return false;
    const char *dot = strrchr(host, '.');
    const char *last = dot ? dot + 1 : host;
    return *last && last[strspn(last, "0123456789")] != '\0';
}

static bool is_localhost(const char *host)
{
    return strcmp(host, "localhost") == 0 || kr_ends_with(host, ".localhost");
}

bool kr_webauthn_place(struct kr_arena *mem, const char *origin, const char **out,
                       struct kr_err *err)
{
    bool locked = kr_starts_with(origin, "https://");
    const char *rest = locked ? origin + strlen("https://") : origin + strlen("http://");
    if (!locked && !kr_starts_with(origin, "http://"))
        return kr_fail(err, KR_E_REFUSED, "no origin of the web");
    const char *host = kr_arena_copy(mem, rest, strcspn(rest, ":"));
    if (!is_host(host) || (!locked && !is_localhost(host)))
        return kr_fail(err, KR_E_REFUSED, "no passkeys at this address");
    *out = host;
    return true;
}

// Sections 7.1 and 7.2, steps 5 to 10 and 7 to 13.
static bool check_client_data(const struct kr_ceremony *ceremony, const char *type,
                              struct kr_str text, struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *said = NULL;
    if (!kr_json_parse(text, CLIENT_DATA_MOST, &said, NULL))
        return kr_fail(err, KR_E_INVALID, "no client data");
    if (strcmp(kr_json_str(said, "type", ""), type) != 0)
        return kr_fail(err, KR_E_REFUSED, "signed for something else");
    if (strcmp(kr_json_str(said, "challenge", ""), ceremony->challenge) != 0)
        return kr_fail(err, KR_E_REFUSED, "signed another challenge");
    if (strcmp(kr_json_str(said, "origin", ""), ceremony->origin) != 0)
        return kr_fail(err, KR_E_REFUSED, "signed for another page");
    const json_t *crossed = kr_json_get(said, "crossOrigin");
    return !crossed || json_is_false(crossed) ||
           kr_fail(err, KR_E_REFUSED, "signed inside somebody else's page");
}

static const unsigned char *bytes_of(struct kr_str text)
{
    return (const unsigned char *)text.at;
}

static void drop_item(cbor_item_t **item)
{
    if (*item)
        cbor_decref(item);
}

static void drop_bytes(unsigned char **bytes)
{
    free(*bytes);
}

// libcbor takes the memory for as many members as a list says it has, before it sees one; so a
// stranger's list is looked at first, by its half that takes none: no longer than what was sent.
struct lists {
    size_t most;
    bool modest;
};

static void see_list(void *context, size_t members)
{
    struct lists *lists = context;
    lists->modest = lists->modest && members <= lists->most;
}

static bool is_modest(struct kr_str bytes)
{
    struct cbor_callbacks callbacks = cbor_empty_callbacks;
    struct lists lists = {.most = bytes.n, .modest = true};
    struct cbor_decoder_result step = {.status = CBOR_DECODER_FINISHED};
    callbacks.array_start = callbacks.map_start = see_list;
    for (size_t at = 0; at < bytes.n && step.status == CBOR_DECODER_FINISHED; at += step.read)
        step = cbor_stream_decode(bytes_of(bytes) + at, bytes.n - at, &callbacks, &lists);
    return step.status == CBOR_DECODER_FINISHED && lists.modest;
}

// The same of what libfido2 reads by libcbor inside authenticator data (section 6.1): from there
// on.
static bool is_modest_from(struct kr_str data, size_t at)
{
    return at <= data.n && is_modest((struct kr_str){data.at + at, data.n - at});
}

// A new key stands behind its credential, whose length is two bytes before it (section 6.5.1).
static bool has_modest_key(struct kr_str data)
{
    if (data.n < CREDENTIAL_AT)
        return false;
    const unsigned char *length = bytes_of(data) + CREDENTIAL_AT - 2;
    return is_modest_from(data, CREDENTIAL_AT + ((size_t)length[0] << 8 | length[1]));
}

// The three members of an attestation object (section 6.5.4), borrowed from it.
struct attestation {
    const char *format; // in the arena
    const cbor_item_t *statement, *data;
};

static struct kr_str data_of(const struct attestation *said)
{
    return (struct kr_str){(const char *)cbor_bytestring_handle(said->data),
                           cbor_bytestring_length(said->data)};
}

static void take_member(struct kr_arena *mem, const struct cbor_pair *pair, struct attestation *out)
{
    if (!cbor_isa_string(pair->key) || !cbor_string_is_definite(pair->key))
        return;
    const char *name = (const char *)cbor_string_handle(pair->key);
    const struct kr_str key = {name, cbor_string_length(pair->key)};
    if (key.n == 3 && memcmp(key.at, "fmt", 3) == 0 && cbor_isa_string(pair->value) &&
        cbor_string_is_definite(pair->value))
        out->format =
            kr_arena_copy(mem, cbor_string_handle(pair->value), cbor_string_length(pair->value));
    if (key.n == 7 && memcmp(key.at, "attStmt", 7) == 0 && cbor_isa_map(pair->value))
        out->statement = pair->value;
    if (key.n == 8 && memcmp(key.at, "authData", 8) == 0 && cbor_isa_bytestring(pair->value) &&
        cbor_bytestring_is_definite(pair->value))
        out->data = pair->value;
}

static bool open_attestation(struct kr_arena *mem, struct kr_str bytes, cbor_item_t **item,
                             struct attestation *out, struct kr_err *err)
{
    struct cbor_load_result read;
    *out = (struct attestation){0};
    *item = is_modest(bytes) ? cbor_load(bytes_of(bytes), bytes.n, &read) : NULL;
    if (!*item || read.read != bytes.n || !cbor_isa_map(*item) || cbor_map_size(*item) != 3)
        return kr_fail(err, KR_E_INVALID, "no attestation");
    for (size_t i = 0; i < 3; i++)
        take_member(mem, &cbor_map_handle(*item)[i], out);
    return (out->format && out->statement && out->data && has_modest_key(data_of(out))) ||
           kr_fail(err, KR_E_INVALID, "an attestation of other members");
}

// What a new key says of itself, signed by itself (section 8.2, without a certificate).
static bool signed_itself(fido_cred_t *cred, const struct attestation *said, struct kr_err *err)
{
    KR_AUTO(drop_bytes) unsigned char *bytes = NULL;
    size_t room = 0;
    size_t n = cbor_serialize_alloc(said->statement, &bytes, &room);
    return (n > 0 && fido_cred_set_attstmt(cred, bytes, n) == FIDO_OK &&
            fido_cred_verify_self(cred) == FIDO_OK) ||
           kr_fail(err, KR_E_REFUSED, "the new key did not sign itself");
}

// Reads the authenticator data as one of this algorithm; false where it is not.
static bool load(fido_cred_t *cred, int algorithm, const struct kr_ceremony *ceremony,
                 struct kr_str client_data, const struct attestation *said)
{
    return fido_cred_set_type(cred, algorithm) == FIDO_OK &&
           fido_cred_set_rp(cred, ceremony->rp, NULL) == FIDO_OK &&
           fido_cred_set_clientdata(cred, bytes_of(client_data), client_data.n) == FIDO_OK &&
           fido_cred_set_fmt(cred, said->format) == FIDO_OK &&
           fido_cred_set_authdata_raw(cred, bytes_of(data_of(said)), data_of(said).n) == FIDO_OK;
}

// For this house, with somebody's hand on it (section 7.1, steps 13 and 14). libfido2 looks at
// neither where nothing is signed.
static bool check_data(const fido_cred_t *cred, const char *rp, struct kr_err *err)
{
    uint8_t hash[KR_SHA256_SIZE];
    kr_sha256(rp, strlen(rp), hash);
    if (fido_cred_authdata_raw_len(cred) < sizeof hash ||
        memcmp(fido_cred_authdata_raw_ptr(cred), hash, sizeof hash) != 0)
        return kr_fail(err, KR_E_REFUSED, "made for another house");
    return (fido_cred_flags(cred) & TOUCHED) || kr_fail(err, KR_E_REFUSED, "nobody touched it");
}

static struct kr_str keep(struct kr_arena *mem, const unsigned char *bytes, size_t n)
{
    return (struct kr_str){kr_arena_copy(mem, bytes, n), n};
}

static bool attested_by(struct kr_arena *mem, const struct kr_ceremony *ceremony, fido_cred_t *cred,
                        const struct attestation *said, struct kr_attested *out, struct kr_err *err)
{
    size_t n = fido_cred_id_len(cred);
    if (!check_data(cred, ceremony->rp, err))
        return false;
    if (strcmp(said->format, "packed") == 0 && !signed_itself(cred, said, err))
        return false;
    if (strcmp(said->format, "packed") != 0 && strcmp(said->format, "none") != 0)
        return kr_fail(err, KR_E_REFUSED, "an attestation nobody asked for");
    if (n == 0 || n > KR_CREDENTIAL_MOST || fido_cred_pubkey_len(cred) == 0)
        return kr_fail(err, KR_E_INVALID, "no credential");
    out->credential = keep(mem, fido_cred_id_ptr(cred), n);
    out->key = keep(mem, fido_cred_pubkey_ptr(cred), fido_cred_pubkey_len(cred));
    out->count = fido_cred_sigcount(cred);
    return true;
}

bool kr_webauthn_attested(struct kr_arena *mem, const struct kr_ceremony *ceremony,
                          struct kr_str client_data, struct kr_str attestation,
                          struct kr_attested *out, struct kr_err *err)
{
    KR_AUTO(drop_item) cbor_item_t *item = NULL;
    struct attestation said;
    if (!check_client_data(ceremony, "webauthn.create", client_data, err) ||
        !open_attestation(mem, attestation, &item, &said, err))
        return false;
    fido_init(0);
    for (size_t i = 0; i < KR_COUNT(kr_webauthn_algorithms); i++) {
        KR_AUTO(fido_cred_free) fido_cred_t *cred = fido_cred_new();
        struct kr_attested read = {.algorithm = kr_webauthn_algorithms[i]};
        if (!cred || !load(cred, read.algorithm, ceremony, client_data, &said))
            continue;
        if (!attested_by(mem, ceremony, cred, &said, &read, err))
            return false;
        *out = read;
        return true;
    }
    return kr_fail(err, KR_E_INVALID, "no key of a kind that was asked for");
}

static bool by_es256(const fido_assert_t *said, struct kr_str key)
{
    KR_AUTO(es256_pk_free) es256_pk_t *pk = es256_pk_new();
    return pk && es256_pk_from_ptr(pk, key.at, key.n) == FIDO_OK &&
           fido_assert_verify(said, 0, COSE_ES256, pk) == FIDO_OK;
}

static bool by_eddsa(const fido_assert_t *said, struct kr_str key)
{
    KR_AUTO(eddsa_pk_free) eddsa_pk_t *pk = eddsa_pk_new();
    return pk && eddsa_pk_from_ptr(pk, key.at, key.n) == FIDO_OK &&
           fido_assert_verify(said, 0, COSE_EDDSA, pk) == FIDO_OK;
}

static bool by_rs256(const fido_assert_t *said, struct kr_str key)
{
    KR_AUTO(rs256_pk_free) rs256_pk_t *pk = rs256_pk_new();
    return pk && rs256_pk_from_ptr(pk, key.at, key.n) == FIDO_OK &&
           fido_assert_verify(said, 0, COSE_RS256, pk) == FIDO_OK;
}

static bool is_signed(const fido_assert_t *said, int64_t algorithm, struct kr_str key)
{
    switch (algorithm) {
    case COSE_ES256:
        return by_es256(said, key);
    case COSE_EDDSA:
        return by_eddsa(said, key);
    case COSE_RS256:
        return by_rs256(said, key);
    default:
        return false;
    }
}

bool kr_webauthn_asserted(const struct kr_ceremony *ceremony, const struct kr_asserted *said,
                          int64_t algorithm, struct kr_str key, int64_t *count, struct kr_err *err)
{
    const struct kr_str data = said->authenticator_data, seal = said->signature;
    if (!check_client_data(ceremony, "webauthn.get", said->client_data, err))
        return false;
    if (!is_modest_from(data, EXTENSIONS_AT))
        return kr_fail(err, KR_E_INVALID, "no authenticator data");
    fido_init(0);
    KR_AUTO(fido_assert_free) fido_assert_t *one = fido_assert_new();
    if (!one || fido_assert_set_count(one, 1) != FIDO_OK ||
        fido_assert_set_rp(one, ceremony->rp) != FIDO_OK ||
        fido_assert_set_clientdata(one, bytes_of(said->client_data), said->client_data.n) !=
            FIDO_OK ||
        fido_assert_set_up(one, FIDO_OPT_TRUE) != FIDO_OK ||
        fido_assert_set_authdata_raw(one, 0, bytes_of(data), data.n) != FIDO_OK ||
        fido_assert_set_sig(one, 0, bytes_of(seal), seal.n) != FIDO_OK)
        return kr_fail(err, KR_E_INVALID, "no assertion");
    if (!is_signed(one, algorithm, key)) // the house's name and the hand on it too
        return kr_fail(err, KR_E_REFUSED, "not signed by this device");
    *count = fido_assert_sigcount(one, 0);
    return true;
}
