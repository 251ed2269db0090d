// SPDX-License-Identifier: AGPL-3.0-or-later
#include "clip.h"

#include "brush.h"
#include "media/writer.h"
#include "restore/warp.h"
#include "scenes.h"
#include <math.h>

enum { WIDTH = 1280, HEIGHT = 720, FPS = 25 };

// A hand: slow drift, steps, and a tremor, as three coupled random walks.
struct hand {
    double x, y, turn, vx, vy, vturn;
};

static void move(struct hand *hand, double shake, struct kr_dice *dice)
{
    hand->vx = hand->vx * 0.78 + kr_roll_bell(dice) * shake * 0.9;
    hand->vy = hand->vy * 0.78 + kr_roll_bell(dice) * shake * 0.9;
    hand->vturn = hand->vturn * 0.8 + kr_roll_bell(dice) * shake * 0.0004;
    hand->x = hand->x * 0.96 + hand->vx;
    hand->y = hand->y * 0.96 + hand->vy;
    hand->turn = hand->turn * 0.95 + hand->vturn;
}

// BT.709, limited range; chroma of each 2x2 block from its corner.
static void to_yuv(const struct kr_frame *rgb, double light, struct kr_dice *dice,
                   struct kr_frame *yuv)
{
    double dimmed[256];
    for (int i = 0; i < 256; i++)
        dimmed[i] = pow(pow(i / 255.0, 2.2) * light, 1 / 2.2);
    for (int y = 0; y < yuv->height; y++)
        for (int x = 0; x < yuv->width; x++) {
            const uint8_t *p = rgb->plane[0] + y * rgb->stride[0] + x * 3;
            double noise = kr_roll(dice, -1, 1) * 0.012;
            double r = dimmed[p[0]] + noise, g = dimmed[p[1]] + noise, b = dimmed[p[2]] + noise;
            double luma = 0.2126 * r + 0.7152 * g + 0.0722 * b;
            yuv->plane[0][y * yuv->stride[0] + x] = (uint8_t)fmin(235, fmax(16, 16.5 + 219 * luma));
            if ((x | y) & 1)
                continue;
            yuv->plane[1][y / 2 * yuv->stride[1] + x / 2] =
                (uint8_t)fmin(240, fmax(16, 128.5 + 224 * (b - luma) / 1.8556));
            yuv->plane[2][y / 2 * yuv->stride[2] + x / 2] =
                (uint8_t)fmin(240, fmax(16, 128.5 + 224 * (r - luma) / 1.5748));
        }
}

static bool write_frame(const struct kr_clip_params *params, const struct kr_frame *scene,
                        const struct hand *hand, double along, struct kr_frame *view,
                        struct kr_frame *yuv, struct kr_dice *dice, struct kr_writer *writer,
                        struct kr_err *err)
{
    double cosine = cos(hand->turn), sine = sin(hand->turn);
    double cx = scene->width * (0.4 + 0.2 * along) + hand->x, cy = scene->height / 2.0 + hand->y;
    const double m[6] = {cosine, -sine,  cx - cosine * WIDTH / 2 + sine * HEIGHT / 2,
                         sine,   cosine, cy - sine * WIDTH / 2 - cosine * HEIGHT / 2};
    kr_warp_affine(scene, m, view);
    to_yuv(view, params->light, dice, yuv);
    return kr_writer_frame(writer, yuv, err);
}

static bool write_pictures(const struct kr_clip_params *params, struct kr_writer *writer,
                           struct kr_err *err)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *scene = NULL;
    KR_AUTO(kr_frame_destroy) struct kr_frame *view = NULL;
    KR_AUTO(kr_frame_destroy) struct kr_frame *yuv = NULL;
    struct kr_dice dice = {params->seed};
    struct hand hand = {0};
    int n = (int)(params->seconds * FPS);
    if (!kr_scene_paint(params->scene, 1080, NULL, &scene, err) ||
        !kr_frame_create(KR_RGB8, WIDTH, HEIGHT, &view, err) ||
        !kr_frame_create(KR_YUV420, WIDTH, HEIGHT, &yuv, err))
        return false;
    for (int i = 0; i < n; i++) {
        move(&hand, params->shake, &dice);
        if (!write_frame(params, scene, &hand, (double)i / n, view, yuv, &dice, writer, err))
            return false;
    }
    return true;
}

static bool write_sound(const struct kr_clip_params *params, const struct kr_samples *voice,
                        struct kr_writer *writer, struct kr_err *err)
{
    KR_AUTO(kr_samples_destroy) struct kr_samples *sound = NULL;
    struct kr_dice dice = {params->seed + 1};
    size_t n = (size_t)(params->seconds * KR_RATE);
    if (!kr_samples_create(KR_RATE, 1, n, &sound, err))
        return false;
    double low = 0;
    for (size_t i = 0; i < n; i++) {
        double hiss = kr_roll_bell(&dice);
        low = low * 0.985 + hiss * 0.015; // wind: mostly low
        double said = voice && i < voice->n ? voice->channel[0][i] * 0.25 : 0;
        sound->channel[0][i] = (float)(said + params->noise * (hiss * 0.35 + low * 4));
    }
    return kr_writer_samples(writer, sound, err);
}

bool kr_clip_write(const struct kr_clip_params *params, const struct kr_samples *voice, int fd,
                   struct kr_err *err)
{
    KR_AUTO(kr_writer_close) struct kr_writer *writer = NULL;
    struct kr_writer_params out = KR_WRITER_DEFAULTS;
    out.width = WIDTH;
    out.height = HEIGHT;
    out.channels = 1;
    out.title = "synthetic";
    return kr_writer_open(fd, &out, &writer, err) && write_pictures(params, writer, err) &&
           write_sound(params, voice, writer, err) && kr_writer_finish(writer, err);
}
