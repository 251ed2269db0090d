// SPDX-License-Identifier: AGPL-3.0-or-later
// askcard.h: a question as one picture, for a messenger or to be printed: the picture with a
// frame around what is asked about, the question in large letters, the code and its QR code.
#pragma once
#include "media/frame.h"

enum {
    KR_ASK_CARD_WIDTH = 1080, // px; as high as it needs
    KR_ASK_CARD_TEXT = 8192,  // bytes of the question
    KR_ASK_CARD_QR = 177,     // modules a side, the largest code there is
};

struct kr_ask_card {
    const char *question, *lang;
    const char *hint;    // what to do, one or two lines
    const char *code;    // in groups
    double region[4];    // x, y, w, h as fractions of the picture; all 0: the whole
    int qr_size;         // modules a side, without the quiet zone; 0: none
    const char *qr_dark; // qr_size * qr_size of '0' and '1', row by row
};
// `picture` is RGB8; *out too. KR_E_INVALID for what cannot be drawn.
KR_CHECK bool kr_ask_card_draw(const struct kr_frame *picture, const struct kr_ask_card *card,
                               struct kr_frame **out, struct kr_err *err);
