// SPDX-License-Identifier: AGPL-3.0-or-later
// passkeys.h: a device that opens the door by itself, instead of a name and a password.
//
// Whoever has an account may have the house know some of their devices. Such a
// device signs what the house asks it (web/webauthn.h looks whether it did); what
// it opens is the same door: a session like that of a password.
//
// (1) Another password leaves the devices known; the end of an account forgets them.
// (2) A device whose count of signatures does not go on opens nothing: it may be a copy.
// (3) A device belongs to one account, and nobody but its owner names it or takes it away.
// Each call that changes something is one transaction.

#pragma once
#include "archive/door.h"
#include "store/passkeys.h"

enum { KR_PASSKEYS_MOST = 20 }; // of one account

// Of an account of the store's home; fills `id` and `made_ms` of *passkey. `label` is as people
// wrote it, shortened to 120 bytes. KR_E_EXISTS where the device is known already (3),
// KR_E_CONFLICT for one too many, KR_E_INVALID for a label of nothing.
KR_CHECK bool kr_door_know(struct kr_store *store, struct kr_passkey *passkey, struct kr_err *err);
// The account whose device this is, and the device; KR_E_REFUSED where it is nobody's.
KR_CHECK bool kr_door_known(struct kr_store *store, struct kr_arena *mem, struct kr_str credential,
                            struct kr_passkey *out, struct kr_account *account, struct kr_err *err);
// By a device whose signature was looked at; `count` is what it signed. KR_E_REFUSED: (2).
KR_CHECK bool kr_door_by_passkey(struct kr_store *store, const struct kr_passkey *passkey,
                                 int64_t count, const char *browser,
                                 char token[static KR_TOKEN_TEXT], struct kr_err *err);
// KR_E_NOT_FOUND where the account has no such device (3), KR_E_INVALID for a label of nothing.
KR_CHECK bool kr_door_call(struct kr_store *store, const char *account, const char *id,
                           const char *label, struct kr_err *err);
