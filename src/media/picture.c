// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/picture.h"

#include "media/exif_priv.h"
#include "media/map_priv.h"
#include "media/picture_priv.h"
#include "media/save_priv.h"
#include <assert.h>

enum { METADATA_MOST = 60000 }; // bytes; a JPEG segment holds 65533

static void close_rows(struct kr_rows **rows)
{
    kr_rows_close(rows);
}

bool kr_picture_load(int fd, const struct kr_picture_params *params, struct kr_frame **out,
                     struct kr_err *err)
{
    struct kr_open_picture open = {
        .fd = fd, .fit = params->fit, .most_pixels = params->most_pixels};
    KR_AUTO(close_rows) struct kr_rows *rows = NULL;
    assert(params->pixels == KR_RGB8 || params->pixels == KR_RGB16);
    if (!kr_sniff_fd(fd, "", &open.sniffed, err) || !kr_rows_open(&open, &rows, err) ||
        !kr_rows_frame(rows, params->pixels, params->fit, out, err))
        return kr_within(err, "load a picture");
    return true;
}

static int generate(VipsRegion *out, void *sequence, void *a, void *b, gboolean *stop)
{
    const struct kr_frame *frame = a;
    const VipsRect *part = &out->valid;
    size_t pixel = VIPS_IMAGE_SIZEOF_PEL(out->im);
    (void)sequence, (void)b, (void)stop;
    for (int y = part->top; y < part->top + part->height; y++)
        memcpy(VIPS_REGION_ADDR(out, part->left, y),
               frame->plane[0] + y * frame->stride[0] + (size_t)part->left * pixel,
               (size_t)part->width * pixel);
    return 0;
}

VipsImage *kr_image_of(const struct kr_frame *frame)
{
    bool gray = frame->pixels == KR_GRAY8, wide = frame->pixels == KR_RGB16;
    assert(gray || wide || frame->pixels == KR_RGB8);
    VipsImage *image = vips_image_new();
    vips_image_init_fields(image, frame->width, frame->height, gray ? 1 : 3,
                           wide ? VIPS_FORMAT_USHORT : VIPS_FORMAT_UCHAR, VIPS_CODING_NONE,
                           gray   ? VIPS_INTERPRETATION_B_W
                           : wide ? VIPS_INTERPRETATION_RGB16
                                  : VIPS_INTERPRETATION_sRGB,
                           1, 1);
    if (vips_image_pipelinev(image, VIPS_DEMAND_STYLE_THINSTRIP, NULL) != 0 ||
        vips_image_generate(image, NULL, generate, NULL, (void *)(uintptr_t)frame, NULL) != 0)
        g_clear_object(&image);
    return image;
}

static void drop_image(VipsImage **image)
{
    g_clear_object(image);
}

static void drop_target(VipsTarget **target)
{
    g_clear_object(target);
}

bool kr_save_thumb(const struct kr_frame *frame, int fd, int quality, struct kr_err *err)
{
    KR_AUTO(drop_image) VipsImage *image = kr_image_of(frame);
    KR_AUTO(drop_target) VipsTarget *target = vips_target_new_to_descriptor(fd);
    if (!image || !target ||
        vips_jpegsave_target(image, target, "Q", quality, "strip", TRUE, NULL) != 0)
        return kr_fail_vips(err, KR_E_IO, "write a small picture");
    return true;
}

static void set_blob(VipsImage *image, const char *name, const void *bytes, size_t n)
{
    if (n && n <= METADATA_MOST)
        vips_image_set_blob_copy(image, name, bytes, n);
}

// The turning has been done, and a thumbnail inside would show the old picture.
static void give_metadata(VipsImage *image, GExiv2Metadata *from)
{
    GError *why = NULL;
    gexiv2_metadata_try_set_orientation(from, GEXIV2_ORIENTATION_NORMAL, &why);
    g_clear_error(&why);
    gexiv2_metadata_try_erase_exif_thumbnail(from, &why);
    g_clear_error(&why);
    GBytes *exif = gexiv2_metadata_get_exif_data(from, GEXIV2_BYTE_ORDER_LITTLE, &why);
    g_clear_error(&why);
    gsize n = 0;
    const char *bytes = exif ? g_bytes_get_data(exif, &n) : NULL;
    struct kr_buf blob = {0};
    if (n > 6) {
        if (memcmp(bytes, "Exif\0\0", 6) != 0)
            kr_buf_add(&blob, "Exif\0\0", 6);
        kr_buf_add(&blob, bytes, n);
        set_blob(image, VIPS_META_EXIF_NAME, blob.at, blob.n);
    }
    kr_buf_finish(&blob);
    if (exif)
        g_bytes_unref(exif);
    char *xmp = gexiv2_metadata_try_generate_xmp_packet(from, GEXIV2_OMIT_ALL_FORMATTING, 0, &why);
    g_clear_error(&why);
    if (xmp)
        set_blob(image, VIPS_META_XMP_NAME, xmp, strlen(xmp));
    g_free(xmp);
}

