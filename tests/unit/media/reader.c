// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/reader.h"
#include "made.h"
#include "media/start.h"
#include <fcntl.h>
#include <math.h>
#include <unistd.h>

struct tally {
    int frames, wrong; // wrong: numbers out of order
    int first, last;   // their numbers
    double end_s;      // of the last frame
    int64_t samples;
    bool gapless;
};

// Reads all that is left; frames are expected to count up by `step` (0: any).
static struct tally read_all(struct kr_test *t, struct kr_reader *reader, int step)
{
    struct tally tally = {.first = -1, .gapless = true};
    for (;;) {
        struct kr_frame *frame;
        struct kr_samples *sound;
        EXPECT_OK(kr_reader_next(reader, &frame, &sound, &t->err));
        if (!frame && !sound)
            return tally;
        if (frame) {
            int number = made_frame_number(frame);
            tally.wrong += tally.frames && step && (number - tally.last + 40) % 40 != step;
            tally.first = tally.frames ? tally.first : number;
            tally.last = number;
            tally.end_s = (double)(frame->at_us + frame->lasts_us) / 1e6;
            tally.frames++;
        } else {
            tally.gapless = tally.gapless && sound->at == tally.samples;
            tally.samples += (int64_t)sound->n;
        }
        kr_frame_destroy(&frame);
        kr_samples_destroy(&sound);
    }
}

static struct tally read_part(struct kr_test *t, int fd, const struct kr_reader_params *params,
                              int step)
{
    KR_AUTO(kr_reader_close) struct kr_reader *reader = NULL;
    EXPECT_OK(kr_reader_open(fd, params, &reader, &t->err));
    return read_all(t, reader, step);
}

static int ten_seconds(struct kr_test *t)
{
    return made_film(t, &(struct made_film){.width = 160,
                                            .height = 90,
                                            .frames = 250,
                                            .fps_num = 25,
                                            .fps_den = 1,
                                            .channels = 2,
                                            .tone_s = 10});
}

TEST(a_cut_is_exact_to_a_frame_and_a_sample)
{
    int fd = ten_seconds(t);
    static const struct {
        double from, to;
        int first, frames;
    } cuts[] = {
        {0, 1, 0, 25}, {0.04, 0.08, 1, 1}, {3.2, 7.4, 0, 105}, {6.04, 6.2, 31, 4}, {9, 0, 25, 25}};
    for (size_t i = 0; i < KR_COUNT(cuts); i++) {
        struct kr_reader_params params = {.from_s = cuts[i].from, .to_s = cuts[i].to};
        struct tally tally = read_part(t, fd, &params, 1);
        EXPECT_INT(tally.frames, cuts[i].frames);
        EXPECT_INT(tally.first, cuts[i].first);
        EXPECT_INT(tally.wrong, 0);
        EXPECT(tally.gapless);
        if (cuts[i].to > 0)
            EXPECT_INT(tally.samples, llround((cuts[i].to - cuts[i].from) * KR_RATE));
    }
    struct kr_reader_params beyond = {.from_s = 20, .to_s = 21};
    struct tally nothing = read_part(t, fd, &beyond, 1);
    EXPECT(nothing.frames == 0 && nothing.samples == 0);
    close(fd);
}

TEST(a_second_pass_is_like_the_first)
{
    int fd = ten_seconds(t);
    KR_AUTO(kr_reader_close) struct kr_reader *reader = NULL;
    struct kr_reader_params params = {.from_s = 4, .to_s = 6};
    struct kr_frame *kept = NULL;
    struct kr_samples *sound = NULL;
    EXPECT_OK(kr_reader_open(fd, &params, &reader, &t->err));
    while (!kept) {
        kr_samples_destroy(&sound);
        EXPECT_OK(kr_reader_next(reader, &kept, &sound, &t->err));
    }
    EXPECT_OK(kr_reader_rewind(reader, &t->err)); // with a frame of the first pass still out
    struct tally again = read_all(t, reader, 1);
    EXPECT(again.frames == 50 && again.wrong == 0 && again.first == 20);
    EXPECT_INT(made_frame_number(kept), 20);
    kr_frame_destroy(&kept);
    close(fd);
}

TEST(another_rate_repeats_or_drops_frames)
{
    int fd = ten_seconds(t);
    static const struct {
        double fps;
        int frames;
    } rates[] = {{50, 500}, {12.5, 125}, {30, 300}, {30000 / 1001.0, 300}};
    for (size_t i = 0; i < KR_COUNT(rates); i++) {
        struct kr_reader_params params = {.fps = rates[i].fps, .no_sound = true};
        struct tally tally = read_part(t, fd, &params, 0);
        EXPECT_INT(tally.frames, rates[i].frames);
        EXPECT_NEAR(tally.end_s, 10, 0.05);
    }
    close(fd);
}

