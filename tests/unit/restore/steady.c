// SPDX-License-Identifier: AGPL-3.0-or-later
// A camera whose every step is known looks at a painted wall. What the steadied
// clip shows is therefore known too, without asking our own eye.
#include "restore/steady.h"

#include "harness.h"
#include "restore/path.h"
#include "restore/warp.h"
#include <math.h>

enum { WIDTH = 480, HEIGHT = 270, WALL = 1000, FRAMES = 90 };

static double unit(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) / (double)(1 << 24);
}

static struct kr_frame *blank(struct kr_test *t, enum kr_pixels pixels, int width, int height)
{
    struct kr_frame *frame = NULL;
    EXPECT_OK(kr_frame_create(pixels, width, height, &frame, &t->err));
    for (int p = 0; p < kr_frame_plane_count(pixels); p++)
        memset(frame->plane[p], 128, (size_t)(frame->stride[p] * kr_frame_plane_height(frame, p)));
    return frame;
}

// Rectangles over rectangles: corners everywhere, softened a little.
static struct kr_frame *wall(struct kr_test *t, uint32_t seed)
{
    struct kr_frame *frame = blank(t, KR_YUV420, WALL, WALL);
    for (int i = 0; i < 2500; i++) {
        int x = (int)(unit(&seed) * WALL), y = (int)(unit(&seed) * WALL);
        int w = 8 + (int)(unit(&seed) * 50), h = 8 + (int)(unit(&seed) * 50);
        for (int j = y; j < y + h && j < WALL; j++)
            memset(frame->plane[0] + j * frame->stride[0] + x, 20 + i % 200,
                   (size_t)(x + w < WALL ? w : WALL - x));
    }
    struct kr_frame *soft = blank(t, KR_YUV420, WALL, WALL);
    kr_warp_affine(frame, (double[6]){1, 0, 0.5, 0, 1, 0.5}, soft);
    kr_frame_destroy(&frame);
    return soft;
}

struct camera { // where the middle of the frame looks, how it is turned
    double x, y, turn;
};

static void see(const struct camera *c, double m[6])
{
    double cs = cos(c->turn), sn = sin(c->turn);
    double map[6] = {cs, -sn, c->x - cs * WIDTH / 2 + sn * HEIGHT / 2,
                     sn, cs,  c->y - sn * WIDTH / 2 - cs * HEIGHT / 2};
    memcpy(m, map, sizeof map);
}

// A hand: a slow pan, a walk of trembling steps that pull back, a little turning.
static void shake(struct camera *way, int n, double size, uint32_t seed)
{
    double x = 0, y = 0, turn = 0;
    for (int i = 0; i < n; i++) {
        x = 0.85 * x + size * (unit(&seed) - 0.5);
        y = 0.85 * y + size * (unit(&seed) - 0.5);
        turn = 0.85 * turn + size * 0.001 * (unit(&seed) - 0.5);
        way[i] = (struct camera){460 + 0.7 * i + x, 500 + y, turn};
    }
}

// What the clip shows at a point of the screen, as a path of that point on the wall.
static double trembling(const struct camera *way, const struct kr_steady *steady, int n)
{
    struct kr_pose *path = kr_new_array(struct kr_pose, (size_t)n);
    double worst = 0;
    for (int corner = 0; corner < 4; corner++) {
        double px = corner & 1 ? WIDTH - 40 : 40, py = corner & 2 ? HEIGHT - 30 : 30;
        for (int i = 0; i < n; i++) {
            double m[6] = {1, 0, 0, 0, 1, 0}, c[6];
            if (steady)
                (void)!kr_steady_map(steady, (size_t)i, m);
            see(&way[i], c);
            double x = m[0] * px + m[1] * py + m[2], y = m[3] * px + m[4] * py + m[5];
            path[i] = (struct kr_pose){{c[0] * x + c[1] * y + c[2], c[3] * x + c[4] * y + c[5]}};
        }
        worst = fmax(worst, kr_path_jitter(path, (size_t)n, 30, WIDTH, HEIGHT));
    }
    kr_free(&path);
    return worst;
}

