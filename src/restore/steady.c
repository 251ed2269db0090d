// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/steady_priv.h"

#include "restore/path.h"
#include <assert.h>
#include <math.h>

enum { SHORTEST = 12 };                    // frames; shorter shots are left alone
static const double steady_already = 0.35; // jitter in px of 640: below what we measure surely
static const double trust_least = 0.3, lost_most = 0.4;
static const double worth_it = 0.7; // jitter after, of before
static const double slow_hz = 0.6;  // of a walk or a ride: what is slower is its way

bool kr_steady_create(const struct kr_steady_params *params, int width, int height, double fps,
                      struct kr_steady **out, struct kr_err *err)
{
    if (!(params->strength >= 0 && params->strength <= 1))
        return kr_fail(err, KR_E_INVALID, "steady strength %g is not in 0..1", params->strength);
    struct kr_motion_eye *eye = NULL;
    if (!kr_motion_eye_create(width, height, &eye, err))
        return false;
    *out = kr_new(struct kr_steady);
    **out = (struct kr_steady){.params = *params,
                               .width = width,
                               .height = height,
                               .fps = fps > 1 && fps < 1000 ? fps : 25,
                               .eye = eye,
                               .crop = 1};
    return true;
}

void kr_steady_destroy(struct kr_steady **steady)
{
    if (*steady) {
        kr_motion_eye_destroy(&(*steady)->eye);
        kr_free(&(*steady)->motion);
        kr_free(&(*steady)->mark);
        kr_free(&(*steady)->fix);
        kr_free(&(*steady)->spare);
        kr_free(&(*steady)->crops);
        kr_free(&(*steady)->layers);
    }
    kr_free(steady);
}

void kr_steady_follow(struct kr_steady *steady, const struct kr_motion *motion, bool cut)
{
    if (steady->n == steady->room) {
        steady->room = steady->room ? steady->room + steady->room / 2 : KR_MANY;
        steady->motion = kr_realloc_array(steady->motion, steady->room, sizeof *steady->motion);
        steady->mark = kr_realloc_array(steady->mark, steady->room, 1);
    }
    steady->motion[steady->n] = cut ? (struct kr_motion){0} : *motion;
    steady->mark[steady->n] = cut || steady->n == 0 ? KR_STEADY_BEGINS : 0;
    steady->n++;
}

void kr_steady_study(struct kr_steady *steady, const struct kr_frame *frame, bool cut)
{
    struct kr_motion motion = {0};
    if (steady->params.strength > 0)
        kr_motion_look(steady->eye, frame, &motion);
    kr_steady_follow(steady, &motion, cut);
}

void kr_steady_moved(struct kr_steady *steady, size_t i, const double before[6], const double m[6])
{
    struct kr_motion *motion = &steady->motion[i];
    motion->dx = (float)(((double)motion->dx - m[2] + before[2]) / m[0]);
    motion->dy = (float)(((double)motion->dy - m[5] + before[5]) / m[4]);
}

bool kr_steady_next_shot(const struct kr_steady *steady, struct kr_steady_shot *shot)
{
    shot->from = shot->end;
    if (shot->from >= steady->n)
        return false;
    for (shot->end++; shot->end < steady->n && !(steady->mark[shot->end] & KR_STEADY_BEGINS);)
        shot->end++;
    return true;
}

bool kr_steady_trusts(const struct kr_motion *motion)
{
    return motion->trust >= trust_least;
}

static void add_motion(struct kr_pose *to, const struct kr_motion *a, const struct kr_motion *b,
                       double t)
{
    to->v[0] += (1 - t) * a->dx + t * b->dx;
    to->v[1] += (1 - t) * a->dy + t * b->dy;
    to->v[2] += (1 - t) * a->turn + t * b->turn;
    to->v[3] += (1 - t) * a->grow + t * b->grow;
}

