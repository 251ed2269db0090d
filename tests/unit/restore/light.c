// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/light.h"

#include "harness.h"
#include <math.h>

enum { WIDTH = 160, HEIGHT = 90, FRAMES = 30 };

static double unit(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) / (double)(1 << 24);
}

static struct kr_frame *blank(struct kr_test *t, int width, int height)
{
    struct kr_frame *frame = NULL;
    EXPECT_OK(kr_frame_create(KR_YUV420, width, height, &frame, &t->err));
    for (int p = 0; p < 3; p++)
        memset(frame->plane[p], p ? 128 : 16,
               (size_t)(frame->stride[p] * kr_frame_plane_height(frame, p)));
    return frame;
}

static uint8_t code(double v, double least, double most)
{
    return (uint8_t)lrint(fmin(fmax(v, least), most));
}

// Linear red, green, blue to the frame's codes; chroma of the last pixel of four.
static void put(struct kr_frame *f, int x, int y, const double linear[3])
{
    double e[3];
    for (int c = 0; c < 3; c++)
        e[c] = pow(fmin(fmax(linear[c], 0), 1), 1 / 2.2);
    double luma = 0.2126 * e[0] + 0.7152 * e[1] + 0.0722 * e[2];
    f->plane[0][y * f->stride[0] + x] = code(16 + 219 * luma, 16, 235);
    f->plane[1][y / 2 * f->stride[1] + x / 2] = code(128 + 224 * (e[2] - luma) / 1.8556, 16, 240);
    f->plane[2][y / 2 * f->stride[2] + x / 2] = code(128 + 224 * (e[0] - luma) / 1.5748, 16, 240);
}

// Patches of many colours under a lamp of some strength and colour, with a camera's noise.
static void scene(struct kr_frame *f, const double lamp[3], double noise, uint32_t *grain)
{
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            uint32_t patch = (uint32_t)(y / 10 * 16 + x / 10) * 2654435761u + 17;
            double grey = 0.02 + 0.9 * pow(unit(&patch), 2.2), rgb[3];
            for (int c = 0; c < 3; c++)
                rgb[c] = lamp[c] * grey * (0.6 + 0.4 * unit(&patch)) +
                         noise * (unit(grain) + unit(grain) - 1);
            put(f, x, y, rgb);
        }
}

static double mean_of(const struct kr_frame *f, int plane)
{
    double sum = 0;
    int n = (int)kr_frame_row_bytes(f, plane), rows = kr_frame_plane_height(f, plane);
    for (int y = 0; y < rows; y++)
        for (int x = 0; x < n; x++)
            sum += f->plane[plane][y * f->stride[plane] + x];
    return sum / n / rows;
}

struct seen { // of a clip: mean and spread of the frame means, and a share of what clipped
    double mean, sd, chroma;
    bool same;
};

static struct seen watch(struct kr_test *t, const double lamp[3], double noise, bool treat,
                         json_t **report)
{
    struct kr_frame *f = blank(t, WIDTH, HEIGHT), *was = blank(t, WIDTH, HEIGHT);
    struct kr_light *light = NULL;
    struct seen seen = {.same = true};
    EXPECT_OK(kr_light_create(&KR_LIGHT_DEFAULTS, WIDTH, HEIGHT, 25, &light, &t->err));
    uint32_t grain = 5;
    for (int i = 0; i < FRAMES; i++) {
        scene(f, lamp, noise, &grain);
        kr_light_study(light, f, i == 0);
    }
    *report = kr_light_decide_new(light);
    grain = 5;
    double square = 0;
    for (int i = 0; i < FRAMES; i++) {
        scene(f, lamp, noise, &grain);
        kr_frame_copy(f, was);
        if (treat)
            (void)kr_light_treat(light, (size_t)i, f);
        for (int p = 0; p < 3; p++)
            for (int y = 0; y < kr_frame_plane_height(f, p); y++)
                seen.same = seen.same && memcmp(f->plane[p] + y * f->stride[p],
                                                was->plane[p] + y * was->stride[p],
                                                kr_frame_row_bytes(f, p)) == 0;
        double mean = mean_of(f, 0);
        seen.mean += mean / FRAMES;
        square += mean * mean / FRAMES;
        seen.chroma += hypot(mean_of(f, 1) - 128, mean_of(f, 2) - 128) / FRAMES;
    }
    seen.sd = sqrt(fmax(square - seen.mean * seen.mean, 0));
    kr_light_destroy(&light);
    kr_frame_destroy(&f);
    kr_frame_destroy(&was);
    return seen;
}

