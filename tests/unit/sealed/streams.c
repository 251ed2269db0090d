// SPDX-License-Identifier: AGPL-3.0-or-later
// Films and recordings through the real program: kit and proxy.
#include "base/file.h"
#include "harness.h"
#include "media/reader.h"
#include "media/start.h"
#include "media/writer.h"
#include "wall/wall.h"
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

enum { FPS = 25, SECONDS = 2, PIECE = 1920 }; // samples in a frame's time

static const double pi = 3.14159265358979323846;

static struct kr_wall *wall_of(struct kr_test *t)
{
    struct kr_wall *wall = NULL;
    const struct kr_wall_params params = {.workers = 1, .program = getenv("KINREEL_TEST_MEDIA")};
    EXPECT_OK(kr_wall_open(&params, &wall, &t->err));
    return wall;
}

// A patterned wall seen by a trembling hand.
static void paint(struct kr_frame *frame, int number)
{
    int dx = (int)lrint(4 * sin(number * 2.1)), dy = (int)lrint(3 * cos(number * 1.7));
    for (int y = 0; y < frame->height; y++)
        for (int x = 0; x < frame->width; x++) {
            unsigned u = (unsigned)(x + dx + 64) / 8, v = (unsigned)(y + dy + 64) / 8;
            frame->plane[0][y * frame->stride[0] + x] =
                (uint8_t)(60 + ((u * 2654435761U) ^ (v * 40503U)) % 140);
        }
    for (int p = 1; p < 3; p++)
        for (int y = 0; y < kr_frame_plane_height(frame, p); y++)
            memset(frame->plane[p] + y * frame->stride[p], 128, kr_frame_row_bytes(frame, p));
}

static void hum(struct kr_samples *samples, int64_t at)
{
    samples->at = at;
    for (size_t i = 0; i < samples->n; i++) {
        double time = (double)(at + (int64_t)i) / KR_RATE;
        samples->channel[0][i] = (float)(0.1 * sin(2 * pi * 440 * time));
    }
}

static uint32_t next(uint32_t *state)
{
    return *state = *state * 1664525U + 1013904223U;
}

// Nothing an encoder could foresee: every pixel of every frame new, the light jumping.
static void paint_noise(struct kr_frame *frame, int number, uint32_t *state)
{
    unsigned light = number % 7 < 3 ? 40 : 200;
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < kr_frame_plane_height(frame, p); y++)
            for (size_t x = 0; x < kr_frame_row_bytes(frame, p); x++) {
                unsigned value = next(state) >> 24;
                bool dim = number % 2 == 1;
                frame->plane[p][(size_t)y * frame->stride[p] + x] =
                    (uint8_t)(dim ? light + value % 50 : value);
            }
}

// At full loudness on every channel, which differ.
static void roar(struct kr_samples *samples, int64_t at, uint32_t *state)
{
    samples->at = at;
    for (int c = 0; c < samples->channels; c++)
        for (size_t i = 0; i < samples->n; i++)
            samples->channel[c][i] = (float)(next(state) >> 8) / (1 << 23) - 1;
}

// Somebody speaks: a voice with its overtones, four syllables a second, a breath now and then.
static void speak(struct kr_samples *samples, int64_t at, uint32_t *state)
{
    samples->at = at;
    for (size_t i = 0; i < samples->n; i++) {
        double time = (double)(at + (int64_t)i) / KR_RATE, sum = 0;
        double loud = fmod(time, 3) < 2.5 ? 0.5 - 0.5 * cos(8 * pi * time) : 0;
        double hz = 130 + 25 * sin(2 * pi * 0.7 * time);
        for (int k = 1; k <= 12; k++)
            sum += sin(2 * pi * hz * k * time) / k;
        double hiss = (double)(next(state) >> 8) / (1 << 24) - 0.5;
        for (int c = 0; c < samples->channels; c++)
            samples->channel[c][i] = (float)(0.2 * loud * sum + 0.01 * hiss);
    }
}

