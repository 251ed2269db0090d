// SPDX-License-Identifier: AGPL-3.0-or-later
// Promise (1) of media/start.h, tried behind the real wall: a child starts the
// libraries, seals itself, and must then do everything media/ can do.
#include "made.h"
#include "media/lettering.h"
#include "media/look.h"
#include "media/start.h"
#include "wall/seal.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

// Runs `work` in a sealed child; its exit status, or 128 and the signal's number.
static int behind_the_wall(struct kr_test *t, void (*work)(struct kr_test *t))
{
    if (MADE_SANITIZED)
        SKIP("the wall leaves a sanitizer no room");
    pid_t child = fork();
    EXPECT(child >= 0);
    if (child > 0) {
        int status = 0;
        EXPECT(waitpid(child, &status, 0) == child);
        return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    }
    // The harness would catch these, and go on with the other tests in this child.
    static const int deadly[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
    for (size_t i = 0; i < KR_COUNT(deadly); i++)
        signal(deadly[i], SIG_DFL);
    struct kr_seal_limits limits = {
        .memory = 1U << 30, .file_bytes = 1U << 30, .cpu_s = 60, .files = 256, .scratch = true};
    struct kr_seal_report report;
    struct kr_err err = {0};
    if (!kr_media_start(&err) || !kr_seal(&limits, &report, &err))
        _exit(3);
    if (open("/etc/passwd", O_RDONLY) >= 0)
        _exit(4);
    work(t);
    _exit(t->err.text[0] ? 1 : 0);
}

static void need(struct kr_test *t, bool ok)
{
    if (ok)
        return;
    dprintf(STDERR_FILENO, "behind the wall: %s\n", t->err.text);
    _exit(5);
}

static void save_and_load(struct kr_test *t)
{
    static const enum kr_picture_format formats[] = {KR_JPEG, KR_WEBP, KR_PNG, KR_TIFF};
    for (size_t i = 0; i < KR_COUNT(formats); i++) {
        struct kr_picture_params params = KR_PICTURE_DEFAULTS;
        struct kr_picture_save_params save = KR_PICTURE_SAVE_DEFAULTS;
        struct kr_frame *frame = made_picture(t, KR_RGB8, 300, 200), *again = NULL;
        int fd = made_file();
        save.format = formats[i];
        need(t, kr_picture_save(frame, fd, &save, &t->err));
        need(t, kr_picture_load(fd, &params, &again, &t->err));
        need(t, again->width == 300 && again->height == 200);
        kr_frame_destroy(&frame);
        kr_frame_destroy(&again);
        close(fd);
    }
}

TEST(pictures_are_saved_and_loaded)
{
    EXPECT_INT(behind_the_wall(t, save_and_load), 0);
}

static void film(struct kr_test *t)
{
    struct made_film film = {.width = 320,
                             .height = 240,
                             .frames = 50,
                             .fps_num = 25,
                             .fps_den = 1,
                             .channels = 2,
                             .tone_s = 2};
    int fd = made_film(t, &film);
    json_t *answer = NULL;
    int thumbs[3] = {made_file(), made_file(), made_file()};
    need(t, kr_look(fd, "video", "video/mp4", "mp4", thumbs, &answer, &t->err));
    need(t, strcmp(kr_json_str(answer, "kind", ""), "video") == 0);
    need(t, lseek(thumbs[0], 0, SEEK_END) > 100);
    need(t, !kr_json_get(answer, "damaged"));
}

TEST(films_are_written_and_looked_at)
{
    EXPECT_INT(behind_the_wall(t, film), 0);
}

static void letters(struct kr_test *t)
{
    static const struct kr_lettering rows[] = {
        {.text = "奶奶在老屋门前\n龘靐齉 1985",
         .lang = "zh-CN",
         .serif = true,
         .size_px = 40,
         .width_px = 600,
         .shadow = 0.6},
        {.text = "The house by the bridge — Ωmega ☂ 🏠",
         .lang = "en",
         .bold = true,
         .size_px = 63,
         .width_px = 600},
        {.text = "한국어 العربية हिन्दी ไทย",
         .lang = "ko",
         .size_px = 21,
         .width_px = 300,
         .centred = true},
    };
    for (size_t i = 0; i < KR_COUNT(rows); i++) {
        struct kr_frame *frame = NULL;
        need(t, kr_lettering_set(&rows[i], &frame, &t->err));
        kr_frame_destroy(&frame);
    }
}

TEST(letters_never_seen_before_are_set)
{
    EXPECT_INT(behind_the_wall(t, letters), 0);
}

static int strange = -1; // the file looked at

static void look_at_it(struct kr_test *t)
{
    json_t *answer = NULL;
    int thumbs[3] = {made_file(), made_file(), made_file()};
    if (kr_look(strange, "", "", "", thumbs, &answer, &t->err) || t->err.code == KR_E_UNSUPPORTED)
        t->err = (struct kr_err){0};
}

// One of each kind that another library reads.
TEST(real_files_of_every_kind_are_looked_at)
{
    static const char *const files[] = {
        "originals/open/exif-samples-heic/IMG_5195.HEIC",
        "originals/open/extremes/Channel_digital_image_CMYK_color.jpg",
        "originals/open/extremes/issue412.jp2",
        "originals/open/extremes/cogs.gif",
        "originals/open/exiftool-t/CanonRaw.cr2",
        "originals/open/exiftool-t/Photoshop.psd",
        "originals/open/heif-examples/example.avif",
        "video/open/rotation-hdr/mp4/hdr10-av1.mp4",
        "video/open/hand-held/VID_0001.ogg",
        "video/open/time-structure/mkv/sample_with_chapters.mkv",
        "sound/open/containers/mp3/bear-id3.mp3",
        "sound/open/containers/amr/sample_wb.amr",
        "sound/open/containers/ogg/bear.opus",
    };
    int there = 0;
    for (size_t i = 0; i < KR_COUNT(files); i++) {
        const char *path = kr_test_material(t, files[i]);
        int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
        if (fd < 0)
            continue;
        there++;
        strange = fd;
        int status = behind_the_wall(t, look_at_it);
        if (status != 0)
            print_error("%s: %d\n", files[i], status);
        EXPECT_INT(status, 0);
        close(fd);
    }
    if (there == 0)
        SKIP("no ../shared/material");
}

MAIN(CASE(pictures_are_saved_and_loaded), CASE(films_are_written_and_looked_at),
     CASE(letters_never_seen_before_are_set), CASE(real_files_of_every_kind_are_looked_at))
