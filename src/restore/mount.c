// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/mount.h"

#include "restore/coach_priv.h"
#include "restore/hum.h"
#include "restore/motion.h"
#include "restore/path.h"
#include <math.h>

enum { LOOKS_MOST = 64, FRAMES_MOST = 3600, SECONDS_LEAST = 5, WIDE = 480 };
static const double look_each = 0.5; // s: how often the lines are looked at
static const double tilt_most = 8, tilt_least = 0.5, sure_share = 0.3;
static const double slowest = 1.2, step_hz = 0.1;   // Hz of trembling
static const double inside = 0.1;                   // of its energy may lie on each side
static const double tremor_least = 0.3;             // px of 640
static const double tone_low = 70, tone_high = 500; // Hz
static const double trust_least = 0.3;

struct kr_mount_study {
    int width, height;
    double fps;
    struct kr_motion_eye *eye;
    struct kr_frame *grey;
    struct kr_pose way[FRAMES_MOST];
    size_t n, followed;
    double tilt[LOOKS_MOST];
    size_t looks, told;           // at the lines; those that could tell
    struct kr_hum_finder *finder; // NULL: no sound
};

bool kr_mount_study_create(int width, int height, double fps, int channels,
                           struct kr_mount_study **out, struct kr_err *err)
{
    KR_AUTO(kr_mount_study_destroy) struct kr_mount_study *study = kr_new(struct kr_mount_study);
    int shrink = (width + WIDE - 1) / WIDE;
    study->width = width;
    study->height = height;
    study->fps = fps > 1 && fps < 1000 ? fps : 25;
    if (!kr_motion_eye_create(width, height, &study->eye, err) ||
        !kr_frame_create(KR_GRAY8, width / shrink, height / shrink > 0 ? height / shrink : 1,
                         &study->grey, err))
        return kr_within(err, "learn a mount");
    if (channels)
        study->finder = kr_hum_finder_create(channels);
    *out = study;
    study = NULL;
    return true;
}

void kr_mount_study_destroy(struct kr_mount_study **study)
{
    if (*study) {
        kr_motion_eye_destroy(&(*study)->eye);
        kr_frame_destroy(&(*study)->grey);
        kr_hum_finder_destroy(&(*study)->finder);
    }
    kr_free(study);
}

static void reduce(const struct kr_frame *frame, struct kr_frame *grey)
{
    int k = frame->width / grey->width;
    for (int y = 0; y < grey->height; y++)
        for (int x = 0; x < grey->width; x++) {
            int sum = k * k / 2;
            for (int j = 0; j < k && y * k + j < frame->height; j++)
                for (int i = 0; i < k; i++)
                    sum += frame->plane[0][(y * k + j) * frame->stride[0] + x * k + i];
            grey->plane[0][y * grey->stride[0] + x] = (uint8_t)(sum / (k * k));
        }
}

static void look_at_lines(struct kr_mount_study *study, const struct kr_frame *frame)
{
    double degrees;
    if (study->looks == LOOKS_MOST)
        return;
    reduce(frame, study->grey);
    study->looks++;
    if (kr_coach_tilt(study->grey, &degrees))
        study->tilt[study->told++] = -degrees; // which are to the right
}

void kr_mount_see(struct kr_mount_study *study, const struct kr_frame *frame)
{
    struct kr_motion moved;
    if (study->n == FRAMES_MOST)
        return;
    if ((double)study->n >= (double)study->looks * look_each * study->fps)
        look_at_lines(study, frame);
    kr_motion_look(study->eye, frame, &moved);
    struct kr_pose *now = &study->way[study->n];
    *now = study->n ? study->way[study->n - 1] : (struct kr_pose){0};
    study->n++;
    if ((double)moved.trust < trust_least)
        return;
    study->followed++;
    now->v[0] += (double)moved.dx;
    now->v[1] += (double)moved.dy;
    now->v[2] += (double)moved.turn;
    now->v[3] += (double)moved.grow;
}

void kr_mount_hear(struct kr_mount_study *study, const struct kr_samples *samples)
{
    if (study->finder)
        kr_hum_finder_add(study->finder, samples->channel, samples->n);
}