static json_t *run_with(struct kr_test *t, struct kr_steady_params params, const struct camera *way,
                        int n, struct kr_steady **out)
{
    struct kr_frame *picture = wall(t, 11), *frame = blank(t, KR_YUV420, WIDTH, HEIGHT);
    EXPECT_OK(kr_steady_create(&params, WIDTH, HEIGHT, 30, out, &t->err));
    for (int i = 0; i < n; i++) {
        double m[6];
        see(&way[i], m);
        kr_warp_affine(picture, m, frame);
        kr_steady_study(*out, frame, false);
    }
    kr_frame_destroy(&picture);
    kr_frame_destroy(&frame);
    return kr_steady_decide_new(*out);
}

static json_t *run(struct kr_test *t, const struct camera *way, int n, struct kr_steady **out)
{
    return run_with(t, (struct kr_steady_params){.strength = 0.8}, way, n, out);
}

static void stays_inside(const struct kr_steady *steady, int n)
{
    for (int i = 0; i < n; i++) {
        double m[6];
        EXPECT(kr_steady_map(steady, (size_t)i, m));
        for (int corner = 0; corner < 4; corner++) {
            double x = corner & 1 ? WIDTH : 0, y = corner & 2 ? HEIGHT : 0;
            double at_x = m[0] * x + m[1] * y + m[2], at_y = m[3] * x + m[4] * y + m[5];
            EXPECT(at_x > -0.01 && at_x < WIDTH + 0.01 && at_y > -0.01 && at_y < HEIGHT + 0.01);
        }
    }
}

TEST(a_trembling_hand_becomes_calm_and_no_border_shows)
{
    for (uint32_t seed = 1; seed <= 2; seed++) {
        struct camera way[FRAMES];
        struct kr_steady *steady = NULL;
        shake(way, FRAMES, 12, seed);
        KR_AUTO(kr_json_drop) json_t *report = run(t, way, FRAMES, &steady);
        double before = trembling(way, NULL, FRAMES), after = trembling(way, steady, FRAMES);
        print_message("seed %u: jitter %.2f px, then %.2f; %s\n", seed, before, after,
                      kr_json_text(t->mem, report));
        EXPECT(kr_json_bool(report, "done", false));
        EXPECT(before > 3 && after < before / 3);
        EXPECT_NEAR(kr_json_real(report, "jitter", 0), before, before * 0.3);
        stays_inside(steady, FRAMES);
        kr_steady_destroy(&steady);
    }
}

TEST(a_jerk_further_than_a_window_sees_is_followed)
{
    struct camera way[FRAMES];
    struct kr_steady *steady = NULL;
    shake(way, FRAMES, 6, 3);
    for (int i = 30; i < FRAMES; i++) { // somebody bumps into the table, twice
        way[i].x += i < 60 ? 70 : 0;
        way[i].y -= i < 60 ? 45 : 0;
    }
    KR_AUTO(kr_json_drop) json_t *report = run(t, way, FRAMES, &steady);
    double before = trembling(way, NULL, FRAMES);
    print_message("jitter %.2f px: %s\n", before, kr_json_text(t->mem, report));
    EXPECT_NEAR(kr_json_real(report, "jitter", 0), before, before * 0.1);
    kr_steady_destroy(&steady);
}

TEST(a_clip_from_a_stand_is_left_alone)
{
    struct camera way[FRAMES / 2];
    struct kr_steady *steady = NULL;
    double m[6];
    shake(way, FRAMES / 2, 0, 1); // an even pan
    KR_AUTO(kr_json_drop) json_t *report = run(t, way, FRAMES / 2, &steady);
    EXPECT(!kr_json_bool(report, "done", true));
    for (size_t i = 0; i < FRAMES / 2; i++)
        EXPECT(!kr_steady_map(steady, i, m));
    kr_steady_destroy(&steady);
}

TEST(the_same_clip_gives_the_same_answer)
{
    struct camera way[40];
    struct kr_steady *a = NULL, *b = NULL;
    shake(way, 40, 12, 5);
    KR_AUTO(kr_json_drop) json_t *first = run(t, way, 40, &a);
    KR_AUTO(kr_json_drop) json_t *second = run(t, way, 40, &b);
    EXPECT(kr_json_bool(first, "done", false) && json_equal(first, second));
    for (size_t i = 0; i < 40; i++) {
        double m[6], o[6];
        EXPECT(kr_steady_map(a, i, m) && kr_steady_map(b, i, o));
        EXPECT(memcmp(m, o, sizeof m) == 0); // NOLINT: to the bit
    }
    kr_steady_destroy(&a);
    kr_steady_destroy(&b);
}

