// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/uuid.h"

#include "base/clock.h"
#include "base/text.h"
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

// Milliseconds in the high 48 bits, a counter for those of one millisecond in
// the next 12 (RFC 9562, section 6.2, method 1): so ids of a process ascend.
static uint64_t next_stamp(void)
{
    static _Atomic uint64_t last;
    uint64_t now = (uint64_t)kr_now_ms() << 12, before = atomic_load(&last), stamp;
    do {
        stamp = now > before ? now : before + 1;
    } while (!atomic_compare_exchange_weak(&last, &before, stamp));
    return stamp;
}

struct kr_uuid kr_uuid_new(void)
{
    struct kr_uuid id;
    if (getrandom(id.bytes, sizeof id.bytes, 0) != sizeof id.bytes)
        abort(); // no entropy: ids could meet
    uint64_t stamp = next_stamp();
    for (int i = 0; i < 6; i++)
        id.bytes[i] = (uint8_t)(stamp >> (52 - 8 * i));
    id.bytes[6] = (uint8_t)(0x70 | (stamp >> 8 & 0x0F));
    id.bytes[7] = (uint8_t)stamp;
    id.bytes[8] = (uint8_t)(0x80 | (id.bytes[8] & 0x3F));
    return id;
}

void kr_uuid_text(const struct kr_uuid *id, char out[static KR_UUID_TEXT])
{
    char hex[33];
    kr_hex(id->bytes, 16, hex);
    kr_format(out, KR_UUID_TEXT, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
              hex + 20);
}

void kr_uuid_new_text(char out[static KR_UUID_TEXT])
{
    struct kr_uuid id = kr_uuid_new();
    kr_uuid_text(&id, out);
}

bool kr_uuid_parse(const char *text, struct kr_uuid *out)
{
    if (strlen(text) != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' ||
        text[23] != '-')
        return false;
    char hex[33];
    kr_format(hex, sizeof hex, "%.8s%.4s%.4s%.4s%.12s", text, text + 9, text + 14, text + 19,
              text + 24);
    return kr_unhex(hex, out->bytes, sizeof out->bytes);
}
