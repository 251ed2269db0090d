// SPDX-License-Identifier: AGPL-3.0-or-later
// certs_priv.h: a certificate with its key, made and looked at.
#pragma once
#include "base/certs.h"
#include <openssl/x509v3.h>

enum { KR_DAY_MS = 86400 * 1000 };

struct kr_identity {
    EVP_PKEY *key;
    X509 *cert;
};
void kr_identity_finish(struct kr_identity *identity);

KR_CHECK bool kr_identity_authority(const struct kr_certs_wanted *wanted, struct kr_identity *out,
                                    struct kr_err *err);
KR_CHECK bool kr_identity_server(const struct kr_identity *authority,
                                 const struct kr_certs_wanted *wanted, struct kr_identity *out,
                                 struct kr_err *err);
// Whether the authority vouches for the server's certificate at this time: signature, times,
// use and name constraints. KR_E_INVALID when it may not.
KR_CHECK bool kr_identity_holds(const struct kr_identity *authority, X509 *server, int64_t now_ms,
                                struct kr_err *err);
// Whether every name and address wanted stands in it.
bool kr_cert_names_all(X509 *cert, const struct kr_certs_wanted *wanted);
int64_t kr_cert_until_ms(const X509 *cert);
int64_t kr_cert_from_ms(const X509 *cert);
KR_CHECK bool kr_openssl_failed(struct kr_err *err, const char *attempt); // always false
