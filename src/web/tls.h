// SPDX-License-Identifier: AGPL-3.0-or-later
// tls.h: which certificate whoever connects is shown (GnuTLS, which libmicrohttpd
// speaks TLS by; its only door is tls.c).
//
// Another certificate may take its place at any moment: connections that stand go on with
// the one they were shown, and none is broken for it.
// Threads: any; one lock.

#pragma once
#include "base/err.h"

struct kr_tls;
// TLS 1.2 and 1.3 with forward secrecy, nothing older.
extern const char kr_tls_priorities[];

// Shows this one to all who come from now on; *tls is made where it is NULL. PEM texts.
KR_CHECK bool kr_tls_show(struct kr_tls **tls, const char *chain, const char *key,
                          struct kr_err *err);
// The texts of the one that was shown first: what the HTTP library asks for at its start.
const char *kr_tls_first_chain(const struct kr_tls *tls);
const char *kr_tls_first_key(const struct kr_tls *tls);
// A connection came, and has not said anything: `session` is GnuTLS's.
void kr_tls_meet(struct kr_tls *tls, void *session);
void kr_tls_destroy(struct kr_tls **tls); // after the last connection has gone
