// SPDX-License-Identifier: AGPL-3.0-or-later
#include "film/stills.h"

#include "film/camera.h"
#include "film/ground.h"
#include "film/yuv.h"
#include "media/picture.h"
#include "restore/warp.h"

enum { SIDE_LEAST = 640, SIDE_MOST = 6000 }; // px of the longest side in memory

struct kr_still {
    struct kr_frame *picture; // KR_YUV420
    struct kr_mips *mips;     // borrows it
    struct kr_frame *ground;
    struct kr_camera camera;
};

// A picture pixel for each film pixel of the nearest view; more would not be seen.
static int side_needed(const struct kr_shot *shot, const struct kr_shot_list *list)
{
    double most = 0;
    for (int end = 0; end < 2; end++) {
        const double *rect = end ? shot->to : shot->from;
        double across = list->width / rect[2], down = list->height / rect[3];
        double side = across > down ? across : down;
        most = side > most ? side : most;
    }
    return most < SIDE_LEAST ? SIDE_LEAST : most > SIDE_MOST ? SIDE_MOST : (int)most;
}

static bool load(int fd, int side, struct kr_frame **out, struct kr_err *err)
{
    struct kr_picture_params params = KR_PICTURE_DEFAULTS;
    KR_AUTO(kr_frame_destroy) struct kr_frame *rgb = NULL;
    params.fit = side;
    if (!kr_picture_load(fd, &params, &rgb, err) ||
        !kr_frame_create(KR_YUV420, rgb->width, rgb->height, out, err))
        return false;
    kr_yuv_of_rgb(rgb, *out);
    return true;
}

static bool prepare(struct kr_still *still, const struct kr_shot *shot,
                    const struct kr_shot_list *list, struct kr_err *err)
{
    int w = still->picture->width, h = still->picture->height;
    still->camera = kr_camera_of(shot->from, shot->to, w, h, list->width, list->height);
    const double *step = still->camera.step;
    if (!kr_mips_create(still->picture, step[0] > step[1] ? step[0] : step[1], &still->mips, err) ||
        !kr_frame_create(KR_YUV420, list->width, list->height, &still->ground, err))
        return false;
    if (list->paper)
        kr_yuv_fill(still->ground, KR_PAPER);
    else
        kr_ground_blur(still->picture, still->ground);
    return true;
}

bool kr_still_open(int fd, const struct kr_shot *shot, const struct kr_shot_list *list,
                   struct kr_still **out, struct kr_err *err)
{
    KR_AUTO(kr_still_close) struct kr_still *still = kr_new(struct kr_still);
    if (!load(fd, side_needed(shot, list), &still->picture, err) ||
        !prepare(still, shot, list, err))
        return kr_within(err, "open a photograph for the film");
    *out = still;
    still = NULL;
    return true;
}

void kr_still_close(struct kr_still **still)
{
    if (!*still)
        return;
    kr_mips_destroy(&(*still)->mips);
    kr_frame_destroy(&(*still)->picture);
    kr_frame_destroy(&(*still)->ground);
    kr_free(still);
}

void kr_still_frame(const struct kr_still *still, double time, struct kr_frame *out)
{
    double m[6], seen[6];
    int w = still->picture->width, h = still->picture->height;
    kr_camera_at(&still->camera, time, m);
    struct kr_frame window = kr_ground_window(m, w, h, out, seen);
    kr_mips_warp(still->mips, seen, &window);
    if (kr_ground_shows(m, w, h, out->width, out->height))
        kr_ground_around(still->ground, m, w, h, out);
}
