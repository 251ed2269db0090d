// SPDX-License-Identifier: AGPL-3.0-or-later
#include "made.h"
#include "media/resize_priv.h"
#include <math.h>

TEST(an_even_grey_stays_even_at_any_size)
{
    static const int sizes[][4] = {{100, 70, 33, 20}, {4000, 3, 1, 1},  {7, 9, 7, 8},
                                   {5, 5, 5, 5},      {1, 1000, 1, 31}, {65, 65, 64, 64}};
    for (size_t i = 0; i < KR_COUNT(sizes); i++) {
        struct kr_frame *from = NULL, *to = NULL;
        EXPECT_OK(kr_frame_create(KR_RGB16, sizes[i][0], sizes[i][1], &from, &t->err));
        EXPECT_OK(kr_frame_create(KR_RGB16, sizes[i][2], sizes[i][3], &to, &t->err));
        for (int y = 0; y < from->height; y++)
            for (int x = 0; x < from->width * 3; x++)
                ((uint16_t *)(void *)(from->plane[0] + y * from->stride[0]))[x] = 51234;
        EXPECT_OK(kr_frame_resize(from, to, &t->err));
        for (int y = 0; y < to->height; y++)
            for (int x = 0; x < to->width * 3; x++)
                EXPECT_NEAR(((uint16_t *)(void *)(to->plane[0] + y * to->stride[0]))[x], 51234, 1);
        kr_frame_destroy(&from);
        kr_frame_destroy(&to);
    }
}

TEST(fine_stripes_become_grey_and_not_bands)
{
    struct kr_frame *from = NULL, *to = NULL;
    EXPECT_OK(kr_frame_create(KR_GRAY8, 1000, 64, &from, &t->err));
    EXPECT_OK(kr_frame_create(KR_GRAY8, 310, 20, &to, &t->err));
    for (int y = 0; y < 64; y++)
        for (int x = 0; x < 1000; x++)
            from->plane[0][y * from->stride[0] + x] = x % 2 ? 255 : 0;
    EXPECT_OK(kr_frame_resize(from, to, &t->err));
    for (int x = 2; x < 308; x++)
        EXPECT_NEAR(to->plane[0][10 * to->stride[0] + x], 127.5, 6);
    kr_frame_destroy(&from);
    kr_frame_destroy(&to);
}

TEST(an_edge_stays_where_it_is)
{
    struct kr_frame *from = NULL, *to = NULL;
    EXPECT_OK(kr_frame_create(KR_GRAY8, 400, 40, &from, &t->err));
    EXPECT_OK(kr_frame_create(KR_GRAY8, 100, 10, &to, &t->err));
    for (int y = 0; y < 40; y++)
        for (int x = 0; x < 400; x++)
            from->plane[0][y * from->stride[0] + x] = x < 240 ? 20 : 220;
    EXPECT_OK(kr_frame_resize(from, to, &t->err));
    double sum = 0;
    for (int x = 0; x < 100; x++)
        sum += to->plane[0][5 * to->stride[0] + x];
    EXPECT_NEAR(sum, 60 * 20 + 40 * 220, 25);
    EXPECT_NEAR(to->plane[0][50], 20, 3);
    EXPECT_NEAR(to->plane[0][70], 220, 3);
    kr_frame_destroy(&from);
    kr_frame_destroy(&to);
}

TEST(what_fits_keeps_its_shape)
{
    (void)t;
    int width, height;
    kr_fit(4000, 3000, 2048, &width, &height);
    EXPECT(width == 2048 && height == 1536);
    kr_fit(30, 20, 256, &width, &height);
    EXPECT(width == 30 && height == 20);
    kr_fit(60000, 10, 256, &width, &height);
    EXPECT(width == 256 && height == 1);
}

MAIN(CASE(an_even_grey_stays_even_at_any_size), CASE(fine_stripes_become_grey_and_not_bands),
     CASE(an_edge_stays_where_it_is), CASE(what_fits_keeps_its_shape))
