// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/askcard.h"

#include "media/lettering.h"
#include <string.h>

enum {
    WIDTH = KR_ASK_CARD_WIDTH,
    SIDE = 48,     // paper around everything
    PICTURE = 960, // the most height of the picture
    GAP = 36,
    RING = 8,        // of the frame, with a light line on both sides: seen on any picture
    MODULE_MOST = 8, // px of a QR module
    QR_ROOM = 340,   // px of the whole code, its quiet zone included
    QUIET = 4,       // modules
    PAPER = 0xF6F2EA,
    INK = 0x26221C,
    SOFT = 0x665D50,
    SEAL = 0xA63A24,
    WHITE = 0xFFFFFF,
};

struct box {
    int x, y, w, h;
};

static int clamp(int n, int from, int to)
{
    return n < from ? from : n > to ? to : n;
}

static void fill(struct kr_frame *frame, struct box box, uint32_t colour)
{
    int right = clamp(box.x + box.w, 0, frame->width), x0 = clamp(box.x, 0, frame->width);
    int low = clamp(box.y + box.h, 0, frame->height);
    for (int y = clamp(box.y, 0, frame->height); y < low; y++) {
        uint8_t *row = frame->plane[0] + y * frame->stride[0];
        for (int x = x0; x < right; x++) {
            row[3 * x] = (uint8_t)(colour >> 16);
            row[3 * x + 1] = (uint8_t)(colour >> 8);
            row[3 * x + 2] = (uint8_t)colour;
        }
    }
}

static void outline(struct kr_frame *frame, struct box box, int wide, uint32_t colour)
{
    fill(frame, (struct box){box.x, box.y, box.w, wide}, colour);
    fill(frame, (struct box){box.x, box.y + box.h - wide, box.w, wide}, colour);
    fill(frame, (struct box){box.x, box.y, wide, box.h}, colour);
    fill(frame, (struct box){box.x + box.w - wide, box.y, wide, box.h}, colour);
}

// Where the picture lies: kept to its shape, not larger than the room there is.
static struct box place_picture(const struct kr_frame *picture)
{
    double scale = (double)(WIDTH - 2 * SIDE) / picture->width;
    if (picture->height * scale > PICTURE)
        scale = (double)PICTURE / picture->height;
    int w = clamp((int)(picture->width * scale + 0.5), 1, WIDTH - 2 * SIDE);
    int h = clamp((int)(picture->height * scale + 0.5), 1, PICTURE);
    return (struct box){(WIDTH - w) / 2, SIDE, w, h};
}

// The mean of what falls onto each pixel of the card.
static void lay_picture(struct kr_frame *card, const struct kr_frame *picture, struct box at)
{
    for (int y = 0; y < at.h; y++) {
        int y0 = (int)((int64_t)y * picture->height / at.h);
        int y1 = clamp((int)((int64_t)(y + 1) * picture->height / at.h), y0 + 1, picture->height);
        uint8_t *to = card->plane[0] + (at.y + y) * card->stride[0] + 3 * at.x;
        for (int x = 0; x < at.w; x++) {
            int x0 = (int)((int64_t)x * picture->width / at.w);
            int x1 = clamp((int)((int64_t)(x + 1) * picture->width / at.w), x0 + 1, picture->width);
            unsigned sum[3] = {0}, n = (unsigned)((x1 - x0) * (y1 - y0));
            for (int v = y0; v < y1; v++)
                for (int u = 3 * x0; u < 3 * x1; u++)
                    sum[u % 3] += picture->plane[0][v * picture->stride[0] + u];
            for (int c = 0; c < 3; c++)
                to[3 * x + c] = (uint8_t)(sum[c] / n);
        }
    }
}

static void lay_ring(struct kr_frame *card, const double region[4], struct box at)
{
    struct box box = {at.x + (int)(region[0] * at.w), at.y + (int)(region[1] * at.h),
                      (int)(region[2] * at.w), (int)(region[3] * at.h)};
    if (box.w <= 0 || box.h <= 0)
        return;
    outline(card, (struct box){box.x - 2, box.y - 2, box.w + 4, box.h + 4}, RING + 4, WHITE);
    outline(card, box, RING, SEAL);
}

