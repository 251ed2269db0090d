// SPDX-License-Identifier: AGPL-3.0-or-later
// What a browser says that a device made or signed, of anybody's making: client data, a zero byte,
// then an attestation; and the same two read as client data and authenticator data.
#include "web/webauthn.h"
#include <assert.h>
#include <string.h>

static const struct kr_ceremony asked = {.challenge = "pJ6Zk1mB2n0cQ7rY8uTg5xWv3aLd9oEf4hSi6jKl0mN",
                                         .origin = "https://lamp.local:8420",
                                         .rp = "lamp.local"};

// Right for every input, so that what lies behind the client data is reached too.
static const char create[] =
    "{\"type\":\"webauthn.create\",\"challenge\":\"pJ6Zk1mB2n0cQ7rY8uTg5xWv3aLd9oEf4hSi6jKl0mN\","
    "\"origin\":\"https://lamp.local:8420\"}";
static const char get[] =
    "{\"type\":\"webauthn.get\",\"challenge\":\"pJ6Zk1mB2n0cQ7rY8uTg5xWv3aLd9oEf4hSi6jKl0mN\","
    "\"origin\":\"https://lamp.local:8420\"}";

static void check_made(struct kr_arena *mem, struct kr_str client, struct kr_str rest)
{
    struct kr_attested out;
    if (!kr_webauthn_attested(mem, &asked, client, rest, &out, NULL))
        return;
    assert(out.credential.n > 0 && out.credential.n <= 1023 && out.key.n > 0);
    assert(out.algorithm == -7 || out.algorithm == -8 || out.algorithm == -257);
}

// Nobody guesses a signature of these: whatever comes must not open.
static void check_used(struct kr_str client, struct kr_str rest)
{
    static const char key[64] = "x of the point that lies here is no";
    const struct kr_asserted said = {client, rest, rest};
    int64_t count;
    for (int64_t algorithm = -7; algorithm >= -8; algorithm--)
        assert(!kr_webauthn_asserted(&asked, &said, algorithm, (struct kr_str){key, sizeof key},
                                     &count, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    const char *zero = size ? memchr(data, 0, size) : NULL;
    size_t n = zero ? (size_t)(zero - (const char *)data) : size;
    const struct kr_str client = {(const char *)data, n};
    const struct kr_str rest = {zero ? zero + 1 : "", zero ? size - n - 1 : 0};
    const char *rp = NULL;
    if (kr_webauthn_place(mem, kr_arena_copy(mem, client.at, client.n), &rp, NULL))
        assert(*rp && !strpbrk(rp, ":/[]"));
    check_made(mem, client, rest);
    check_made(mem, kr_str_of(create), rest);
    check_used(client, rest);
    check_used(kr_str_of(get), rest);
    return 0;
}