// A film of noise of this size and rate (0: sound alone), with such a sound.
static int noise(struct kr_test *t, int width, int height, int fps, int seconds,
                 void (*sound)(struct kr_samples *samples, int64_t at, uint32_t *state))
{
    KR_AUTO(kr_writer_close) struct kr_writer *writer = NULL;
    struct kr_writer_params params = KR_WRITER_DEFAULTS;
    uint32_t state = 1;
    int fd = kr_test_bytes("", 0);
    EXPECT_OK(kr_media_start(&t->err));
    params.container = width ? KR_MP4 : KR_FLAC;
    params.width = width;
    params.height = height;
    params.fps_num = fps;
    params.channels = 2;
    params.preset = "ultrafast";
    EXPECT_OK(kr_writer_open(fd, &params, &writer, &t->err));
    for (int i = 0; i < fps * seconds; i++) {
        KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
        KR_AUTO(kr_samples_destroy) struct kr_samples *samples = NULL;
        if (width) {
            EXPECT_OK(kr_frame_create(KR_YUV420, width, height, &frame, &t->err));
            paint_noise(frame, i, &state);
            EXPECT_OK(kr_writer_frame(writer, frame, &t->err));
        }
        EXPECT_OK(kr_samples_create(KR_RATE, 2, (size_t)(KR_RATE / fps), &samples, &t->err));
        sound(samples, (int64_t)i * KR_RATE / fps, &state);
        EXPECT_OK(kr_writer_samples(writer, samples, &t->err));
    }
    EXPECT_OK(kr_writer_finish(writer, &t->err));
    return fd;
}

// width 0: sound alone.
static int clip(struct kr_test *t, int width, int height)
{
    KR_AUTO(kr_writer_close) struct kr_writer *writer = NULL;
    struct kr_writer_params params = KR_WRITER_DEFAULTS;
    int fd = kr_test_bytes("", 0);
    EXPECT_OK(kr_media_start(&t->err));
    params.container = width ? KR_MP4 : KR_FLAC;
    params.width = width;
    params.height = height;
    params.channels = 1;
    params.preset = "ultrafast";
    EXPECT_OK(kr_writer_open(fd, &params, &writer, &t->err));
    for (int i = 0; i < FPS * SECONDS; i++) {
        KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
        KR_AUTO(kr_samples_destroy) struct kr_samples *samples = NULL;
        if (width) {
            EXPECT_OK(kr_frame_create(KR_YUV420, width, height, &frame, &t->err));
            paint(frame, i);
            EXPECT_OK(kr_writer_frame(writer, frame, &t->err));
        }
        EXPECT_OK(kr_samples_create(KR_RATE, 1, PIECE, &samples, &t->err));
        hum(samples, (int64_t)i * PIECE);
        EXPECT_OK(kr_writer_samples(writer, samples, &t->err));
    }
    EXPECT_OK(kr_writer_finish(writer, &t->err));
    EXPECT(lseek(fd, 0, SEEK_SET) == 0);
    return fd;
}

struct told {
    int calls;
    double last;
};

static bool hear(void *context, double done)
{
    struct told *told = context;
    told->calls++;
    told->last = done;
    return true;
}

static bool ask(struct kr_test *t, const char *task, int in, int out, const char *args,
                json_t **answer)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = wall_of(t);
    KR_AUTO(kr_json_drop) json_t *json = NULL;
    struct told told = {0};
    EXPECT_OK(kr_json_parse(kr_str_of(args), 4096, &json, &t->err));
    const int fds[] = {in, out};
    const struct kr_question question = {.task = task,
                                         .task_class = KR_TASK_FILM,
                                         .args = json,
                                         .fds = fds,
                                         .fd_count = 2,
                                         .progress = hear,
                                         .context = &told};
    bool done = kr_wall_ask(wall, &question, answer, &t->err);
    EXPECT(told.last >= 0 && told.last <= 1);
    return done;
}

struct facts {
    int width, height, frames;
    int64_t samples;
};

static struct facts facts_of(struct kr_test *t, int fd)
{
    KR_AUTO(kr_reader_close) struct kr_reader *reader = NULL;
    struct facts facts = {0};
    const struct kr_reader_params params = KR_READER_DEFAULTS;
    EXPECT(lseek(fd, 0, SEEK_SET) == 0);
    EXPECT_OK(kr_reader_open(fd, &params, &reader, &t->err));
    for (bool more = true; more;) {
        KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
        KR_AUTO(kr_samples_destroy) struct kr_samples *samples = NULL;
        EXPECT_OK(kr_reader_next(reader, &frame, &samples, &t->err));
        facts.frames += frame != NULL;
        facts.samples += samples ? (int64_t)samples->n : 0;
        more = frame || samples;
    }
    facts.width = kr_reader_info(reader)->width;
    facts.height = kr_reader_info(reader)->height;
    return facts;
}

static void expect_whole(struct kr_test *t, int out, int width, int height)
{
    struct facts facts = facts_of(t, out);
    EXPECT_INT(facts.frames, width ? FPS * SECONDS : 0);
    EXPECT_NEAR((double)facts.samples / KR_RATE, SECONDS, 0.08); // AAC pads
    if (width) {
        EXPECT_INT(facts.width, width);
        EXPECT_INT(facts.height, height);
    }
}

