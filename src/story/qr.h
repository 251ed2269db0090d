// SPDX-License-Identifier: AGPL-3.0-or-later
// qr.h: a text as a QR code (ISO/IEC 18004, by libqrencode), for cards and links.
#pragma once
#include "base/mem.h"

struct kr_qr {
    int size;            // modules a side, without the quiet zone of four
    const uint8_t *dark; // size * size of 0 and 1, row by row, in the arena
};
// Error correction Q: a quarter of it may be scratched. KR_E_TOO_BIG where the text is too long.
KR_CHECK bool kr_qr_of(struct kr_arena *mem, const char *text, struct kr_qr *out,
                       struct kr_err *err);
// As an SVG path of one square a module, the quiet zone included in the coordinates.
const char *kr_qr_path(struct kr_arena *mem, const struct kr_qr *qr);
// As lines of text for a dark terminal, two rows of modules each.
const char *kr_qr_lines(struct kr_arena *mem, const struct kr_qr *qr);
