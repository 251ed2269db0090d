// SPDX-License-Identifier: AGPL-3.0-or-later
#include "film/film.h"

#include "film/loudness.h"
#include "film/stage_priv.h"
#include "made.h"
#include "media/reader.h"
#include "media/start.h"
#include "media/writer.h"
#include <math.h>
#include <unistd.h>

enum { W = 320, H = 180, FPS = 25 };

// What came out of one compilation.
struct made {
    int film, vtt, poster;
    json_t *answer;
};

static bool compile(struct kr_test *t, const char *shots, const char *rest, const int *fds,
                    size_t n, bool (*progress)(void *, double), struct made *made)
{
    KR_AUTO(kr_json_drop) json_t *list = NULL;
    const char *text = kr_arena_format(t->mem,
                                       "{\"version\":1,\"title\":\"桥边的家\",\"lang\":\"zh-CN\","
                                       "\"width\":%d,\"height\":%d,\"fps\":%d,\"shots\":[%s]%s}",
                                       W, H, FPS, shots, rest);
    EXPECT_OK(kr_json_parse(kr_str_of(text), 1 << 20, &list, &t->err));
    made->film = kr_test_bytes("", 0);
    made->vtt = kr_test_bytes("", 0);
    made->poster = kr_test_bytes("", 0);
    return kr_media_start(&t->err) &&
           kr_film_compile(list, fds, n, made->film, made->vtt, made->poster, progress, NULL,
                           &made->answer, &t->err);
}

// What a player would find in the film.
struct seen {
    int64_t frames;
    double lufs;
    struct kr_frame *kept; // frame `keep`
};

static void watch(struct kr_test *t, int fd, int64_t keep, struct seen *seen)
{
    KR_AUTO(kr_reader_close) struct kr_reader *reader = NULL;
    KR_AUTO(kr_loudness_destroy) struct kr_loudness *meter = kr_loudness_create();
    struct kr_reader_params params = KR_READER_DEFAULTS;
    params.channels = 2;
    *seen = (struct seen){0};
    EXPECT_OK(kr_reader_open(fd, &params, &reader, &t->err));
    EXPECT_INT(kr_reader_info(reader)->width, W);
    EXPECT_INT(kr_reader_info(reader)->height, H);
    EXPECT(kr_reader_info(reader)->has_sound);
    for (;;) {
        struct kr_frame *frame = NULL;
        KR_AUTO(kr_samples_destroy) struct kr_samples *samples = NULL;
        EXPECT_OK(kr_reader_next(reader, &frame, &samples, &t->err));
        bool some = frame || samples;
        if (samples)
            kr_loudness_add(meter, samples->channel[0], samples->channel[1], samples->n);
        if (frame && seen->frames++ == keep)
            seen->kept = frame;
        else
            kr_frame_destroy(&frame);
        if (!some)
            break;
    }
    seen->lufs = kr_loudness_integrated(meter);
}

static bool holds(struct kr_str bytes, const char *what)
{
    return memmem(bytes.at, bytes.n, what, strlen(what)) != NULL;
}

static size_t place_of(struct kr_str bytes, const char *what)
{
    const char *at = memmem(bytes.at, bytes.n, what, strlen(what));
    return at ? (size_t)(at - bytes.at) : SIZE_MAX;
}

static const double VOICE[][2] = {{500, -24}, {0, 0}, {800, -24}, {600, -27}};
static const double TUNE[][2] = {{220, -14}, {330, -14}};

