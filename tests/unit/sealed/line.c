// SPDX-License-Identifier: AGPL-3.0-or-later
// A stream on which three work at once.
#include "sealed/line.h"
#include "harness.h"
#include "media/writer.h"
#include <semaphore.h>
#include <unistd.h>

enum { FRAMES = 60, FPS = 25, ENOUGH = 7 };

// Grey frames that grow brighter, and a sound as long.
static int film(struct kr_test *t)
{
    KR_AUTO(kr_writer_close) struct kr_writer *writer = NULL;
    struct kr_writer_params params = KR_WRITER_DEFAULTS;
    int fd = kr_test_bytes("", 0);
    params.width = 64;
    params.height = 48;
    params.fps_num = FPS;
    params.channels = 1;
    EXPECT_OK(kr_writer_open(fd, &params, &writer, &t->err));
    for (int i = 0; i < FRAMES; i++) {
        KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
        KR_AUTO(kr_samples_destroy) struct kr_samples *sound = NULL;
        EXPECT_OK(kr_frame_create(KR_YUV420, 64, 48, &frame, &t->err));
        for (int p = 0; p < 3; p++)
            for (int y = 0; y < kr_frame_plane_height(frame, p); y++)
                memset(frame->plane[p] + y * frame->stride[p], p ? 128 : 40 + 3 * i,
                       kr_frame_row_bytes(frame, p));
        EXPECT_OK(kr_samples_create(KR_RATE, 1, KR_RATE / FPS, &sound, &t->err));
        EXPECT_OK(kr_writer_frame(writer, frame, &t->err));
        EXPECT_OK(kr_writer_samples(writer, sound, &t->err));
    }
    EXPECT_OK(kr_writer_finish(writer, &t->err));
    return fd;
}

static struct kr_reader *reader_of(struct kr_test *t, int fd)
{
    struct kr_reader *reader = NULL;
    EXPECT_OK(kr_reader_open(fd, &KR_READER_DEFAULTS, &reader, &t->err));
    return reader;
}

struct seen {
    int frames, most; // most: after that many putting away fails
    int64_t samples, last_us;
    bool in_order;
};

static bool count(void *context, const struct kr_frame *frame, const struct kr_samples *samples,
                  struct kr_err *err)
{
    struct seen *seen = context;
    if (frame && seen->frames == seen->most)
        return kr_fail(err, KR_E_FULL, "no room for another");
    if (frame) {
        seen->in_order &= seen->frames == 0 || frame->at_us > seen->last_us;
        seen->last_us = frame->at_us;
        seen->frames++;
    }
    seen->samples += samples ? (int64_t)samples->n : 0;
    return true;
}

// Hands on all that comes, and darkens it on the way; stops where that fails.
static bool pass_on(struct kr_line *line, struct kr_err *err)
{
    for (;;) {
        struct kr_frame *frame = NULL;
        struct kr_samples *samples = NULL;
        if (!kr_line_next(line, &frame, &samples, err))
            return false;
        if (!frame && !samples)
            return kr_line_end(line, err);
        if (frame)
            frame->plane[0][0] = 16;
        if (!kr_line_put(line, &frame, &samples, err))
            return false;
    }
}

TEST(everything_is_put_away_in_its_order_and_a_second_time)
{
    KR_AUTO(kr_fd_close) int fd = film(t);
    KR_AUTO(kr_reader_close) struct kr_reader *reader = reader_of(t, fd);
    for (int pass = 0; pass < 2; pass++) {
        KR_AUTO(kr_line_close) struct kr_line *line = NULL;
        struct seen seen = {.most = FRAMES, .in_order = true};
        EXPECT_OK(kr_line_open(reader, count, &seen, &line, &t->err));
        EXPECT_OK(pass_on(line, &t->err));
        EXPECT_INT(seen.frames, FRAMES);
        EXPECT(seen.in_order);
        EXPECT_NEAR((double)seen.samples, (double)FRAMES * KR_RATE / FPS, 1100); // a block of AAC
        kr_line_close(&line);
        EXPECT_OK(kr_reader_rewind(reader, &t->err));
    }
}

TEST(what_fails_when_putting_away_is_told_to_who_works)
{
    KR_AUTO(kr_fd_close) int fd = film(t);
    KR_AUTO(kr_reader_close) struct kr_reader *reader = reader_of(t, fd);
    KR_AUTO(kr_line_close) struct kr_line *line = NULL;
    struct seen seen = {.most = ENOUGH, .in_order = true};
    EXPECT_OK(kr_line_open(reader, count, &seen, &line, &t->err));
    EXPECT_FAIL(pass_on(line, &t->err), KR_E_FULL);
    EXPECT_INT(seen.frames, ENOUGH);
}

struct slow {
    sem_t begins; // the first piece waits for it, so that nothing is put away before
    int pieces;
};

static bool count_slowly(void *context, const struct kr_frame *frame,
                         const struct kr_samples *samples, struct kr_err *err)
{
    (void)frame;
    (void)samples;
    (void)err;
    struct slow *slow = context;
    if (slow->pieces++ == 0)
        sem_wait(&slow->begins);
    usleep(30 * 1000);
    return true;
}

// Whoever puts away is slow: what lies before it when the line closes is dropped.
TEST(who_works_may_stop_at_any_time)
{
    KR_AUTO(kr_fd_close) int fd = film(t);
    KR_AUTO(kr_reader_close) struct kr_reader *reader = reader_of(t, fd);
    for (int taken = 0; taken <= ENOUGH; taken++) {
        struct kr_line *line = NULL;
        struct slow slow = {0};
        EXPECT(sem_init(&slow.begins, 0, 0) == 0);
        EXPECT_OK(kr_line_open(reader, count_slowly, &slow, &line, &t->err));
        for (int i = 0; i < taken; i++) {
            struct kr_frame *frame = NULL;
            struct kr_samples *samples = NULL;
            EXPECT_OK(kr_line_next(line, &frame, &samples, &t->err));
            EXPECT_OK(kr_line_put(line, &frame, &samples, &t->err));
        }
        EXPECT(sem_post(&slow.begins) == 0);
        kr_line_close(&line);
        EXPECT(slow.pieces <= taken && slow.pieces < ENOUGH);
        EXPECT(sem_destroy(&slow.begins) == 0);
        EXPECT_OK(kr_reader_rewind(reader, &t->err));
    }
}

MAIN(CASE(everything_is_put_away_in_its_order_and_a_second_time),
     CASE(what_fails_when_putting_away_is_told_to_who_works), CASE(who_works_may_stop_at_any_time))