static void lay_qr(struct kr_frame *card, const struct kr_ask_card *about, int x, int y, int module)
{
    int whole = (about->qr_size + 2 * QUIET) * module;
    fill(card, (struct box){x, y, whole, whole}, WHITE);
    for (int v = 0; v < about->qr_size; v++)
        for (int u = 0; u < about->qr_size; u++)
            if (about->qr_dark[v * about->qr_size + u] == '1')
                fill(card,
                     (struct box){x + (u + QUIET) * module, y + (v + QUIET) * module, module,
                                  module},
                     0x000000);
}

// The three texts, set before it is known how high the card is.
struct texts {
    struct kr_frame *question, *hint, *code;
};

static void drop_texts(struct texts *texts)
{
    kr_frame_destroy(&texts->question);
    kr_frame_destroy(&texts->hint);
    kr_frame_destroy(&texts->code);
}

static bool set(const char *text, const char *lang, double size, int width, uint32_t colour,
                bool serif, struct kr_frame **out, struct kr_err *err)
{
    const struct kr_lettering lettering = {.text = *text ? text : " ",
                                           .lang = lang,
                                           .serif = serif,
                                           .size_px = size,
                                           .width_px = width,
                                           .colour = colour};
    return kr_lettering_set(&lettering, out, err);
}

// A long question in smaller letters: it is one picture on a telephone.
static bool set_texts(const struct kr_ask_card *about, int beside, struct texts *texts,
                      struct kr_err *err)
{
    size_t n = strlen(about->question);
    double size = n < 90 ? 64 : n < 240 ? 48 : n < 700 ? 34 : 24;
    int width = WIDTH - 2 * SIDE;
    return set(about->question, about->lang, size, width, INK, true, &texts->question, err) &&
           set(about->hint, about->lang, 34, width - beside, SOFT, false, &texts->hint, err) &&
           set(about->code, "en", 52, width - beside, INK, false, &texts->code, err);
}

static bool is_drawable(const struct kr_frame *picture, const struct kr_ask_card *about)
{
    bool good = picture->pixels == KR_RGB8 && strlen(about->question) <= KR_ASK_CARD_TEXT &&
                about->qr_size >= 0 && about->qr_size <= KR_ASK_CARD_QR &&
                strlen(about->qr_dark) == (size_t)about->qr_size * (size_t)about->qr_size;
    for (int i = 0; i < 4; i++)
        good = good && about->region[i] >= 0 && about->region[i] <= 1;
    return good;
}

bool kr_ask_card_draw(const struct kr_frame *picture, const struct kr_ask_card *about,
                      struct kr_frame **out, struct kr_err *err)
{
    KR_AUTO(drop_texts) struct texts texts = {0};
    if (!is_drawable(picture, about))
        return kr_fail(err, KR_E_INVALID, "a card that cannot be drawn");
    int module = about->qr_size ? QR_ROOM / (about->qr_size + 2 * QUIET) : 0;
    module = about->qr_size ? clamp(module, 2, MODULE_MOST) : 0;
    int qr = (about->qr_size + 2 * QUIET) * module;
    struct box at = place_picture(picture);
    if (!set_texts(about, qr ? qr + GAP : 0, &texts, err))
        return false;
    int below = at.y + at.h + GAP, foot = below + texts.question->height + GAP;
    int words = texts.hint->height + GAP / 2 + texts.code->height;
    int height = foot + (words > qr ? words : qr) + SIDE;
    if (!kr_frame_create(KR_RGB8, WIDTH, height, out, err))
        return false;
    fill(*out, (struct box){0, 0, WIDTH, height}, PAPER);
    lay_picture(*out, picture, at);
    lay_ring(*out, about->region, at);
    kr_lay_over(texts.question, 1, SIDE, below, *out);
    if (qr)
        lay_qr(*out, about, SIDE, foot, module);
    int beside = SIDE + (qr ? qr + GAP : 0);
    kr_lay_over(texts.hint, 1, beside, foot, *out);
    kr_lay_over(texts.code, 1, beside, foot + texts.hint->height + GAP / 2, *out);
    return true;
}