TEST(the_kit_gives_a_film_back_as_long_as_it_was)
{
    KR_AUTO(kr_fd_close) int in = clip(t, 320, 240), out = kr_test_bytes("before", 6);
    KR_AUTO(kr_json_drop) json_t *answer = NULL;
    EXPECT_OK(ask(t, "kit", in, out, "{\"strength\":0.8}", &answer));
    EXPECT_STR(kr_json_str(answer, "format", ""), "mp4");
    EXPECT_NEAR(kr_json_real(answer, "duration_s", 0), SECONDS, 0.001);
    const json_t *report = kr_json_get(answer, "report");
    EXPECT(kr_json_bool(kr_json_get(report, "steady"), "done", false));
    EXPECT(json_is_object(kr_json_get(report, "light")));
    EXPECT(json_is_object(kr_json_get(report, "sound")));
    expect_whole(t, out, 320, 240);
}

TEST(the_kit_works_on_sound_alone)
{
    static const char *const formats[] = {"flac", "wav", "opus"};
    KR_AUTO(kr_fd_close) int in = clip(t, 0, 0);
    for (size_t i = 0; i < KR_COUNT(formats); i++) {
        KR_AUTO(kr_fd_close) int out = kr_test_bytes("", 0);
        KR_AUTO(kr_json_drop) json_t *answer = NULL;
        const char *args = kr_arena_format(t->mem, "{\"format\":\"%s\"}", formats[i]);
        EXPECT_OK(ask(t, "kit", in, out, args, &answer));
        EXPECT_NEAR(kr_json_real(answer, "duration_s", 0), SECONDS, 0.001);
        EXPECT_INT(kr_json_int(answer, "width", -1), 0);
        expect_whole(t, out, 0, 0);
    }
}

TEST(a_proxy_is_no_larger_than_a_screen)
{
    KR_AUTO(kr_fd_close) int in = clip(t, 2048, 1152), out = kr_test_bytes("", 0);
    KR_AUTO(kr_json_drop) json_t *answer = NULL;
    EXPECT_OK(ask(t, "proxy", in, out, "{}", &answer));
    EXPECT_INT(kr_json_int(answer, "width", 0), 1920);
    EXPECT_INT(kr_json_int(answer, "height", 0), 1080);
    expect_whole(t, out, 1920, 1080);
}

TEST(a_proxy_of_a_recording_is_sound_alone)
{
    static const char *const formats[] = {"m4a", "opus"};
    KR_AUTO(kr_fd_close) int in = clip(t, 0, 0);
    for (size_t i = 0; i < KR_COUNT(formats); i++) {
        KR_AUTO(kr_fd_close) int out = kr_test_bytes("", 0);
        KR_AUTO(kr_json_drop) json_t *answer = NULL;
        const char *args = kr_arena_format(t->mem, "{\"format\":\"%s\"}", formats[i]);
        EXPECT_OK(ask(t, "proxy", in, out, args, &answer));
        EXPECT_STR(kr_json_str(answer, "format", ""), formats[i]);
        expect_whole(t, out, 0, 0);
    }
}

// docs/formats/api.md: for each minute, and once.
enum { SMALL_MINUTE = 1000000, SMALL_MORE = 64 * 1024 };

static json_t *new_small(struct kr_test *t, int in, int out, const char *format)
{
    json_t *answer = NULL;
    const char *args = kr_arena_format(t->mem, "{\"small\":true,\"format\":\"%s\"}", format);
    EXPECT_OK(ask(t, "proxy", in, out, args, &answer));
    return answer;
}

// The allowance for a short film shall not hide what a long one would break: so without it.
static void expect_thin(struct kr_test *t, int out, const char *what, int most)
{
    struct facts facts = facts_of(t, out);
    double seconds = (double)facts.samples / KR_RATE;
    double bytes = (double)lseek(out, 0, SEEK_END);
    printf("# %s: %.0f bytes a minute\n", what, bytes / seconds * 60);
    EXPECT(bytes <= most / 60.0 * seconds);
}