TEST(a_place_is_cut_out_of_the_calm_picture_and_out_of_one_left_alone)
{
    struct camera way[40];
    struct kr_steady *whole = NULL, *place = NULL, *alone = NULL;
    struct kr_steady_params params = {.strength = 0.8}; // the middle of the right half:
    struct kr_framing right = {.across = 1, .cut = 0.5};
    const double x = 0.75 * WIDTH, y = 0.5 * HEIGHT;
    shake(way, 40, 12, 5);
    KR_AUTO(kr_json_drop) json_t *first = run_with(t, params, way, 40, &whole);
    params.framing = right;
    KR_AUTO(kr_json_drop) json_t *second = run_with(t, params, way, 40, &place);
    params.strength = 0;
    KR_AUTO(kr_json_drop) json_t *third = run_with(t, params, way, 40, &alone);
    for (size_t i = 0; i < 40; i++) {
        double m[6], f[6], a[6];
        EXPECT(kr_steady_map(whole, i, m) && kr_steady_map(place, i, f) &&
               kr_steady_map(alone, i, a));
        EXPECT_NEAR(f[0] * WIDTH / 2 + f[1] * HEIGHT / 2 + f[2], m[0] * x + m[1] * y + m[2], 1e-6);
        EXPECT_NEAR(f[3] * WIDTH / 2 + f[4] * HEIGHT / 2 + f[5], m[3] * x + m[4] * y + m[5], 1e-6);
        EXPECT_NEAR(a[0] * WIDTH / 2 + a[2], x, 1e-6);
        EXPECT_NEAR(f[0], m[0] / 2, 1e-9);
    }
    stays_inside(place, 40);
    kr_steady_destroy(&whole);
    kr_steady_destroy(&place);
    kr_steady_destroy(&alone);
}

TEST(what_a_mount_leans_is_set_upright_inside_the_picture)
{
    for (int degrees = -8; degrees <= 8; degrees += 4) {
        struct kr_steady *steady = NULL;
        struct kr_steady_params params = {.tilt = degrees};
        struct camera way[2] = {{460, 500, degrees * M_PI / 180}, {460, 500, degrees * M_PI / 180}};
        KR_AUTO(kr_json_drop) json_t *report = run_with(t, params, way, 2, &steady);
        double m[6], c[6];
        EXPECT(!kr_json_bool(report, "done", true));
        EXPECT(kr_steady_map(steady, 0, m) == (degrees != 0));
        see(&way[0], c);
        EXPECT_NEAR(c[0] * m[1] + c[1] * m[4], 0, 1e-9); // upright stays upright
        EXPECT(c[0] * m[0] + c[1] * m[3] > 0.75);
        if (degrees)
            stays_inside(steady, 2);
        kr_steady_destroy(&steady);
    }
}

// What a shown frame has beyond the taken one, against the wall that is really there.
static void add_misses(const struct kr_frame *shown, const struct kr_frame *truth,
                       const double m[6], double *misses, double *points)
{
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            double at_x = m[0] * (x + 0.5) + m[1] * (y + 0.5) + m[2];
            double at_y = m[3] * (x + 0.5) + m[4] * (y + 0.5) + m[5];
            if (at_x >= 0 && at_y >= 0 && at_x <= WIDTH && at_y <= HEIGHT)
                continue;
            *misses += abs(shown->plane[0][y * shown->stride[0] + x] -
                           truth->plane[0][y * truth->stride[0] + x]);
            ++*points;
        }
}

static void show_filled(struct kr_test *t, const struct kr_steady *steady, struct kr_border *border,
                        const struct camera *way, const struct kr_frame *picture, double sums[3])
{
    struct kr_frame *shown = blank(t, KR_YUV420, WIDTH, HEIGHT);
    struct kr_frame *truth = blank(t, KR_YUV420, WIDTH, HEIGHT);
    struct kr_border_layer layers[KR_BORDER_LAYERS];
    size_t at;
    for (const struct kr_frame *taken; (taken = kr_border_next(border, &at)) != NULL;) {
        double m[6], c[6];
        EXPECT(kr_steady_map(steady, at, m));
        kr_warp_affine(taken, m, shown);
        see(&way[at], c);
        const double cm[6] = {c[0] * m[0] + c[1] * m[3],        c[0] * m[1] + c[1] * m[4],
                              c[0] * m[2] + c[1] * m[5] + c[2], c[3] * m[0] + c[4] * m[3],
                              c[3] * m[1] + c[4] * m[4],        c[3] * m[2] + c[4] * m[5] + c[5]};
        kr_warp_affine(picture, cm, truth);
        double ignored = 0;
        add_misses(shown, truth, m, &sums[0], &ignored);
        EXPECT_OK(kr_border_fill(border, m, layers, kr_steady_layers(steady, at, layers), shown,
                                 &t->err));
        add_misses(shown, truth, m, &sums[1], &sums[2]);
    }
    kr_frame_destroy(&shown);
    kr_frame_destroy(&truth);
}