TEST(a_dark_clip_gets_light_and_does_not_flicker)
{
    static const double dark[3] = {0.08, 0.08, 0.08}, good[3] = {1, 1, 1};
    KR_AUTO(kr_json_drop) json_t *a = NULL, *b = NULL, *c = NULL;
    struct seen before = watch(t, dark, 0.002, false, &a), after = watch(t, dark, 0.002, true, &b);
    struct seen by_day = watch(t, good, 0.002, false, &c);
    print_message("luma %.1f sd %.3f, then %.1f sd %.3f; by day %.1f; %s\n", before.mean, before.sd,
                  after.mean, after.sd, by_day.mean, kr_json_text(t->mem, b));
    EXPECT(kr_json_bool(b, "done", false));
    EXPECT(after.mean > before.mean + 30 && after.mean < by_day.mean + 25);
    EXPECT(after.sd / (after.mean - 16) <= before.sd / (before.mean - 16) * 1.1);
    kr_json_drop(&a);
    kr_json_drop(&c);
}

TEST(a_well_lit_clip_is_left_alone)
{
    static const double good[3] = {1, 1, 1}, duller[3] = {0.75, 0.75, 0.7};
    KR_AUTO(kr_json_drop) json_t *a = NULL;
    KR_AUTO(kr_json_drop) json_t *b = NULL;
    EXPECT(watch(t, good, 0.002, true, &a).same);
    EXPECT(watch(t, duller, 0.002, true, &b).same);
    EXPECT(!kr_json_bool(a, "done", true) && !kr_json_bool(b, "done", true));
}

TEST(a_cast_is_taken_back_in_part)
{
    static const double lamp[3] = {1.0, 0.62, 0.28}; // a warm bulb
    KR_AUTO(kr_json_drop) json_t *a = NULL;
    KR_AUTO(kr_json_drop) json_t *b = NULL;
    struct seen before = watch(t, lamp, 0, false, &a), after = watch(t, lamp, 0, true, &b);
    print_message("chroma %.1f, then %.1f\n", before.chroma, after.chroma);
    EXPECT(after.chroma < 0.65 * before.chroma); // most of it goes
    EXPECT(after.chroma > 0.15 * before.chroma); // the evening stays
}

TEST(each_shot_has_its_own_light)
{
    static const double dark[3] = {0.06, 0.06, 0.06}, good[3] = {1, 1, 1};
    struct kr_frame *f = blank(t, WIDTH, HEIGHT);
    struct kr_light *light = NULL;
    uint32_t grain = 5;
    EXPECT_OK(kr_light_create(&(struct kr_light_params){.strength = 1}, WIDTH, HEIGHT, 25, &light,
                              &t->err));
    for (int i = 0; i < 40; i++) {
        scene(f, i < 20 ? good : dark, 0, &grain);
        kr_light_study(light, f, i % 20 == 0);
    }
    KR_AUTO(kr_json_drop) json_t *report = kr_light_decide_new(light);
    EXPECT_INT(kr_json_int(report, "shots", 0), 2);
    for (int i = 0; i < 40; i++) {
        scene(f, i < 20 ? good : dark, 0, &grain);
        EXPECT(kr_light_treat(light, (size_t)i, f) == (i >= 20));
    }
    kr_light_destroy(&light);
    kr_frame_destroy(&f);
}

