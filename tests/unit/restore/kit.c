// SPDX-License-Identifier: AGPL-3.0-or-later
// The whole kit over short clips: what it touches, and above all what it does not.
#include "restore/kit.h"

#include "harness.h"
#include "restore/warp.h"
#include <math.h>

enum { WIDTH = 384, HEIGHT = 216, WALL = 640, FRAMES = 36 };

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

static struct kr_frame *wall(struct kr_test *t, double brightness)
{
    struct kr_frame *frame = blank(t, WALL, WALL);
    uint32_t seed = 21;
    for (int i = 0; i < 1500; i++) {
        int x = (int)(unit(&seed) * WALL), y = (int)(unit(&seed) * WALL);
        int w = 8 + (int)(unit(&seed) * 40), h = 8 + (int)(unit(&seed) * 40);
        for (int j = y; j < y + h && j < WALL; j++)
            memset(frame->plane[0] + j * frame->stride[0] + x,
                   16 + (int)(brightness * (20 + i * 37 % 190)),
                   (size_t)(x + w < WALL ? w : WALL - x));
    }
    return frame;
}

static void look(const struct kr_frame *picture, int i, double shake, struct kr_frame *out)
{
    uint32_t seed = (uint32_t)i * 7919u + 3;
    (void)unit(&seed);
    double x = 100 + shake * (unit(&seed) - 0.5), y = 200 + shake * (unit(&seed) - 0.5);
    kr_warp_affine(picture, (double[6]){1, 0, x, 0, 1, y}, out);
    out->at_us = i * 40000;
    out->lasts_us = 40000;
}

static bool same(const struct kr_frame *a, const struct kr_frame *b)
{
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < kr_frame_plane_height(a, p); y++)
            if (memcmp(a->plane[p] + y * a->stride[p], b->plane[p] + y * b->stride[p],
                       kr_frame_row_bytes(a, p)) != 0)
                return false;
    return true;
}

static double mean_luma(const struct kr_frame *f)
{
    double sum = 0;
    for (int y = 0; y < f->height; y++)
        for (int x = 0; x < f->width; x++)
            sum += f->plane[0][y * f->stride[0] + x];
    return sum / f->width / f->height;
}

struct outcome {
    json_t *report;
    int unaltered;   // frames
    double brighter; // mean of luma, out less in
};

static struct outcome run(struct kr_test *t, const struct kr_kit_params *params, double brightness,
                          double shake)
{
    struct outcome outcome = {0};
    struct kr_frame *picture = wall(t, brightness);
    struct kr_frame *in = blank(t, WIDTH, HEIGHT), *out = NULL;
    struct kr_kit *kit = NULL;
    struct kr_kit_clip clip = {WIDTH, HEIGHT, 25, 0};
    EXPECT_OK(kr_kit_create(params, &clip, &kit, &t->err));
    for (int i = 0; i < FRAMES; i++) {
        look(picture, i, shake, in);
        EXPECT_OK(kr_kit_study_frame(kit, in, &t->err));
    }
    EXPECT_OK(kr_kit_decide(kit, &outcome.report, &t->err));
    for (int i = 0; i < FRAMES; i++) {
        look(picture, i, shake, in);
        kr_frame_destroy(&out);
        EXPECT_OK(kr_kit_push_frame(kit, in, &t->err));
        EXPECT_OK(kr_kit_pull_frame(kit, &out, &t->err));
        EXPECT(out->at_us == in->at_us && out->lasts_us == in->lasts_us);
        outcome.unaltered += same(in, out);
        outcome.brighter += (mean_luma(out) - mean_luma(in)) / FRAMES;
    }
    kr_frame_destroy(&picture);
    kr_frame_destroy(&in);
    kr_frame_destroy(&out);
    kr_kit_destroy(&kit);
    return outcome;
}

static bool done(const json_t *report, const char *part)
{
    return kr_json_bool(kr_json_get(report, part), "done", false);
}

TEST(a_good_clip_from_a_stand_comes_out_byte_by_byte)
{
    struct outcome o = run(t, &KR_KIT_DEFAULTS, 1, 0);
    EXPECT(!done(o.report, "steady") && !done(o.report, "light"));
    EXPECT_INT(o.unaltered, FRAMES);
    kr_json_drop(&o.report);
}

