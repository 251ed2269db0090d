// SPDX-License-Identifier: AGPL-3.0-or-later
// One good clip, spoiled in one way at a time: the coach must name that way.
#include "restore/coach.h"

#include "harness.h"
#include "restore/coach_priv.h"
#include "restore/rnnoise.h"
#include "restore/warp.h"
#include <math.h>

enum { WIDTH = 256, HEIGHT = 144, ROOM = 640, FPS = 20, FRAMES = 3 * FPS, LONG = 5 * FPS };

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

static uint8_t code(double v)
{
    return (uint8_t)lrint(fmin(fmax(v, 16), 235));
}

// A room of many upright things on a grey wall, as bright as a well lit one.
static struct kr_frame *room(struct kr_test *t)
{
    struct kr_frame *frame = blank(t, ROOM, ROOM);
    uint32_t seed = 11;
    for (int y = 0; y < ROOM; y++)
        memset(frame->plane[0] + y * frame->stride[0], 120, ROOM);
    for (int i = 0; i < 320; i++) {
        int x = (int)(unit(&seed) * ROOM), y = (int)(unit(&seed) * ROOM);
        int w = 6 + (int)(unit(&seed) * 30), h = 6 + (int)(unit(&seed) * 30);
        uint8_t tone = code(30 + 190 * unit(&seed));
        for (int j = y; j < y + h && j < ROOM; j++)
            memset(frame->plane[0] + j * frame->stride[0] + x, tone,
                   (size_t)(x + w < ROOM ? w : ROOM - x));
    }
    return frame;
}

struct view {                     // how a frame is seen
    double x, y, turn;            // px, rad
    double gain, ripple, middle;  // linear light: all of it, from row to row, the middle
    double around, cb, cr, phase; // linear; codes
};
#define GOOD_VIEW ((struct view){.gain = 1, .middle = 1, .around = 1})

// Codes to linear light and back, by tables.
static double linear[256];
static uint8_t coded[4096];

static void make_tables(void)
{
    for (int i = 0; i < 256; i++)
        linear[i] = pow(fmax(i - 16, 0) / 219.0, 2.2);
    for (int i = 0; i < 4096; i++)
        coded[i] = code(16 + 219 * pow(i / 4095.0, 1 / 2.2));
}

static void light_up(struct kr_frame *f, const struct view *view)
{
    if (!coded[0])
        make_tables();
    for (int y = 0; y < f->height; y++)
        for (int x = 0; x < f->width; x++) {
            double u = (x - f->width * 0.5) / (f->width * 0.24);
            double v = (y - f->height * 0.62) / (f->height * 0.5);
            double gain = view->gain * (u * u + v * v < 1 ? view->middle : view->around) *
                          (1 + view->ripple * sin(0.08 * y + view->phase));
            uint8_t *at = f->plane[0] + y * f->stride[0] + x;
            *at = coded[(int)(4095 * fmin(fmax(linear[*at] * gain, 0), 1))];
        }
    for (int p = 1; p < 3; p++)
        for (int y = 0; y < kr_frame_plane_height(f, p); y++)
            memset(f->plane[p] + y * f->stride[p], 128 + (int)(p == 1 ? view->cb : view->cr),
                   kr_frame_row_bytes(f, p));
}

static void show(const struct kr_frame *picture, const struct view *view, struct kr_frame *out)
{
    double c = cos(view->turn), s = sin(view->turn), x = WIDTH / 2.0, y = HEIGHT / 2.0;
    double m[6] = {c, -s, ROOM / 2.0 + view->x - c * x + s * y,
                   s, c,  ROOM / 2.0 + view->y - s * x - c * y};
    kr_warp_affine(picture, m, out);
    light_up(out, view);
}

// Somebody speaks: syllables of a buzzing voice and pauses between them.
struct speech {
    double noise, rail, tail_s, level; // linear; of full scale; seconds to -60 dB; linear
    bool nobody;                       // only the noise
};
#define CLEAR_SPEECH ((struct speech){.noise = 0.0003, .rail = 1, .level = 1})

enum { BUZZ = KR_RATE / 10 }; // 14 waves of 140 Hz

