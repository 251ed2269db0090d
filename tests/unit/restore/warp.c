// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/warp_priv.h"

#include "harness.h"
#include <math.h>

static struct kr_frame *frame_of(struct kr_test *t, enum kr_pixels pixels, int width, int height)
{
    struct kr_frame *frame = NULL;
    EXPECT_OK(kr_frame_create(pixels, width, height, &frame, &t->err));
    for (int p = 0; p < kr_frame_plane_count(pixels); p++)
        for (int y = 0; y < kr_frame_plane_height(frame, p); y++)
            memset(frame->plane[p] + y * frame->stride[p], 0, kr_frame_row_bytes(frame, p));
    return frame;
}

// Smooth waves: sampled anywhere, their true value is known.
static double wave(double x, double y)
{
    return 128 + 50 * sin(x * 0.21 + 0.3) + 40 * cos(y * 0.17 + x * 0.05);
}

static void paint(struct kr_frame *frame)
{
    for (int p = 0; p < kr_frame_plane_count(frame->pixels); p++)
        for (int y = 0; y < kr_frame_plane_height(frame, p); y++)
            for (size_t i = 0; i < kr_frame_row_bytes(frame, p); i++) {
                int channels = frame->pixels == KR_RGB8 ? 3 : frame->pixels == KR_RGBA8 ? 4 : 1;
                int column = (int)i / channels;
                double x = column;
                double at_x = p ? 2 * x + 0.5 : x + 0.5, at_y = p ? 2 * y + 1.0 : y + 0.5;
                frame->plane[p][y * frame->stride[p] + (ptrdiff_t)i] =
                    (uint8_t)lrint(wave(at_x, at_y));
            }
}

static bool same(const struct kr_frame *a, const struct kr_frame *b)
{
    for (int p = 0; p < kr_frame_plane_count(a->pixels); p++)
        for (int y = 0; y < kr_frame_plane_height(a, p); y++)
            if (memcmp(a->plane[p] + y * a->stride[p], b->plane[p] + y * b->stride[p],
                       kr_frame_row_bytes(a, p)) != 0)
                return false;
    return true;
}

TEST(standing_still_changes_no_byte)
{
    enum kr_pixels kinds[] = {KR_GRAY8, KR_RGB8, KR_RGBA8, KR_YUV420};
    for (size_t i = 0; i < KR_COUNT(kinds); i++) {
        struct kr_frame *in = frame_of(t, kinds[i], 101, 67), *out = frame_of(t, kinds[i], 101, 67);
        paint(in);
        kr_warp_affine(in, (double[6]){1, 0, 0, 0, 1, 0}, out);
        EXPECT(same(in, out));
        kr_frame_destroy(&in);
        kr_frame_destroy(&out);
    }
}

// The worst distance from the truth, away from the edges.
static double worst(const struct kr_frame *out, int plane, const double m[6], int border)
{
    double most = 0;
    int n = (int)kr_frame_row_bytes(out, plane);
    for (int y = border; y < kr_frame_plane_height(out, plane) - border; y++)
        for (int x = border; x < n - border; x++) {
            double px = plane ? 2 * x + 0.5 : x + 0.5, py = plane ? 2 * y + 1.0 : y + 0.5;
            double truth = wave(m[0] * px + m[1] * py + m[2], m[3] * px + m[4] * py + m[5]);
            most = fmax(most, fabs(out->plane[plane][y * out->stride[plane] + x] - truth));
        }
    return most;
}

TEST(part_of_a_pixel_lands_where_it_should_in_luma_and_chroma)
{
    struct kr_frame *in = frame_of(t, KR_YUV420, 320, 200), *out = frame_of(t, KR_YUV420, 240, 160);
    paint(in);
    double m[6] = {1.11, -0.02, 13.37, 0.03, 1.07, 9.81};
    kr_warp_affine(in, m, out);
    EXPECT(worst(out, 0, m, 2) < 1.6); // rounding twice, and the cubic's own error
    EXPECT(worst(out, 1, m, 2) < 3.0); // half as many samples for the same wave
    kr_frame_destroy(&in);
    kr_frame_destroy(&out);
}

TEST(vectors_and_scalars_give_the_same_bytes)
{
    if (!kr_warp_has_avx2())
        SKIP("no AVX2 here");
    static const double maps[][6] = {
        {1, 0, 0.25, 0, 1, 0.75},         {0.9, 0.02, 5.3, -0.02, 0.9, 7.1},
        {1.49, 0, -3, 0, 1.49, -2},       {-1, 0, 300, 0, 1, 0.5},
        {0.7, 0.7, 10, -0.7, 0.7, 90},    {3, 0, 0, 0, 3, 0},
        {1e30, NAN, 4, 0, -INFINITY, 1e9}};
    struct kr_frame *in = frame_of(t, KR_YUV420, 331, 203);
    struct kr_frame *a = frame_of(t, KR_YUV420, 309, 197), *b = frame_of(t, KR_YUV420, 309, 197);
    uint32_t seed = 7; // noise: no error can hide in smoothness
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < kr_frame_plane_height(in, p); y++)
            for (size_t x = 0; x < kr_frame_row_bytes(in, p); x++) {
                seed = seed * 1664525u + 1013904223u;
                in->plane[p][y * in->stride[p] + (ptrdiff_t)x] = (uint8_t)(seed >> 24);
            }
    for (size_t i = 0; i < KR_COUNT(maps); i++) {
        kr_warp_affine_by(in, maps[i], a, false);
        kr_warp_affine_by(in, maps[i], b, true);
        EXPECT(same(a, b));
    }
    kr_frame_destroy(&in);
    kr_frame_destroy(&a);
    kr_frame_destroy(&b);
}

