// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/certs_priv.h"

#include "base/hash.h"
#include "base/newfile.h"
#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    RENEW_DAYS = 30,
    PEM_MOST = 256 * 1024,
    HOST_MOST = 253, // RFC 1035
};

// Each holds a key and what belongs to it in one file, so that neither is ever without the other.
static const char authority_path[] = "house/authority.pem";
static const char server_path[] = "house/server.pem";

bool kr_is_host_name(const char *name)
{
    size_t n = strnlen(name, HOST_MOST + 1);
    if (n == 0 || n > HOST_MOST || name[0] == '.' || name[0] == '-' || name[n - 1] == '.')
        return false;
    return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-.") == n && !strstr(name, "..");
}

static void free_bio(BIO **bio)
{
    BIO_free(*bio);
}

// No file of ours is locked by a password, and nobody is asked for one.
static int no_password(char *out, int size, int writing, void *context)
{
    (void)out, (void)size, (void)writing, (void)context;
    return -1;
}

static X509 *read_cert(struct kr_str pem)
{
    KR_AUTO(free_bio) BIO *from = BIO_new_mem_buf(pem.at, (int)pem.n);
    return from ? PEM_read_bio_X509(from, NULL, no_password, NULL) : NULL;
}

static EVP_PKEY *read_key(struct kr_str pem)
{
    KR_AUTO(free_bio) BIO *from = BIO_new_mem_buf(pem.at, (int)pem.n);
    return from ? PEM_read_bio_PrivateKey(from, NULL, no_password, NULL) : NULL;
}

static bool read_pair(struct kr_str cert, struct kr_str key, struct kr_identity *out)
{
    KR_AUTO(kr_identity_finish) struct kr_identity read = {read_key(key), read_cert(cert)};
    bool fine = read.key && read.cert && X509_check_private_key(read.cert, read.key) == 1;
    ERR_clear_error();
    if (!fine)
        return false;
    *out = read;
    read = (struct kr_identity){0};
    return true;
}

static const char *text_of(struct kr_arena *mem, BIO *bio)
{
    char *at;
    long n = BIO_get_mem_data(bio, &at);
    return kr_arena_copy(mem, at, n > 0 ? (size_t)n : 0);
}

static const char *cert_text(struct kr_arena *mem, X509 *cert)
{
    KR_AUTO(free_bio) BIO *to = BIO_new(BIO_s_mem());
    return to && PEM_write_bio_X509(to, cert) ? text_of(mem, to) : "";
}

static const char *key_text(struct kr_arena *mem, EVP_PKEY *key)
{
    KR_AUTO(free_bio) BIO *to = BIO_new(BIO_s_mem());
    return to && PEM_write_bio_PrivateKey(to, key, NULL, NULL, 0, NULL, NULL) ? text_of(mem, to)
                                                                              : "";
}

static const char *fingerprint_of(struct kr_arena *mem, const X509 *cert)
{
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    char *out = kr_arena_alloc(mem, KR_FINGERPRINT_TEXT), *at = out;
    if (!X509_digest(cert, EVP_sha256(), hash, &n) || n != KR_SHA256_SIZE)
        return "";
    for (unsigned i = 0; i < n; i++, at += 3)
        kr_format(at, 4, "%02X%s", hash[i], i + 1 < n ? ":" : "");
    return out;
}

static const char *const *names_of(struct kr_arena *mem, X509 *cert)
{
    GENERAL_NAMES *all = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
    int n = all ? sk_GENERAL_NAME_num(all) : 0;
    const char **out = kr_arena_array(mem, const char *, (size_t)n + 1);
    size_t found = 0;
    for (int i = 0; i < n; i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(all, i);
        if (name->type != GEN_DNS)
            continue;
        char *text = kr_arena_copy(mem, ASN1_STRING_get0_data(name->d.dNSName),
                                   (size_t)ASN1_STRING_length(name->d.dNSName));
        for (char *c = text; *c; c++)
            *c = *c >= 'A' && *c <= 'Z' ? (char)(*c | 0x20) : *c;
        if (kr_is_host_name(text)) // a wildcard is no name anybody types
            out[found++] = text;
    }
    GENERAL_NAMES_free(all);
    return out;
}

// Only for its owner's eyes (2).
static bool keep(struct kr_arena *mem, int archive, const char *path, const char *key,
                 const char *certs, struct kr_err *err)
{
    KR_AUTO(kr_newfile_discard) struct kr_newfile file = KR_NEWFILE_NONE;
    const char *text = kr_arena_format(mem, "%s%s", key, certs);
    if (!kr_newfile_begin(archive, &file, err))
        return false;
    if (fchmod(file.fd, 0600) != 0 && errno != EPERM && errno != EOPNOTSUPP) // FAT knows no modes
        return kr_fail_errno(err, "close '%s' to others", path);
    return (kr_newfile_write(&file, text, strlen(text), err) &&
            kr_newfile_replace(&file, path, err)) ||
           kr_within(err, "keep '%s'", path);
}

static bool read_text(struct kr_arena *mem, int archive, const char *path, struct kr_str *out,
                      bool *found, struct kr_err *err)
{
    struct kr_err why = {0};
    *found = kr_read_file(mem, archive, path, PEM_MOST, out, &why);
    if (*found || why.code == KR_E_NOT_FOUND)
        return true;
    return kr_fail(err, why.code, "read '%s': %s", path, why.text);
}