TEST(smaller_frames_fit_and_are_never_enlarged)
{
    int fd = ten_seconds(t);
    struct kr_reader *reader = NULL;
    struct kr_reader_params params = {.width = 81, .height = 500};
    EXPECT_OK(kr_reader_open(fd, &params, &reader, &t->err));
    EXPECT_INT(kr_reader_info(reader)->width, 80);
    EXPECT_INT(kr_reader_info(reader)->height, 46);
    kr_reader_close(&reader);
    params = (struct kr_reader_params){.width = 4000, .height = 4000};
    EXPECT_OK(kr_reader_open(fd, &params, &reader, &t->err));
    EXPECT_INT(kr_reader_info(reader)->width, 160);
    kr_reader_close(&reader);
    close(fd);
}

TEST(damage_in_the_middle_is_passed_over)
{
    int fd = made_film(t, &(struct made_film){.width = 320,
                                              .height = 240,
                                              .frames = 250,
                                              .fps_num = 25,
                                              .fps_den = 1,
                                              .channels = 1,
                                              .tone_s = 10});
    off_t size = lseek(fd, 0, SEEK_END);
    uint8_t rubbish[3000];
    memset(rubbish, 0xA5, sizeof rubbish);
    EXPECT(pwrite(fd, rubbish, sizeof rubbish, size / 2) == (ssize_t)sizeof rubbish);
    KR_AUTO(kr_reader_close) struct kr_reader *reader = NULL;
    EXPECT_OK(kr_reader_open(fd, &KR_READER_DEFAULTS, &reader, &t->err));
    struct tally tally = read_all(t, reader, 0);
    EXPECT(tally.frames > 200 && tally.samples > 9 * KR_RATE);
    EXPECT(kr_reader_info(reader)->damaged > 0);
    EXPECT(ftruncate(fd, size * 2 / 3) == 0); // the camera's battery went
    tally = read_part(t, fd, &KR_READER_DEFAULTS, 0);
    EXPECT(tally.frames > 60);
    close(fd);
}

TEST(a_playlist_opens_no_other_file)
{
    static const char *const lists[] = {
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n/etc/passwd\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile '/etc/passwd'\n",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n"};
    EXPECT_OK(kr_media_start(&t->err));
    for (size_t i = 0; i < KR_COUNT(lists); i++) {
        struct kr_reader *reader = NULL;
        int fd = kr_test_bytes(lists[i], strlen(lists[i]));
        EXPECT_FAIL(kr_reader_open(fd, &KR_READER_DEFAULTS, &reader, &t->err), KR_E_UNSUPPORTED);
        close(fd);
    }
}

#define NUMBERED "-f", "lavfi", "-i", "color=gray:s=160x120:r=25:d=2,format=yuv420p"
#define TONE "-f", "lavfi", "-i", "sine=440:r=44100:d=2"

TEST(containers_of_forty_years_are_read)
{
    static const struct {
        const char *name;
        const char *args[24];
        bool film, sound;
    } rows[] = {
        {"a.avi", {NUMBERED, TONE, "-c:v", "mjpeg", "-c:a", "pcm_s16le"}, true, true},
        {"a.mpg", {NUMBERED, TONE, "-c:v", "mpeg2video", "-c:a", "mp2"}, true, true},
        {"a.ts", {NUMBERED, TONE, "-c:v", "mpeg2video", "-c:a", "mp2"}, true, true},
        {"a.mov", {NUMBERED, TONE, "-c:v", "mpeg4", "-c:a", "aac"}, true, true},
        {"a.mkv", {NUMBERED, TONE, "-c:v", "mpeg4", "-c:a", "flac"}, true, true},
        {"a.webm",
         {NUMBERED, TONE, "-c:v", "libvpx", "-c:a", "libopus", "-deadline", "realtime"},
         true,
         true},
        {"a.3gp", {NUMBERED, "-s", "176x144", "-c:v", "h263"}, true, false},
        {"a.dv",
         {NUMBERED, "-s", "720x576", "-pix_fmt", "yuv420p", "-c:v", "dvvideo"},
         true,
         false},
        {"a.wmv", {NUMBERED, TONE, "-c:v", "wmv2", "-c:a", "wmav2"}, true, true},
        {"a.flv", {NUMBERED, TONE, "-c:v", "flv", "-c:a", "mp3", "-ar", "44100"}, true, true},
        {"a.mp3", {TONE}, false, true},
        {"a.m4a", {TONE}, false, true},
        {"a.aac", {TONE}, false, true},
        {"a.ogg", {TONE, "-c:a", "libvorbis"}, false, true},
        {"a.aiff", {TONE}, false, true},
        {"a.w64", {TONE}, false, true},
        {"a.au", {TONE}, false, true},
    };
    int tried = 0;
    EXPECT_OK(kr_media_start(&t->err));
    for (size_t i = 0; i < KR_COUNT(rows); i++) {
        int fd = -1;
        if (!made_by_ffmpeg(t, rows[i].name, &fd, rows[i].args))
            continue;
        tried++;
        KR_AUTO(kr_reader_close) struct kr_reader *reader = NULL;
        if (!kr_reader_open(fd, &KR_READER_DEFAULTS, &reader, &t->err))
            print_error("%s\n", rows[i].name);
        EXPECT_OK(reader != NULL);
        struct tally tally = read_all(t, reader, 0);
        if (rows[i].film && (tally.frames < 49 || tally.frames > 51))
            print_error("%s has %d frames\n", rows[i].name, tally.frames);
        EXPECT(!rows[i].film || (tally.frames >= 49 && tally.frames <= 51));
        EXPECT(!rows[i].sound || fabs((double)tally.samples / KR_RATE - 2) < 0.1);
        EXPECT(tally.gapless);
        close(fd);
    }
    if (tried == 0)
        SKIP("no ffmpeg program");
}