// What cannot be read of the old metadata is left behind: the picture counts.
static void copy_metadata(VipsImage *image, int fd)
{
    struct kr_sniffed sniffed;
    if (!kr_sniff_fd(fd, "", &sniffed, NULL))
        return;
    struct kr_map map = {0};
    KR_AUTO(close_rows) struct kr_rows *rows = NULL;
    GExiv2Metadata *metadata = NULL;
    if (sniffed.kind == KR_KIND_HEIC || sniffed.kind == KR_KIND_AVIF) {
        struct kr_open_picture open = {.fd = fd, .sniffed = sniffed, .most_pixels = INT32_MAX};
        if (kr_rows_open(&open, &rows, NULL))
            metadata = kr_exif_of_blob(rows->exif);
    } else if (kr_map_open(fd, &map, NULL)) {
        metadata = kr_exif_of_file(map.bytes);
    }
    if (metadata)
        give_metadata(image, metadata);
    kr_exif_close(&metadata);
    kr_map_close(&map);
}

static void tag_srgb(VipsImage *image)
{
    VipsBlob *profile = NULL;
    if (image->Bands != 3 || vips_profile_load("srgb", &profile, NULL) != 0 || !profile) {
        vips_error_clear();
        return;
    }
    size_t n;
    const void *bytes = vips_blob_get(profile, &n);
    vips_image_set_blob_copy(image, VIPS_META_ICC_NAME, bytes, n);
    vips_area_unref((VipsArea *)profile);
}

static int write_as(VipsImage *image, VipsTarget *target,
                    const struct kr_picture_save_params *params)
{
    switch (params->format) {
    case KR_WEBP:
        return vips_webpsave_target(image, target, "Q", params->quality, NULL);
    case KR_PNG:
        return vips_pngsave_target(image, target, NULL);
    case KR_TIFF:
        return vips_tiffsave_target(image, target, "compression",
                                    VIPS_FOREIGN_TIFF_COMPRESSION_DEFLATE, "predictor",
                                    VIPS_FOREIGN_TIFF_PREDICTOR_HORIZONTAL, NULL);
    case KR_JPEG:
        break;
    }
    return vips_jpegsave_target(image, target, "Q", params->quality, NULL);
}

bool kr_picture_save(const struct kr_frame *frame, int fd,
                     const struct kr_picture_save_params *params, struct kr_err *err)
{
    assert(params->quality >= 1 && params->quality <= 100);
    KR_AUTO(drop_image) VipsImage *image = kr_image_of(frame);
    KR_AUTO(drop_target) VipsTarget *target = vips_target_new_to_descriptor(fd);
    if (!image || !target)
        return kr_fail_vips(err, KR_E_IO, "begin a picture file");
    tag_srgb(image);
    if (params->metadata_from >= 0)
        copy_metadata(image, params->metadata_from);
    if (write_as(image, target, params) != 0)
        return kr_fail_vips(err, KR_E_IO, "write a picture file");
    return true;
}

bool kr_picture_format_of(const char *ending, enum kr_picture_format *out)
{
    static const struct {
        const char *ending;
        enum kr_picture_format format;
    } rows[] = {{"jpe", KR_JPEG}, {"jpeg", KR_JPEG}, {"jpg", KR_JPEG}, {"png", KR_PNG},
                {"tif", KR_TIFF}, {"tiff", KR_TIFF}, {"webp", KR_WEBP}};
    const char *dot = strrchr(ending, '.');
    const char *name = dot ? dot + 1 : ending;
    for (size_t i = 0; i < KR_COUNT(rows); i++)
        if (strcasecmp(rows[i].ending, name) == 0) {
            *out = rows[i].format;
            return true;
        }
    return false;
}