static bool ends_soon(const X509 *cert, int64_t now_ms)
{
    return kr_cert_until_ms(cert) < now_ms + (int64_t)RENEW_DAYS * KR_DAY_MS;
}

// The one that is kept; a new one only where there is none or it has come to its end (2).
static bool take_authority(struct kr_arena *mem, int archive, const struct kr_certs_wanted *wanted,
                           struct kr_identity *out, struct kr_err *err)
{
    KR_AUTO(kr_identity_finish) struct kr_identity kept = {0};
    struct kr_str text;
    bool found;
    if (!read_text(mem, archive, authority_path, &text, &found, err))
        return false;
    if (found && !read_pair(text, text, &kept))
        return kr_fail(err, KR_E_DAMAGED, "'%s' holds no certificate with its key", authority_path);
    if (!found || ends_soon(kept.cert, wanted->now_ms)) {
        kr_identity_finish(&kept);
        if (!kr_identity_authority(wanted, &kept, err) ||
            !keep(mem, archive, authority_path, key_text(mem, kept.key), cert_text(mem, kept.cert),
                  err))
            return false;
    }
    *out = kept;
    kept = (struct kr_identity){0};
    return true;
}

static bool is_good(const struct kr_identity *authority, const struct kr_identity *server,
                    const struct kr_certs_wanted *wanted)
{
    return !ends_soon(server->cert, wanted->now_ms) && kr_cert_names_all(server->cert, wanted) &&
           kr_identity_holds(authority, server->cert, wanted->now_ms, NULL);
}

static bool take_server(struct kr_arena *mem, int archive, const struct kr_identity *authority,
                        const struct kr_certs_wanted *wanted, struct kr_identity *out, bool *made,
                        struct kr_err *err)
{
    KR_AUTO(kr_identity_finish) struct kr_identity server = {0};
    struct kr_str text;
    bool found;
    if (!read_text(mem, archive, server_path, &text, &found, err))
        return false;
    *made = !found || !read_pair(text, text, &server) || !is_good(authority, &server, wanted);
    if (*made) {
        kr_identity_finish(&server);
        if (!kr_identity_server(authority, wanted, &server, err) ||
            !kr_identity_holds(authority, server.cert, wanted->now_ms, err) ||
            !keep(mem, archive, server_path, key_text(mem, server.key), cert_text(mem, server.cert),
                  err))
            return false;
    }
    *out = server;
    server = (struct kr_identity){0};
    return true;
}

static bool lock_house(int archive, int *out, struct kr_err *err)
{
    if (mkdirat(archive, "house", 0700) != 0 && errno != EEXIST)
        return kr_fail_errno(err, "make the folder 'house'");
    KR_AUTO(kr_fd_close) int fd = openat(archive, "house", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || flock(fd, LOCK_EX) != 0)
        return kr_fail_errno(err, "lock the folder 'house'");
    *out = fd;
    fd = -1;
    return true;
}

static bool are_names(const struct kr_certs_wanted *wanted, struct kr_err *err)
{
    for (const char *const *name = wanted->names; *name; name++)
        if (!kr_is_host_name(*name))
            return kr_fail(err, KR_E_INVALID, "'%.100s' is no name of a host", *name);
    return true;
}

bool kr_certs_own(struct kr_arena *mem, int archive, const struct kr_certs_wanted *wanted,
                  struct kr_certs *out, struct kr_err *err)
{
    KR_AUTO(kr_fd_close) int lock = -1;
    KR_AUTO(kr_identity_finish) struct kr_identity authority = {0};
    KR_AUTO(kr_identity_finish) struct kr_identity server = {0};
    bool made;
    if (!are_names(wanted, err) || !lock_house(archive, &lock, err) ||
        !take_authority(mem, archive, wanted, &authority, err) ||
        !take_server(mem, archive, &authority, wanted, &server, &made, err))
        return kr_within(err, "the house's certificates");
    const char *trusted = cert_text(mem, authority.cert);
    *out = (struct kr_certs){.authority = trusted,
                             .chain =
                                 kr_arena_format(mem, "%s%s", cert_text(mem, server.cert), trusted),
                             .key = key_text(mem, server.key),
                             .names = names_of(mem, server.cert),
                             .fingerprint = fingerprint_of(mem, authority.cert),
                             .until_ms = kr_cert_until_ms(server.cert),
                             .trust_until_ms = kr_cert_until_ms(authority.cert),
                             .made = made};
    return true;
}

bool kr_certs_given(struct kr_arena *mem, const char *chain_path, const char *key_path,
                    struct kr_certs *out, struct kr_err *err)
{
    KR_AUTO(kr_identity_finish) struct kr_identity given = {0};
    struct kr_str chain, key;
    if (!kr_read_file(mem, AT_FDCWD, chain_path, PEM_MOST, &chain, err) ||
        !kr_read_file(mem, AT_FDCWD, key_path, PEM_MOST, &key, err))
        return kr_within(err, "the given certificate");
    if (!read_pair(chain, key, &given))
        return kr_fail(err, KR_E_INVALID,
                       "'%s' and '%s' are no certificate and key that belong together (PEM, "
                       "without a password)",
                       chain_path, key_path);
    *out = (struct kr_certs){.authority = "",
                             .chain = chain.at,
                             .key = key.at,
                             .names = names_of(mem, given.cert),
                             .fingerprint = fingerprint_of(mem, given.cert),
                             .until_ms = kr_cert_until_ms(given.cert),
                             .trust_until_ms = kr_cert_until_ms(given.cert)};
    return true;
}