TEST(edges_are_filled_with_what_is_really_there)
{
    struct camera way[FRAMES];
    struct kr_steady *steady = NULL;
    struct kr_border *border = NULL;
    struct kr_frame *picture = wall(t, 11), *frame = blank(t, KR_YUV420, WIDTH, HEIGHT);
    double sums[3] = {0};
    shake(way, FRAMES, 12, 2);
    KR_AUTO(kr_json_drop)
    json_t *report =
        run_with(t, (struct kr_steady_params){.strength = 0.8, .fill = true}, way, FRAMES, &steady);
    EXPECT_OK(kr_border_create(WIDTH, HEIGHT, &border, &t->err));
    for (int i = 0; i < FRAMES; i++) {
        double m[6];
        see(&way[i], m);
        kr_warp_affine(picture, m, frame);
        EXPECT_OK(kr_border_push(border, frame, &t->err));
        show_filled(t, steady, border, way, picture, sums);
    }
    kr_border_end(border);
    show_filled(t, steady, border, way, picture, sums);
    print_message("%.0f points lacked: off by %.1f, filled by %.2f; %s\n", sums[2],
                  sums[0] / sums[2], sums[1] / sums[2], kr_json_text(t->mem, report));
    EXPECT(kr_json_real(report, "shown", 0) > kr_json_real(report, "crop", 1) + 0.01);
    EXPECT(sums[2] > 10000 && sums[1] < sums[0] / 3 && sums[1] / sums[2] < 8);
    kr_frame_destroy(&picture);
    kr_frame_destroy(&frame);
    kr_border_destroy(&border);
    kr_steady_destroy(&steady);
}

TEST(nothing_to_follow_is_left_alone)
{
    struct kr_frame *grey = blank(t, KR_YUV420, WIDTH, HEIGHT);
    struct kr_steady *steady = NULL;
    double m[6];
    EXPECT_OK(kr_steady_create(&(struct kr_steady_params){.strength = 0.8}, WIDTH, HEIGHT, 30,
                               &steady, &t->err));
    for (int i = 0; i < 30; i++)
        kr_steady_study(steady, grey, false);
    KR_AUTO(kr_json_drop) json_t *report = kr_steady_decide_new(steady);
    EXPECT(!kr_json_bool(report, "done", true) && !kr_steady_map(steady, 3, m));
    kr_steady_destroy(&steady);
    kr_frame_destroy(&grey);
}

TEST(tiny_and_short_clips_survive)
{
    for (int size = 1; size <= 2; size++)
        for (int frames = 0; frames <= 2; frames++) {
            struct kr_frame *dot = blank(t, KR_YUV420, size, size);
            struct kr_steady *steady = NULL;
            double m[6];
            EXPECT_OK(
                kr_steady_create(&(struct kr_steady_params){.strength = 1, .keep_viewpoint = true},
                                 size, size, 0, &steady, &t->err));
            for (int i = 0; i < frames; i++)
                kr_steady_study(steady, dot, i == 1);
            KR_AUTO(kr_json_drop) json_t *report = kr_steady_decide_new(steady);
            EXPECT(!kr_json_bool(report, "done", true) && !kr_steady_map(steady, 0, m));
            kr_steady_destroy(&steady);
            kr_frame_destroy(&dot);
        }
}

MAIN(CASE(a_trembling_hand_becomes_calm_and_no_border_shows),
     CASE(a_jerk_further_than_a_window_sees_is_followed), CASE(a_clip_from_a_stand_is_left_alone),
     CASE(the_same_clip_gives_the_same_answer), CASE(nothing_to_follow_is_left_alone),
     CASE(edges_are_filled_with_what_is_really_there),
     CASE(what_a_mount_leans_is_set_upright_inside_the_picture),
     CASE(a_place_is_cut_out_of_the_calm_picture_and_out_of_one_left_alone),
     CASE(tiny_and_short_clips_survive))