TEST(a_dark_trembling_clip_is_held_and_lit)
{
    struct outcome o = run(t, &KR_KIT_DEFAULTS, 0.2, 14);
    EXPECT(done(o.report, "steady") && done(o.report, "light"));
    EXPECT_INT(o.unaltered, 0);
    EXPECT(o.brighter > 20);
    kr_json_drop(&o.report);
}

static void add_means(struct kr_test *t, struct kr_kit *kit, double *sum, double *square, double *n)
{
    for (;; ++*n) {
        KR_AUTO(kr_frame_destroy) struct kr_frame *out = NULL;
        EXPECT_OK(kr_kit_pull_frame(kit, &out, &t->err));
        if (!out)
            return;
        double mean = mean_luma(out);
        *sum += mean;
        *square += mean * mean;
    }
}

// How much the means of the frames differ, where the lamp of a projector flickered.
static double flicker_left(struct kr_test *t, double footage, double light)
{
    struct kr_frame *picture = wall(t, 1), *in = blank(t, WIDTH, HEIGHT);
    struct kr_kit_params params = {.footage = footage, .light = light};
    struct kr_kit *kit = NULL;
    json_t *report = NULL;
    double sum = 0, square = 0, n = 0;
    EXPECT_OK(kr_kit_create(&params, &(struct kr_kit_clip){WIDTH, HEIGHT, 25, 0}, &kit, &t->err));
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < FRAMES; i++) {
            look(picture, i, 0, in);
            for (int k = 0; k < HEIGHT * (int)in->stride[0]; k++)
                in->plane[0][k] =
                    (uint8_t)(16 + (in->plane[0][k] - 16) * (0.9 + 0.05 * sin(i * 2.3)));
            if (pass == 0) {
                EXPECT_OK(kr_kit_study_frame(kit, in, &t->err));
                continue;
            }
            EXPECT_OK(kr_kit_push_frame(kit, in, &t->err));
            add_means(t, kit, &sum, &square, &n);
        }
        if (pass == 0)
            EXPECT_OK(kr_kit_decide(kit, &report, &t->err));
    }
    kr_kit_end_frames(kit);
    add_means(t, kit, &sum, &square, &n);
    EXPECT_NEAR(n, FRAMES, 0);
    kr_json_drop(&report);
    kr_frame_destroy(&picture);
    kr_frame_destroy(&in);
    kr_kit_destroy(&kit);
    return sqrt(fmax(square / n - sum / n * sum / n, 0));
}

TEST(flicker_is_taken_out_once_whoever_takes_it)
{
    double none = flicker_left(t, 0, 0), film = flicker_left(t, 0.8, 0);
    double both = flicker_left(t, 0.8, 0.8);
    print_message("%.2f, then %.2f; with light %.2f\n", none, film, both);
    EXPECT(film < none / 2 && both < 1.2 * film + 0.1);
}

// px by which film that weaves lies beside its place: what the stand sees, and what a side keeps.
static double weave(struct kr_test *t, const struct kr_kit_params *params, double *kept)
{
    struct kr_frame *picture = wall(t, 1), *in = blank(t, WIDTH, HEIGHT);
    struct kr_kit *kit = NULL;
    KR_AUTO(kr_json_drop) json_t *report = NULL;
    EXPECT_OK(kr_kit_create(params, &(struct kr_kit_clip){WIDTH, HEIGHT, 25, 0}, &kit, &t->err));
    for (int i = 0; i < FRAMES; i++) {
        look(picture, i, 10, in);
        EXPECT_OK(kr_kit_study_frame(kit, in, &t->err));
    }
    EXPECT_OK(kr_kit_decide(kit, &report, &t->err));
    double jitter = kr_json_real(kr_json_get(report, "steady"), "jitter", 0);
    *kept = kr_json_real(kr_json_get(report, "footage"), "kept", 1);
    kr_frame_destroy(&picture);
    kr_frame_destroy(&in);
    kr_kit_destroy(&kit);
    return jitter;
}