static const double *buzz(void)
{
    static double wave[BUZZ];
    if (wave[1] != 0)
        return wave;
    for (int i = 0; i < BUZZ; i++)
        for (int k = 1; k <= 12; k++)
            wave[i] += sin(2 * M_PI * 140 * k * i / KR_RATE + 2.1 * k * k) / 12;
    return wave;
}

static void speak(const struct speech *how, struct kr_samples *out)
{
    const double *wave = buzz();
    uint32_t seed = 5;
    static const int delay[3] = {1447, 1663, 1933}; // of three combs: a bare room
    for (size_t i = 0; i < out->n; i++) {
        double time = (double)i / KR_RATE, in = fmod(time, 0.37);
        double loud = 0.35 + 0.65 * fabs(sin(1.7 * floor(time / 0.37)));
        double shape = in < 0.02 ? in / 0.02 : exp(-fmax(in - 0.14, 0) / 0.012);
        bool pauses = how->nobody || fmod(time, 2.5) > 2.1;
        out->channel[0][i] = (float)(pauses ? 0 : 0.6 * loud * shape * wave[i % BUZZ]);
    }
    for (int k = 0; k < 3 && how->tail_s > 0; k++) {
        double keep = pow(10, -3.0 * delay[k] / KR_RATE / how->tail_s);
        for (size_t i = (size_t)delay[k]; i < out->n; i++)
            out->channel[0][i] += (float)(keep * (double)out->channel[0][i - (size_t)delay[k]]);
    }
    for (size_t i = 0; i < out->n; i++) {
        double v = (double)out->channel[0][i] + how->noise * (unit(&seed) + unit(&seed) - 1) * 2;
        out->channel[0][i] =
            (float)(how->level * fmin(fmax(v, -how->rail), how->rail) * fmin(1 / how->rail, 8));
    }
}

// Judges a clip whose frame i is seen as view_of(i) tells.
static json_t *judge(struct kr_test *t, struct view (*view_of)(int i), const struct speech *how,
                     int frames, const struct kr_scene *scene, unsigned body)
{
    struct kr_kit_clip clip = {view_of ? WIDTH : 0, view_of ? HEIGHT : 0, FPS, how ? 1 : 0};
    struct kr_frame *picture = room(t), *frame = blank(t, WIDTH, HEIGHT);
    struct kr_samples *samples = NULL;
    struct kr_coach *coach = NULL;
    json_t *judged = NULL;
    EXPECT_OK(kr_coach_create(&clip, &coach, &t->err));
    for (int i = 0; view_of && i < frames; i++) {
        struct view view = view_of(i);
        show(picture, &view, frame);
        EXPECT_OK(kr_coach_frame(coach, frame, &t->err));
    }
    if (how) {
        EXPECT_OK(kr_samples_create(KR_RATE, 1, (size_t)frames * KR_RATE / FPS, &samples, &t->err));
        speak(how, samples);
        EXPECT_OK(kr_coach_samples(coach, samples, &t->err));
    }
    EXPECT_OK(kr_coach_judge(coach, scene, body, &judged, &t->err));
    kr_samples_destroy(&samples);
    kr_frame_destroy(&picture);
    kr_frame_destroy(&frame);
    kr_coach_destroy(&coach);
    kr_json_lend(t->mem, judged);
    return judged;
}

static int64_t score(const json_t *judged, const char *part)
{
    return kr_json_int(kr_json_get(judged, part), "score", -1);
}

static const json_t *cause(const json_t *judged, const char *part, const char *name)
{
    const json_t *causes = kr_json_get(kr_json_get(judged, part), "causes");
    for (size_t i = 0; i < json_array_size(causes); i++)
        if (strcmp(kr_json_str(json_array_get(causes, i), "cause", ""), name) == 0)
            return json_array_get(causes, i);
    return NULL;
}

static const char *first_advice(const json_t *judged)
{
    return kr_json_str(json_array_get(kr_json_get(judged, "advice"), 0), "cause", "none");
}

static struct view good(int i)
{
    struct view view = GOOD_VIEW;
    view.x = 0.4 * sin(i * 0.11);
    return view;
}

static struct view dark(int i)
{
    struct view view = good(i);
    view.gain = 0.06;
    return view;
}

