// SPDX-License-Identifier: AGPL-3.0-or-later
// passkeys.h: the devices that open the door by themselves, by row.
//
// A passkey (W3C, Web Authentication Level 2, 2021) is a pair of keys of which the
// device keeps the private half; here lies the public one, which opens nothing. Part
// of the house's own book like store/door.h; the rules stand in archive/passkeys.h.
// Times are milliseconds since 1970.

#pragma once
#include "store/store.h"

enum { KR_CREDENTIAL_MOST = 1023 }; // bytes of an id (section 5.8.5 there)

struct kr_passkey {
    char id[KR_UUID_TEXT], account[KR_UUID_TEXT];
    struct kr_str credential; // the id that the device gave it
    struct kr_str key;        // public, as sql/0012-passkeys.sql says
    int64_t algorithm;        // of COSE (RFC 9053): -7, -8 or -257
    int64_t count;            // of signatures, as the device says; 0: it does not count
    const char *label;        // what its owner calls it
    const char *rp;           // the name of the house it was made for: "lamp.local"
    int64_t made_ms, used_ms; // used_ms: 0 where it never opened yet
};
// Texts and bytes that are read live in the arena.

// KR_E_EXISTS where the credential is known, whosever it is.
KR_CHECK bool kr_passkey_add(struct kr_store *store, const struct kr_passkey *passkey,
                             struct kr_err *err);
KR_CHECK bool kr_passkey_of_credential(struct kr_store *store, struct kr_arena *mem,
                                       struct kr_str credential, struct kr_passkey *out,
                                       bool *found, struct kr_err *err);
// The oldest first.
KR_CHECK bool kr_passkeys_of_account(struct kr_store *store, struct kr_arena *mem,
                                     const char *account, struct kr_passkey **out, size_t *n,
                                     struct kr_err *err);
// Notes that it opened. KR_E_REFUSED, and nothing noted, where it is gone or `count` does not go
// on from the last one.
KR_CHECK bool kr_passkey_used(struct kr_store *store, const char *id, int64_t count, int64_t now_ms,
                              struct kr_err *err);
// Of this account; KR_E_NOT_FOUND where there is none.
KR_CHECK bool kr_passkey_label(struct kr_store *store, const char *account, const char *id,
                               const char *label, struct kr_err *err);
KR_CHECK bool kr_passkey_drop(struct kr_store *store, const char *account, const char *id,
                              struct kr_err *err);
KR_CHECK bool kr_passkeys_of_account_drop(struct kr_store *store, const char *account,
                                          struct kr_err *err);
