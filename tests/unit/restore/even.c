// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/even.h"

#include "harness.h"

enum { W = 96, H = 64 };

TEST(the_same_picture_in_other_light_looks_the_same)
{
    struct kr_frame *frame = NULL, *out[2] = {NULL, NULL};
    int worst = 0;
    EXPECT_OK(kr_frame_create(KR_YUV420, W, H, &frame, &t->err));
    for (int i = 0; i < 2; i++) {
        EXPECT_OK(kr_frame_create(KR_GRAY8, W, H, &out[i], &t->err));
        for (int y = 0; y < H; y++)
            for (int x = 0; x < W; x++)
                frame->plane[0][y * frame->stride[0] + x] =
                    (uint8_t)((40 + (x * 5 + y * 3) % 120) * (i ? 5 : 4) / 4 + 7 * i);
        kr_even_luma(frame, out[i]);
    }
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++) {
            int a = out[0]->plane[0][y * out[0]->stride[0] + x];
            int b = out[1]->plane[0][y * out[1]->stride[0] + x];
            worst = abs(a - b) > worst ? abs(a - b) : worst;
        }
    EXPECT(worst <= 3);
    kr_frame_destroy(&frame);
    kr_frame_destroy(&out[0]);
    kr_frame_destroy(&out[1]);
}

MAIN(CASE(the_same_picture_in_other_light_looks_the_same))