TEST(six_photographs_and_a_voice_become_a_film)
{
    static const int sizes[6][2] = {{480, 270}, {400, 300}, {270, 480},
                                    {640, 200}, {300, 300}, {90, 60}};
    int fds[8];
    KR_AUTO(kr_buf_finish) struct kr_buf shots = {0};
    struct made made = {0};
    struct seen seen;
    kr_buf_text(&shots,
                "{\"kind\":\"title\",\"text\":\"桥边的家\",\"still_s\":1.2,\"chapter\":\"家\"}");
    for (int i = 0; i < 6; i++) {
        fds[i] = made_photo(t, sizes[i][0], sizes[i][1], i);
        kr_buf_format(
            &shots, ",{\"kind\":\"media\",\"media\":%d,\"still_s\":1,\"to\":[0.05,0,0.9,0.9]%s}", i,
            i == 0   ? ",\"narration\":6,\"narration_text\":\"那年的雨\""
            : i == 3 ? ",\"caption\":\"奶奶在门前\",\"small\":\"198X\",\"chapter\":\"门前\""
                     : "");
    }
    kr_buf_text(&shots, ",{\"kind\":\"end\",\"text\":\"桥边的家\",\"lines\":[\"奶奶\"],"
                        "\"still_s\":1,\"chapter\":\"片尾\"}");
    fds[6] = made_sound(t, VOICE, 4, 0.6);
    fds[7] = made_sound(t, TUNE, 2, 1);
    EXPECT_OK(compile(t, shots.at, ",\"music\":{\"media\":7,\"volume\":1}", fds, 8, NULL, &made));

    // 1.2 s, the voice of 2.4 s with 0.4 s on either side, five of 1 s, 1 s.
    EXPECT_INT(kr_json_int(made.answer, "frames", 0), 30 + 80 + 5 * 25 + 25);
    EXPECT_INT(kr_json_int(made.answer, "duration_ms", 0), 10400);
    const json_t *chapters = kr_json_get(made.answer, "chapters");
    EXPECT_INT(json_array_size(chapters), 3);
    EXPECT_INT(kr_json_int(json_array_get(chapters, 1), "start_ms", 0), 6400);
    EXPECT_NEAR(kr_json_real(made.answer, "loudness_lufs", 0), -16, 0.2);

    watch(t, made.film, -1, &seen);
    EXPECT_INT(seen.frames, 260);
    EXPECT_NEAR(seen.lufs, -16, 0.5); // still so after AAC

    struct kr_str film = bytes_of(t, made.film);
    EXPECT(place_of(film, "moov") < place_of(film, "mdat")); // plays before all of it has come
    EXPECT(holds(film, "门前") && holds(film, "片尾"));
    EXPECT_STR(bytes_of(t, made.vtt).at, "WEBVTT\n\n1\n00:00:01.600 --> 00:00:04.000\n那年的雨\n"
                                         "\n2\n00:00:06.400 --> 00:00:07.400\n奶奶在门前\n198X\n");
    EXPECT(bytes_of(t, made.poster).n > 1000);
    kr_json_drop(&made.answer);
}

// Mean luma of rows [from, to) of the height.
static double light(const struct kr_frame *frame, double from, double to)
{
    double sum = 0;
    int rows = 0;
    for (int y = (int)(from * frame->height); y < (int)(to * frame->height); y++, rows++)
        for (int x = 0; x < frame->width; x++)
            sum += frame->plane[0][y * frame->stride[0] + x];
    return sum / rows / frame->width;
}

static double difference(const struct kr_frame *a, const struct kr_frame *b, double from, double to)
{
    double sum = 0;
    int rows = 0;
    for (int y = (int)(from * a->height); y < (int)(to * a->height); y++, rows++)
        for (int x = 0; x < a->width; x++)
            sum += abs(a->plane[0][y * a->stride[0] + x] - b->plane[0][y * b->stride[0] + x]);
    return sum / rows / a->width;
}

TEST(a_caption_is_seen_low_in_the_picture_and_nowhere_else)
{
    int fds[] = {made_photo(t, 640, 360, 1)};
    struct made plain = {0}, told = {0};
    struct seen one, two;
    EXPECT_OK(
        compile(t, "{\"kind\":\"media\",\"media\":0,\"still_s\":2}", "", fds, 1, NULL, &plain));
    EXPECT_OK(
        compile(t, "{\"kind\":\"media\",\"media\":0,\"still_s\":2,\"caption\":\"奶奶在老屋门前\"}",
                "", fds, 1, NULL, &told));
    watch(t, plain.film, 25, &one);
    watch(t, told.film, 25, &two);
    EXPECT(difference(one.kept, two.kept, 0.8, 0.95) > 10);
    EXPECT(difference(one.kept, two.kept, 0, 0.55) < 2);
    EXPECT(kr_json_get(plain.answer, "loudness_lufs") && // a silent film has no loudness
           json_is_null(kr_json_get(plain.answer, "loudness_lufs")));
    kr_frame_destroy(&one.kept);
    kr_frame_destroy(&two.kept);
    kr_json_drop(&plain.answer);
    kr_json_drop(&told.answer);
}