// The way of a shot. Motions that were not found lie between their neighbours'.
// Returns the share of those.
static double way_of(const struct kr_steady *steady, const struct kr_steady_shot *shot,
                     struct kr_pose *out)
{
    static const struct kr_motion still = {0};
    size_t n = shot->end - shot->from, lost = 0, before = 0;
    const struct kr_motion *m = steady->motion + shot->from;
    out[0] = (struct kr_pose){0};
    for (size_t i = 1; i < n; i++) {
        size_t after = i;
        while (after < n && !kr_steady_trusts(&m[after]))
            after++;
        const struct kr_motion *a = before ? &m[before] : after < n ? &m[after] : &still;
        const struct kr_motion *b = after < n ? &m[after] : a;
        out[i] = out[i - 1];
        add_motion(&out[i], a, b,
                   after == before ? 0 : (double)(i - before) / (double)(after - before));
        before = after == i ? i : before;
        lost += after != i;
    }
    return n > 1 ? (double)lost / (double)(n - 1) : 1;
}

// m, and then what the sensor bent in frame i.
void kr_steady_bend(const struct kr_steady *steady, size_t i, double m[6])
{
    double k[2], middle = (steady->rolling.upright ? steady->width : steady->height) / 2.0;
    const double *by = steady->rolling.upright ? m : m + 3;
    kr_rolling_bend(&steady->rolling, steady->motion, steady->n, i, steady->width, steady->height,
                    k);
    double along[3] = {by[0], by[1], by[2] - middle};
    for (int c = 0; c < 3; c++) {
        m[c] += k[0] * along[c];
        m[3 + c] += k[1] * along[c];
    }
}

// From points of the frame shown to points of the frame, unbent.
void kr_steady_straight(const struct kr_steady *steady, const struct kr_steady_fix *fix,
                        double crop, double m[6])
{
    double cx = steady->width / 2.0, cy = steady->height / 2.0;
    double scale = crop / exp((double)fix->v[3]);
    double c = cos((double)fix->v[2]) * scale, s = sin((double)fix->v[2]) * scale;
    double x = cx + (double)fix->v[0] / crop, y = cy + (double)fix->v[1] / crop;
    m[0] = c;
    m[1] = s;
    m[2] = cx - c * x - s * y;
    m[3] = -s;
    m[4] = c;
    m[5] = cy + s * x - c * y;
}

// From points of the frame shown to points of frame i as it was taken.
static void map_of(const struct kr_steady *steady, size_t i, const struct kr_steady_fix *fix,
                   double crop, double m[6])
{
    kr_steady_straight(steady, fix, crop, m);
    kr_steady_bend(steady, i, m);
}

static bool stays_inside(const struct kr_steady *steady, size_t i, const struct kr_steady_fix *fix,
                         double crop)
{
    double m[6];
    map_of(steady, i, fix, crop, m);
    for (int corner = 0; corner < 4; corner++) {
        double x = corner & 1 ? steady->width : 0, y = corner & 2 ? steady->height : 0;
        double at_x = m[0] * x + m[1] * y + m[2], at_y = m[3] * x + m[4] * y + m[5];
        if (!(at_x >= 0 && at_y >= 0 && at_x <= steady->width && at_y <= steady->height))
            return false;
    }
    return true;
}

// path.h fits to first order; the last bit is shortened here.
static struct kr_steady_fix fitting(const struct kr_steady *steady, size_t i,
                                    const struct kr_pose *from, const struct kr_pose *to,
                                    double crop)
{
    struct kr_steady_fix fix;
    double part = 1;
    for (int round = 0; round<40; round++, part = part> 0.02 ? part - 0.02 : part / 2) {
        for (int p = 0; p < 4; p++)
            fix.v[p] = (float)(part * (to->v[p] - from->v[p]));
        if (stays_inside(steady, i, &fix, crop))
            return fix;
    }
    return (struct kr_steady_fix){{0}};
}

struct measure { // sums over the frames that are treated
    double jitter, after, jerk, frames;
};