// The mean of luma in the four quarters, in reading order.
static void quarters_of(const struct kr_frame *frame, double out[4])
{
    int w = frame->width / 2, h = frame->height / 2;
    for (int q = 0; q < 4; q++) {
        double sum = 0;
        for (int y = q / 2 * h + h / 4; y < q / 2 * h + h * 3 / 4; y++)
            for (int x = q % 2 * w + w / 4; x < q % 2 * w + w * 3 / 4; x++)
                sum += frame->plane[0][y * frame->stride[0] + x];
        int high = h * 3 / 4 - h / 4, wide = w * 3 / 4 - w / 4;
        out[q] = sum / high / wide;
    }
}

static struct kr_frame *first_frame(struct kr_test *t, int fd)
{
    KR_AUTO(kr_reader_close) struct kr_reader *reader = NULL;
    struct kr_frame *frame = NULL;
    struct kr_samples *none = NULL;
    struct kr_reader_params params = {.no_sound = true};
    EXPECT_OK(kr_reader_open(fd, &params, &reader, &t->err));
    EXPECT_OK(kr_reader_next(reader, &frame, &none, &t->err));
    EXPECT(frame != NULL);
    return frame;
}

// The upper left quarter is bright.
#define CORNER                                                                                     \
    "-f", "lavfi", "-i",                                                                           \
        "color=black:s=160x120:r=25:d=0.4,drawbox=0:0:80:60:white:fill,format=yuv420p"

// Writes another matrix into the track header (ISO 14496-12, 8.3.2).
static int with_matrix(struct kr_test *t, int fd, const int32_t matrix[4])
{
    struct kr_str all;
    EXPECT_OK(kr_read_all(t->mem, fd, 1 << 24, &all, &t->err));
    char *at = memmem(all.at, all.n, "tkhd", 4);
    EXPECT(at != NULL);
    static const int places[4] = {0, 1, 3, 4};
    for (int i = 0; i < 4; i++)
        for (int b = 0; b < 4; b++)
            at[4 + 40 + 4 * places[i] + b] = (char)((uint32_t)matrix[i] >> (24 - 8 * b));
    close(fd);
    return kr_test_bytes(all.at, all.n);
}

TEST(turned_and_mirrored_films_come_upright)
{
    static const struct {
        int32_t matrix[4]; // a b c d
        int bright;        // the quarter
        bool tall;
    } rows[] = {
        {{65536, 0, 0, 65536}, 0, false},   {{0, 65536, -65536, 0}, 1, true},
        {{-65536, 0, 0, -65536}, 3, false}, {{0, -65536, 65536, 0}, 2, true},
        {{-65536, 0, 0, 65536}, 1, false},  {{65536, 0, 0, -65536}, 2, false},
        {{0, 65536, 65536, 0}, 0, true},    {{0, -65536, -65536, 0}, 3, true},
    };
    EXPECT_OK(kr_media_start(&t->err));
    for (size_t i = 0; i < KR_COUNT(rows); i++) {
        int fd = -1;
        const char *args[] = {CORNER, "-c:v", "mpeg4", NULL};
        if (!made_by_ffmpeg(t, "turned.mp4", &fd, args))
            SKIP("no ffmpeg program");
        fd = with_matrix(t, fd, rows[i].matrix);
        struct kr_frame *frame = first_frame(t, fd);
        EXPECT_INT(frame->width, rows[i].tall ? 120 : 160);
        double is[4];
        quarters_of(frame, is);
        for (int q = 0; q < 4; q++)
            EXPECT(q == rows[i].bright ? is[q] > 180 : is[q] < 60);
        kr_frame_destroy(&frame);
        close(fd);
    }
}

