// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/path.h"

#include "harness.h"
#include <math.h>

enum { WIDTH = 640, HEIGHT = 360, FPS = 30 };

static double unit(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) / (double)(1 << 24);
}

// Long ways are calmed in windows: where they meet, nothing may jump.
TEST(the_seams_of_a_long_way_do_not_show)
{
    enum { LONG = 2600 };
    (void)t;
    struct kr_pose *way = kr_new_array(struct kr_pose, LONG),
                   *calm = kr_new_array(struct kr_pose, LONG);
    uint32_t seed = 3;
    double x = 0, y = 0;
    for (int i = 0; i < LONG; i++) {
        x = 0.9 * x + 10 * (unit(&seed) - 0.5);
        y = 0.9 * y + 10 * (unit(&seed) - 0.5);
        way[i] = (struct kr_pose){{x + i * 0.5, y, 0.001 * (unit(&seed) - 0.5), 0}};
    }
    struct kr_path_params params = {640, 360, 0.85, 0};
    kr_path_calm(way, LONG, &params, calm);
    double before = kr_path_jitter(way, LONG, 30, 640, 360);
    double after = kr_path_jitter(calm, LONG, 30, 640, 360);
    print_message("jitter %.2f, then %.3f\n", before, after);
    EXPECT(after < before / 5);
    for (int i = 2; i < LONG; i++)
        EXPECT(fabs(calm[i].v[0] - 2 * calm[i - 1].v[0] + calm[i - 2].v[0]) < 1.5);
    kr_free(&way);
    kr_free(&calm);
}

struct bump {
    double at, size, hertz;
};

// A seat that is rolled along a wall and up a ramp: `slow` is where it goes, `way`
// what the camera on it does, with every edge of the paving and the motor in it.
static void ride(struct kr_pose *slow, struct kr_pose *way, int n, double size, uint32_t seed)
{
    for (int i = 0; i < n; i++) {
        double t = i / (double)n, x = 120 * (2 * t - 1) + 25 * sin(2 * M_PI * t);
        slow[i] = way[i] = (struct kr_pose){{x, 22 * tanh(8 * (t - 0.5)), 0, 0.2 * t}};
        way[i].v[0] += 0.06 * size * sin(2 * M_PI * 9 * i / FPS);
        way[i].v[1] += 0.12 * size * sin(2 * M_PI * 11 * i / FPS);
    }
    for (double at = 15; at < n; at += 15 + 25 * unit(&seed)) {
        struct bump bump = {at, size * (0.4 + 0.6 * unit(&seed)), 2.5 + 2.5 * unit(&seed)};
        for (int i = (int)ceil(at); i < n; i++) {
            double since = (i - at) / FPS;
            double hit = bump.size * exp(-7 * since) * sin(2 * M_PI * bump.hertz * since);
            way[i].v[1] += hit;
            way[i].v[2] += hit * 0.001;
        }
    }
}

static double acceleration(const struct kr_pose *path, int n)
{
    double sum = 0;
    for (int i = 2; i < n; i++)
        for (int p = 0; p < 2; p++)
            sum += pow(path[i].v[p] - 2 * path[i - 1].v[p] + path[i - 2].v[p], 2);
    return sqrt(sum / (n - 2));
}

// The rms of what is slower than about 0.5 Hz in `a` - `b`.
static double slow_error(const struct kr_pose *a, const struct kr_pose *b, int n, int p)
{
    const double sd = 8; // frames
    double all = 0;
    for (int i = 0; i < n; i++) {
        double sum = 0, weight = 0;
        for (int k = 0; k < n; k++) {
            double w = exp(-0.5 * (i - k) * (i - k) / sd / sd);
            sum += w * (a[k].v[p] - b[k].v[p]);
            weight += w;
        }
        all += pow(sum / weight, 2);
    }
    return sqrt(all / n);
}

TEST(a_ride_loses_its_bumps_and_keeps_its_way_and_height)
{
    enum { FRAMES = 240 };
    (void)t;
    for (uint32_t seed = 1; seed <= 4; seed++) {
        struct kr_pose slow[FRAMES], way[FRAMES], calm[FRAMES];
        struct kr_path_params params = {WIDTH, HEIGHT, 0.95, 0.02};
        ride(slow, way, FRAMES, 14, seed);
        kr_path_calm(way, FRAMES, &params, calm);
        double left = acceleration(calm, FRAMES) / acceleration(way, FRAMES);
        double across = slow_error(calm, slow, FRAMES, 0) / 240;
        double height = slow_error(calm, slow, FRAMES, 1) / 44;
        print_message("seed %u: acceleration left %.3f, way off by %.4f, height by %.4f\n", seed,
                      left, across, height);
        EXPECT(left <= 0.3 && across <= 0.02 && height <= 0.02);
    }
}

// Bumps that are larger than the room which the crop leaves.
TEST(a_ride_over_kerbs_never_leaves_the_picture)
{
    enum { FRAMES = 240 };
    struct kr_pose slow[FRAMES], way[FRAMES], calm[FRAMES];
    struct kr_path_params params = {WIDTH, HEIGHT, 0.95, 0.02};
    (void)t;
    ride(slow, way, FRAMES, 40, 5);
    kr_path_calm(way, FRAMES, &params, calm);
    double room[2] = {0.025 * WIDTH, 0.025 * HEIGHT};
    for (int i = 0; i < FRAMES; i++)
        for (int p = 0; p < 2; p++)
            EXPECT(fabs(calm[i].v[p] - way[i].v[p]) <= room[p] + 1e-6);
    EXPECT(acceleration(calm, FRAMES) < 0.7 * acceleration(way, FRAMES));
}

MAIN(CASE(the_seams_of_a_long_way_do_not_show),
     CASE(a_ride_loses_its_bumps_and_keeps_its_way_and_height),
     CASE(a_ride_over_kerbs_never_leaves_the_picture))
