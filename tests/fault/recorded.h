// SPDX-License-Identifier: AGPL-3.0-or-later
// recorded.h: what the recording driver records: the pieces of a WAV, the same each time.
#pragma once
#include <stdint.h>
#include <string.h>

enum { RECORDED_PIECES = 4, RECORDED_PIECE = 600 };

static inline void recorded_fill(uint32_t number, char bytes[static RECORDED_PIECE])
{
    for (uint32_t i = 0; i < RECORDED_PIECE; i++)
        bytes[i] = (char)(i * 7 + number * 31);
    if (number == 0)
        memcpy(bytes, "RIFF\0\0\0\0WAVEfmt ", 16);
}
