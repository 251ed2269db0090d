// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/certs_priv.h"

#include "base/clock.h"
#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <string.h>

enum {
    SERIAL_SIZE = 20, // the most that RFC 5280 allows
    AUTHORITY_DAYS = 3653,
    SERVER_DAYS = 397,
    CLOCK_DAYS = 1, // how far a device's clock may be behind
};

// What a house's authority may vouch for whatever else it is told (1): names of RFC 6761, 6762
// and 8375, ICANN's .internal, what home routers use, and addresses of RFC 1918, 3927, 4193,
// 4291 and 6598.
static const char constraints[] =
    "critical"
    ",permitted;DNS:localhost,permitted;DNS:local,permitted;DNS:home.arpa,permitted;DNS:internal"
    ",permitted;DNS:lan,permitted;IP:127.0.0.0/255.0.0.0,permitted;IP:10.0.0.0/255.0.0.0"
    ",permitted;IP:172.16.0.0/255.240.0.0,permitted;IP:192.168.0.0/255.255.0.0"
    ",permitted;IP:169.254.0.0/255.255.0.0,permitted;IP:100.64.0.0/255.192.0.0"
    ",permitted;IP:::1/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff,permitted;IP:fc00::/fe00::"
    ",permitted;IP:fe80::/ffc0::";

bool kr_openssl_failed(struct kr_err *err, const char *attempt)
{
    unsigned long code = ERR_peek_last_error();
    const char *why = code ? ERR_reason_error_string(code) : NULL;
    ERR_clear_error();
    return kr_fail(err, KR_E_INTERNAL, "%s: %s", attempt, why ? why : "no reason told");
}

void kr_identity_finish(struct kr_identity *identity)
{
    EVP_PKEY_free(identity->key);
    X509_free(identity->cert);
    *identity = (struct kr_identity){0};
}

static int64_t time_ms(const ASN1_TIME *time)
{
    int days = 0, seconds = 0;
    ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
    if (!epoch || !ASN1_TIME_diff(&days, &seconds, epoch, time))
        days = seconds = 0;
    ASN1_TIME_free(epoch);
    return ((int64_t)days * 86400 + seconds) * 1000;
}

int64_t kr_cert_until_ms(const X509 *cert)
{
    return time_ms(X509_get0_notAfter(cert));
}

int64_t kr_cert_from_ms(const X509 *cert)
{
    return time_ms(X509_get0_notBefore(cert));
}

static bool set_times(X509 *cert, int64_t from_ms, int64_t until_ms)
{
    return ASN1_TIME_set(X509_getm_notBefore(cert), from_ms / 1000) &&
           ASN1_TIME_set(X509_getm_notAfter(cert), until_ms / 1000);
}

static bool set_serial(X509 *cert)
{
    unsigned char bytes[SERIAL_SIZE];
    if (RAND_bytes(bytes, sizeof bytes) != 1)
        return false;
    bytes[0] = (bytes[0] & 0x7f) | 0x40; // positive, and as long as it can be
    BIGNUM *number = BN_bin2bn(bytes, sizeof bytes, NULL);
    bool fine = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert));
    BN_free(number);
    return fine;
}

static bool set_subject(X509 *cert, const char *name)
{
    X509_NAME *subject = X509_get_subject_name(cert);
    return X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_UTF8, (const unsigned char *)"kinreel",
                                      -1, -1, 0) &&
           X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1,
                                      -1, 0);
}

static bool extend(X509 *cert, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, cert, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    bool fine = extension && X509_add_ext(cert, extension, -1);
    X509_EXTENSION_free(extension);
    return fine;
}

static bool begin(struct kr_identity *out, const char *subject, int64_t from_ms, int64_t until_ms)
{
    out->key = EVP_EC_gen("P-256");
    out->cert = X509_new();
    return out->key && out->cert && X509_set_version(out->cert, X509_VERSION_3) &&
           set_serial(out->cert) && set_subject(out->cert, subject) &&
           set_times(out->cert, from_ms, until_ms) && X509_set_pubkey(out->cert, out->key);
}

// Names and addresses as OpenSSL's text of such lists, each behind `before`.
static void list_wanted(struct kr_buf *out, const char *before,
                        const struct kr_certs_wanted *wanted, bool masks)
{
    for (const char *const *name = wanted->names; *name; name++)
        kr_buf_format(out, ",%sDNS:%s", before, *name);
    for (const char *const *address = wanted->addresses; *address; address++) {
        bool v6 = strchr(*address, ':') != NULL;
        kr_buf_format(out, ",%sIP:%s%s", before, *address,
                      !masks ? ""
                      : v6   ? "/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
                             : "/255.255.255.255");
    }
}

