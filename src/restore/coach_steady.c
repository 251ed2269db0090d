// SPDX-License-Identifier: AGPL-3.0-or-later
// How a camera was held: trembling hands, steps, wandering, turns, takes, and
// whether it stood level. Lengths are in px of a frame 640 wide.
#include "restore/coach_priv.h"

#include "restore/half.h"
#include "restore/motion.h"

enum { TILTS_MOST = 240, WINDOW_MOST = 512, EYE_WIDE = 400 };
static const double fine = 1024; // times an angle, which is small
static const float trusted_from = 0.3f;
static const double trusted_least = 0.5; // part of the frames
static const double lead_s = 0.5;        // between two looks at the lines
static const double fast = 0.35 * 640;   // px/s: the eye no longer follows
static const double flies_by = 0.3;      // part of a window: then it is a turn, no trembling
static const double level_within = 2;    // degrees: lines of a picture that lean alike

struct step {              // from the frame before to this one
    uint16_t dx, dy, turn; // halves; turn of 1024 times as much
    bool known : 1, cut : 1, fast : 1;
};

struct kr_coach_stand {
    int width, height; // of what the eye sees
    double fps, to_640;
    struct kr_motion_eye *eye;
    struct kr_frame *small; // what it sees: half of the reduced frame; NULL: all of it
    struct step *step;
    size_t frames, room, shot_began;
    double tilt[TILTS_MOST]; // degrees, of the pictures that were sure
    int tilts, tilt_looks, tilt_every, till_tilt;
};

bool kr_coach_stand_create(int width, int height, double fps, struct kr_coach_stand **out,
                           struct kr_err *err)
{
    KR_AUTO(kr_coach_stand_destroy) struct kr_coach_stand *stand = kr_new(struct kr_coach_stand);
    if (width > EYE_WIDE && height > 1) { // the eye is dear, and small frames tell enough
        width /= 2;
        height /= 2;
        if (!kr_frame_create(KR_GRAY8, width, height, &stand->small, err))
            return false;
    }
    if (!kr_motion_eye_create(width, height, &stand->eye, err))
        return false;
    kr_motion_eye_glance(stand->eye);
    stand->width = width;
    stand->height = height;
    stand->fps = fps >= 1 && fps <= 1000 ? fps : 25;
    stand->to_640 = 640.0 / width;
    stand->tilt_every = (int)fmax(stand->fps * lead_s, 1);
    *out = stand;
    stand = NULL;
    return true;
}

void kr_coach_stand_destroy(struct kr_coach_stand **stand)
{
    if (*stand) {
        kr_motion_eye_destroy(&(*stand)->eye);
        kr_frame_destroy(&(*stand)->small);
        kr_free(&(*stand)->step);
    }
    kr_free(stand);
}

// The first two minutes tell how level a camera is held.
static void look_for_lines(struct kr_coach_stand *stand, const struct kr_frame *grey)
{
    if (stand->till_tilt-- > 0 || stand->tilt_looks >= TILTS_MOST)
        return;
    stand->till_tilt = stand->tilt_every - 1;
    stand->tilt_looks++;
    stand->tilts += kr_coach_tilt(grey, &stand->tilt[stand->tilts]);
}

static const struct kr_frame *seen_by_eye(struct kr_coach_stand *stand, const struct kr_frame *grey)
{
    struct kr_frame *small = stand->small;
    if (!small)
        return grey;
    for (int y = 0; y < small->height; y++) {
        const uint8_t *a = grey->plane[0] + 2 * y * grey->stride[0], *b = a + grey->stride[0];
        uint8_t *out = small->plane[0] + y * small->stride[0];
        for (int x = 0; x < small->width; x++)
            out[x] = (uint8_t)((a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1] + 2) / 4);
    }
    return small;
}

// Whether the last half second went by too fast.
static void note_speed(struct kr_coach_stand *stand)
{
    size_t half = (size_t)fmax(stand->fps / 2, 1), last = stand->frames - 1;
    double x = 0, y = 0;
    if (stand->step[last].cut)
        stand->shot_began = last;
    if (last < stand->shot_began + half)
        return;
    for (size_t i = last + 1 - half; i <= last; i++) {
        x += (double)kr_of_half(stand->step[i].dx);
        y += (double)kr_of_half(stand->step[i].dy);
    }
    stand->step[last].fast = hypot(x, y) * stand->fps / (double)half > fast;
}

