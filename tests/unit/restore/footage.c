// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/footage.h"

#include "harness.h"
#include <math.h>

enum { W = 200, H = 144, FRAMES = 20 };
enum age { FRESH, FILM, TAPE, LINES };

static struct kr_frame *frame_of(struct kr_test *t, int width, int height)
{
    struct kr_frame *frame = NULL;
    EXPECT_OK(kr_frame_create(KR_YUV420, width, height, &frame, &t->err));
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < kr_frame_plane_height(frame, p); y++)
            memset(frame->plane[p] + y * frame->stride[p], 128, kr_frame_row_bytes(frame, p));
    return frame;
}

static void paint(struct kr_frame *f, int number)
{
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < kr_frame_plane_height(f, p); y++)
            for (size_t i = 0; i < kr_frame_row_bytes(f, p); i++) {
                double x = (p ? 2 * (double)i : (double)i) + 1.5 * number, row = p ? 2 * y : y;
                double v = 120 + 30 * sin(x * 0.07 + p) + 25 * cos(row * 0.09 - p) +
                           (p ? 0 : 12 * sin(x * 0.33 + row * 0.21));
                f->plane[p][y * f->stride[p] + (ptrdiff_t)i] = (uint8_t)lrint(v);
            }
    f->at_us = 40000 * (int64_t)number;
    f->lasts_us = 40000;
}

static unsigned chance(unsigned *state, unsigned most)
{
    *state = *state * 1664525U + 1013904223U;
    return (*state >> 8) % most;
}

// Each line begins up to 4 px early or late, by a wave that is anew in each frame.
static void tremble(struct kr_frame *f, unsigned *state)
{
    double phase = chance(state, 628) / 100.0, pitch = 0.15 + chance(state, 15) / 100.0;
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < kr_frame_plane_height(f, p); y++) {
            uint8_t line[W], *row = f->plane[p] + y * f->stride[p];
            int n = (int)kr_frame_row_bytes(f, p);
            int by = (int)lrint(2 * sin((p ? 2 * y : y) / 2 * 2 * pitch + phase)) * (p ? 1 : 2);
            memcpy(line, row, (size_t)n);
            for (int x = 0; x < n; x++)
                row[x] = line[x - by < 0 ? 0 : x - by >= n ? n - 1 : x - by];
        }
}

static void wear(struct kr_frame *f, enum age age, unsigned *state)
{
    int gain = 88 + (int)chance(state, 25); // of 100
    if (age == LINES)
        tremble(f, state);
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < kr_frame_plane_height(f, p); y++)
            for (int x = 0, snow = 0; x < (int)kr_frame_row_bytes(f, p); x++) {
                uint8_t *v = &f->plane[p][y * f->stride[p] + x];
                snow = x % 6 ? snow : (int)chance(state, 90) - 45;
                if (age == FILM && p == 0)
                    *v = (uint8_t)(*v * gain / 100);
                if (age == TAPE && p)
                    *v = (uint8_t)(*v + snow);
            }
    for (int k = 0; k < 5 && age == FILM; k++) {
        int cx = 10 + (int)chance(state, W - 20), cy = 10 + (int)chance(state, H - 20);
        for (int y = -3; y <= 3; y++)
            memset(f->plane[0] + (cy + y) * f->stride[0] + cx, k % 2 ? 235 : 16, 6);
    }
}

static double apart(const struct kr_frame *a, const struct kr_frame *b)
{
    double sum = 0;
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < kr_frame_plane_height(a, p); y++)
            for (size_t x = 0; x < kr_frame_row_bytes(a, p); x++)
                sum += pow(a->plane[p][y * a->stride[p] + (ptrdiff_t)x] -
                               b->plane[p][y * b->stride[p] + (ptrdiff_t)x],
                           2);
    return sum;
}

struct seen {
    json_t *report;
    double before, after, changed; // squares: from the truth, and from what went in
    int count;
};

static void take(struct kr_test *t, struct kr_footage *footage, struct kr_frame *truth,
                 struct kr_frame *in, enum age age, unsigned *state, struct seen *seen)
{
    for (;;) {
        KR_AUTO(kr_frame_destroy) struct kr_frame *out = NULL;
        EXPECT_OK(kr_footage_pull(footage, &out, &t->err));
        if (!out)
            return;
        paint(truth, seen->count);
        paint(in, seen->count);
        wear(in, age, state);
        EXPECT(out->at_us == truth->at_us && out->lasts_us == truth->lasts_us);
        seen->before += apart(in, truth);
        seen->after += apart(out, truth);
        seen->changed += apart(out, in);
        seen->count++;
    }
}

