// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/look.h"
#include "made.h"
#include "media/start.h"
#include <fcntl.h>
#include <unistd.h>

struct sight {
    json_t *answer;
    int thumbs[KR_THUMBS];
};

static struct sight look_at(struct kr_test *t, int fd, const char *kind, const char *ending)
{
    struct sight sight = {NULL, {made_file(), made_file(), made_file()}};
    EXPECT_OK(kr_media_start(&t->err));
    EXPECT_OK(kr_look(fd, kind, "", ending, sight.thumbs, &sight.answer, &t->err));
    return sight;
}

static void put_away(struct sight *sight)
{
    for (int i = 0; i < KR_THUMBS; i++)
        close(sight->thumbs[i]);
    kr_json_drop(&sight->answer);
}

static int longest_of(struct kr_test *t, int fd)
{
    struct kr_frame *frame = NULL;
    struct kr_picture_params params = KR_PICTURE_DEFAULTS;
    EXPECT_OK(kr_picture_load(fd, &params, &frame, &t->err));
    int longest = frame->width > frame->height ? frame->width : frame->height;
    kr_frame_destroy(&frame);
    return longest;
}

static uint64_t print_of(struct kr_test *t, int fd)
{
    struct sight sight = look_at(t, fd, "photo", "");
    uint64_t print = strtoull(kr_json_str(sight.answer, "phash", "0"), NULL, 16);
    put_away(&sight);
    return print;
}

TEST(a_photograph_is_seen_whole)
{
    struct kr_frame *frame = made_picture(t, KR_RGB8, 2600, 1300);
    int fd = made_picture_file(t, frame, KR_JPEG, 90);
    struct sight sight = look_at(t, fd, "photo", "jpg");
    EXPECT_STR(kr_json_str(sight.answer, "kind", ""), "photo");
    EXPECT_STR(kr_json_str(sight.answer, "mime", ""), "image/jpeg");
    EXPECT_INT(kr_json_int(sight.answer, "width", 0), 2600);
    EXPECT_INT(kr_json_int(sight.answer, "height", 0), 1300);
    static const int sides[] = {256, 1024, 2048};
    for (int i = 0; i < KR_THUMBS; i++)
        EXPECT_INT(longest_of(t, sight.thumbs[i]), sides[i]);
    const char *preview = kr_json_str(sight.answer, "preview", "");
    EXPECT(strlen(preview) > 30 && strlen(preview) < 600);
    struct kr_str bytes;
    EXPECT_OK(kr_base64_decode(t->mem, kr_str_of(preview), &bytes, &t->err));
    int tiny = kr_test_bytes(bytes.at, bytes.n);
    EXPECT_INT(longest_of(t, tiny), 16);
    EXPECT(!kr_json_get(sight.answer, "damaged") && !kr_json_get(sight.answer, "flat"));
    EXPECT(kr_json_get(sight.answer, "meta"));
    close(tiny);
    put_away(&sight);
    close(fd);
    kr_frame_destroy(&frame);
}

TEST(a_small_picture_is_never_enlarged)
{
    struct kr_frame *frame = made_picture(t, KR_RGB8, 300, 200);
    int fd = made_picture_file(t, frame, KR_PNG, 90);
    struct sight sight = look_at(t, fd, "", "");
    EXPECT_INT(longest_of(t, sight.thumbs[0]), 256);
    EXPECT_INT(longest_of(t, sight.thumbs[1]), 300);
    EXPECT_INT(longest_of(t, sight.thumbs[2]), 300);
    put_away(&sight);
    close(fd);
    kr_frame_destroy(&frame);
}

TEST(a_fingerprint_survives_scaling_and_encoding)
{
    struct kr_frame *large = made_picture(t, KR_RGB8, 1200, 900);
    struct kr_frame *small = NULL;
    struct kr_picture_params params = KR_PICTURE_DEFAULTS;
    int fd = made_picture_file(t, large, KR_PNG, 90);
    params.fit = 333;
    EXPECT_OK(kr_picture_load(fd, &params, &small, &t->err));
    int poor = made_picture_file(t, small, KR_JPEG, 40);
    EXPECT(__builtin_popcountll(print_of(t, fd) ^ print_of(t, poor)) <= 6);
    for (int y = 0; y < large->height; y++) // another picture: the brightness runs the other way
        for (int x = 0; x < large->width * 3; x++) {
            uint8_t *at = large->plane[0] + y * large->stride[0] + x;
            *at = (uint8_t)(*at * ((x / 300 + y / 150) % 2 ? 1 : 0.3));
        }
    int other = made_picture_file(t, large, KR_JPEG, 90);
    EXPECT(__builtin_popcountll(print_of(t, fd) ^ print_of(t, other)) >= 16);
    int fds[] = {fd, poor, other};
    for (size_t i = 0; i < KR_COUNT(fds); i++)
        close(fds[i]);
    kr_frame_destroy(&large);
    kr_frame_destroy(&small);
}