static struct view burnt(int i)
{
    struct view view = good(i);
    view.gain = 5;
    return view;
}

static struct view backlit(int i)
{
    struct view view = good(i);
    view.middle = 0.06;
    view.around = 2.5;
    return view;
}

static struct view flickering(int i)
{
    struct view view = good(i);
    uint32_t seed = ((uint32_t)i + 5) * 2654435761u;
    (void)unit(&seed);
    view.gain = 1 + 0.4 * (unit(&seed) - 0.5);
    return view;
}

static struct view rippling(int i) // a lamp on the mains, seen row by row
{
    struct view view = GOOD_VIEW;
    view.ripple = 0.2;
    view.phase = 2.1 * i;
    return view;
}

static struct view coloured(int i)
{
    struct view view = good(i);
    view.cb = -34;
    view.cr = 26;
    return view;
}

static struct view trembling(int i)
{
    struct view view = good(i);
    view.x += 2.5 * sin(2 * M_PI * 8.6 * i / FPS);
    view.y += 2.5 * sin(2 * M_PI * 7.7 * i / FPS);
    return view;
}

static struct view walking(int i)
{
    struct view view = good(i);
    view.y += 10 * sin(2 * M_PI * 1.9 * i / FPS);
    return view;
}

static struct view wandering(int i)
{
    struct view view = good(i);
    view.x += 18 * sin(2 * M_PI * 0.33 * i / FPS);
    view.y += 14 * sin(2 * M_PI * 0.29 * i / FPS);
    return view;
}

static struct view turning(int i) // there and back, once a second each
{
    struct view view = good(i);
    view.x += 180 * fabs(fmod(i / (double)FPS, 2) - 1) - 90;
    return view;
}

static struct view slowly(int i) // as one turns on purpose
{
    struct view view = good(i);
    view.x += 0.9 * i;
    return view;
}

static struct view leaning(int i)
{
    struct view view = good(i);
    view.turn = 0.12;
    return view;
}

TEST(a_good_clip_loses_next_to_nothing_and_hears_no_advice)
{
    struct speech clear = CLEAR_SPEECH;
    json_t *judged = judge(t, good, &clear, LONG, NULL, 0);
    EXPECT(score(judged, "sound") >= 90 && score(judged, "light") >= 90);
    EXPECT(score(judged, "steady") >= 90);
    EXPECT_INT((int64_t)json_array_size(kr_json_get(judged, "advice")), 0);
    judged = judge(t, slowly, &clear, FRAMES, NULL, 0);
    EXPECT(score(judged, "steady") >= 85);
}

TEST(what_spoils_the_picture_is_named)
{
    static const struct {
        const char *part, *cause;
        struct view (*view_of)(int i);
    } cases[] = {
        {"light", "dark", dark},         {"light", "burnt", burnt},
        {"light", "backlight", backlit}, {"light", "flicker", flickering},
        {"light", "flicker", rippling},  {"light", "cast", coloured},
        {"steady", "tremor", trembling}, {"steady", "steps", walking},
        {"steady", "drift", wandering},  {"steady", "pan", turning},
        {"steady", "tilt", leaning},
    };
    struct speech clear = CLEAR_SPEECH;
    for (size_t i = 0; i < KR_COUNT(cases); i++) {
        int frames = strcmp(cases[i].cause, "drift") == 0 ? LONG : FRAMES;
        json_t *judged = judge(t, cases[i].view_of, &clear, frames, NULL, 0);
        if (strcmp(first_advice(judged), cases[i].cause) != 0)
            print_message("%s: %s\n", cases[i].cause, kr_json_text(t->mem, judged));
        EXPECT_STR(kr_json_str(judged, "worst", "none"), cases[i].part);
        EXPECT_STR(first_advice(judged), cases[i].cause);
        EXPECT(score(judged, cases[i].part) <= 85);
    }
}

TEST(a_take_that_is_over_at_once_is_too_short)
{
    struct speech clear = CLEAR_SPEECH;
    json_t *judged = judge(t, good, &clear, FPS, NULL, 0);
    EXPECT_STR(first_advice(judged), "short");
    EXPECT_NEAR(kr_json_real(cause(judged, "steady", "short"), "value", 0), 1, 0.05);
}