TEST(a_small_film_is_small_whatever_is_filmed)
{
    static const struct {
        int width, height, fps, seconds;
        const char *what;
    } hard[] = {{426, 240, 60, 8, "noise"},
                {240, 426, 25, 8, "noise, upright"},
                {1280, 720, 16, 6, "noise, scaled"}};
    for (size_t i = 0; i < KR_COUNT(hard); i++) {
        KR_AUTO(kr_fd_close)
        int in = noise(t, hard[i].width, hard[i].height, hard[i].fps, hard[i].seconds, roar);
        KR_AUTO(kr_fd_close) int out = kr_test_bytes("", 0);
        KR_AUTO(kr_json_drop) json_t *answer = new_small(t, in, out, "mp4");
        EXPECT_STR(kr_json_str(answer, "format", ""), "mp4");
        EXPECT_NEAR(kr_json_real(answer, "duration_s", 0), hard[i].seconds, 0.1);
        struct facts facts = facts_of(t, out);
        bool stands = hard[i].height > hard[i].width;
        EXPECT_INT(facts.width, stands ? 240 : 426);
        EXPECT_INT(facts.height, stands ? 426 : 240);
        EXPECT_INT(facts.frames, hard[i].seconds * 15);
        expect_thin(t, out, hard[i].what, SMALL_MINUTE);
    }
}

TEST(a_short_small_film_stays_within_its_allowance)
{
    KR_AUTO(kr_fd_close) int in = noise(t, 426, 240, 25, 1, roar), out = kr_test_bytes("", 0);
    KR_AUTO(kr_json_drop) json_t *answer = new_small(t, in, out, "mp4");
    EXPECT(lseek(out, 0, SEEK_END) <= SMALL_MINUTE / 60 + SMALL_MORE);
}

TEST(a_small_recording_is_one_channel_and_a_third_of_a_film)
{
    static const char *const formats[] = {"m4a", "opus"};
    for (size_t i = 0; i < KR_COUNT(formats); i++) {
        KR_AUTO(kr_fd_close) int in = noise(t, 0, 0, 25, 10, roar), out = kr_test_bytes("", 0);
        KR_AUTO(kr_fd_close) int spoken = noise(t, 0, 0, 25, 10, speak);
        KR_AUTO(kr_fd_close) int small = kr_test_bytes("", 0);
        KR_AUTO(kr_reader_close) struct kr_reader *reader = NULL;
        KR_AUTO(kr_json_drop) json_t *answer = new_small(t, in, out, formats[i]);
        KR_AUTO(kr_json_drop) json_t *second = new_small(t, spoken, small, formats[i]);
        const struct kr_reader_params params = KR_READER_DEFAULTS;
        expect_thin(t, out, formats[i], SMALL_MINUTE / 3);
        expect_thin(t, small, "speech", SMALL_MINUTE / 3);
        EXPECT(lseek(out, 0, SEEK_SET) == 0);
        EXPECT_OK(kr_reader_open(out, &params, &reader, &t->err));
        EXPECT_INT(kr_reader_info(reader)->channels, 1);
    }
}

TEST(a_slow_film_gains_no_frames_by_being_small)
{
    KR_AUTO(kr_fd_close) int in = noise(t, 64, 48, 10, 2, speak), out = kr_test_bytes("", 0);
    KR_AUTO(kr_json_drop) json_t *answer = new_small(t, in, out, "mp4");
    struct facts facts = facts_of(t, out);
    EXPECT_INT(facts.frames, 20);
    EXPECT_INT(facts.width, 64); // nor pixels
}

TEST(what_is_no_film_is_refused)
{
    KR_AUTO(kr_fd_close) int in = kr_test_bytes("once upon a time", 16);
    KR_AUTO(kr_fd_close) int out = kr_test_bytes("", 0), film = clip(t, 64, 64);
    json_t *answer;
    EXPECT(!ask(t, "kit", in, out, "{}", &answer));
    EXPECT(t->err.code == KR_E_UNSUPPORTED || t->err.code == KR_E_DAMAGED);
    EXPECT(!ask(t, "proxy", in, out, "{}", &answer));
    EXPECT(t->err.code == KR_E_UNSUPPORTED || t->err.code == KR_E_DAMAGED);
    EXPECT_FAIL(ask(t, "kit", film, out, "{\"strength\":7}", &answer), KR_E_INVALID);
    EXPECT_FAIL(ask(t, "proxy", film, out, "{\"format\":\"exe\"}", &answer), KR_E_INVALID);
}

MAIN(CASE(the_kit_gives_a_film_back_as_long_as_it_was), CASE(the_kit_works_on_sound_alone),
     CASE(a_proxy_is_no_larger_than_a_screen), CASE(a_proxy_of_a_recording_is_sound_alone),
     CASE(a_small_film_is_small_whatever_is_filmed),
     CASE(a_short_small_film_stays_within_its_allowance),
     CASE(a_small_recording_is_one_channel_and_a_third_of_a_film),
     CASE(a_slow_film_gains_no_frames_by_being_small), CASE(what_is_no_film_is_refused))