TEST(film_that_weaves_is_held_in_its_gate_and_the_stand_does_not_fight_that)
{
    struct kr_kit_params both = {.steady = 0.8, .footage = 0.8}, stand = {.steady = 0.8};
    double kept, alone = weave(t, &stand, &kept), left = weave(t, &both, &kept);
    print_message("%.2f px, in its gate %.2f, kept %.3f\n", alone, left, kept);
    EXPECT(alone > 4 && left < alone / 5 && kept < 0.99 && kept > 0.95);
}

TEST(only_what_is_asked_for_is_done)
{
    struct kr_kit_params light_only = {.light = 0.8};
    struct outcome o = run(t, &light_only, 1, 14);
    EXPECT(!kr_json_get(o.report, "steady") && !kr_json_get(o.report, "sound"));
    EXPECT_INT(o.unaltered, FRAMES); // trembling, but well lit
    kr_json_drop(&o.report);
    struct kr_kit_params none = {0};
    o = run(t, &none, 0.2, 14);
    EXPECT_INT(o.unaltered, FRAMES);
    EXPECT(json_object_size(o.report) == 0);
    kr_json_drop(&o.report);
}

// Takes what is ready; frames come in order, with their times.
static int pull_all(struct kr_test *t, struct kr_kit *kit, int came)
{
    for (struct kr_frame *out = NULL;; came++) {
        EXPECT_OK(kr_kit_pull_frame(kit, &out, &t->err));
        if (!out)
            return came;
        EXPECT_INT(out->at_us, came * 40000);
        kr_frame_destroy(&out);
    }
}

// Frames that wait for their neighbours all come out, also behind those that mend.
TEST(where_edges_are_filled_as_many_frames_come_out_as_went_in)
{
    struct kr_frame *picture = wall(t, 1), *in = blank(t, WIDTH, HEIGHT);
    for (int frames = 1; frames <= FRAMES; frames += FRAMES - 1)
        for (int footage = 0; footage <= 1; footage++) {
            struct kr_kit_params params = {.steady = 0.8, .fill = true, .footage = footage};
            struct kr_kit *kit = NULL;
            KR_AUTO(kr_json_drop) json_t *report = NULL;
            int came = 0;
            EXPECT_OK(
                kr_kit_create(&params, &(struct kr_kit_clip){WIDTH, HEIGHT, 25, 0}, &kit, &t->err));
            for (int i = 0; i < frames; i++) {
                look(picture, i, 14, in);
                EXPECT_OK(kr_kit_study_frame(kit, in, &t->err));
            }
            EXPECT_OK(kr_kit_decide(kit, &report, &t->err));
            for (int i = 0; i < frames; i++) {
                look(picture, i, 14, in);
                EXPECT_OK(kr_kit_push_frame(kit, in, &t->err));
                came = pull_all(t, kit, came);
            }
            kr_kit_end_frames(kit);
            EXPECT_INT(pull_all(t, kit, came), frames);
            kr_kit_destroy(&kit);
        }
    kr_frame_destroy(&picture);
    kr_frame_destroy(&in);
}

// All of `in` through the kit, into `out` (of as many samples); how many came.
static size_t hear(struct kr_test *t, const struct kr_kit_params *params,
                   const struct kr_samples *in, float *out, json_t **report)
{
    struct kr_kit_clip clip = {.channels = in->channels};
    struct kr_kit *kit = NULL;
    struct kr_samples *got = NULL;
    size_t came = 0;
    EXPECT_OK(kr_kit_create(params, &clip, &kit, &t->err));
    EXPECT_OK(kr_kit_study_samples(kit, in, &t->err));
    EXPECT_OK(kr_kit_decide(kit, report, &t->err));
    while (kr_kit_rehearses(kit)) {
        EXPECT_OK(kr_kit_rehearse_samples(kit, in, &t->err));
        EXPECT_OK(kr_kit_settle(kit, *report, &t->err));
    }
    EXPECT_OK(kr_kit_push_samples(kit, in, &t->err));
    EXPECT_OK(kr_kit_end_samples(kit, &t->err));
    for (;;) {
        EXPECT_OK(kr_kit_pull_samples(kit, &got, &t->err));
        if (!got)
            break;
        EXPECT_INT(got->at, (int64_t)came);
        EXPECT_INT(got->channels, in->channels);
        EXPECT(came + got->n <= in->n);
        memcpy(out + came, got->channel[in->channels - 1], got->n * sizeof *out);
        came += got->n;
        kr_samples_destroy(&got);
    }
    kr_kit_destroy(&kit);
    return came;
}

