// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/picture_priv.h"

#include <vips/vips.h>

enum {
    STRIP = 16,                   // rows asked of libvips at once
    HEIF_MOST = 64 * 1000 * 1000, // px: libheif keeps the whole picture, twice
};

struct vips_rows {
    struct kr_rows rows; // first: the struct others see
    struct kr_open_picture open;
    VipsImage *image;
    VipsRegion *region;
    VipsImage *described; // keeps the blobs alive when the image is opened again
    int y;                // the next row
    int shrink;           // on load
    bool lenient;         // damage has been met once: what can be read is enough
};

static VipsSource *source_of(const struct kr_open_picture *open)
{
    if (open->fd < 0)
        return vips_source_new_from_memory(open->bytes.at, open->bytes.n);
    if (lseek(open->fd, 0, SEEK_SET) != 0)
        return NULL;
    return vips_source_new_from_descriptor(open->fd);
}

static VipsImage *open_image(const struct vips_rows *self)
{
    VipsSource *source = source_of(&self->open);
    if (!source)
        return NULL;
    VipsFailOn fail_on = self->lenient ? VIPS_FAIL_ON_NONE : VIPS_FAIL_ON_ERROR;
    VipsImage *image = NULL;
    if (self->open.sniffed.kind == KR_KIND_JPEG)
        vips_jpegload_source(source, &image, "access", VIPS_ACCESS_SEQUENTIAL, "shrink",
                             self->shrink, "fail_on", fail_on, NULL);
    else
        image = vips_image_new_from_source(source, "", "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                                           fail_on, NULL);
    g_object_unref(source);
    return image;
}

// Exchanges *image for the result of an operation.
static bool become(VipsImage **image, VipsImage *made)
{
    g_object_unref(*image);
    *image = made;
    return made != NULL;
}

// Anything but 8 or 16 bit grey, RGB and CMYK becomes 8 bit sRGB.
static bool make_plain(VipsImage **image)
{
    VipsInterpretation is = (*image)->Type;
    bool known = is == VIPS_INTERPRETATION_B_W || is == VIPS_INTERPRETATION_GREY16 ||
                 is == VIPS_INTERPRETATION_RGB || is == VIPS_INTERPRETATION_sRGB ||
                 is == VIPS_INTERPRETATION_RGB16 || is == VIPS_INTERPRETATION_CMYK ||
                 is == VIPS_INTERPRETATION_MULTIBAND;
    VipsImage *made = NULL;
    if (!known || (*image)->Coding != VIPS_CODING_NONE) {
        vips_colourspace(*image, &made, VIPS_INTERPRETATION_sRGB, NULL);
        if (!become(image, made))
            return false;
    }
    made = NULL;
    if ((*image)->BandFmt != VIPS_FORMAT_UCHAR && (*image)->BandFmt != VIPS_FORMAT_USHORT) {
        bool whole = vips_band_format_isint((*image)->BandFmt);
        vips_cast(*image, &made, VIPS_FORMAT_UCHAR, "shift", whole, NULL);
        return become(image, made);
    }
    return true;
}

static void drop_image(struct vips_rows *self)
{
    g_clear_object(&self->region);
    g_clear_object(&self->image);
}

static bool open_region(struct vips_rows *self)
{
    drop_image(self);
    self->image = open_image(self);
    if (!self->image)
        return false;
    if (!make_plain(&self->image))
        return false;
    self->region = vips_region_new(self->image);
    return self->region != NULL;
}

static void close_vips(struct kr_rows *rows)
{
    struct vips_rows *self = (struct vips_rows *)rows;
    drop_image(self);
    g_clear_object(&self->described);
    vips_error_clear();
    kr_free(&self);
}

static unsigned on_white(unsigned value, unsigned alpha, unsigned most)
{
    return (value * alpha + most * (most - alpha) + most / 2) / most;
}

#define COPY_ROW(type, most)                                                                       \
    do {                                                                                           \
        const type *in = from;                                                                     \
        type *out = to;                                                                            \
        for (int x = 0; x < n; x++, in += bands)                                                   \
            for (int c = 0; c < colours; c++)                                                      \
                *out++ = alpha ? (type)on_white(in[c], in[colours], (most)) : in[c];               \
    } while (0)

static void copy_row(const struct vips_rows *self, const void *from, void *to)
{
    int bands = self->image->Bands, n = self->image->Xsize;
    enum kr_model model = self->rows.model;
    int colours = model == KR_MODEL_GRAY ? 1 : model == KR_MODEL_RGB ? 3 : 4;
    bool alpha = model != KR_MODEL_CMYK && bands == colours + 1;
    if (bands == colours)
        memcpy(to, from, (size_t)n * VIPS_IMAGE_SIZEOF_PEL(self->image));
    else if (self->rows.wide)
        COPY_ROW(uint16_t, 65535U);
    else
        COPY_ROW(uint8_t, 255U);
}

static bool prepare(struct vips_rows *self)
{
    VipsRect strip = {0, self->y / STRIP * STRIP, self->image->Xsize, STRIP};
    if (strip.top + strip.height > self->image->Ysize)
        strip.height = self->image->Ysize - strip.top;
    return vips_region_prepare(self->region, &strip) == 0;
}

static void note_damage(struct vips_rows *self)
{
    struct kr_err err = {0};
    kr_fail_vips(&err, KR_E_DAMAGED, "decode");
    if (!self->rows.damaged)
        snprintf(self->rows.why, sizeof self->rows.why, "%.150s", err.text);
    self->rows.damaged = true;
}

// The first damage: everything once more, taking what can be had.
static bool prepare_leniently(struct vips_rows *self)
{
    int wanted = self->y;
    int width = self->image->Xsize, height = self->image->Ysize, bands = self->image->Bands;
    self->lenient = true;
    if (!open_region(self) || self->image->Xsize != width || self->image->Ysize != height ||
        self->image->Bands != bands)
        return false;
    for (self->y = 0; self->y < wanted / STRIP * STRIP; self->y += STRIP)
        if (!prepare(self))
            break;
    self->y = wanted;
    return prepare(self);
}

static bool next_vips(struct kr_rows *rows, void *row, struct kr_err *err)
{
    struct vips_rows *self = (struct vips_rows *)rows;
    if (self->y % STRIP == 0 && self->region && !prepare(self)) {
        note_damage(self);
        if (self->lenient || !prepare_leniently(self)) {
            vips_error_clear();
            if (self->y == 0)
                return kr_fail(err, KR_E_DAMAGED, "%s", self->rows.why);
            drop_image(self);
        }
    }
    if (self->region) {
        copy_row(self, VIPS_REGION_ADDR(self->region, 0, self->y), row);
    } else { // nothing more can be had: grey
        int bands = rows->model == KR_MODEL_GRAY ? 1 : rows->model == KR_MODEL_RGB ? 3 : 4;
        memset(row, 0x80, (size_t)rows->width * (size_t)bands * (rows->wide ? 2 : 1));
    }
    self->y++;
    return true;
}

static struct kr_str blob_of(VipsImage *image, const char *name)
{
    const void *at = NULL;
    size_t n = 0;
    if (!vips_image_get_typeof(image, name) || vips_image_get_blob(image, name, &at, &n) != 0) {
        vips_error_clear();
        return (struct kr_str){0};
    }
    return (struct kr_str){at, n};
}

static void describe(struct vips_rows *self)
{
    struct kr_rows *rows = &self->rows;
    VipsImage *image = self->image;
    g_set_object(&self->described, image);
    rows->width = image->Xsize;
    rows->height = image->Ysize;
    rows->wide = image->BandFmt == VIPS_FORMAT_USHORT;
    rows->model = image->Type == VIPS_INTERPRETATION_CMYK && image->Bands >= 4 ? KR_MODEL_CMYK
                  : image->Bands < 3                                           ? KR_MODEL_GRAY
                                                                               : KR_MODEL_RGB;
    rows->profile = blob_of(image, VIPS_META_ICC_NAME);
    rows->exif = blob_of(image, VIPS_META_EXIF_NAME);
    rows->xmp = blob_of(image, VIPS_META_XMP_NAME);
    rows->orientation = vips_image_get_orientation(image);
}

// The largest shrink of 2, 4, 8 that keeps the longest side at `fit` or above.
static int shrink_for(const struct vips_rows *self)
{
    int longest = self->rows.width > self->rows.height ? self->rows.width : self->rows.height;
    int shrink = 1;
    while (self->open.fit > 0 && shrink < 8 && longest / (shrink * 2) >= self->open.fit)
        shrink *= 2;
    return shrink;
}

static bool check_size(const struct vips_rows *self, struct kr_err *err)
{
    bool heif = self->open.sniffed.kind == KR_KIND_HEIC || self->open.sniffed.kind == KR_KIND_AVIF;
    int64_t most = heif && self->open.most_pixels > HEIF_MOST ? HEIF_MOST : self->open.most_pixels;
    if ((int64_t)self->rows.full_width * self->rows.full_height > most)
        return kr_fail(err, KR_E_TOO_BIG, "a picture of %d x %d", self->rows.full_width,
                       self->rows.full_height);
    return true;
}

static bool open_headers(struct vips_rows *self, struct kr_err *err)
{
    bool ok = open_region(self);
    if (!ok) {
        note_damage(self);
        self->lenient = true;
        ok = open_region(self);
    }
    if (!ok)
        return kr_fail_vips(err, KR_E_DAMAGED, "open a picture");
    describe(self);
    self->rows.full_width = self->rows.width;
    self->rows.full_height = self->rows.height;
    return check_size(self, err);
}

bool kr_rows_vips(const struct kr_open_picture *open, struct kr_rows **out, struct kr_err *err)
{
    struct vips_rows *self = kr_new(struct vips_rows);
    self->rows.next = next_vips;
    self->rows.close = close_vips;
    self->open = *open;
    self->shrink = 1;
    bool ok = open_headers(self, err);
    if (ok && open->sniffed.kind == KR_KIND_JPEG && (self->shrink = shrink_for(self)) > 1) {
        ok = open_region(self) || kr_fail_vips(err, KR_E_DAMAGED, "open a picture");
        if (ok)
            describe(self);
    }
    if (!ok) {
        close_vips(&self->rows);
        return false;
    }
    *out = &self->rows;
    return true;
}