// Somebody in the middle, who hides much of a window that fills the frame, or part of
// one in a dark wall.
static void before_a_window(struct kr_frame *f, double inside, bool wall)
{
    int wide = wall ? 30 : WIDTH / 4, high = wall ? 36 : HEIGHT / 5;
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            bool middle = x > WIDTH / 2 - wide && x < WIDTH / 2 + wide && y > high;
            bool outside = !wall || (x > 20 && x < WIDTH - 20 && y > 8);
            double v = middle ? inside : outside ? 0.6 : 0.02;
            v *= 0.8 + 0.2 * ((x / 5 + y / 5) % 2);
            put(f, x, y, (const double[3]){v, v, v});
        }
}

static double part_mean(const struct kr_frame *f, int x0, int x1)
{
    double sum = 0;
    for (int y = HEIGHT / 2; y < HEIGHT; y++)
        for (int x = x0; x < x1; x++)
            sum += f->plane[0][y * f->stride[0] + x];
    return sum / (x1 - x0) / (HEIGHT - HEIGHT / 2);
}

TEST(a_face_before_a_window_is_lifted_and_the_window_stays)
{
    struct kr_frame *f = blank(t, WIDTH, HEIGHT);
    for (int night = 0; night < 2; night++) {
        struct kr_light *light = NULL;
        struct kr_light_params params = {0.8f, night};
        EXPECT_OK(kr_light_create(&params, WIDTH, HEIGHT, 25, &light, &t->err));
        before_a_window(f, 0.04, false);
        double face = part_mean(f, 60, 100), window = part_mean(f, 0, 20);
        for (int i = 0; i < 12; i++)
            kr_light_study(light, f, i == 0);
        KR_AUTO(kr_json_drop) json_t *report = kr_light_decide_new(light);
        (void)kr_light_treat(light, 0, f);
        print_message("face %.0f, then %.0f; window %.0f, then %.0f\n", face, part_mean(f, 60, 100),
                      window, part_mean(f, 0, 20));
        EXPECT(night || part_mean(f, 60, 100) > face + 25);
        EXPECT(!night || part_mean(f, 60, 100) < 1.15 * face);
        EXPECT_NEAR(part_mean(f, 0, 20), window, 6);
        kr_light_destroy(&light);
    }
    kr_frame_destroy(&f);
}

TEST(somebody_before_a_window_in_a_dark_wall_is_lifted_and_the_wall_is_not)
{
    struct kr_frame *f = blank(t, WIDTH, HEIGHT);
    struct kr_light *light = NULL;
    EXPECT_OK(kr_light_create(&KR_LIGHT_DEFAULTS, WIDTH, HEIGHT, 25, &light, &t->err));
    before_a_window(f, 0.03, true);
    double face = part_mean(f, 60, 100), window = part_mean(f, 22, 46), wall = part_mean(f, 0, 16);
    for (int i = 0; i < 12; i++)
        kr_light_study(light, f, i == 0);
    KR_AUTO(kr_json_drop) json_t *report = kr_light_decide_new(light);
    (void)kr_light_treat(light, 0, f);
    print_message("face %.0f, then %.0f; window %.0f, then %.0f; wall %.0f, then %.0f\n", face,
                  part_mean(f, 60, 100), window, part_mean(f, 22, 46), wall, part_mean(f, 0, 16));
    EXPECT(part_mean(f, 60, 100) > face + 25);
    EXPECT_NEAR(part_mean(f, 22, 46), window, 12);
    EXPECT(part_mean(f, 0, 16) < wall + 12);
    kr_light_destroy(&light);
    kr_frame_destroy(&f);
}