// Calms one shot; leaves its fixes zero where that is best.
static void calm_shot(const struct kr_steady *steady, const struct kr_steady_shot *shot,
                      double crop, struct kr_steady_fix *fix, struct measure *sum)
{
    size_t n = shot->end - shot->from;
    memset(fix + shot->from, 0, n * sizeof *fix);
    if (n < SHORTEST)
        return;
    struct kr_pose *way = kr_new_array(struct kr_pose, n), *calm = kr_new_array(struct kr_pose, n);
    double lost = way_of(steady, shot, way);
    double before = kr_path_jitter(way, n, steady->fps, steady->width, steady->height);
    if (lost <= lost_most && before >= steady_already) {
        double slow = steady->params.tremble_hz / 2;
        slow = slow > 0 ? fmin(slow, slow_hz) : slow_hz;
        double follow = fmin(fmax(slow / steady->fps, 0.002), 0.5);
        struct kr_path_params params = {steady->width, steady->height, crop,
                                        steady->params.keep_viewpoint ? follow : 0};
        kr_path_calm(way, n, &params, calm);
        for (size_t i = 0; i < n; i++) {
            fix[shot->from + i] = fitting(steady, shot->from + i, &way[i], &calm[i], crop);
            for (int p = 0; p < 4; p++)
                calm[i].v[p] = way[i].v[p] + (double)fix[shot->from + i].v[p];
        }
        double after = kr_path_jitter(calm, n, steady->fps, steady->width, steady->height);
        if (after > worth_it * before)
            memset(fix + shot->from, 0, n * sizeof *fix);
        else {
            sum->jitter += before * (double)n;
            sum->after += after * (double)n;
            sum->jerk += kr_path_jerk(calm, n, steady->width) * (double)n;
            sum->frames += (double)n;
        }
    }
    kr_free(&way);
    kr_free(&calm);
}

static struct measure calm_all(const struct kr_steady *steady, double crop,
                               struct kr_steady_fix *fix)
{
    struct measure sum = {0};
    struct kr_steady_shot shot = {0};
    while (kr_steady_next_shot(steady, &shot))
        calm_shot(steady, &shot, crop, fix, &sum);
    return sum;
}

// The widest crop that calms nearly as well as the narrowest allowed.
static struct measure choose_crop(struct kr_steady *steady)
{
    static const double crops[] = {0.95, 0.90, 0.85, 0.80};
    double narrowest = fmin(1 - 0.25 * steady->params.strength, 0.999);
    steady->crop = narrowest;
    struct measure best = calm_all(steady, narrowest, steady->fix);
    for (size_t i = 0; i < KR_COUNT(crops) && best.frames > 0; i++) {
        if (crops[i] < narrowest + 0.005)
            break;
        struct measure now = calm_all(steady, crops[i], steady->spare);
        double few = 0.05 * best.frames; // px: nobody sees it
        if (now.frames < best.frames || now.jerk > 2 * best.jerk + few ||
            now.after > 1.5 * best.after + 3 * few)
            continue;
        struct kr_steady_fix *kept = steady->spare;
        steady->spare = steady->fix;
        steady->fix = kept;
        steady->crop = crops[i];
        return now;
    }
    return best;
}

// First f, then m.
void kr_steady_put_before(double m[6], const double f[6])
{
    for (double *row = m; row < m + 6; row += 3) {
        double x = row[0], y = row[1];
        row[0] = x * f[0] + y * f[3];
        row[1] = x * f[1] + y * f[4];
        row[2] += x * f[2] + y * f[5];
    }
}

// Sets upright what leans to the left, as large as it fits inside.
static void level_map(double degrees, double width, double height, double f[6])
{
    double a = degrees * M_PI / 180, longer = fmax(width / height, height / width);
    double scale = 1 / (cos(a) + fabs(sin(a)) * longer), c = scale * cos(a), s = scale * sin(a);
    double map[6] = {c,  s, (width - c * width - s * height) / 2,
                     -s, c, (height + s * width - c * height) / 2};
    memcpy(f, map, sizeof map);
}

// First what is to be shown of the upright picture, then m.
void kr_steady_show_within(const struct kr_steady *steady, size_t i, double m[6])
{
    double f[6], part = steady->n > 1 ? (double)i / (double)(steady->n - 1) : 1;
    if (fabs(steady->params.tilt) > 0) {
        level_map(steady->params.tilt, steady->width, steady->height, f);
        kr_steady_put_before(m, f);
    }
    kr_framing_map(&steady->params.framing, part, steady->width, steady->height, f);
    kr_steady_put_before(m, f);
}

