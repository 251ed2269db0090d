// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/tls.h"

#include "base/mem.h"
#include <gnutls/gnutls.h>
#include <pthread.h>
#include <string.h>

const char kr_tls_priorities[] = "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:"
                                 "-AES-128-CBC:-AES-256-CBC:%SERVER_PRECEDENCE";

// One that was shown. All are kept to the end: a session may still hold any of them, and they
// change a few times in a year.
struct shown {
    struct shown *before;
    gnutls_certificate_credentials_t credentials;
    char *chain, *key;
};

struct kr_tls {
    pthread_mutex_t lock;
    struct shown *now;
};

static void drop(struct shown *shown)
{
    if (shown->credentials)
        gnutls_certificate_free_credentials(shown->credentials);
    kr_free(&shown->chain);
    kr_free(&shown->key);
    kr_free(&shown);
}

static bool read_texts(struct shown *shown, struct kr_err *err)
{
    int why = gnutls_certificate_allocate_credentials(&shown->credentials);
    const gnutls_datum_t chain = {(unsigned char *)shown->chain, (unsigned)strlen(shown->chain)};
    const gnutls_datum_t key = {(unsigned char *)shown->key, (unsigned)strlen(shown->key)};
    if (why == 0)
        why = gnutls_certificate_set_x509_key_mem2(shown->credentials, &chain, &key,
                                                   GNUTLS_X509_FMT_PEM, NULL, 0);
    return why >= 0 || kr_fail(err, KR_E_INVALID, "take a certificate: %s", gnutls_strerror(why));
}

static struct kr_tls *make(void)
{
    struct kr_tls *tls = kr_new(struct kr_tls);
    pthread_mutex_init(&tls->lock, NULL);
    return tls;
}

bool kr_tls_show(struct kr_tls **tls, const char *chain, const char *key, struct kr_err *err)
{
    struct shown *shown = kr_new(struct shown);
    shown->chain = kr_strdup(chain);
    shown->key = kr_strdup(key);
    if (!read_texts(shown, err)) {
        drop(shown);
        return false;
    }
    if (!*tls)
        *tls = make();
    pthread_mutex_lock(&(*tls)->lock);
    shown->before = (*tls)->now;
    (*tls)->now = shown;
    pthread_mutex_unlock(&(*tls)->lock);
    return true;
}

static const struct shown *first_of(const struct kr_tls *tls)
{
    const struct shown *first = tls->now;
    while (first->before)
        first = first->before;
    return first;
}

const char *kr_tls_first_chain(const struct kr_tls *tls)
{
    return first_of(tls)->chain;
}

const char *kr_tls_first_key(const struct kr_tls *tls)
{
    return first_of(tls)->key;
}

void kr_tls_meet(struct kr_tls *tls, void *session)
{
    pthread_mutex_lock(&tls->lock);
    gnutls_certificate_credentials_t now = tls->now->credentials;
    pthread_mutex_unlock(&tls->lock);
    // Without memory for it the session keeps the first one: old, but not nothing.
    (void)!gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, now);
}

void kr_tls_destroy(struct kr_tls **address)
{
    struct kr_tls *tls = *address;
    if (!tls)
        return;
    for (struct shown *at = tls->now, *before; at; at = before) {
        before = at->before;
        drop(at);
    }
    pthread_mutex_destroy(&tls->lock);
    kr_free(address);
}
