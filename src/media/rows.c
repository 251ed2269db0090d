// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/picture_priv.h"
#include "media/resize_priv.h"

#include <assert.h>
#include <libavutil/error.h>
#include <vips/vips.h>

// One line of inside text out of a library's words.
static void say(struct kr_err *err, enum kr_code code, const char *attempt, const char *words)
{
    char line[200];
    size_t n = 0;
    for (; *words && n + 1 < sizeof line; words++)
        line[n++] = *words >= 0x20 && *words < 0x7F ? *words : ' ';
    while (n > 0 && (line[n - 1] == ' ' || line[n - 1] == '.'))
        n--;
    line[n] = '\0';
    kr_fail(err, code, "%s: %s", attempt, n ? line : "no reason given");
}

// Libraries tell in words alone that something was too large for them.
static bool is_too_big(const char *words)
{
    return strcasestr(words, "limit exceeded") || strcasestr(words, "exceeds the maximum") ||
           strcasestr(words, "insufficient memory") || strcasestr(words, "out of memory");
}

bool kr_fail_vips(struct kr_err *err, enum kr_code code, const char *attempt)
{
    if (code == KR_E_DAMAGED && is_too_big(vips_error_buffer()))
        code = KR_E_TOO_BIG;
    say(err, code, attempt, vips_error_buffer());
    vips_error_clear();
    return false;
}

bool kr_fail_av(struct kr_err *err, int code, const char *attempt)
{
    char words[AV_ERROR_MAX_STRING_SIZE] = "";
    av_strerror(code, words, sizeof words);
    say(err, code == AVERROR(ENOMEM) ? KR_E_TOO_BIG : KR_E_DAMAGED, attempt, words);
    return false;
}

bool kr_rows_open(const struct kr_open_picture *open, struct kr_rows **out, struct kr_err *err)
{
    switch (open->sniffed.kind) {
    case KR_KIND_JPEG:
    case KR_KIND_PNG:
    case KR_KIND_WEBP:
    case KR_KIND_GIF:
    case KR_KIND_HEIC:
    case KR_KIND_AVIF:
        return kr_rows_vips(open, out, err);
    case KR_KIND_TIFF: // libvips knows no TIFF with halved chroma
        return kr_rows_vips(open, out, err) || kr_rows_ffmpeg(open, out, NULL);
    case KR_KIND_RAW:
        return kr_rows_raw(open, out, err);
    case KR_KIND_BMP:
    case KR_KIND_JP2:
    case KR_KIND_PSD:
    case KR_KIND_PNM:
    case KR_KIND_JXL:
    case KR_KIND_SGI:
    case KR_KIND_QOI:
    case KR_KIND_TARGA:
        return kr_rows_ffmpeg(open, out, err);
    case KR_KIND_UNKNOWN:
    case KR_KIND_FILM:
        break;
    }
    return kr_fail(err, KR_E_UNSUPPORTED, "this is no picture");
}

void kr_rows_close(struct kr_rows **rows)
{
    if (*rows)
        (*rows)->close(*rows);
    *rows = NULL;
}

// What happens to a row on its way into the frame.
struct path {
    struct kr_rows *rows;
    struct kr_resize *resize; // NULL: not smaller
    struct kr_colour *colour;
    struct kr_frame *frame;
    uint8_t *row, *small;
};

static void path_finish(struct path *path)
{
    kr_resize_end(&path->resize);
    kr_colour_end(&path->colour);
    kr_frame_destroy(&path->frame);
    kr_free(&path->row);
    kr_free(&path->small);
}

static int bands_of(enum kr_model model)
{
    return model == KR_MODEL_GRAY ? 1 : model == KR_MODEL_RGB ? 3 : 4;
}

static bool path_init(struct path *path, struct kr_rows *rows, enum kr_pixels pixels, int fit,
                      struct kr_err *err)
{
    int width, height, bands = bands_of(rows->model);
    kr_fit(rows->width, rows->height, fit, &width, &height);
    path->rows = rows;
    if (!kr_frame_create(pixels, width, height, &path->frame, err))
        return false;
    if (width < rows->width || height < rows->height) {
        struct kr_resize_shape shape = {rows->width, rows->height, width,
                                        height,      bands,        rows->wide};
        if (!kr_resize_begin(&shape, &path->resize, err))
            return false;
    }
    struct kr_colour_params colour = {rows->model, rows->wide, pixels == KR_RGB16, rows->profile};
    path->colour = kr_colour_begin(&colour);
    size_t sample = rows->wide ? 2 : 1;
    path->row = kr_new_array(uint8_t, (size_t)rows->width * (size_t)bands * sample);
    path->small = kr_new_array(uint8_t, (size_t)width * (size_t)bands * sample);
    return true;
}

static bool read_all(struct path *path, struct kr_err *err)
{
    struct kr_frame *frame = path->frame;
    int out = 0;
    for (int y = 0; y < path->rows->height; y++) {
        if (!path->rows->next(path->rows, path->row, err))
            return kr_within(err, "row %d of %d", y, path->rows->height);
        if (!path->resize) {
            kr_colour_row(path->colour, path->row, frame->plane[0] + y * frame->stride[0],
                          frame->width);
            continue;
        }
        kr_resize_push(path->resize, path->row);
        for (; out < frame->height && kr_resize_pull(path->resize, path->small); out++)
            kr_colour_row(path->colour, path->small, frame->plane[0] + out * frame->stride[0],
                          frame->width);
    }
    return true;
}

bool kr_rows_frame(struct kr_rows *rows, enum kr_pixels pixels, int fit, struct kr_frame **out,
                   struct kr_err *err)
{
    assert(pixels == KR_RGB8 || pixels == KR_RGB16);
    KR_AUTO(path_finish) struct path path = {0};
    if (!path_init(&path, rows, pixels, fit, err) || !read_all(&path, err) ||
        !kr_turn_take(&path.frame, rows->orientation, err))
        return kr_within(err, "read a picture");
    *out = path.frame;
    path.frame = NULL;
    return true;
}