// A number for all frames of a list, as they go to the encoder. (The encoder's own
// threads may choose differently from run to run; the pictures may not.)
static uint64_t frames_of(struct kr_test *t, const char *shots, const int *fds, int64_t *frames)
{
    KR_AUTO(kr_json_drop) json_t *json = NULL;
    KR_AUTO(kr_stage_close) struct stage *stage = NULL;
    KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
    struct kr_shot_list list;
    struct kr_shot_facts facts[4] = {0};
    struct kr_timeline line;
    struct kr_cues cues;
    uint64_t sum = 0;
    EXPECT_OK(kr_json_parse(kr_str_of(shots), 1 << 20, &json, &t->err));
    EXPECT_OK(kr_shot_list_read(t->mem, json, 2, &list, &t->err));
    EXPECT_OK(kr_timeline_make(t->mem, &list, facts, &line, &t->err));
    EXPECT_OK(kr_cues_make(t->mem, &list, &line, &cues, &t->err));
    struct stage_params is = {&list, facts, &line, &cues, fds};
    EXPECT_OK(kr_stage_open(&is, &stage, &t->err));
    EXPECT_OK(kr_frame_create(KR_YUV420, list.width, list.height, &frame, &t->err));
    for (int64_t at = 0; at < line.frames; at++) {
        EXPECT_OK(kr_stage_frame(stage, at, frame, &t->err));
        EXPECT_OK(kr_stage_words(stage, at, frame, &t->err));
        for (int p = 0; p < 3; p++)
            for (int y = 0; y < kr_frame_plane_height(frame, p); y++)
                for (size_t x = 0; x < kr_frame_row_bytes(frame, p); x++)
                    sum = (sum ^ frame->plane[p][y * frame->stride[p] + (ptrdiff_t)x]) *
                          1099511628211u; // FNV-1a
    }
    *frames = line.frames;
    return sum;
}

TEST(the_same_story_gives_the_same_frames)
{
    int fds[] = {made_photo(t, 300, 400, 2), made_photo(t, 400, 300, 3)};
    static const char shots[] = "{\"version\":1,\"width\":320,\"height\":180,\"shots\":["
                                "{\"kind\":\"title\",\"text\":\"家\",\"still_s\":1},"
                                "{\"kind\":\"media\",\"media\":0,\"still_s\":1.5,\"caption\":"
                                "\"门\",\"to\":[0.1,0.1,0.7,0.7]},"
                                "{\"kind\":\"media\",\"media\":1,\"still_s\":1}]}";
    int64_t one, two;
    uint64_t first = frames_of(t, shots, fds, &one), again = frames_of(t, shots, fds, &two);
    EXPECT(first == again && one == two && one == 88); // 3.5 s are 87.5 frames
}

// Two seconds: dark at first, bright from the second second on; and a tone.
static int made_clip(struct kr_test *t)
{
    KR_AUTO(kr_writer_close) struct kr_writer *writer = NULL;
    KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
    KR_AUTO(kr_samples_destroy) struct kr_samples *samples = NULL;
    struct kr_writer_params params = KR_WRITER_DEFAULTS;
    int fd = kr_test_bytes("", 0);
    params.container = KR_MP4;
    params.width = 160;
    params.height = 120;
    params.channels = 2;
    EXPECT_OK(kr_writer_open(fd, &params, &writer, &t->err));
    EXPECT_OK(kr_frame_create(KR_YUV420, 160, 120, &frame, &t->err));
    EXPECT_OK(kr_samples_create(KR_RATE, 2, 1920, &samples, &t->err));
    for (int i = 0; i < 50; i++) {
        for (int p = 0; p < 3; p++)
            memset(frame->plane[p],
                   p        ? 128
                   : i < 25 ? 50
                            : 200,
                   (size_t)(frame->stride[p] * kr_frame_plane_height(frame, p)));
        for (int k = 0; k < 1920; k++)
            samples->channel[0][k] = samples->channel[1][k] =
                (float)(0.1 * sin(2 * M_PI * 440 * k / KR_RATE));
        samples->at = i * 1920;
        EXPECT_OK(kr_writer_frame(writer, frame, &t->err));
        EXPECT_OK(kr_writer_samples(writer, samples, &t->err));
    }
    EXPECT_OK(kr_writer_finish(writer, &t->err));
    return fd;
}