TEST(outside_the_picture_its_edge_goes_on)
{
    struct kr_frame *in = frame_of(t, KR_RGB8, 8, 8), *out = frame_of(t, KR_RGB8, 24, 24);
    memset(in->plane[0], 200, (size_t)in->stride[0] * 8);
    kr_warp_affine(in, (double[6]){1, 0, -8, 0, 1, -8}, out);
    for (int y = 0; y < 24; y++)
        for (int x = 0; x < 24 * 3; x++)
            EXPECT_INT(out->plane[0][y * out->stride[0] + x], 200);
    kr_frame_destroy(&in);
    kr_frame_destroy(&out);
}

TEST(one_pixel_and_two_are_pictures_too)
{
    for (int size = 1; size <= 2; size++) {
        struct kr_frame *in = frame_of(t, KR_YUV420, size, size);
        struct kr_frame *out = frame_of(t, KR_YUV420, 3 - size, size);
        KR_AUTO(kr_mips_destroy) struct kr_mips *mips = NULL;
        kr_warp_affine(in, (double[6]){0.9, 0.1, 0.1, 0.1, 0.9, 0.1}, out);
        EXPECT_OK(kr_mips_create(in, 1e9, &mips, &t->err));
        kr_mips_warp(mips, (double[6]){40, 0, 0, 0, 40, 0}, out);
        EXPECT_INT(out->plane[0][0], 0);
        kr_mips_destroy(&mips);
        kr_frame_destroy(&in);
        kr_frame_destroy(&out);
    }
}

// A grid of one-pixel lines, shrunk eight times: without mips it beats; with them it is grey.
TEST(fine_detail_shrinks_to_grey_and_not_to_stripes)
{
    struct kr_frame *in = frame_of(t, KR_RGB8, 800, 400), *out = frame_of(t, KR_RGB8, 99, 49);
    for (int y = 0; y < 400; y++)
        for (int x = 0; x < 800 * 3; x++)
            in->plane[0][y * in->stride[0] + x] = x / 3 % 2 ? 255 : 0;
    KR_AUTO(kr_mips_destroy) struct kr_mips *mips = NULL;
    double m[6];
    kr_warp_of_rect((double[4]){0, 0, 800, 400}, 99, 49, m);
    EXPECT_OK(kr_mips_create(in, 8.2, &mips, &t->err));
    kr_mips_warp(mips, m, out);
    for (int x = 3; x < 96 * 3; x++)
        EXPECT_NEAR(out->plane[0][20 * out->stride[0] + x], 127.5, 3);
    kr_mips_destroy(&mips);
    kr_frame_destroy(&in);
    kr_frame_destroy(&out);
}

// Chroma sits half a luma sample to the left; halving must not move it against luma.
TEST(halves_keep_chroma_on_its_place)
{
    struct kr_frame *in = frame_of(t, KR_YUV420, 160, 64), *out = frame_of(t, KR_YUV420, 40, 16);
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < kr_frame_plane_height(in, p); y++)
            for (int x = 0; x < (int)kr_frame_row_bytes(in, p); x++)
                in->plane[p][y * in->stride[p] + x] =
                    (uint8_t)lrint(20 + (p ? 2 * x + 0.5 : x + 0.5) * 1.4);
    KR_AUTO(kr_mips_destroy) struct kr_mips *mips = NULL;
    EXPECT_OK(kr_mips_create(in, 4, &mips, &t->err));
    kr_mips_warp(mips, (double[6]){4, 0, 0, 0, 4, 0}, out);
    for (int x = 3; x < 17; x++) { // a shift of half a sample would be 2.8 grey levels
        EXPECT_NEAR(out->plane[0][8 * out->stride[0] + 2 * x], 20 + (2 * x + 0.5) * 5.6, 1.6);
        EXPECT_NEAR(out->plane[1][4 * out->stride[1] + x], 20 + (2 * x + 0.5) * 5.6, 1.6);
    }
    kr_mips_destroy(&mips);
    kr_frame_destroy(&in);
    kr_frame_destroy(&out);
}

MAIN(CASE(standing_still_changes_no_byte),
     CASE(part_of_a_pixel_lands_where_it_should_in_luma_and_chroma),
     CASE(vectors_and_scalars_give_the_same_bytes), CASE(outside_the_picture_its_edge_goes_on),
     CASE(one_pixel_and_two_are_pictures_too), CASE(fine_detail_shrinks_to_grey_and_not_to_stripes),
     CASE(halves_keep_chroma_on_its_place))