TEST(what_spoils_the_sound_is_named)
{
    struct speech cases[4] = {CLEAR_SPEECH, CLEAR_SPEECH, CLEAR_SPEECH, CLEAR_SPEECH};
    static const char *const names[4] = {"noise", "clipping", "echo", "quiet"};
    cases[0].noise = 0.05;
    cases[1].rail = 0.12;
    cases[2].tail_s = 0.9;
    cases[3].level = 0.02;
    cases[3].noise = 0.0005;
    for (int i = 0; i < 4; i++) {
        json_t *judged = judge(t, NULL, &cases[i], LONG, NULL, 0);
        if (strcmp(first_advice(judged), names[i]) != 0)
            print_message("%s: %s\n", names[i], kr_json_text(t->mem, judged));
        EXPECT_STR(kr_json_str(judged, "worst", "none"), "sound");
        EXPECT_STR(first_advice(judged), names[i]);
    }
}

// Then there is no voice that could stand above the noise, or die away slowly.
TEST(where_nobody_speaks_that_is_said_and_no_noise)
{
    struct speech hiss = {.noise = 0.05, .rail = 1, .level = 1, .nobody = true};
    struct speech clear = CLEAR_SPEECH;
    if (!kr_rnnoise_there())
        skip();
    json_t *judged = judge(t, NULL, &hiss, LONG, NULL, 0);
    EXPECT_STR(first_advice(judged), "speech");
    EXPECT(score(judged, "sound") >= 50); // it may be meant
    EXPECT(!cause(judged, "sound", "noise") && !cause(judged, "sound", "echo"));
    judged = judge(t, NULL, &clear, LONG, NULL, 0);
    EXPECT(kr_json_real(cause(judged, "sound", "speech"), "value", 0) > 20);
    EXPECT(kr_json_real(cause(judged, "sound", "speech"), "cost", -1) == 0);
}

TEST(what_is_not_there_is_not_scored)
{
    struct speech silence = {.rail = 1};
    json_t *judged = judge(t, good, NULL, FRAMES, NULL, 0);
    EXPECT_STR(kr_json_str(kr_json_get(judged, "sound"), "why", ""), "none");
    EXPECT_INT(score(judged, "sound"), -1);
    struct speech clear = CLEAR_SPEECH;
    judged = judge(t, NULL, &clear, LONG, NULL, 0);
    EXPECT_STR(kr_json_str(kr_json_get(judged, "light"), "why", ""), "none");
    EXPECT_STR(kr_json_str(kr_json_get(judged, "steady"), "why", ""), "none");
    EXPECT(score(judged, "sound") >= 90);
    judged = judge(t, good, &silence, FRAMES, NULL, 0);
    EXPECT_STR(kr_json_str(kr_json_get(judged, "sound"), "why", ""), "silent");
}

static struct view black(int i)
{
    (void)i;
    return (struct view){0};
}

TEST(where_the_camera_cannot_be_followed_the_coach_says_so)
{
    json_t *judged = judge(t, black, NULL, FRAMES, NULL, 0);
    EXPECT_STR(kr_json_str(kr_json_get(judged, "steady"), "why", ""), "unseen");
    EXPECT_STR(kr_json_str(judged, "worst", ""), "light");
}

TEST(a_scene_changes_what_counts)
{
    struct speech clear = CLEAR_SPEECH;
    json_t *judged = judge(t, dark, &clear, FRAMES, kr_scene_named("night-home"), 0);
    EXPECT(score(judged, "light") >= 90); // the night is dark
    judged = judge(t, wandering, &clear, LONG, kr_scene_named("ride"), 0);
    EXPECT(strcmp(first_advice(judged), "drift") != 0); // a way goes somewhere
}

// Shows `frames` frames; *judged lives in the test.
static void look(struct kr_test *t, struct kr_coach *coach, struct view (*view_of)(int i),
                 int frames, json_t **judged)
{
    struct kr_frame *picture = room(t), *frame = blank(t, WIDTH, HEIGHT);
    for (int i = 0; i < frames; i++) {
        struct view view = view_of(i);
        show(picture, &view, frame);
        EXPECT_OK(kr_coach_frame(coach, frame, &t->err));
    }
    EXPECT_OK(kr_coach_judge(coach, NULL, 0, judged, &t->err));
    kr_json_lend(t->mem, *judged);
    kr_frame_destroy(&picture);
    kr_frame_destroy(&frame);
}

