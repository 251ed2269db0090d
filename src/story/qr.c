// SPDX-License-Identifier: AGPL-3.0-or-later
#include "story/qr.h"

#include "base/text.h"
#include <qrencode.h>

enum { QUIET = 4 };

bool kr_qr_of(struct kr_arena *mem, const char *text, struct kr_qr *out, struct kr_err *err)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_Q);
    if (!code)
        return kr_fail(err, KR_E_TOO_BIG, "too long for a QR code");
    size_t n = (size_t)code->width * (size_t)code->width;
    uint8_t *dark = kr_arena_alloc(mem, n);
    for (size_t i = 0; i < n; i++)
        dark[i] = code->data[i] & 1;
    *out = (struct kr_qr){code->width, dark};
    QRcode_free(code);
    return true;
}

// Light outside the code.
static bool is_dark(const struct kr_qr *qr, int x, int y)
{
    return x >= 0 && y >= 0 && x < qr->size && y < qr->size && qr->dark[y * qr->size + x];
}

const char *kr_qr_path(struct kr_arena *mem, const struct kr_qr *qr)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    for (int y = 0; y < qr->size; y++)
        for (int x = 0; x < qr->size; x++) {
            int n = 0;
            while (is_dark(qr, x + n, y))
                n++;
            if (n)
                kr_buf_format(&out, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, n, n);
            x += n;
        }
    return kr_arena_copy(mem, out.at, out.n);
}

const char *kr_qr_lines(struct kr_arena *mem, const struct kr_qr *qr)
{
    static const char *const halves[] = {"█", "▄", "▀", " "}; // light above and below, …
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    for (int y = -QUIET; y < qr->size + QUIET; y += 2) {
        for (int x = -QUIET; x < qr->size + QUIET; x++)
            kr_buf_text(&out, halves[is_dark(qr, x, y) + 2 * is_dark(qr, x, y + 1)]);
        kr_buf_text(&out, "\n");
    }
    return kr_arena_copy(mem, out.at, out.n);
}
