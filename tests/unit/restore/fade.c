// SPDX-License-Identifier: AGPL-3.0-or-later
// Truth is painted, aged by losing dye density, and asked back.
#include "restore/fade.h"

#include "harness.h"
#include "media/picture.h"
#include "media/start.h"
#include <fcntl.h>
#include <math.h>
#include <unistd.h>

static uint32_t dice(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static double unit(uint32_t *seed)
{
    return dice(seed) / (double)(1 << 24);
}

static struct kr_frame *blank(struct kr_test *t, enum kr_pixels pixels, int width, int height)
{
    struct kr_frame *frame = NULL;
    EXPECT_OK(kr_frame_create(pixels, width, height, &frame, &t->err));
    memset(frame->plane[0], 0, (size_t)frame->stride[0] * (size_t)height);
    return frame;
}

static void put(struct kr_frame *frame, int x, int y, const double rgb[3])
{
    for (int c = 0; c < 3; c++) {
        double v = fmin(fmax(rgb[c], 0), 1);
        uint8_t *at = frame->plane[0] + y * frame->stride[0] +
                      (3 * x + c) * (frame->pixels == KR_RGB16 ? 2 : 1);
        uint16_t wide = (uint16_t)lrint(v * 65535);
        if (frame->pixels == KR_RGB16)
            memcpy(at, &wide, sizeof wide);
        else
            *at = (uint8_t)lrint(v * 255);
    }
}

static double get(const struct kr_frame *frame, int x, int y, int c)
{
    const uint8_t *at = frame->plane[0] + y * frame->stride[0];
    uint16_t wide;
    if (frame->pixels == KR_RGB8)
        return at[3 * x + c] / 255.0;
    memcpy(&wide, at + 2 * (3 * x + c), sizeof wide);
    return wide / 65535.0;
}

// Patches of many colours and greys, shaded, with a true white and a true black.
static struct kr_frame *scene(struct kr_test *t, enum kr_pixels pixels, uint32_t seed)
{
    struct kr_frame *frame = blank(t, pixels, 320, 240);
    double patch[48][3];
    for (size_t i = 0; i < KR_COUNT(patch); i++)
        for (int c = 0; c < 3; c++)
            patch[i][c] = i % 6 == 0 ? 0.9 : i % 6 == 1 ? 0.1 : 0.15 + 0.6 * unit(&seed);
    for (int y = 0; y < 240; y++)
        for (int x = 0; x < 320; x++) {
            const double *p = patch[y / 40 * 8 + x / 40];
            double shade = 0.75 + 0.25 * sin(x * 0.11) * cos(y * 0.09), rgb[3];
            for (int c = 0; c < 3; c++)
                rgb[c] = p[c] * shade + 0.01 * (unit(&seed) - 0.5);
            put(frame, x, y, rgb);
        }
    return frame;
}

static double linear_of(double v)
{
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static double encoded_of(double l)
{
    return l <= 0.0031308 ? l * 12.92 : 1.055 * pow(l, 1 / 2.4) - 0.055;
}

// What years do: each dye keeps a part of its density, the paper yellows, haze settles.
struct years {
    double kept[3], stain[3], haze;
};
static const struct years ages[] = {
    {{0.55, 0.85, 0.75}, {0.03, 0.06, 0.12}, 0.01}, // cyan lost: pink
    {{0.70, 0.70, 0.60}, {0.06, 0.10, 0.25}, 0.03}, // yellowed
    {{0.75, 0.45, 0.60}, {0.05, 0.04, 0.10}, 0.02}, // magenta lost: green
};

static struct kr_frame *aged(struct kr_test *t, const struct kr_frame *in, const struct years *by)
{
    struct kr_frame *out = blank(t, in->pixels, in->width, in->height);
    for (int y = 0; y < in->height; y++)
        for (int x = 0; x < in->width; x++) {
            double rgb[3];
            for (int c = 0; c < 3; c++) {
                double d = -log10(fmax(linear_of(get(in, x, y, c)), 1e-3));
                double l = pow(10, -(d * by->kept[c] + by->stain[c]));
                rgb[c] = encoded_of(l * (1 - by->haze) + by->haze);
            }
            put(out, x, y, rgb);
        }
    return out;
}

static double psnr(const struct kr_frame *a, const struct kr_frame *b)
{
    double sum = 0;
    for (int y = 0; y < a->height; y++)
        for (int x = 0; x < a->width; x++)
            for (int c = 0; c < 3; c++)
                sum += pow(get(a, x, y, c) - get(b, x, y, c), 2);
    return -10 * log10(fmax(sum / (3.0 * a->width * a->height), 1e-12));
}

static struct kr_fade_plan *study(struct kr_test *t, const struct kr_frame *frame, double strength)
{
    struct kr_fade_params params = {.strength = strength};
    struct kr_fade_plan *plan = NULL;
    EXPECT_OK(kr_fade_study(frame, &params, &plan, &t->err));
    return plan;
}

static void treat(struct kr_test *t, struct kr_frame *frame, double strength)
{
    struct kr_fade_plan *plan = study(t, frame, strength);
    kr_fade_apply(plan, frame);
    kr_fade_plan_destroy(&plan);
    EXPECT(!plan);
}

static void comes_back(struct kr_test *t, enum kr_pixels pixels)
{
    for (uint32_t seed = 1; seed <= 3; seed++)
        for (size_t i = 0; i < KR_COUNT(ages); i++) {
            struct kr_frame *truth = scene(t, pixels, seed), *old = aged(t, truth, &ages[i]);
            double before = psnr(truth, old);
            treat(t, old, 1);
            double after = psnr(truth, old);
            print_message("seed %u, age %zu: %.1f dB before, %.1f after\n", seed, i, before, after);
            EXPECT(after > before + 5 && after > 22);
            kr_frame_destroy(&truth);
            kr_frame_destroy(&old);
        }
}

TEST(a_faded_print_comes_nearer_to_what_it_was)
{
    comes_back(t, KR_RGB8);
}

TEST(sixteen_bits_come_back_too)
{
    comes_back(t, KR_RGB16);
}

static struct kr_frame *photograph(struct kr_test *t, const char *name)
{
    const char *path = kr_test_material(t, kr_arena_format(t->mem, "originals/open/%s", name));
    struct kr_picture_params params = KR_PICTURE_DEFAULTS;
    struct kr_frame *frame = NULL;
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        return NULL;
    params.fit = 480;
    EXPECT_OK(kr_picture_load(fd, &params, &frame, &t->err));
    close(fd);
    return frame;
}

// Leaves, rocks, snow, a street: what was photographed by others, not painted by us.
TEST(real_photographs_come_back_too_and_good_ones_stay)
{
    static const char *const names[] = {
        "immich/albums/nature/prairie_falcon.jpg",  "immich/albums/nature/wood_anemones.jpg",
        "immich/albums/nature/el_torcal_rocks.jpg", "immich/albums/nature/silver_fir.jpg",
        "immich/albums/text/japanese-shop.jpg",     "forensics-photos/IMG_1054.JPG"};
    double before = 0, after = 0, n = 0;
    EXPECT_OK(kr_media_start(&t->err));
    for (size_t k = 0; k < KR_COUNT(names); k++) {
        struct kr_frame *truth = photograph(t, names[k]), *out;
        if (!truth)
            SKIP("no ../shared/material");
        out = blank(t, KR_RGB8, truth->width, truth->height);
        kr_frame_copy(truth, out);
        treat(t, out, 1);
        EXPECT(psnr(truth, out) > 28);
        kr_frame_destroy(&out);
        for (size_t i = 0; i < KR_COUNT(ages); i++, n++) {
            struct kr_frame *old = aged(t, truth, &ages[i]);
            double was = psnr(truth, old);
            treat(t, old, 1);
            before += was;
            after += psnr(truth, old);
            EXPECT(psnr(truth, old) > was - 1); // none is made worse to speak of
            kr_frame_destroy(&old);
        }
        kr_frame_destroy(&truth);
    }
    print_message("%.1f dB before, %.1f after\n", before / n, after / n);
    EXPECT(after > before + 6 * n);
}

TEST(strength_none_changes_no_sample)
{
    struct kr_frame *truth = scene(t, KR_RGB16, 5), *old = aged(t, truth, &ages[0]);
    struct kr_frame *copy = blank(t, KR_RGB16, old->width, old->height);
    kr_frame_copy(old, copy);
    treat(t, old, 0);
    for (int y = 0; y < old->height; y++)
        EXPECT(memcmp(old->plane[0] + y * old->stride[0], copy->plane[0] + y * copy->stride[0],
                      kr_frame_row_bytes(old, 0)) == 0);
    kr_frame_destroy(&truth);
    kr_frame_destroy(&old);
    kr_frame_destroy(&copy);
}

TEST(a_good_picture_changes_little)
{
    for (uint32_t seed = 1; seed <= 3; seed++) {
        struct kr_frame *truth = scene(t, KR_RGB8, seed), *out = scene(t, KR_RGB8, seed);
        treat(t, out, 1);
        print_message("seed %u: %.1f dB from itself\n", seed, psnr(truth, out));
        EXPECT(psnr(truth, out) > 30);
        kr_frame_destroy(&truth);
        kr_frame_destroy(&out);
    }
}

// Fog: little range, but grey in all channels alike, and no black. It stays fog.
TEST(what_never_had_a_black_is_not_given_one)
{
    struct kr_frame *fog = blank(t, KR_RGB8, 200, 150);
    uint32_t seed = 3;
    for (int y = 0; y < 150; y++)
        for (int x = 0; x < 200; x++) {
            // a red and a blue end that never meet in white or black
            double s = x / 199.0, n = 0.02 * unit(&seed);
            put(fog, x, y,
                (double[3]){0.45 + 0.4 * s + n, 0.5 + 0.05 * sin(y * 0.2) + n, 0.85 - 0.4 * s + n});
        }
    struct kr_frame *out = blank(t, KR_RGB8, 200, 150);
    kr_frame_copy(fog, out);
    treat(t, out, 1);
    EXPECT(psnr(fog, out) > 30);
    kr_frame_destroy(&fog);
    kr_frame_destroy(&out);
}

TEST(a_sepia_print_keeps_its_tone_and_gains_range)
{
    struct kr_frame *print = blank(t, KR_RGB8, 200, 150);
    uint32_t seed = 9;
    for (int y = 0; y < 150; y++)
        for (int x = 0; x < 200; x++) {
            double v =
                0.40 + 0.35 * (0.5 + 0.5 * sin(x * 0.06) * cos(y * 0.05)) + 0.01 * unit(&seed);
            put(print, x, y, (double[3]){v, v * 0.85, v * 0.65});
        }
    double least = 1, most = 0;
    treat(t, print, 1);
    for (int y = 0; y < 150; y++)
        for (int x = 0; x < 200; x++) {
            double r = get(print, x, y, 0), g = get(print, x, y, 1), b = get(print, x, y, 2);
            least = fmin(least, g);
            most = fmax(most, g);
            EXPECT_NEAR(g / r, 0.85, 0.03);
            EXPECT_NEAR(b / r, 0.65, 0.03);
        }
    EXPECT(most - least > 0.35 * 0.85 * 1.3); // it was 0.30
    kr_frame_destroy(&print);
}

TEST(a_recipe_says_the_same_again)
{
    struct kr_frame *truth = scene(t, KR_RGB8, 2), *old = aged(t, truth, &ages[2]);
    struct kr_frame *again = blank(t, KR_RGB8, old->width, old->height);
    kr_frame_copy(old, again);
    struct kr_fade_plan *plan = study(t, old, 0.7), *back = NULL;
    KR_AUTO(kr_json_drop) json_t *step = kr_fade_plan_new_json(plan);
    KR_AUTO(kr_json_drop) json_t *read = NULL;
    EXPECT_OK(kr_json_parse(kr_str_of(kr_json_text(t->mem, step)), 4096, &read, &t->err));
    EXPECT_OK(kr_fade_plan_of_json(read, &back, &t->err));
    kr_fade_apply(plan, old);
    kr_fade_apply(back, again);
    EXPECT(psnr(old, again) > 119); // equal
    kr_fade_plan_destroy(&plan);
    kr_fade_plan_destroy(&back);
    kr_frame_destroy(&truth);
    kr_frame_destroy(&old);
    kr_frame_destroy(&again);
}

TEST(a_strange_recipe_is_refused)
{
    static const struct {
        const char *text;
        enum kr_code code;
    } cases[] = {
        {"{}", KR_E_INVALID},
        {"{\"step\":\"light\",\"version\":1}", KR_E_INVALID},
        {"{\"step\":\"fade\",\"version\":99}", KR_E_UNSUPPORTED},
        {"{\"step\":\"fade\",\"version\":1,\"strength\":1}", KR_E_INVALID},
        {"{\"step\":\"fade\",\"version\":1,\"strength\":2,\"gain\":[1,1,1],\"offset\":[0,0,0]}",
         KR_E_INVALID},
        {"{\"step\":\"fade\",\"version\":1,\"strength\":1,\"gain\":[1,1e9,1],\"offset\":[0,0,0]}",
         KR_E_INVALID},
        {"{\"step\":\"fade\",\"version\":1,\"strength\":1,\"gain\":[1,\"2\",1],\"offset\":[0,0,0]}",
         KR_E_INVALID},
    };
    for (size_t i = 0; i < KR_COUNT(cases); i++) {
        KR_AUTO(kr_json_drop) json_t *read = NULL;
        struct kr_fade_plan *plan = NULL;
        EXPECT_OK(kr_json_parse(kr_str_of(cases[i].text), 4096, &read, &t->err));
        EXPECT_FAIL(kr_fade_plan_of_json(read, &plan, &t->err), cases[i].code);
        EXPECT(!plan);
    }
}

TEST(a_single_pixel_survives)
{
    for (int size = 1; size <= 2; size++)
        for (int wide = 0; wide < 2; wide++) {
            struct kr_frame *dot = blank(t, wide ? KR_RGB16 : KR_RGB8, size, 3 - size);
            treat(t, dot, 1);
            EXPECT(get(dot, 0, 0, 0) < 0.01); // black stays black
            put(dot, 0, 0, (double[3]){1, 0.2, 0});
            treat(t, dot, 1);
            kr_frame_destroy(&dot);
        }
}

TEST(a_strength_out_of_range_is_refused)
{
    struct kr_frame *dot = blank(t, KR_RGB8, 1, 1);
    struct kr_fade_plan *plan = NULL;
    EXPECT_FAIL(kr_fade_study(dot, &(struct kr_fade_params){NAN}, &plan, &t->err), KR_E_INVALID);
    EXPECT_FAIL(kr_fade_study(dot, &(struct kr_fade_params){1.5}, &plan, &t->err), KR_E_INVALID);
    kr_frame_destroy(&dot);
}

MAIN(CASE(a_faded_print_comes_nearer_to_what_it_was), CASE(sixteen_bits_come_back_too),
     CASE(real_photographs_come_back_too_and_good_ones_stay), CASE(strength_none_changes_no_sample),
     CASE(a_good_picture_changes_little), CASE(what_never_had_a_black_is_not_given_one),
     CASE(a_sepia_print_keeps_its_tone_and_gains_range), CASE(a_recipe_says_the_same_again),
     CASE(a_strange_recipe_is_refused), CASE(a_single_pixel_survives),
     CASE(a_strength_out_of_range_is_refused))
