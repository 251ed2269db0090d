// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/askcard.h"
#include "made.h"
#include "media/start.h"

static struct kr_frame *grey(struct kr_test *t, int width, int height)
{
    struct kr_frame *frame = NULL;
    EXPECT_OK(kr_media_start(&t->err));
    EXPECT_OK(kr_frame_create(KR_RGB8, width, height, &frame, &t->err));
    for (int y = 0; y < height; y++)
        memset(frame->plane[0] + y * frame->stride[0], 0x80, (size_t)(3 * width));
    return frame;
}

static uint32_t at(const struct kr_frame *frame, int x, int y)
{
    const uint8_t *p = frame->plane[0] + y * frame->stride[0] + 3 * x;
    return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

static const struct kr_ask_card plain = {.question = "这是谁？\nWho is this?",
                                         .lang = "zh-CN",
                                         .hint = "…",
                                         .code = "ABCD EFGH JKMN",
                                         .region = {0.25, 0.25, 0.5, 0.5},
                                         .qr_size = 2,
                                         .qr_dark = "1001"};

static struct kr_frame *draw(struct kr_test *t, const struct kr_frame *picture)
{
    struct kr_frame *card = NULL;
    if (!kr_ask_card_draw(picture, &plain, &card, &t->err) && t->err.code == KR_E_NOT_FOUND)
        SKIP("no fonts");
    EXPECT_OK(card != NULL);
    return card;
}

TEST(the_picture_keeps_its_shape_and_has_the_frame_where_it_was_drawn)
{
    static const int shapes[][2] = {{400, 300}, {300, 400}, {3000, 30}, {7, 2000}};
    for (size_t i = 0; i < KR_COUNT(shapes); i++) {
        KR_AUTO(kr_frame_destroy) struct kr_frame *picture = grey(t, shapes[i][0], shapes[i][1]);
        KR_AUTO(kr_frame_destroy) struct kr_frame *card = draw(t, picture);
        EXPECT_INT(card->width, KR_ASK_CARD_WIDTH);
    }
    KR_AUTO(kr_frame_destroy) struct kr_frame *picture = grey(t, 400, 300);
    KR_AUTO(kr_frame_destroy) struct kr_frame *card = draw(t, picture);
    int x = 48 + 984 / 4, y = 48 + 738 / 4; // 984 px wide, 3 to 4
    EXPECT_INT(at(card, x + 3, y + 100), 0xA63A24);
    EXPECT_INT(at(card, x - 2, y + 100), 0xFFFFFF);
    EXPECT_INT(at(card, x + 200, y + 100), 0x808080);
    EXPECT_INT(at(card, 10, 10), 0xF6F2EA);
}

TEST(what_cannot_be_drawn_is_refused)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *picture = grey(t, 40, 30);
    struct kr_frame *card = NULL;
    struct kr_ask_card wrong = plain;
    wrong.qr_size = 3; // four modules were told
    EXPECT_FAIL(kr_ask_card_draw(picture, &wrong, &card, &t->err), KR_E_INVALID);
    wrong = plain;
    wrong.region[2] = 7;
    EXPECT_FAIL(kr_ask_card_draw(picture, &wrong, &card, &t->err), KR_E_INVALID);
    wrong = plain;
    wrong.qr_size = KR_ASK_CARD_QR + 1;
    EXPECT_FAIL(kr_ask_card_draw(picture, &wrong, &card, &t->err), KR_E_INVALID);
    EXPECT(!card);
}

MAIN(CASE(the_picture_keeps_its_shape_and_has_the_frame_where_it_was_drawn),
     CASE(what_cannot_be_drawn_is_refused))
