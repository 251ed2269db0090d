// SPDX-License-Identifier: AGPL-3.0-or-later
// webauthn.h: whether a device really signed what the house asked it.
//
// After W3C, Web Authentication Level 2 (2021), sections 7.1 and 7.2. What the
// browser says of itself (clientDataJSON) is looked at here; the rest, keys and
// signatures above all, by libfido2. No attestation of a maker is asked for: "none",
// or what the new key says of itself. Somebody must have touched the device; who it
// was the device may ask, or not.
//
// Every byte comes from a stranger. KR_E_REFUSED where it is not what was asked for or
// signed, KR_E_INVALID where it is not even of that shape; neither says more to people.
// No state; any thread.

#pragma once
#include "base/text.h"

enum { KR_WEBAUTHN_ALGORITHMS = 3 };
extern const int kr_webauthn_algorithms[KR_WEBAUTHN_ALGORITHMS]; // of COSE, the dearest first

// The name that a passkey is made for at this origin ("https://lamp.local:8420"): its host,
// in the arena. KR_E_REFUSED where a browser makes none: at an address of numbers, or over
// plain http to anything but localhost (sections 5.1.3 and 13.4.9).
KR_CHECK bool kr_webauthn_place(struct kr_arena *mem, const char *origin, const char **out,
                                struct kr_err *err);

struct kr_ceremony {       // what the house knows before anything is sent
    const char *challenge; // as kr_challenge_new() wrote it: base64url
    const char *origin;    // of the page, lower case
    const char *rp;        // of kr_webauthn_place()
};

struct kr_attested {
    struct kr_str credential; // its id, 1 to 1023 bytes
    struct kr_str key;        // public, as store/passkeys.h has it
    int algorithm;            // one of kr_webauthn_algorithms
    int64_t count;            // of signatures so far
};
// A new passkey. `client_data` and `attestation` are the bytes that the browser calls
// clientDataJSON and attestationObject. *out lives in the arena.
KR_CHECK bool kr_webauthn_attested(struct kr_arena *mem, const struct kr_ceremony *ceremony,
                                   struct kr_str client_data, struct kr_str attestation,
                                   struct kr_attested *out, struct kr_err *err);

struct kr_asserted { // the browser calls them clientDataJSON, authenticatorData, signature
    struct kr_str client_data, authenticator_data, signature;
};
// A passkey that is used. *count is what the device says it has signed so far.
KR_CHECK bool kr_webauthn_asserted(const struct kr_ceremony *ceremony,
                                   const struct kr_asserted *said, int64_t algorithm,
                                   struct kr_str key, int64_t *count, struct kr_err *err);