static struct seen watch(struct kr_test *t, enum age age, double strength, int frames)
{
    struct kr_frame *frame = frame_of(t, W, H), *truth = frame_of(t, W, H), *in = frame_of(t, W, H);
    struct kr_footage *footage = NULL;
    struct kr_footage_params params = {.strength = strength};
    struct seen seen = {0};
    struct kr_motion motion;
    EXPECT_OK(kr_footage_create(&params, W, H, 25, &footage, &t->err));
    unsigned state = 77, again = 77;
    for (int i = 0; i < frames; i++) {
        paint(frame, i);
        wear(frame, age, &state);
        kr_footage_study(footage, frame, i == 0, &motion);
    }
    seen.report = kr_footage_decide_new(footage);
    state = 77;
    for (int i = 0; i < frames; i++) {
        paint(frame, i);
        wear(frame, age, &state);
        EXPECT_OK(kr_footage_push(footage, frame, &t->err));
        take(t, footage, truth, in, age, &again, &seen);
    }
    kr_footage_end(footage);
    take(t, footage, truth, in, age, &again, &seen);
    print_message("%s\n", kr_json_text(t->mem, seen.report));
    EXPECT(seen.count == frames);
    kr_footage_destroy(&footage);
    kr_frame_destroy(&frame);
    kr_frame_destroy(&truth);
    kr_frame_destroy(&in);
    return seen;
}

TEST(old_film_and_old_tape_come_nearer_to_what_they_were)
{
    static const char *const kinds[] = {"none", "film", "tape", "tape"};
    for (enum age age = FILM; age <= LINES; age++) {
        struct seen seen = watch(t, age, 1, FRAMES);
        print_message("%s: %.0f, then %.0f\n", kinds[age], seen.before, seen.after);
        EXPECT(kr_json_bool(seen.report, "done", false));
        EXPECT_STR(kr_json_str(seen.report, "kind", ""), kinds[age]);
        EXPECT(seen.after <
               (age == LINES ? 0.7 : 0.35) * seen.before); // 20 frames are few for lines
        kr_json_drop(&seen.report);
    }
}

TEST(what_is_new_or_meant_to_stay_comes_out_as_it_went_in)
{
    struct seen fresh = watch(t, FRESH, 1, FRAMES), meant = watch(t, FILM, 0, FRAMES);
    EXPECT(!kr_json_bool(fresh.report, "done", true) && fresh.changed == 0);
    EXPECT_STR(kr_json_str(fresh.report, "kind", ""), "none");
    EXPECT(!kr_json_bool(meant.report, "done", true) && meant.changed == 0);
    kr_json_drop(&fresh.report);
    kr_json_drop(&meant.report);
}

TEST(as_many_frames_come_out_as_went_in)
{
    for (int frames = 0; frames < 8; frames++)
        for (enum age age = FRESH; age <= TAPE; age++) {
            struct seen seen = watch(t, age, 1, frames);
            kr_json_drop(&seen.report);
        }
}

TEST(a_strange_strength_is_refused_and_frames_are_to_be_pulled)
{
    struct kr_footage *footage = NULL;
    struct kr_footage_params params = {.strength = 1.5};
    EXPECT_FAIL(kr_footage_create(&params, W, H, 25, &footage, &t->err), KR_E_INVALID);
    params.strength = (double)NAN;
    EXPECT_FAIL(kr_footage_create(&params, W, H, 25, &footage, &t->err), KR_E_INVALID);
    params.strength = 1;
    EXPECT_OK(kr_footage_create(&params, 1, 1, 25, &footage, &t->err));
    struct kr_frame *frame = frame_of(t, 1, 1);
    for (int i = 0; i < 3; i++)
        EXPECT_OK(kr_footage_push(footage, frame, &t->err));
    EXPECT_FAIL(kr_footage_push(footage, frame, &t->err), KR_E_INTERNAL);
    kr_frame_destroy(&frame);
    kr_footage_destroy(&footage);
}

MAIN(CASE(old_film_and_old_tape_come_nearer_to_what_they_were),
     CASE(what_is_new_or_meant_to_stay_comes_out_as_it_went_in),
     CASE(as_many_frames_come_out_as_went_in),
     CASE(a_strange_strength_is_refused_and_frames_are_to_be_pulled))
