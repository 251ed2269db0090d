// SPDX-License-Identifier: AGPL-3.0-or-later
#include "made.h"

#include "media/start.h"
#include <fcntl.h>
#include <math.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

int made_file(void)
{
    int fd = -1;
    if (!kr_memory_file("made", &fd, NULL))
        abort();
    return fd;
}

void made_film_frame(struct kr_frame *frame, int i)
{
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < kr_frame_plane_height(frame, p); y++)
            memset(frame->plane[p] + y * frame->stride[p], p ? 128 : 40 + 4 * (i % 40),
                   kr_frame_row_bytes(frame, p));
}

int made_frame_number(const struct kr_frame *frame)
{
    long sum = 0, n = 0;
    for (int y = frame->height / 4; y < frame->height * 3 / 4; y++)
        for (int x = frame->width / 4; x < frame->width * 3 / 4; x++, n++)
            sum += frame->plane[0][y * frame->stride[0] + x];
    double number = ((double)sum / (double)n - 40) / 4;
    int is = (int)lround(number);
    return is >= 0 && is < 40 && fabs(number - is) < 0.4 ? is : -1;
}

// A tone of 440 Hz, and a click at each whole second.
static float sound_at(int64_t i)
{
    double at = (double)i / KR_RATE;
    bool click = fmod(at, 1) < 0.010;
    return (float)(0.1 * sin(2 * M_PI * 440 * at) + (click ? 0.6 * sin(2 * M_PI * 2000 * at) : 0));
}

static void write_sound(struct kr_test *t, struct kr_writer *writer, int channels, int64_t from,
                        int64_t to)
{
    struct kr_samples *block = NULL;
    EXPECT_OK(kr_samples_create(KR_RATE, channels, (size_t)(to - from), &block, &t->err));
    for (int c = 0; c < channels; c++)
        for (size_t i = 0; i < block->n; i++)
            block->channel[c][i] = sound_at(from + (int64_t)i);
    EXPECT_OK(kr_writer_samples(writer, block, &t->err));
    kr_samples_destroy(&block);
}

int made_film(struct kr_test *t, const struct made_film *film)
{
    int fd = made_file();
    EXPECT_OK(kr_media_start(&t->err));
    KR_AUTO(kr_writer_close) struct kr_writer *writer = NULL;
    KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
    struct kr_writer_params params = KR_WRITER_DEFAULTS;
    params.width = film->width;
    params.height = film->height;
    params.fps_num = film->fps_num;
    params.fps_den = film->fps_den;
    params.channels = film->channels;
    params.title = film->title;
    params.language = film->language;
    params.chapters = film->chapters;
    params.chapter_count = film->chapter_count;
    EXPECT_OK(kr_writer_open(fd, &params, &writer, &t->err));
    EXPECT_OK(kr_frame_create(KR_YUV420, film->width, film->height, &frame, &t->err));
    int64_t sound = 0, all = llround(film->tone_s * KR_RATE);
    for (int i = 0; i < film->frames; i++) {
        made_film_frame(frame, i);
        EXPECT_OK(kr_writer_frame(writer, frame, &t->err));
        int64_t until = (int64_t)(i + 1) * KR_RATE * film->fps_den / film->fps_num;
        until = until < all ? until : all;
        if (film->channels && until > sound)
            write_sound(t, writer, film->channels, sound, until);
        sound = until > sound ? until : sound;
    }
    if (film->channels && all > sound)
        write_sound(t, writer, film->channels, sound, all);
    EXPECT_OK(kr_writer_finish(writer, &t->err));
    return fd;
}

struct kr_frame *made_picture(struct kr_test *t, enum kr_pixels pixels, int width, int height)
{
    struct kr_frame *frame = NULL;
    EXPECT_OK(kr_frame_create(pixels, width, height, &frame, &t->err));
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            double u = (double)x / width, v = (double)y / height;
            double rgb[3] = {0.2 + 0.6 * u, 0.3 + 0.5 * v, 0.5 + 0.4 * sin(9 * u * v + 3 * u)};
            for (int c = 0; c < 3; c++) {
                double value = rgb[c] + 0.03 * sin(x * 0.7 + c) * cos(y * 0.9);
                if (pixels == KR_RGB16)
                    ((uint16_t *)(void *)(frame->plane[0] + y * frame->stride[0]))[3 * x + c] =
                        (uint16_t)(value * 65535);
                else
                    frame->plane[0][y * frame->stride[0] + 3 * x + c] = (uint8_t)(value * 255);
            }
        }
    return frame;
}

int made_picture_file(struct kr_test *t, const struct kr_frame *frame,
                      enum kr_picture_format format, int quality)
{
    int fd = made_file();
    struct kr_picture_save_params params = KR_PICTURE_SAVE_DEFAULTS;
    params.format = format;
    params.quality = quality;
    EXPECT_OK(kr_media_start(&t->err));
    EXPECT_OK(kr_picture_save(frame, fd, &params, &t->err));
    return fd;
}

double made_mean(const struct kr_frame *frame, int x, int y, int width, int height, int channel)
{
    double sum = 0;
    for (int row = y; row < y + height; row++)
        for (int col = x; col < x + width; col++)
            sum += frame->plane[0][row * frame->stride[0] + 3 * col + channel];
    return sum / ((double)width * height);
}

bool made_by_ffmpeg(struct kr_test *t, const char *name, int *fd, const char *const *args)
{
    enum { MOST = 60 };
    char *argv[MOST] = {"ffmpeg", "-v", "error", "-nostdin", "-y"};
    size_t n = 5;
    for (; *args && n < MOST - 2; args++)
        argv[n++] = (char *)(uintptr_t)*args;
    argv[n] = kr_arena_format(t->mem, "%s/%s", t->dir, name);
    const char *path = argv[n];
    pid_t child;
    int status = -1;
    if (posix_spawnp(&child, "ffmpeg", NULL, NULL, argv, environ) != 0 ||
        waitpid(child, &status, 0) != child || status != 0)
        return false;
    *fd = open(path, O_RDONLY | O_CLOEXEC);
    return *fd >= 0;
}