void kr_coach_follow(struct kr_coach_stand *stand, const struct kr_frame *grey, bool *cut,
                     double *moved)
{
    struct kr_motion m;
    kr_motion_look(stand->eye, seen_by_eye(stand, grey), &m);
    bool followed = m.trust >= trusted_from;
    *cut = !stand->frames || (*cut && !followed);
    look_for_lines(stand, grey);
    if (stand->frames == stand->room) {
        stand->room = stand->room ? stand->room + stand->room / 2 : KR_MANY;
        stand->step = kr_realloc_array(stand->step, stand->room, sizeof *stand->step);
    }
    struct step step = {.cut = *cut, .known = *cut || followed};
    if (followed) {
        step.dx = kr_half_of((float)((double)m.dx * stand->to_640));
        step.dy = kr_half_of((float)((double)m.dy * stand->to_640));
        step.turn = kr_half_of((float)(fine * (double)m.turn));
    }
    stand->step[stand->frames++] = step;
    note_speed(stand);
    kr_coach_recall(stand, stand->frames - 1, cut, moved);
}

void kr_coach_recall(const struct kr_coach_stand *stand, size_t frame, bool *cut, double *moved)
{
    static const struct step beyond = {.cut = true};
    const struct step *step = frame < stand->frames ? &stand->step[frame] : &beyond;
    double way = hypot((double)kr_of_half(step->dx), (double)kr_of_half(step->dy)) / stand->to_640;
    *cut = step->cut;
    *moved = step->known ? way / stand->height : 1;
}

// The three ways of a path: across, down, and the corners' when it turns.
enum { WAYS = 3 };

static double way_of(const struct kr_coach_stand *stand, const struct step *step, int way)
{
    double radius = 320 * hypot(1, (double)stand->height / stand->width);
    uint16_t kept = way == 0 ? step->dx : way == 1 ? step->dy : step->turn;
    return (way == 2 ? radius / fine : 1) * (double)kr_of_half(kept);
}

// The path of steps [from, from + n), one way, without its even movement.
static void path_of(const struct kr_coach_stand *stand, size_t from, int n, int way, double *out)
{
    double at = 0, sum = 0, slope = 0, weight = 0;
    for (int i = 0; i < n; i++) {
        at += i ? way_of(stand, &stand->step[from + (size_t)i], way) : 0;
        out[i] = at;
        sum += at;
    }
    for (int i = 0; i < n; i++) {
        double t = i - (n - 1) / 2.0;
        slope += t * (out[i] - sum / n);
        weight += t * t;
    }
    for (int i = 0; i < n; i++)
        out[i] -= sum / n + slope / fmax(weight, 1) * (i - (n - 1) / 2.0);
}

// The mean square of a path between two frequencies, by its Fourier transform
// under a Hann window.
static double power_between(const double *path, int n, double fps, double low, double high)
{
    double power = 0, weight = 0;
    for (int i = 0; i < n; i++)
        weight += pow(sin(M_PI * (i + 0.5) / n), 4);
    for (int k = (int)ceil(low * n / fps); k <= high * n / fps && 2 * k < n; k++) {
        double re = 0, im = 0;
        for (int i = 0; i < n; i++) {
            double hann = pow(sin(M_PI * (i + 0.5) / n), 2), phase = 2 * M_PI * k * i / n;
            re += hann * path[i] * cos(phase);
            im += hann * path[i] * sin(phase);
        }
        power += 2 * (re * re + im * im) / (n * weight);
    }
    return power;
}

struct span { // of one shot
    size_t from, n;
};

static bool next_shot(const struct kr_coach_stand *stand, struct span *span)
{
    span->from += span->n;
    span->n = 1;
    while (span->from + span->n < stand->frames && !stand->step[span->from + span->n].cut)
        span->n++;
    return span->from < stand->frames;
}

struct band {
    double low, high;         // Hz
    double window_s, least_s; // how long it looks at a time; shorter shots are passed over
};
static const struct band tremor = {5.5, 12.5, 1, 0.6}, steps = {0.9, 4, 2, 1.2};

static size_t fast_in(const struct kr_coach_stand *stand, size_t from, size_t n)
{
    size_t many = 0;
    for (size_t i = from; i < from + n; i++)
        many += stand->step[i].fast;
    return many;
}

static bool is_a_turn(const struct kr_coach_stand *stand, size_t from, size_t n)
{
    return (double)fast_in(stand, from, n) > flies_by * (double)n;
}