static size_t pass_sound(struct kr_test *t, bool sound, int channels, size_t n, double *most)
{
    struct kr_kit_params params = {.sound = sound ? 0.8 : 0};
    struct kr_samples *in = NULL;
    KR_AUTO(kr_json_drop) json_t *report = NULL;
    float *out = kr_new_array(float, n + 1);
    EXPECT_OK(kr_samples_create(KR_RATE, channels, n, &in, &t->err));
    for (int c = 0; c < channels; c++)
        for (size_t i = 0; i < n; i++)
            in->channel[c][i] = // swelling, as nothing steady does
                (float)(0.01 * sin((double)i * 0.05) * pow(sin((double)i * 2e-4), 2));
    size_t came = hear(t, &params, in, out, &report);
    EXPECT(done(report, "sound") == (sound && n > KR_RATE / 2));
    for (size_t i = 0; i < came; i++)
        *most = fmax(*most, fabs((double)out[i]));
    kr_free(&out);
    kr_samples_destroy(&in);
    return came;
}

static double tone_in(const float *samples, size_t n, double hz)
{
    double re = 0, im = 0, all = 0;
    for (size_t i = 0; i < n; i++) {
        re += (double)samples[i] * cos(2 * M_PI * hz * (double)i / KR_RATE);
        im += (double)samples[i] * sin(2 * M_PI * hz * (double)i / KR_RATE);
        all += (double)samples[i] * (double)samples[i];
    }
    return 2 * (re * re + im * im) / ((double)n * all); // of all that is heard
}

// It whines a little higher today than when it was learnt; words come and go over it.
TEST(the_tone_of_a_mounts_motor_goes_where_the_mount_is_named)
{
    enum { N = 10 * KR_RATE };
    struct kr_kit_params named = {.sound = 0.8, .mount = {.tone_hz = 181}},
                         strange = {.sound = 0.8};
    struct kr_samples *in = NULL;
    KR_AUTO(kr_json_drop) json_t *first = NULL;
    KR_AUTO(kr_json_drop) json_t *second = NULL;
    float *out = kr_new_array(float, N);
    uint32_t seed = 8;
    EXPECT_OK(kr_samples_create(KR_RATE, 1, N, &in, &t->err));
    for (size_t i = 0; i < N; i++) {
        double at = (double)i / KR_RATE, word = pow(fmax(sin(2 * M_PI * 0.7 * at), 0), 2);
        in->channel[0][i] = (float)(0.03 * sin(2 * M_PI * 186 * at) + 0.004 * (unit(&seed) - 0.5) +
                                    0.1 * word * sin(2 * M_PI * 700 * at + 4 * sin(30 * at)));
    }
    double before = tone_in(in->channel[0], N, 186);
    EXPECT_INT((int64_t)hear(t, &strange, in, out, &first), N);
    double stays = tone_in(out, N, 186);
    EXPECT_INT((int64_t)hear(t, &named, in, out, &second), N);
    double goes = tone_in(out, N, 186);
    print_message("of all: %.4f; after %.4f, named %.6f\n", before, stays, goes);
    EXPECT(goes < before / 100 && goes < stays / 30);
    kr_free(&out);
    kr_samples_destroy(&in);
}

TEST(as_many_samples_come_out_as_go_in)
{
    for (int channels = 1; channels <= 2; channels++) {
        double passed = 0, louder = 0;
        EXPECT_INT((int64_t)pass_sound(t, true, channels, 96001, &louder), 96001);
        EXPECT(louder > 0.05); // it was 0.01
        EXPECT_INT((int64_t)pass_sound(t, false, channels, 96001, &passed), 96001);
        EXPECT_NEAR(passed, 0.01, 1e-4); // not asked for: it passes through
        EXPECT_INT((int64_t)pass_sound(t, true, channels, 0, &passed), 0);
        EXPECT_INT((int64_t)pass_sound(t, true, channels, 1, &passed), 1);
    }
}