TEST(a_night_stays_a_night)
{
    static const double dark[3] = {0.05, 0.05, 0.06};
    struct kr_frame *f = blank(t, WIDTH, HEIGHT);
    struct kr_light *light = NULL;
    struct kr_light_params params = {1, .night = true};
    uint32_t grain = 5;
    EXPECT_OK(kr_light_create(&params, WIDTH, HEIGHT, 25, &light, &t->err));
    scene(f, dark, 0, &grain);
    double before = mean_of(f, 0) - 16;
    kr_light_study(light, f, true);
    KR_AUTO(kr_json_drop) json_t *report = kr_light_decide_new(light);
    EXPECT(kr_light_treat(light, 0, f));
    double after = mean_of(f, 0) - 16;
    print_message("luma above black %.1f, then %.1f\n", before, after);
    EXPECT(after > 1.03 * before && after < 1.17 * before);
    kr_light_destroy(&light);
    kr_frame_destroy(&f);
}

enum black { FACE, SPARKS, LAMPS };

// Lit well, before something black; or lamps over a dark street.
static void before_black(struct kr_frame *f, enum black kind)
{
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            bool face = hypot(x - 80, y - 50) < 22, spark = (x * 7 + y * 13) % 61 == 0 && y < 50;
            bool lamp = hypot(x % 40 - 20, y - 20) < 3;
            double checks = 0.5 + 0.5 * ((x / 4 + y / 4) % 2), v = 0.001;
            if (kind == FACE)
                v += face ? 0.4 * checks : 0;
            else if (kind == SPARKS)
                v += spark ? 0.9 : 0;
            else
                v += lamp ? 1 : 0.02 * checks;
            put(f, x, y, (const double[3]){v, v, v});
        }
}

TEST(a_black_ground_stays_black_and_a_street_at_night_dark)
{
    static const double most[] = {[FACE] = 1.02, [SPARKS] = 1.02, [LAMPS] = 1.5};
    struct kr_frame *f = blank(t, WIDTH, HEIGHT);
    for (enum black kind = FACE; kind <= LAMPS; kind++) {
        struct kr_light *light = NULL;
        EXPECT_OK(kr_light_create(&KR_LIGHT_DEFAULTS, WIDTH, HEIGHT, 25, &light, &t->err));
        before_black(f, kind);
        double before = mean_of(f, 0) - 16;
        for (int i = 0; i < 12; i++)
            kr_light_study(light, f, i == 0);
        KR_AUTO(kr_json_drop) json_t *report = kr_light_decide_new(light);
        (void)kr_light_treat(light, 0, f);
        print_message("black %d: %.1f, then %.1f\n", kind, before, mean_of(f, 0) - 16);
        EXPECT(mean_of(f, 0) - 16 < most[kind] * before);
        kr_light_destroy(&light);
    }
    kr_frame_destroy(&f);
}

TEST(strength_none_and_tiny_frames_are_fine)
{
    for (int size = 1; size <= 3; size++) {
        struct kr_frame *dot = blank(t, size, size);
        struct kr_light *light = NULL;
        struct kr_light_params params = {.strength = size == 1 ? 0 : 1};
        EXPECT_OK(kr_light_create(&params, size, size, 25, &light, &t->err));
        KR_AUTO(kr_json_drop) json_t *none = NULL;
        kr_light_study(light, dot, true);
        none = kr_light_decide_new(light);
        EXPECT(!kr_light_treat(light, 0, dot)); // there is nothing to be seen
        kr_light_destroy(&light);
        kr_frame_destroy(&dot);
    }
    struct kr_light *light = NULL;
    struct kr_light_params params = {.strength = NAN};
    EXPECT_FAIL(kr_light_create(&params, WIDTH, HEIGHT, 25, &light, &t->err), KR_E_INVALID);
}

MAIN(CASE(a_dark_clip_gets_light_and_does_not_flicker), CASE(a_well_lit_clip_is_left_alone),
     CASE(a_cast_is_taken_back_in_part), CASE(each_shot_has_its_own_light),
     CASE(a_face_before_a_window_is_lifted_and_the_window_stays),
     CASE(somebody_before_a_window_in_a_dark_wall_is_lifted_and_the_wall_is_not),
     CASE(a_night_stays_a_night), CASE(a_black_ground_stays_black_and_a_street_at_night_dark),
     CASE(strength_none_and_tiny_frames_are_fine))