// The part of the frame that is shown where edges are filled.
static double mean_shown(const struct kr_steady *steady)
{
    double sum = 0;
    for (size_t i = 0; i < steady->n; i++)
        sum += steady->mark[i] & KR_STEADY_TREATED ? kr_steady_crop(steady, i) : 1;
    return sum / (double)steady->n;
}

static json_t *report_of(const struct kr_steady *steady, const struct measure *m, size_t shots,
                         double jitter)
{
    json_t *report = kr_json_new_object();
    bool done = m->frames > 0;
    kr_json_set_bool(report, "done", done);
    kr_json_set_int(report, "shots", (int64_t)shots);
    kr_json_set_real(report, "jitter", jitter);
    if (done) {
        kr_json_set_real(report, "jitter_after",
                         jitter + (m->after - m->jitter) / (double)steady->n);
        kr_json_set_real(report, "crop", steady->crop);
        if (steady->crops)
            kr_json_set_real(report, "shown", mean_shown(steady));
        kr_json_set_real(report, "readout", steady->rolling.readout);
        kr_json_set_real(report, "treated", m->frames / (double)steady->n);
    }
    return report;
}

static bool has_fix(const struct kr_steady_fix *fix)
{
    for (size_t p = 0; p < KR_COUNT(fix->v); p++)
        if (fix->v[p] != 0)
            return true;
    return false;
}

// A shot left alone has no fix anywhere; one frame of a treated shot may have none too.
static void mark_treated(struct kr_steady *steady)
{
    struct kr_steady_shot shot = {0};
    while (kr_steady_next_shot(steady, &shot)) {
        bool treated = false;
        for (size_t i = shot.from; i < shot.end && !treated; i++)
            treated = has_fix(&steady->fix[i]);
        for (size_t i = shot.from; i < shot.end && treated; i++)
            steady->mark[i] |= KR_STEADY_TREATED;
    }
}

// What the sensor's lines make of the camera's speed is no turn of the camera.
static void unbend(struct kr_steady *steady)
{
    double before[2] = {0, 0}, after[2];
    steady->rolling = kr_rolling_of(steady->motion, steady->n, steady->width, steady->height);
    for (size_t i = 0; i < steady->n && steady->rolling.readout != 0; i++) {
        kr_rolling_bend(&steady->rolling, steady->motion, steady->n, i, steady->width,
                        steady->height, after);
        kr_rolling_unturn(&steady->rolling, before, after, &steady->motion[i]);
        memcpy(before, after, sizeof before);
    }
}

json_t *kr_steady_decide_new(struct kr_steady *steady)
{
    struct measure chosen = {0};
    size_t shots = 0;
    double jitter = 0;
    struct kr_steady_shot shot = {0};
    unbend(steady);
    while (kr_steady_next_shot(steady, &shot)) { // of all shots, also those left alone
        size_t n = shot.end - shot.from;
        struct kr_pose *way = kr_new_array(struct kr_pose, n);
        way_of(steady, &shot, way);
        jitter += kr_path_jitter(way, n, steady->fps, steady->width, steady->height) * (double)n /
                  (double)steady->n;
        kr_free(&way);
        shots++;
    }
    kr_motion_eye_destroy(&steady->eye);
    if (steady->n && steady->params.strength > 0) {
        steady->fix = kr_new_array(struct kr_steady_fix, steady->n);
        steady->spare = kr_new_array(struct kr_steady_fix, steady->n);
        chosen = choose_crop(steady);
        mark_treated(steady);
        if (steady->params.fill && chosen.frames > 0)
            kr_steady_widen(steady);
        kr_free(&steady->spare);
    }
    return report_of(steady, &chosen, shots, jitter);
}

bool kr_steady_map(const struct kr_steady *steady, size_t i, double m[6])
{
    static const double as_it_is[6] = {1, 0, 0, 0, 1, 0};
    bool treated = i < steady->n && steady->mark[i] & KR_STEADY_TREATED;
    memcpy(m, as_it_is, sizeof as_it_is);
    if (treated)
        map_of(steady, i, &steady->fix[i], kr_steady_crop(steady, i), m);
    bool shows = steady->params.framing.cut > 0 || fabs(steady->params.tilt) > 0;
    if (shows)
        kr_steady_show_within(steady, i, m);
    return treated || shows;
}