static bool make_authority(struct kr_identity *out, const struct kr_certs_wanted *wanted,
                           const char *permitted)
{
    char subject[64], day[KR_TIME_TEXT];
    kr_time_text(wanted->now_ms, day);
    kr_format(subject, sizeof subject, "kinreel house %.28s %.7s",
              *wanted->names ? *wanted->names : "", day);
    X509 *cert;
    return begin(out, subject, wanted->now_ms - (int64_t)CLOCK_DAYS * KR_DAY_MS,
                 wanted->now_ms + (int64_t)AUTHORITY_DAYS * KR_DAY_MS) &&
           (cert = out->cert) && X509_set_issuer_name(cert, X509_get_subject_name(cert)) &&
           extend(cert, cert, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
           extend(cert, cert, NID_key_usage, "critical,keyCertSign,cRLSign") &&
           extend(cert, cert, NID_ext_key_usage, "serverAuth") &&
           extend(cert, cert, NID_subject_key_identifier, "hash") &&
           extend(cert, cert, NID_name_constraints, permitted) &&
           X509_sign(cert, out->key, EVP_sha256()) > 0;
}

bool kr_identity_authority(const struct kr_certs_wanted *wanted, struct kr_identity *out,
                           struct kr_err *err)
{
    KR_AUTO(kr_buf_finish) struct kr_buf permitted = {0};
    KR_AUTO(kr_identity_finish) struct kr_identity made = {0};
    kr_buf_text(&permitted, constraints);
    list_wanted(&permitted, "permitted;", wanted, true);
    if (!make_authority(&made, wanted, permitted.at))
        return kr_openssl_failed(err, "make the house's authority");
    *out = made;
    made = (struct kr_identity){0};
    return true;
}

static bool make_server(struct kr_identity *out, const struct kr_identity *authority,
                        const struct kr_certs_wanted *wanted, const char *names)
{
    int64_t from_ms = wanted->now_ms - (int64_t)CLOCK_DAYS * KR_DAY_MS;
    int64_t until_ms = from_ms + (int64_t)SERVER_DAYS * KR_DAY_MS;
    int64_t most_ms = kr_cert_until_ms(authority->cert);
    X509 *cert, *issuer = authority->cert;
    return begin(out, "kinreel", from_ms, until_ms < most_ms ? until_ms : most_ms) &&
           (cert = out->cert) && X509_set_issuer_name(cert, X509_get_subject_name(issuer)) &&
           extend(cert, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
           extend(cert, issuer, NID_key_usage, "critical,digitalSignature") &&
           extend(cert, issuer, NID_ext_key_usage, "serverAuth") &&
           extend(cert, issuer, NID_subject_key_identifier, "hash") &&
           extend(cert, issuer, NID_authority_key_identifier, "keyid:always") &&
           extend(cert, issuer, NID_subject_alt_name, names) &&
           X509_sign(cert, authority->key, EVP_sha256()) > 0;
}

bool kr_identity_server(const struct kr_identity *authority, const struct kr_certs_wanted *wanted,
                        struct kr_identity *out, struct kr_err *err)
{
    KR_AUTO(kr_buf_finish) struct kr_buf names = {0};
    KR_AUTO(kr_identity_finish) struct kr_identity made = {0};
    list_wanted(&names, "", wanted, false);
    if (names.n == 0)
        return kr_fail(err, KR_E_INVALID, "make a certificate: no name and no address");
    if (!make_server(&made, authority, wanted, names.at + 1))
        return kr_openssl_failed(err, "make the server's certificate");
    *out = made;
    made = (struct kr_identity){0};
    return true;
}

static int verify(X509_STORE_CTX *context, const struct kr_identity *authority, X509 *server,
                  X509_STORE *store, int64_t now_ms)
{
    if (!X509_STORE_add_cert(store, authority->cert) ||
        !X509_STORE_CTX_init(context, store, server, NULL) ||
        !X509_STORE_CTX_set_default(context, "ssl_server"))
        return X509_V_ERR_UNSPECIFIED;
    X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(context), now_ms / 1000);
    return X509_verify_cert(context) == 1 ? X509_V_OK : X509_STORE_CTX_get_error(context);
}

bool kr_identity_holds(const struct kr_identity *authority, X509 *server, int64_t now_ms,
                       struct kr_err *err)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    int why = store && context ? verify(context, authority, server, store, now_ms)
                               : X509_V_ERR_OUT_OF_MEM;
    X509_STORE_CTX_free(context);
    X509_STORE_free(store);
    ERR_clear_error();
    if (why == X509_V_OK)
        return true;
    return kr_fail(err, KR_E_INVALID, "the house's authority does not vouch for this: %s",
                   X509_verify_cert_error_string(why));
}

bool kr_cert_names_all(X509 *cert, const struct kr_certs_wanted *wanted)
{
    unsigned flags = X509_CHECK_FLAG_NO_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT;
    for (const char *const *name = wanted->names; *name; name++)
        if (X509_check_host(cert, *name, 0, flags, NULL) != 1)
            return false;
    for (const char *const *address = wanted->addresses; *address; address++)
        if (X509_check_ip_asc(cert, *address, 0) != 1)
            return false;
    return true;
}