TEST(wide_pixels_woven_lines_and_full_range_become_plain)
{
    int fd = -1;
    const char *wide[] = {CORNER, "-vf", "setsar=2", "-c:v", "mpeg4", NULL};
    EXPECT_OK(kr_media_start(&t->err));
    if (!made_by_ffmpeg(t, "wide.mkv", &fd, wide))
        SKIP("no ffmpeg program");
    struct kr_frame *frame = first_frame(t, fd);
    EXPECT(frame->width == 320 && frame->height == 120);
    kr_frame_destroy(&frame);
    close(fd);
    // Two moments woven into each frame: every second line is bright.
    const char *woven[] = {
        "-f",
        "lavfi",
        "-i",
        "nullsrc=s=160x120:r=25:d=0.6,geq=lum='if(mod(Y,2),200,50)':cb=128:cr=128,"
        "setfield=tff,format=yuv420p",
        "-flags",
        "+ilme+ildct",
        "-c:v",
        "mpeg2video",
        "-q:v",
        "2",
        NULL};
    EXPECT(made_by_ffmpeg(t, "woven.mpg", &fd, woven));
    frame = first_frame(t, fd);
    double comb = 0;
    for (int y = 20; y < 100; y++)
        comb += abs(frame->plane[0][y * frame->stride[0] + 80] -
                    frame->plane[0][(y + 1) * frame->stride[0] + 80]);
    EXPECT(comb / 80 < 30); // was 150
    kr_frame_destroy(&frame);
    close(fd);
    const char *full[] = {CORNER, "-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", "2", NULL};
    EXPECT(made_by_ffmpeg(t, "full.avi", &fd, full));
    frame = first_frame(t, fd);
    double is[4];
    quarters_of(frame, is);
    EXPECT_NEAR(is[0], 235, 3);
    EXPECT_NEAR(is[3], 16, 3);
    kr_frame_destroy(&frame);
    close(fd);
}

TEST(ten_bit_high_dynamic_range_becomes_ordinary)
{
    // A grey of about 203 cd/m2 in PQ (code 0.58): reference white on paper.
    const char *args[] = {"-f",
                          "lavfi",
                          "-i",
                          "color=black:s=160x120:r=25:d=0.2,format=yuv420p10le,"
                          "geq=lum='64+876*if(lt(X,80),0.58,0.3)':cb=512:cr=512",
                          "-color_primaries",
                          "bt2020",
                          "-color_trc",
                          "smpte2084",
                          "-colorspace",
                          "bt2020nc",
                          "-color_range",
                          "tv",
                          "-c:v",
                          "ffv1",
                          NULL};
    int fd = -1;
    EXPECT_OK(kr_media_start(&t->err));
    if (!made_by_ffmpeg(t, "hdr.mkv", &fd, args))
        SKIP("no ffmpeg program");
    struct kr_frame *frame = first_frame(t, fd);
    double is[4];
    quarters_of(frame, is);
    EXPECT(is[0] > 150 && is[0] < 236); // bright, not washed out (unmapped: 143)
    EXPECT(is[1] > 20 && is[1] < 110);
    kr_frame_destroy(&frame);
    close(fd);
}

TEST(a_fragmented_film_that_claims_forty_hours_lasts_a_second)
{
    const char *path = kr_test_material(t, "video/open/time-structure/mp4/sample_fragmented.mp4");
    if (!path)
        SKIP("no ../shared/material");
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    KR_AUTO(kr_reader_close) struct kr_reader *reader = NULL;
    EXPECT_OK(kr_media_start(&t->err));
    EXPECT_OK(kr_reader_open(fd, &KR_READER_DEFAULTS, &reader, &t->err));
    EXPECT_NEAR(kr_reader_info(reader)->duration_s, 1, 0.1);
    EXPECT_INT(read_all(t, reader, 0).frames, 30);
    close(fd);
}

MAIN(CASE(a_cut_is_exact_to_a_frame_and_a_sample), CASE(a_second_pass_is_like_the_first),
     CASE(another_rate_repeats_or_drops_frames), CASE(smaller_frames_fit_and_are_never_enlarged),
     CASE(damage_in_the_middle_is_passed_over), CASE(a_playlist_opens_no_other_file),
     CASE(containers_of_forty_years_are_read), CASE(turned_and_mirrored_films_come_upright),
     CASE(wide_pixels_woven_lines_and_full_range_become_plain),
     CASE(ten_bit_high_dynamic_range_becomes_ordinary),
     CASE(a_fragmented_film_that_claims_forty_hours_lasts_a_second))
