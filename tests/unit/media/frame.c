// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/frame.h"
#include "harness.h"

TEST(an_odd_film_frame_has_rounded_up_chroma)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
    EXPECT_OK(kr_frame_create(KR_YUV420, 33, 17, &frame, &t->err));
    EXPECT_INT(kr_frame_plane_count(frame->pixels), 3);
    EXPECT_INT(kr_frame_plane_height(frame, 1), 9);
    EXPECT_INT(kr_frame_row_bytes(frame, 2), 17);
    for (int p = 0; p < 3; p++) {
        EXPECT((uintptr_t)frame->plane[p] % 64 == 0 && frame->stride[p] % 64 == 0);
        for (int y = 0; y < kr_frame_plane_height(frame, p); y++)
            memset(frame->plane[p] + y * frame->stride[p], 0x40 + p, kr_frame_row_bytes(frame, p));
    }
    EXPECT_INT(frame->plane[0][16 * frame->stride[0] + 32], 0x40);
    EXPECT_INT(frame->plane[1][0], 0x41);
}

TEST(a_strangers_size_is_refused_politely)
{
    struct kr_frame *frame = NULL;
    EXPECT_FAIL(kr_frame_create(KR_RGB16, 60000, 60000, &frame, &t->err), KR_E_TOO_BIG);
    EXPECT_FAIL(kr_frame_create(KR_RGB8, 0, 5, &frame, &t->err), KR_E_TOO_BIG);
    EXPECT_FAIL(kr_frame_create(KR_RGB8, 5, -1, &frame, &t->err), KR_E_TOO_BIG);
    EXPECT(!frame);
}

TEST(a_copy_holds_the_same_rows_and_times)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *a = NULL;
    KR_AUTO(kr_frame_destroy) struct kr_frame *b = NULL;
    EXPECT_OK(kr_frame_create(KR_RGB8, 5, 3, &a, &t->err));
    EXPECT_OK(kr_frame_create(KR_RGB8, 5, 3, &b, &t->err));
    for (int y = 0; y < 3; y++)
        for (int x = 0; x < 15; x++)
            a->plane[0][y * a->stride[0] + x] = (uint8_t)(y * 20 + x);
    a->at_us = 40000;
    kr_frame_copy(a, b);
    EXPECT_INT(b->plane[0][2 * b->stride[0] + 14], 54);
    EXPECT_INT(b->at_us, 40000);
}

TEST(a_pool_gives_the_same_memory_again)
{
    struct kr_frame_pool *pool = NULL;
    struct kr_frame *a = NULL, *b = NULL;
    EXPECT_OK(kr_frame_pool_create(KR_GRAY8, 64, 64, 1, &pool, &t->err));
    EXPECT_OK(kr_frame_pool_take(pool, &a, &t->err));
    uint8_t *where = a->plane[0];
    a->at_us = 7;
    kr_frame_destroy(&a);
    EXPECT_OK(kr_frame_pool_take(pool, &a, &t->err));
    EXPECT(a->plane[0] == where && a->at_us == 0);
    EXPECT_OK(kr_frame_pool_take(pool, &b, &t->err));
    EXPECT(b->plane[0] != where);
    kr_frame_destroy(&a);
    kr_frame_destroy(&b);
    kr_frame_pool_destroy(&pool);
    EXPECT_FAIL(kr_frame_pool_create(KR_RGB16, 1 << 20, 1 << 20, 1, &pool, &t->err), KR_E_TOO_BIG);
}

MAIN(CASE(an_odd_film_frame_has_rounded_up_chroma), CASE(a_strangers_size_is_refused_politely),
     CASE(a_copy_holds_the_same_rows_and_times), CASE(a_pool_gives_the_same_memory_again))
