// SPDX-License-Identifier: AGPL-3.0-or-later
// Files as browsers write them while they record: no length told, perhaps cut off in the middle.
#include "media/remux.h"
#include "made.h"
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const opus[] = {"-f",   "lavfi",   "-i",    "sine=frequency=500:duration=4",
                                   "-c:a", "libopus", "-live", "1",
                                   "-f",   "webm",    NULL};
static const char *const film[] = {
    "-f",    "lavfi",  "-i",   "testsrc=size=160x120:rate=20:duration=4",
    "-f",    "lavfi",  "-i",   "sine=frequency=500:duration=4",
    "-c:v",  "libvpx", "-c:a", "libopus",
    "-live", "1",      "-f",   "webm",
    NULL};
static const char *const h264[] = {
    "-f",   "lavfi",    "-i",    "testsrc=size=160x120:rate=20:duration=4",
    "-f",   "lavfi",    "-i",    "sine=frequency=500:duration=4",
    "-c:v", "libx264",  "-bf",   "0",
    "-c:a", "libopus",  "-live", "1",
    "-f",   "matroska", NULL};
static const char *const pcm[] = {"-f",   "lavfi",     "-i",    "sine=frequency=500:duration=4",
                                  "-c:a", "pcm_f32le", "-live", "1",
                                  "-f",   "matroska",  NULL};

static double duration_of(struct kr_test *t, int fd)
{
    KR_AUTO(kr_reader_close) struct kr_reader *reader = NULL;
    const struct kr_reader_params params = KR_READER_DEFAULTS;
    EXPECT_OK(kr_reader_open(fd, &params, &reader, &t->err));
    return kr_reader_info(reader)->duration_s;
}

// The latest time one really comes to, when one asks for the part from 3 s on.
static double reached_from_3_s(struct kr_test *t, int fd)
{
    KR_AUTO(kr_reader_close) struct kr_reader *reader = NULL;
    const struct kr_reader_params params = {.from_s = 3, .no_video = true};
    double end = 3;
    EXPECT_OK(kr_reader_open(fd, &params, &reader, &t->err));
    for (;;) {
        struct kr_frame *frame = NULL;
        struct kr_samples *samples = NULL;
        EXPECT_OK(kr_reader_next(reader, &frame, &samples, &t->err));
        if (!samples)
            return end;
        end = 3 + (double)(samples->at + (int64_t)samples->n) / KR_RATE;
        kr_samples_destroy(&samples);
    }
}

static void expect_remuxed(struct kr_test *t, const char *name, const char *const *args,
                           const char *format)
{
    int in = -1, out = made_file();
    struct kr_remuxed told;
    if (!made_by_ffmpeg(t, name, &in, args))
        SKIP("no ffmpeg");
    EXPECT_OK(kr_remux(in, out, &told, &t->err));
    EXPECT_STR(told.format, format);
    EXPECT_NEAR(told.duration_s, 4, 0.1);
    EXPECT_NEAR(duration_of(t, out), 4, 0.1);
    EXPECT_NEAR(reached_from_3_s(t, out), 4, 0.1);
    close(in);
    close(out);
}

TEST(a_voice_becomes_ogg_that_tells_its_length)
{
    expect_remuxed(t, "voice.webm", opus, "opus");
}

TEST(a_film_stays_webm_and_tells_its_length)
{
    expect_remuxed(t, "film.webm", film, "webm");
}

TEST(h264_in_matroska_becomes_mp4)
{
    expect_remuxed(t, "film.mkv", h264, "mp4");
}

TEST(uncompressed_sound_is_left_to_flac)
{
    int in = -1, out = made_file();
    struct kr_remuxed told;
    struct stat st;
    if (!made_by_ffmpeg(t, "pcm.mkv", &in, pcm))
        SKIP("no ffmpeg");
    EXPECT_OK(kr_remux(in, out, &told, &t->err));
    EXPECT(told.is_pcm && fstat(out, &st) == 0 && st.st_size == 0);
}

TEST(what_was_cut_off_is_copied_as_far_as_it_goes)
{
    int in = -1, out = made_file(), half = made_file();
    char bytes[1 << 16];
    struct kr_remuxed told;
    if (!made_by_ffmpeg(t, "film.webm", &in, film))
        SKIP("no ffmpeg");
    ssize_t n = kr_read(in, bytes, sizeof bytes);
    EXPECT(n > 20000);
    EXPECT_OK(kr_write_all(half, bytes, (size_t)n / 2 + 1, &t->err));
    EXPECT_OK(kr_remux(half, out, &told, &t->err));
    EXPECT(told.duration_s > 0.3 && told.duration_s < 3.9);
    EXPECT_NEAR(duration_of(t, out), told.duration_s, 0.1);
}

TEST(what_is_no_film_is_refused)
{
    int in = kr_test_bytes("no film at all", 14), out = made_file();
    struct kr_remuxed told;
    EXPECT_FAIL(kr_remux(in, out, &told, &t->err), KR_E_UNSUPPORTED);
}

MAIN(CASE(a_voice_becomes_ogg_that_tells_its_length), CASE(a_film_stays_webm_and_tells_its_length),
     CASE(h264_in_matroska_becomes_mp4), CASE(uncompressed_sound_is_left_to_flac),
     CASE(what_was_cut_off_is_copied_as_far_as_it_goes), CASE(what_is_no_film_is_refused))