TEST(a_clip_is_shown_from_in_to_out)
{
    int fds[] = {made_clip(t)};
    struct made made = {0};
    struct seen seen;
    EXPECT_OK(compile(t, "{\"kind\":\"media\",\"media\":0,\"in_s\":0.4,\"out_s\":1.6}", "", fds, 1,
                      NULL, &made));
    EXPECT_INT(kr_json_int(made.answer, "frames", 0), 30);
    watch(t, made.film, 10, &seen);
    EXPECT(light(seen.kept, 0, 1) < 60);
    kr_frame_destroy(&seen.kept);
    watch(t, made.film, 20, &seen);
    const uint8_t *row = seen.kept->plane[0] + 90 * seen.kept->stride[0];
    EXPECT_NEAR(row[160], 200, 4);
    EXPECT(row[4] < 110); // beside it its own light, darker: the clip is 4:3
    EXPECT_NEAR(seen.lufs, -16, 0.5);
    kr_frame_destroy(&seen.kept);
    kr_json_drop(&made.answer);
}

TEST(the_kit_is_used_where_it_is_asked_for)
{
    int fds[] = {made_clip(t)};
    struct made made = {0};
    EXPECT_OK(compile(t, "{\"kind\":\"media\",\"media\":0,\"kit\":{\"strength\":0.8}}", "", fds, 1,
                      NULL, &made));
    EXPECT_INT(kr_json_int(made.answer, "frames", 0), 50);
    kr_json_drop(&made.answer);
}

TEST(what_cannot_be_shown_is_refused_with_its_number)
{
    int fds[] = {kr_test_bytes("no picture at all", 17), made_sound(t, VOICE, 1, 0.5),
                 made_photo(t, 64, 64, 0)};
    struct made made = {0};
    EXPECT(!compile(t, "{\"kind\":\"media\",\"media\":0}", "", fds, 3, NULL, &made));
    EXPECT(strstr(t->err.text, "make a film: shot 1: ") == t->err.text);
    EXPECT(!compile(t, "{\"kind\":\"media\",\"media\":1}", "", fds, 3, NULL, &made));
    EXPECT_FAIL(
        compile(t, "{\"kind\":\"media\",\"media\":2,\"narration\":2}", "", fds, 3, NULL, &made),
        KR_E_UNSUPPORTED);
    EXPECT(strstr(t->err.text, "the narration") != NULL);
    EXPECT_FAIL(compile(t, "{\"kind\":\"media\",\"media\":7}", "", fds, 3, NULL, &made),
                KR_E_INVALID);
    EXPECT(made.answer == NULL);
}

static bool never(void *context, double done)
{
    (void)context;
    (void)done;
    return false;
}

TEST(a_film_can_be_stopped)
{
    int fds[] = {made_photo(t, 64, 64, 0)};
    struct made made = {0};
    EXPECT_FAIL(compile(t, "{\"kind\":\"media\",\"media\":0}", "", fds, 1, never, &made),
                KR_E_INTERRUPTED);
}

MAIN(CASE(six_photographs_and_a_voice_become_a_film),
     CASE(a_caption_is_seen_low_in_the_picture_and_nowhere_else),
     CASE(the_same_story_gives_the_same_frames), CASE(a_clip_is_shown_from_in_to_out),
     CASE(the_kit_is_used_where_it_is_asked_for),
     CASE(what_cannot_be_shown_is_refused_with_its_number), CASE(a_film_can_be_stopped))