TEST(a_blank_page_has_no_fingerprint_to_speak_of)
{
    struct kr_frame *frame = NULL;
    EXPECT_OK(kr_frame_create(KR_RGB8, 400, 300, &frame, &t->err));
    memset(frame->plane[0], 0xEE, (size_t)frame->stride[0] * 300);
    int fd = made_picture_file(t, frame, KR_JPEG, 80);
    struct sight sight = look_at(t, fd, "photo", "");
    EXPECT(kr_json_bool(sight.answer, "flat", false));
    put_away(&sight);
    close(fd);
    kr_frame_destroy(&frame);
}

TEST(half_a_photograph_is_kept_with_its_reason)
{
    struct kr_frame *frame = made_picture(t, KR_RGB8, 800, 600);
    int fd = made_picture_file(t, frame, KR_JPEG, 90);
    EXPECT(ftruncate(fd, lseek(fd, 0, SEEK_END) / 2) == 0);
    struct sight sight = look_at(t, fd, "photo", "jpg");
    EXPECT(strlen(kr_json_str(sight.answer, "damaged", "")) > 5);
    EXPECT_INT(kr_json_int(sight.answer, "width", 0), 800);
    EXPECT_INT(longest_of(t, sight.thumbs[1]), 800); // what there is of it
    put_away(&sight);
    EXPECT(ftruncate(fd, 150) == 0); // hardly anything, but a JPEG still
    sight = look_at(t, fd, "photo", "jpg");
    EXPECT(kr_json_get(sight.answer, "damaged"));
    EXPECT_STR(kr_json_str(sight.answer, "kind", ""), "photo");
    put_away(&sight);
    close(fd);
    kr_frame_destroy(&frame);
}

TEST(a_film_shows_a_frame_and_tells_its_length)
{
    struct made_film film = {.width = 640,
                             .height = 360,
                             .frames = 75,
                             .fps_num = 25,
                             .fps_den = 1,
                             .channels = 1,
                             .tone_s = 3,
                             .title = "院子"};
    int fd = made_film(t, &film);
    struct sight sight = look_at(t, fd, "video", "mp4");
    EXPECT_STR(kr_json_str(sight.answer, "kind", ""), "video");
    EXPECT_STR(kr_json_str(sight.answer, "mime", ""), "video/mp4");
    EXPECT_NEAR((double)kr_json_int(sight.answer, "duration_ms", 0), 3000, 45);
    EXPECT_NEAR(kr_json_real(sight.answer, "fps", 0), 25, 0.001);
    EXPECT(kr_json_bool(sight.answer, "has_sound", false));
    EXPECT_STR(kr_json_str(sight.answer, "video_codec", ""), "h264");
    EXPECT_STR(kr_json_str(sight.answer, "audio_codec", ""), "aac");
    EXPECT_STR(kr_json_str(kr_json_get(sight.answer, "meta"), "title", ""), "院子");
    EXPECT_INT(longest_of(t, sight.thumbs[2]), 640);
    put_away(&sight);
    EXPECT(ftruncate(fd, 200) == 0); // the index is cut off
    sight = look_at(t, fd, "video", "mp4");
    EXPECT_STR(kr_json_str(sight.answer, "kind", ""), "video");
    EXPECT(kr_json_get(sight.answer, "damaged"));
    put_away(&sight);
    close(fd);
}

TEST(a_film_that_begins_black_shows_what_comes_after)
{
    int fd = -1;
    const char *args[] = {"-f",
                          "lavfi",
                          "-i",
                          "color=black:s=320x240:r=25:d=4",
                          "-f",
                          "lavfi",
                          "-i",
                          "testsrc=s=320x240:r=25:d=6",
                          "-filter_complex",
                          "[0][1]concat=n=2:v=1:a=0,format=yuv420p",
                          "-c:v",
                          "mpeg4",
                          "-g",
                          "10",
                          NULL};
    EXPECT_OK(kr_media_start(&t->err));
    if (!made_by_ffmpeg(t, "black.mp4", &fd, args))
        SKIP("no ffmpeg program");
    struct sight sight = look_at(t, fd, "video", "mp4");
    struct kr_frame *frame = NULL;
    struct kr_picture_params params = KR_PICTURE_DEFAULTS;
    EXPECT_OK(kr_picture_load(sight.thumbs[0], &params, &frame, &t->err));
    EXPECT(made_mean(frame, 0, 0, frame->width, frame->height, 1) > 40);
    kr_frame_destroy(&frame);
    put_away(&sight);
    close(fd);
}

