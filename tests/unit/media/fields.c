// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/fields.h"

#include "made.h"
#include "media/start.h"
#include <math.h>
#include <unistd.h>

// A film of two seconds whose frames do not say what they are; false where there is no ffmpeg.
static bool made_woven(struct kr_test *t, const char *rate, const char *chain, int *fd)
{
    char source[200];
    kr_format(source, sizeof source,
              "testsrc2=size=720x576:rate=%s:duration=2,gblur=sigma=1.6%s,setfield=prog", rate,
              chain);
    const char *words[] = {"-f",   "lavfi",    "-i",      source, "-c:v",
                           "ffv1", "-pix_fmt", "yuv420p", NULL};
    return made_by_ffmpeg(t, "woven.avi", fd, words);
}

struct seen {
    enum kr_weave weave;
    int frames;
    double fps, combed; // lines against their neighbours, beside lines two apart
};

static double combed(const struct kr_frame *f)
{
    double next = 0, second = 1;
    for (int y = 2; y + 2 < f->height; y++)
        for (int x = 0; x < f->width; x++) {
            const uint8_t *at = f->plane[0] + y * f->stride[0] + x;
            next += abs(2 * at[0] - at[-f->stride[0]] - at[f->stride[0]]);
            second += abs(2 * at[0] - at[-2 * f->stride[0]] - at[2 * f->stride[0]]);
        }
    return next / second;
}

static struct seen watch(struct kr_test *t, int fd)
{
    struct seen seen = {0};
    EXPECT_OK(kr_fields_find(fd, &seen.weave, &t->err));
    struct kr_reader_params params = {.weave = seen.weave};
    struct kr_reader *reader = NULL;
    EXPECT_OK(kr_reader_open(fd, &params, &reader, &t->err));
    const struct kr_reader_info *info = kr_reader_info(reader);
    seen.fps = (double)info->fps_num / info->fps_den;
    int64_t last = -1;
    for (;;) {
        KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
        struct kr_samples *samples = NULL;
        EXPECT_OK(kr_reader_next(reader, &frame, &samples, &t->err));
        if (!frame)
            break;
        EXPECT(frame->at_us > last);
        last = frame->at_us;
        seen.combed += combed(frame);
        seen.frames++;
    }
    seen.combed /= fmax(seen.frames, 1);
    kr_reader_close(&reader);
    print_message("weave %d: %d frames of %.2f a second, combed %.2f\n", (int)seen.weave,
                  seen.frames, seen.fps, seen.combed);
    return seen;
}

TEST(each_moment_of_a_tape_becomes_a_frame_though_the_file_is_silent)
{
    EXPECT_OK(kr_media_start(&t->err));
    static const struct {
        const char *chain;
        enum kr_weave weave;
    } tapes[] = {{",interlace=scan=tff:lowpass=off", KR_WEAVE_TOP_FIRST},
                 {",interlace=scan=bff:lowpass=off", KR_WEAVE_BOTTOM_FIRST}};
    int fd;
    if (!made_woven(t, "50", "", &fd))
        SKIP("no ffmpeg program");
    struct seen plain = watch(t, fd);
    close(fd);
    EXPECT(made_woven(t, "25", "", &fd));
    EXPECT_INT(watch(t, fd).weave, KR_WEAVE_AS_SAID);
    close(fd);
    EXPECT(plain.weave == KR_WEAVE_AS_SAID && plain.frames == 100);
    for (size_t i = 0; i < KR_COUNT(tapes); i++) {
        EXPECT(made_woven(t, "50", tapes[i].chain, &fd));
        struct seen tape = watch(t, fd);
        close(fd);
        EXPECT_INT(tape.weave, tapes[i].weave);
        EXPECT(abs(tape.frames - 100) <= 2 && fabs(tape.fps - 50) < 0.01);
        EXPECT(tape.combed < 1.15 * plain.combed);
    }
}

TEST(cine_film_on_a_tape_gets_its_own_pace_back)
{
    int fd;
    if (!made_woven(t, "24000/1001", ",telecine=first_field=top:pattern=23", &fd))
        SKIP("no ffmpeg program");
    struct seen film = watch(t, fd);
    close(fd);
    EXPECT_INT(film.weave, KR_WEAVE_PULLDOWN_TOP);
    EXPECT(abs(film.frames - 48) <= 2 && fabs(film.fps - 23.976) < 0.01);
}

TEST(what_is_no_film_says_so_and_sound_alone_is_as_said)
{
    enum kr_weave weave;
    int fd = made_file();
    EXPECT(!kr_fields_find(fd, &weave, &t->err));
    EXPECT(t->err.code == KR_E_UNSUPPORTED || t->err.code == KR_E_DAMAGED);
    close(fd);
}

MAIN(CASE(each_moment_of_a_tape_becomes_a_frame_though_the_file_is_silent),
     CASE(cine_film_on_a_tape_gets_its_own_pace_back),
     CASE(what_is_no_film_says_so_and_sound_alone_is_as_said))