static int up(const void *a, const void *b)
{
    double x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

// The middle one of what the lines said, where they said it often enough.
static double tilt_of(const struct kr_mount_study *study)
{
    double sorted[LOOKS_MOST];
    if (study->told < 3 || (double)study->told < sure_share * (double)study->looks)
        return 0;
    memcpy(sorted, study->tilt, study->told * sizeof *sorted);
    qsort(sorted, study->told, sizeof *sorted, up);
    double tilt = sorted[study->told / 2];
    return fabs(tilt) < tilt_least ? 0 : fmin(fmax(tilt, -tilt_most), tilt_most);
}

// Energy of the way at a frequency: of its speed, which a slow way does not drown,
// divided by the frequency's square.
static double energy_at(const struct kr_mount_study *study, double hz)
{
    double sum = 0, turn = 2 * M_PI * hz / study->fps;
    for (int p = 0; p < 2; p++) {
        double re = 0, im = 0;
        for (size_t i = 1; i < study->n; i++) {
            double bell = 0.5 - 0.5 * cos(2 * M_PI * (double)i / (double)study->n);
            double v = bell * (study->way[i].v[p] - study->way[i - 1].v[p]);
            re += v * cos(turn * (double)i);
            im += v * sin(turn * (double)i);
        }
        sum += re * re + im * im;
    }
    return sum / (hz * hz);
}

static void band_of(const struct kr_mount_study *study, struct kr_mount *out)
{
    double all = 0, so_far = 0, fastest = study->fps / 2;
    for (double hz = slowest; hz < fastest; hz += step_hz)
        all += energy_at(study, hz);
    for (double hz = slowest; hz < fastest; hz += step_hz) {
        so_far += energy_at(study, hz);
        if (out->low_hz <= 0 && so_far >= inside * all)
            out->low_hz = hz;
        if (so_far <= (1 - inside) * all)
            out->high_hz = hz;
    }
}

bool kr_mount_learn(const struct kr_mount_study *study, struct kr_mount *out, struct kr_err *err)
{
    if ((double)study->followed < SECONDS_LEAST * study->fps)
        return kr_fail(err, KR_E_INVALID, "learn a mount: %.0f s could be followed, %d are needed",
                       (double)study->followed / study->fps, SECONDS_LEAST);
    struct kr_mount found = {.tilt = tilt_of(study)};
    found.tremor = kr_path_jitter(study->way, study->n, study->fps, study->width, study->height);
    if (found.tremor >= tremor_least)
        band_of(study, &found);
    if (study->finder)
        found.tone_hz = kr_hum_finder_tone(study->finder, tone_low, tone_high);
    *out = found;
    return true;
}

static const struct {
    const char *name;
    size_t at;
    double least, most;
} members[] = {{"tilt", offsetof(struct kr_mount, tilt), -8, 8},
               {"low_hz", offsetof(struct kr_mount, low_hz), 0, 500},
               {"high_hz", offsetof(struct kr_mount, high_hz), 0, 500},
               {"tremor", offsetof(struct kr_mount, tremor), 0, 1000},
               {"tone_hz", offsetof(struct kr_mount, tone_hz), 0, 500}};

json_t *kr_mount_new_json(const struct kr_mount *mount)
{
    json_t *value = kr_json_new_object();
    for (size_t i = 0; i < KR_COUNT(members); i++) {
        double v;
        memcpy(&v, (const char *)mount + members[i].at, sizeof v);
        kr_json_set_real(value, members[i].name, v);
    }
    return value;
}

bool kr_mount_of_json(const json_t *value, struct kr_mount *out, struct kr_err *err)
{
    struct kr_mount found = {0};
    for (size_t i = 0; i < KR_COUNT(members); i++) {
        double v = kr_json_real(value, members[i].name, 0);
        if (!json_is_object(value) || !(v >= members[i].least && v <= members[i].most))
            return kr_fail(err, KR_E_INVALID, "a mount's '%s' is out of its range",
                           members[i].name);
        memcpy((char *)&found + members[i].at, &v, sizeof v);
    }
    *out = found;
    return true;
}