TEST(a_phones_film_tells_where_and_when_by_its_own_clock)
{
    int fd = -1;
    const char *args[] = {
        "-f",        "lavfi",
        "-i",        "testsrc=s=64x48:r=25:d=0.4",
        "-c:v",      "mpeg4",
        "-movflags", "use_metadata_tags",
        "-metadata", "com.apple.quicktime.creationdate=2019-03-21T11:04:22+0800",
        "-metadata", "com.apple.quicktime.location.ISO6709=+31.2400+121.4900+012.000/",
        "-metadata", "com.apple.quicktime.content.identifier=ABC-1",
        "-metadata", "creation_time=2019-03-21T03:04:22Z",
        NULL};
    EXPECT_OK(kr_media_start(&t->err));
    if (!made_by_ffmpeg(t, "phone.mov", &fd, args))
        SKIP("no ffmpeg program");
    struct sight sight = look_at(t, fd, "video", "mov");
    const json_t *meta = kr_json_get(sight.answer, "meta");
    const json_t *date = json_array_get(kr_json_get(meta, "dates"), 0);
    EXPECT_STR(kr_json_str(date, "wall", ""), "2019-03-21T11:04:22");
    EXPECT_STR(kr_json_str(date, "offset", ""), "+08:00");
    EXPECT_NEAR(kr_json_real(kr_json_get(meta, "gps"), "lon", 0), 121.49, 1e-6);
    EXPECT_STR(kr_json_str(meta, "content_id", ""), "ABC-1");
    put_away(&sight);
    close(fd);
}

TEST(a_recording_has_a_length_and_needs_no_picture)
{
    int fd = made_file();
    KR_AUTO(kr_writer_close) struct kr_writer *writer = NULL;
    struct kr_samples *tone = NULL;
    struct kr_writer_params params = KR_WRITER_DEFAULTS;
    EXPECT_OK(kr_media_start(&t->err));
    params.container = KR_FLAC;
    params.channels = 1;
    params.title = "Grandmother sings";
    EXPECT_OK(kr_writer_open(fd, &params, &writer, &t->err));
    EXPECT_OK(kr_samples_create(KR_RATE, 1, KR_RATE * 2, &tone, &t->err));
    EXPECT_OK(kr_writer_samples(writer, tone, &t->err) && kr_writer_finish(writer, &t->err));
    struct sight sight = look_at(t, fd, "audio", "flac");
    EXPECT_STR(kr_json_str(sight.answer, "kind", ""), "audio");
    EXPECT_STR(kr_json_str(sight.answer, "mime", ""), "audio/flac");
    EXPECT_INT(kr_json_int(sight.answer, "duration_ms", 0), 2000);
    EXPECT_STR(kr_json_str(kr_json_get(sight.answer, "meta"), "title", ""), "Grandmother sings");
    EXPECT_INT(lseek(sight.thumbs[0], 0, SEEK_END), 0);
    kr_samples_destroy(&tone);
    put_away(&sight);
    close(fd);
}

TEST(what_is_nothing_we_know_is_unsupported)
{
    static const char *const texts[] = {"", "Dear family,\n", "%PDF-1.4\n%....\n1 0 obj",
                                        "PK\3\4 a zip of something",
                                        ("\177"
                                         "ELF\2\1\1")};
    int thumbs[KR_THUMBS] = {made_file(), made_file(), made_file()};
    EXPECT_OK(kr_media_start(&t->err));
    for (size_t i = 0; i < KR_COUNT(texts); i++) {
        json_t *answer = NULL;
        int fd = kr_test_bytes(texts[i], strlen(texts[i]));
        EXPECT_FAIL(kr_look(fd, "", "", "", thumbs, &answer, &t->err), KR_E_UNSUPPORTED);
        close(fd);
    }
    for (int i = 0; i < KR_THUMBS; i++)
        close(thumbs[i]);
}

MAIN(CASE(a_photograph_is_seen_whole), CASE(a_small_picture_is_never_enlarged),
     CASE(a_fingerprint_survives_scaling_and_encoding),
     CASE(a_blank_page_has_no_fingerprint_to_speak_of),
     CASE(half_a_photograph_is_kept_with_its_reason),
     CASE(a_film_shows_a_frame_and_tells_its_length),
     CASE(a_film_that_begins_black_shows_what_comes_after),
     CASE(a_phones_film_tells_where_and_when_by_its_own_clock),
     CASE(a_recording_has_a_length_and_needs_no_picture),
     CASE(what_is_nothing_we_know_is_unsupported))
