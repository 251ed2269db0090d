// SPDX-License-Identifier: AGPL-3.0-or-later
// certs.h: by what a browser knows that it speaks to this house (X.509 by
// OpenSSL's libcrypto; RFC 5280).
//
// A house without a certificate of its own is its own small authority. Its
// certificate is what a family's devices are told to trust, so it promises little:
// (1) it lasts ten years and may vouch for nothing but servers named as houses are:
//     names that no public registry gives away, private addresses, and the names it
//     was told when it was made (name constraints, critical; RFC 5280, 4.2.1.10);
// (2) its key never leaves the archive's folder house/, whose files are for their
//     owner's eyes alone, and is never made anew while it still holds;
// (3) what the server shows lasts 397 days (as long as browsers take) and is made anew
//     30 days before its end, or when a name or address of the house is missing in it.
// A given certificate is read and never changed. Threads: no state here; one
// process at a time makes certificates of an archive (a lock on house/).

#pragma once
#include "base/text.h"

enum { KR_FINGERPRINT_TEXT = 96 }; // "AB:CD:…", 32 bytes, and the zero

struct kr_certs_wanted {
    const char *const *names; // of hosts: lower case letters, digits, '-' and '.'; ended by NULL
    const char *const *addresses; // as text, IPv4 or IPv6; ended by NULL
    int64_t now_ms;
};
struct kr_certs {                     // everything in the arena
    const char *authority;            // PEM: what a device trusts; "" for a given certificate
    const char *chain, *key;          // PEM: what a server needs
    const char *const *names;         // the hosts it is made out to, as it says; ended by NULL
    const char *fingerprint;          // SHA-256 of the authority, or of a given certificate
    int64_t until_ms, trust_until_ms; // the server's, the authority's
    bool made;                        // the server's certificate is new
};

// Whether `name` may stand in a certificate as the name of a host.
bool kr_is_host_name(const char *name);

// The house's own, made where it is missing or about to end (2) (3). `archive` is the open
// folder. KR_E_INVALID when the authority may not vouch for a name, KR_E_DAMAGED when its
// file cannot be read as one.
KR_CHECK bool kr_certs_own(struct kr_arena *mem, int archive, const struct kr_certs_wanted *wanted,
                           struct kr_certs *out, struct kr_err *err);

// A given one: PEM files, the chain with the server's certificate first.
// KR_E_INVALID when they are none or do not belong together.
KR_CHECK bool kr_certs_given(struct kr_arena *mem, const char *chain_path, const char *key_path,
                             struct kr_certs *out, struct kr_err *err);