// rms px of the movement in a band, over all shots. false where none is long enough.
static bool shaking(const struct kr_coach_stand *stand, const struct band *band, double *px)
{
    double path[WINDOW_MOST], sum = 0, count = 0;
    int window = (int)fmin(band->window_s * stand->fps + 0.5, WINDOW_MOST);
    for (struct span shot = {0}; next_shot(stand, &shot);) {
        int n = shot.n < (size_t)window ? (int)shot.n : window;
        if (n < band->least_s * stand->fps || n < 8)
            continue;
        for (size_t at = 0; at + (size_t)n <= shot.n; at += (size_t)(n + 1) / 2) {
            if (is_a_turn(stand, shot.from + at, (size_t)n))
                continue;
            for (int way = 0; way < WAYS; way++) {
                path_of(stand, shot.from + at, n, way, path);
                sum += power_between(path, n, stand->fps, band->low, band->high);
            }
            count++;
        }
    }
    *px = sqrt(sum / fmax(count, 1));
    return count > 0;
}

// px that lead nowhere in a window, one way, once `smooth` steps are averaged.
static double wasted(const struct kr_coach_stand *stand, size_t from, int n, int smooth, int way)
{
    double speed = 0, there = 0, all = 0;
    for (int i = 0; i < n; i++) {
        speed += way_of(stand, &stand->step[from + (size_t)i], way) / smooth;
        if (i < smooth)
            continue;
        speed -= way_of(stand, &stand->step[from + (size_t)(i - smooth)], way) / smooth;
        there += speed;
        all += fabs(speed);
    }
    return all - fabs(there);
}

// px a second that lead there and back again over three seconds, once steps and
// trembling are averaged away. A turn from here to there is none.
static bool wandering(const struct kr_coach_stand *stand, double *px_s)
{
    int smooth = (int)(stand->fps + 0.5), window = 3 * smooth;
    double sum = 0, seconds = 0;
    for (struct span shot = {0}; next_shot(stand, &shot);)
        for (size_t at = shot.from; at + (size_t)(window + smooth) <= shot.from + shot.n;
             at += (size_t)window) {
            if (is_a_turn(stand, at, (size_t)(window + smooth)))
                continue;
            sum += wasted(stand, at, window + smooth, smooth, 0) +
                   wasted(stand, at, window + smooth, smooth, 1);
            seconds += window / stand->fps;
        }
    *px_s = sum / fmax(seconds, 1e-9);
    return seconds > 0;
}

static int up(const void *a, const void *b)
{
    double x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

// By how much the camera was not level: sure when most pictures say so, and the same.
static bool leaning(const struct kr_coach_stand *stand, double *degrees)
{
    double sorted[TILTS_MOST];
    int n = stand->tilts;
    if (n < 2 || n * 10 < stand->tilt_looks * 6)
        return false;
    memcpy(sorted, stand->tilt, (size_t)n * sizeof *sorted);
    qsort(sorted, (size_t)n, sizeof *sorted, up);
    if (sorted[n * 3 / 4] - sorted[n / 4] > level_within)
        return false;
    *degrees = fabs(sorted[n / 2]);
    return true;
}

// The take that is long enough to be half way: half of the clip lies in such or longer ones.
static double take_s(const struct kr_coach_stand *stand)
{
    double sum = 0;
    for (struct span shot = {0}; next_shot(stand, &shot);)
        sum += (double)shot.n * (double)shot.n;
    return sum / (double)stand->frames / stand->fps;
}

void kr_coach_followed(const struct kr_coach_stand *stand, struct kr_found *found)
{
    double value;
    size_t known = 0;
    for (size_t i = 0; i < stand->frames; i++)
        known += stand->step[i].known && !stand->step[i].cut;
    if (!stand->frames || (double)known < trusted_least * ((double)stand->frames - 1) || !known) {
        found->why[KR_PART_STEADY] = stand->frames ? "unseen" : "none";
        return;
    }
    if (shaking(stand, &tremor, &value))
        kr_found_set(found, KR_CAUSE_TREMOR, value);
    if (shaking(stand, &steps, &value))
        kr_found_set(found, KR_CAUSE_STEPS, value);
    if (wandering(stand, &value))
        kr_found_set(found, KR_CAUSE_DRIFT, value);
    if (leaning(stand, &value))
        kr_found_set(found, KR_CAUSE_TILT, value);
    kr_found_set(found, KR_CAUSE_PAN,
                 100.0 * (double)fast_in(stand, 0, stand->frames) / (double)stand->frames);
    kr_found_set(found, KR_CAUSE_SHORT, take_s(stand));
}