// What was only lit anew is as steady as it was, and lit as it is now.
TEST(a_camera_is_followed_once_where_nothing_was_moved)
{
    const struct kr_kit_clip clip = {WIDTH, HEIGHT, FPS, 0};
    struct kr_coach *before = NULL, *after = NULL;
    json_t *was, *is;
    EXPECT_OK(kr_coach_create(&clip, &before, &t->err));
    EXPECT_OK(kr_coach_create(&clip, &after, &t->err));
    look(t, before, trembling, FRAMES, &was);
    kr_coach_follow_like(after, before);
    look(t, after, dark, FRAMES + 2, &is); // two more than were ever seen
    EXPECT(json_equal(kr_json_get(was, "steady"), kr_json_get(is, "steady")));
    EXPECT_STR(first_advice(was), "tremor");
    EXPECT(score(was, "light") > score(is, "light") + 20);
    kr_coach_destroy(&after);
    kr_coach_destroy(&before);
}

TEST(at_most_three_pieces_of_advice_the_costliest_first)
{
    struct speech poor = CLEAR_SPEECH;
    poor.noise = 0.05;
    poor.level = 0.02;
    json_t *judged = judge(t, dark, &poor, FPS, NULL, 0);
    const json_t *advice = kr_json_get(judged, "advice");
    double before = 100;
    EXPECT_INT((int64_t)json_array_size(advice), 3);
    for (size_t i = 0; i < 3; i++) {
        const char *name = kr_json_str(json_array_get(advice, i), "cause", "");
        const json_t *found = cause(judged, "sound", name);
        found = found ? found : cause(judged, "light", name);
        found = found ? found : cause(judged, "steady", name);
        double cost = kr_json_real(found, "cost", 101);
        EXPECT(cost <= before && cost >= 5);
        before = cost;
    }
}

static void scribble(struct kr_frame *frame, uint32_t *seed)
{
    int kind = (int)(unit(seed) * 3); // noise, one tone, coarse blocks
    uint8_t tone = (uint8_t)(unit(seed) * 256);
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < kr_frame_plane_height(frame, p); y++)
            for (size_t x = 0; x < kr_frame_row_bytes(frame, p); x++) {
                bool fresh = kind == 0 || (kind == 2 && x % 16 == 0);
                tone = fresh ? (uint8_t)(unit(seed) * 256) : tone;
                frame->plane[p][(ptrdiff_t)y * frame->stride[p] + (ptrdiff_t)x] = tone;
            }
}

static void babble(struct kr_samples *samples, uint32_t *seed)
{
    static const float strange[] = {NAN, INFINITY, -INFINITY, 1e30f, -1e-42f, 0};
    double level = pow(10, -6 * unit(seed));
    for (int c = 0; c < samples->channels; c++)
        for (size_t i = 0; i < samples->n; i++)
            samples->channel[c][i] = unit(seed) < 0.01 ? strange[(int)(unit(seed) * 6)]
                                                       : (float)(level * (2 * unit(seed) - 1));
}

static void expect_sane(struct kr_test *t, const json_t *judged)
{
    static const char *const parts[] = {"sound", "light", "steady"};
    for (int p = 0; p < 3; p++) {
        const json_t *part = kr_json_get(judged, parts[p]);
        int64_t points = kr_json_int(part, "score", -1);
        EXPECT(kr_json_get(part, "score") ? points >= 0 && points <= 100
                                          : kr_json_str(part, "why", NULL) != NULL);
    }
    EXPECT(json_array_size(kr_json_get(judged, "advice")) <= 3);
    EXPECT(strlen(kr_json_text(t->mem, judged)) > 2); // no NaN: jansson would refuse it
}

