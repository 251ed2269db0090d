// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/look_priv.h"
#include "media/reader.h"

#include <libswscale/swscale.h>
#include <math.h>

enum { FRAMES = 12 }; // looked at from each place

static const double ENOUGH = 14; // standard deviation of luma: something is there

// How much there is to see: the spread of luma on a coarse grid.
static double worth(const struct kr_frame *frame)
{
    double sum = 0, squares = 0, n = 0;
    int step = frame->width / 64 > 0 ? frame->width / 64 : 1;
    for (int y = 0; y < frame->height; y += step)
        for (int x = 0; x < frame->width; x += step, n++) {
            double luma = frame->plane[0][y * frame->stride[0] + x];
            sum += luma;
            squares += luma * luma;
        }
    double mean = sum / n;
    return sqrt(fmax(0, squares / n - mean * mean));
}

// Keeps the best frame seen in *best; true when it is good enough.
static bool look_from(int fd, double from_s, int fit, struct kr_frame **best, double *best_worth,
                      struct kr_err *err)
{
    struct kr_reader_params params = {
        .no_sound = true, .from_s = from_s, .width = fit, .height = fit};
    KR_AUTO(kr_reader_close) struct kr_reader *reader = NULL;
    if (!kr_reader_open(fd, &params, &reader, err))
        return false;
    for (int i = 0; i < FRAMES; i++) {
        struct kr_frame *frame = NULL;
        struct kr_samples *none = NULL;
        if (!kr_reader_next(reader, &frame, &none, err) || !frame)
            return false;
        double is = worth(frame);
        if (is > *best_worth) {
            kr_frame_destroy(best);
            *best = frame;
            *best_worth = is;
        } else {
            kr_frame_destroy(&frame);
        }
        if (*best_worth > ENOUGH)
            return true;
    }
    return false;
}

static bool to_rgb(const struct kr_frame *film, struct kr_frame **out, struct kr_err *err)
{
    struct SwsContext *scale = sws_getContext(
        film->width, film->height, AV_PIX_FMT_YUV420P, film->width, film->height, AV_PIX_FMT_RGB24,
        SWS_BICUBIC | SWS_FULL_CHR_H_INT | SWS_ACCURATE_RND, NULL, NULL, NULL);
    if (!scale || !kr_frame_create(KR_RGB8, film->width, film->height, out, err)) {
        sws_freeContext(scale);
        return kr_fail(err, KR_E_TOO_BIG, "no memory for a film's frame");
    }
    const int *table = sws_getCoefficients(SWS_CS_ITU709);
    sws_setColorspaceDetails(scale, table, 0, table, 1, 0, 1 << 16, 1 << 16);
    const uint8_t *planes[4] = {film->plane[0], film->plane[1], film->plane[2], NULL};
    int strides[4] = {(int)film->stride[0], (int)film->stride[1], (int)film->stride[2], 0};
    uint8_t *to[4] = {(*out)->plane[0]};
    int to_stride[4] = {(int)(*out)->stride[0]};
    sws_scale(scale, planes, strides, 0, film->height, to, to_stride);
    sws_freeContext(scale);
    return true;
}

bool kr_poster(int fd, double duration_s, int fit, struct kr_frame **out, struct kr_err *err)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *best = NULL;
    double worth_of_best = -1;
    struct kr_err why = {KR_E_DAMAGED, "no frame can be decoded"};
    const double places[] = {fmin(3, duration_s * 0.1), duration_s * 0.35, duration_s * 0.6, 0};
    for (size_t i = 0; i < KR_COUNT(places); i++) {
        if (i > 0 && i + 1 < KR_COUNT(places) && !(places[i] > 0))
            continue;
        if (i + 1 == KR_COUNT(places) && best)
            break; // the very beginning only where nothing else can be had
        if (look_from(fd, places[i], fit, &best, &worth_of_best, &why))
            break;
    }
    if (!best)
        return kr_fail(err, why.code, "%s", why.text);
    return to_rgb(best, out, err);
}