TEST(what_no_clip_can_be_is_refused)
{
    static const struct {
        struct kr_kit_clip clip;
        double strength;
        enum kr_code code;
    } cases[] = {
        {{0, 5, 25, 1}, 0.8, KR_E_TOO_BIG},       {{-4, -4, 25, 1}, 0.8, KR_E_TOO_BIG},
        {{1 << 20, 4, 25, 1}, 0.8, KR_E_TOO_BIG}, {{64, 64, 25, 9}, 0.8, KR_E_UNSUPPORTED},
        {{64, 64, 25, 1}, 1.5, KR_E_INVALID},     {{64, 64, 25, 1}, NAN, KR_E_INVALID},
    };
    for (size_t i = 0; i < KR_COUNT(cases); i++) {
        struct kr_kit_params params = KR_KIT_DEFAULTS;
        params.sound = cases[i].strength;
        struct kr_kit *kit = NULL;
        EXPECT_FAIL(kr_kit_create(&params, &cases[i].clip, &kit, &t->err), cases[i].code);
        EXPECT(!kit);
    }
}

// How many frames are ready; each is as `in`.
static int pull_same(struct kr_test *t, struct kr_kit *kit, const struct kr_frame *in)
{
    for (int n = 0;; n++) {
        KR_AUTO(kr_frame_destroy) struct kr_frame *out = NULL;
        EXPECT_OK(kr_kit_pull_frame(kit, &out, &t->err));
        if (!out)
            return n;
        EXPECT(same(in, out));
    }
}

TEST(tiny_frames_and_empty_clips_survive)
{
    for (int size = 1; size <= 2; size++)
        for (int frames = 0; frames <= 2; frames++) {
            struct kr_kit_clip clip = {size, size, NAN, 1};
            struct kr_kit *kit = NULL;
            struct kr_frame *in = blank(t, size, size);
            struct kr_kit_params params = KR_KIT_DEFAULTS;
            json_t *report = NULL;
            int came = 0;
            params.footage = 0.8;
            EXPECT_OK(kr_kit_create(&params, &clip, &kit, &t->err));
            for (int i = 0; i < frames; i++)
                EXPECT_OK(kr_kit_study_frame(kit, in, &t->err));
            EXPECT_OK(kr_kit_decide(kit, &report, &t->err));
            for (int i = 0; i < frames + 1; i++) { // one more than was studied
                EXPECT_OK(kr_kit_push_frame(kit, in, &t->err));
                came += pull_same(t, kit, in);
            }
            kr_kit_end_frames(kit);
            EXPECT_INT(came + pull_same(t, kit, in), frames + 1);
            kr_json_drop(&report);
            kr_kit_destroy(&kit);
            kr_frame_destroy(&in);
        }
}

TEST(a_frame_of_another_size_is_refused)
{
    struct kr_kit *kit = NULL;
    struct kr_frame *other = blank(t, 32, 32);
    EXPECT_OK(kr_kit_create(&KR_KIT_DEFAULTS, &(struct kr_kit_clip){64, 64, 25, 0}, &kit, &t->err));
    EXPECT_FAIL(kr_kit_study_frame(kit, other, &t->err), KR_E_INVALID);
    kr_frame_destroy(&other);
    kr_kit_destroy(&kit);
}

MAIN(CASE(a_good_clip_from_a_stand_comes_out_byte_by_byte),
     CASE(a_dark_trembling_clip_is_held_and_lit), CASE(flicker_is_taken_out_once_whoever_takes_it),
     CASE(film_that_weaves_is_held_in_its_gate_and_the_stand_does_not_fight_that),
     CASE(only_what_is_asked_for_is_done),
     CASE(where_edges_are_filled_as_many_frames_come_out_as_went_in),
     CASE(as_many_samples_come_out_as_go_in),
     CASE(the_tone_of_a_mounts_motor_goes_where_the_mount_is_named),
     CASE(what_no_clip_can_be_is_refused), CASE(tiny_frames_and_empty_clips_survive),
     CASE(a_frame_of_another_size_is_refused))