TEST(nonsense_gets_scores_between_nothing_and_all)
{
    static const int sizes[][2] = {{1, 1}, {2, 2}, {3, 1}, {1, 7}, {17, 13}, {641, 3}, {129, 97}};
    uint32_t seed = 2026;
    for (int round = 0; round < 84; round++) {
        const int *size = sizes[round % (int)KR_COUNT(sizes)];
        double rates[] = {25, 30, NAN, 0, -5, 240};
        struct kr_kit_clip clip = {size[0], size[1], rates[round % 6], round % 3};
        struct kr_coach *coach = NULL;
        struct kr_frame *frame = blank(t, size[0], size[1]);
        json_t *judged = NULL;
        EXPECT_OK(kr_coach_create(&clip, &coach, &t->err));
        for (int i = 0; i < round * 2 / 3; i++) {
            scribble(frame, &seed);
            EXPECT_OK(kr_coach_frame(coach, frame, &t->err));
        }
        for (int i = 0; clip.channels && i < round % 5; i++) {
            struct kr_samples *samples = NULL;
            size_t n = (size_t)(unit(&seed) * 30000);
            EXPECT_OK(kr_samples_create(KR_RATE, clip.channels, n, &samples, &t->err));
            babble(samples, &seed);
            EXPECT_OK(kr_coach_samples(coach, samples, &t->err));
            kr_samples_destroy(&samples);
        }
        EXPECT_OK(kr_coach_judge(coach, NULL, 0, &judged, &t->err));
        expect_sane(t, judged);
        kr_json_drop(&judged);
        kr_frame_destroy(&frame);
        kr_coach_destroy(&coach);
    }
}

TEST(the_largest_frames_are_looked_at)
{
    struct kr_kit_clip clip = {7680, 4320, 30, 0};
    struct kr_coach *coach = NULL;
    struct kr_frame *frame = blank(t, 7680, 4320);
    json_t *judged = NULL;
    EXPECT_OK(kr_coach_create(&clip, &coach, &t->err));
    for (int i = 0; i < 2; i++)
        EXPECT_OK(kr_coach_frame(coach, frame, &t->err));
    EXPECT_OK(kr_coach_judge(coach, NULL, 0, &judged, &t->err));
    EXPECT(score(judged, "light") < 50); // black
    kr_json_drop(&judged);
    kr_frame_destroy(&frame);
    kr_coach_destroy(&coach);
}

TEST(what_is_not_of_the_clip_is_refused)
{
    struct kr_coach *coach = NULL;
    struct kr_frame *other = blank(t, 32, 32);
    struct kr_samples *stereo = NULL;
    EXPECT_FAIL(kr_coach_create(&(struct kr_kit_clip){0, 5, 25, 1}, &coach, &t->err), KR_E_TOO_BIG);
    EXPECT_FAIL(kr_coach_create(&(struct kr_kit_clip){8, 8, 25, 3}, &coach, &t->err),
                KR_E_UNSUPPORTED);
    EXPECT(!coach);
    EXPECT_OK(kr_coach_create(&(struct kr_kit_clip){64, 64, 25, 1}, &coach, &t->err));
    EXPECT_OK(kr_samples_create(KR_RATE, 2, 10, &stereo, &t->err));
    EXPECT_FAIL(kr_coach_frame(coach, other, &t->err), KR_E_INVALID);
    EXPECT_FAIL(kr_coach_samples(coach, stereo, &t->err), KR_E_INVALID);
    kr_samples_destroy(&stereo);
    kr_frame_destroy(&other);
    kr_coach_destroy(&coach);
}

MAIN(CASE(a_good_clip_loses_next_to_nothing_and_hears_no_advice),
     CASE(what_spoils_the_picture_is_named), CASE(a_take_that_is_over_at_once_is_too_short),
     CASE(what_spoils_the_sound_is_named), CASE(where_nobody_speaks_that_is_said_and_no_noise),
     CASE(what_is_not_there_is_not_scored),
     CASE(where_the_camera_cannot_be_followed_the_coach_says_so), CASE(a_scene_changes_what_counts),
     CASE(a_camera_is_followed_once_where_nothing_was_moved),
     CASE(at_most_three_pieces_of_advice_the_costliest_first),
     CASE(nonsense_gets_scores_between_nothing_and_all), CASE(the_largest_frames_are_looked_at),
     CASE(what_is_not_of_the_clip_is_refused))
