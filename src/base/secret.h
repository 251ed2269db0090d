// SPDX-License-Identifier: AGPL-3.0-or-later
// secret.h: tokens nobody can guess, and passwords nobody can read back.
//
// A token is 256 random bits as text; only its mark (a BLAKE2b hash, RFC 7693) is
// ever stored, so who copies the database cannot enter with it. A password is kept
// as an Argon2id hash (Biryukov, Dinu, Khovratovich, 2016; RFC 9106) of 19 MiB and
// two passes, by libsodium: about 50 ms of one core, so at most two at a time run
// in a process, the others wait.

#pragma once
#include "base/mem.h"

enum {
    KR_TOKEN_TEXT = 44, // base64url without padding, and the zero
    KR_MARK_SIZE = 32,
    KR_CODE_TEXT = 13, // 12 letters and digits that cannot be mistaken for each other: 60 bits
    KR_PASSWORD_KEPT = 128,
    KR_PASSWORD_LEAST = 8, // characters; more rules make worse passwords (NIST SP 800-63B, 2017)
    KR_PASSWORD_MOST = 1024,
};

void kr_token_new(char out[static KR_TOKEN_TEXT]);
// To be typed from paper: capital letters and digits without I, L, O, U, 0 and 1.
void kr_code_new(char out[static KR_CODE_TEXT]);
// What people type, as kr_code_new() writes it: capitals, without blanks and hyphens;
// false where it cannot be one.
KR_CHECK bool kr_code_read(const char *typed, char out[static KR_CODE_TEXT]);

// The mark of a token or code.
void kr_secret_mark(const char *secret, uint8_t out[static KR_MARK_SIZE]);

// KR_E_INVALID for one that is too short or too long.
KR_CHECK bool kr_password_keep(const char *password, char out[static KR_PASSWORD_KEPT],
                               struct kr_err *err);
// Takes as long for a NULL `kept` (nobody of that name) as for a wrong password.
KR_CHECK bool kr_password_is(const char *kept, const char *password);
