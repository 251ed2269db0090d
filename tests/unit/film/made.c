// SPDX-License-Identifier: AGPL-3.0-or-later
#include "made.h"

#include "media/picture.h"
#include "media/samples.h"
#include <math.h>
#include <unistd.h>

static void put32(uint8_t *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

int made_sound(struct kr_test *t, const double (*tones)[2], size_t count, double each_s)
{
    size_t each = (size_t)(each_s * KR_RATE), bytes = 4 * each * count;
    uint8_t head[44] = "RIFF....WAVEfmt ....\1\0\2\0........\4\0\20\0data....";
    put32(head + 4, (uint32_t)bytes + 36);
    put32(head + 16, 16);
    put32(head + 24, KR_RATE);
    put32(head + 28, 4 * KR_RATE);
    put32(head + 40, (uint32_t)bytes);
    uint8_t *all = kr_arena_alloc(t->mem, sizeof head + bytes), *at = all + sizeof head;
    memcpy(all, head, sizeof head);
    for (size_t k = 0; k < count; k++) {
        double amplitude = tones[k][0] > 0 ? 32767 * pow(10, tones[k][1] / 20) : 0;
        for (size_t i = 0; i < each; i++, at += 4) {
            double x = amplitude * sin(2 * M_PI * tones[k][0] * (double)i / KR_RATE);
            int value = (int)lrint(x);
            at[0] = at[2] = (uint8_t)(value & 255);
            at[1] = at[3] = (uint8_t)(value >> 8 & 255);
        }
    }
    return kr_test_bytes(all, sizeof head + bytes);
}

int made_photo(struct kr_test *t, int width, int height, int kind)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *rgb = NULL;
    struct kr_picture_save_params params = KR_PICTURE_SAVE_DEFAULTS;
    EXPECT_OK(kr_frame_create(KR_RGB8, width, height, &rgb, &t->err));
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            uint8_t *at = rgb->plane[0] + y * rgb->stride[0] + 3 * x;
            bool line = x % 40 < 3 || y % 40 < 3;
            at[0] = (uint8_t)(line ? 240 : 60 + 150 * x / width);
            at[1] = (uint8_t)(line ? 240 : 40 + 35 * (kind % 6));
            at[2] = (uint8_t)(line ? 230 : 60 + 150 * y / height);
        }
    int fd = kr_test_bytes("", 0);
    EXPECT_OK(kr_picture_save(rgb, fd, &params, &t->err));
    return fd;
}

double level_of(const float *samples, size_t n, double hz)
{
    double c = 2 * cos(2 * M_PI * hz / KR_RATE), one = 0, two = 0;
    for (size_t i = 0; i < n; i++) {
        double now = (double)samples[i] + c * one - two;
        two = one;
        one = now;
    }
    double power = one * one + two * two - c * one * two;
    return 20 * log10(2 * sqrt(fmax(power, 1e-20)) / (double)n);
}

struct kr_str bytes_of(struct kr_test *t, int fd)
{
    struct kr_str out;
    EXPECT(lseek(fd, 0, SEEK_SET) == 0);
    EXPECT_OK(kr_read_all(t->mem, fd, 1 << 30, &out, &t->err));
    return out;
}
