// SPDX-License-Identifier: AGPL-3.0-or-later
// RAW files are looked at through the preview their camera put inside: what the
// photographer saw on the day, and no raw converter to feed with strangers' bytes.
#include "media/exif_priv.h"
#include "media/map_priv.h"
#include "media/picture_priv.h"

enum {
    CANDIDATES = 64,        // embedded JPEGs looked at
    PREVIEW_LEAST = 64,     // px
    SEARCH_MOST = 256 << 20 // bytes
};

struct raw_rows {
    struct kr_rows rows; // first: the struct others see
    struct kr_rows *inner;
    struct kr_map map;
    GExiv2PreviewImage *preview;
    struct kr_str jpeg;
};

static void close_raw(struct kr_rows *rows)
{
    struct raw_rows *self = (struct raw_rows *)rows;
    kr_rows_close(&self->inner);
    g_clear_object(&self->preview);
    kr_map_close(&self->map);
    kr_free(&self);
}

static bool next_raw(struct kr_rows *rows, void *row, struct kr_err *err)
{
    struct raw_rows *self = (struct raw_rows *)rows;
    bool ok = self->inner->next(self->inner, row, err);
    rows->damaged = self->inner->damaged;
    memcpy(rows->why, self->inner->why, sizeof rows->why);
    return ok;
}

// The largest preview gexiv2 knows of.
static void find_preview(struct raw_rows *self, GExiv2Metadata *metadata)
{
    GExiv2PreviewProperties **all = gexiv2_metadata_get_preview_properties(metadata);
    GExiv2PreviewProperties *best = NULL;
    for (size_t i = 0; all && all[i]; i++)
        if (!best ||
            gexiv2_preview_properties_get_width(all[i]) > gexiv2_preview_properties_get_width(best))
            best = all[i];
    GError *why = NULL;
    if (best && gexiv2_preview_properties_get_width(best) >= PREVIEW_LEAST)
        self->preview = gexiv2_metadata_try_get_preview_image(metadata, best, &why);
    g_clear_error(&why);
    guint32 n = 0;
    const guint8 *bytes = self->preview ? gexiv2_preview_image_get_data(self->preview, &n) : NULL;
    if (bytes && n > 3 && memcmp(bytes, "\xFF\xD8\xFF", 3) == 0)
        self->jpeg = (struct kr_str){(const char *)bytes, n};
}

// The pixels a JPEG's frame header claims (ITU T.81, B.2.2), 0 where there is none.
static int64_t jpeg_area(struct kr_str bytes)
{
    const uint8_t *at = (const uint8_t *)bytes.at;
    for (size_t i = 2; i + 9 < bytes.n && at[i] == 0xFF;) {
        uint8_t mark = at[i + 1];
        if (mark == 0xFF) {
            i++;
            continue;
        }
        size_t n = (size_t)at[i + 2] << 8 | at[i + 3];
        bool lossy = mark == 0xC0 || mark == 0xC1 || mark == 0xC2;
        if (lossy && at[i + 4] == 8)
            return (int64_t)(at[i + 5] << 8 | at[i + 6]) * (at[i + 7] << 8 | at[i + 8]);
        if (mark >= 0xC3 && mark <= 0xCF && mark != 0xC4 && mark != 0xC8 && mark != 0xCC)
            return 0; // lossless: the sensor's own data
        i += 2 + n;
    }
    return 0;
}

// Cameras gexiv2 does not know: the largest JPEG that begins anywhere inside.
static void search(struct raw_rows *self, struct kr_str bytes)
{
    int64_t best = PREVIEW_LEAST * PREVIEW_LEAST;
    size_t most = bytes.n < SEARCH_MOST ? bytes.n : SEARCH_MOST;
    const char *from = bytes.at, *end = bytes.at + most;
    for (int found = 0; found < CANDIDATES && from < end; found++) {
        const char *at = memmem(from, (size_t)(end - from), "\xFF\xD8\xFF", 3);
        if (!at)
            return;
        struct kr_str rest = {at, bytes.n - (size_t)(at - bytes.at)};
        int64_t area = jpeg_area(rest);
        if (area > best) {
            best = area;
            self->jpeg = rest;
        }
        from = at + 3;
    }
}

// A TIFF whose ending says RAW but that is an ordinary picture inside.
static bool open_plainly(struct raw_rows *self, const struct kr_open_picture *open,
                         struct kr_err *err)
{
    struct kr_open_picture plain = *open;
    plain.sniffed = (struct kr_sniffed){KR_KIND_TIFF, "image/tiff"};
    bool tiff = self->map.bytes.n > 4 && (memcmp(self->map.bytes.at, "II*", 3) == 0 ||
                                          memcmp(self->map.bytes.at, "MM\0", 3) == 0);
    if (tiff && kr_rows_vips(&plain, &self->inner, NULL))
        return true;
    return kr_fail(err, KR_E_DAMAGED, "no preview inside this camera file");
}

static bool start(struct raw_rows *self, const struct kr_open_picture *open, struct kr_err *err)
{
    if (!kr_map_open(open->fd, &self->map, err))
        return false;
    GExiv2Metadata *metadata = kr_exif_of_file(self->map.bytes);
    int orientation = 1, width = 0, height = 0;
    if (metadata) {
        GError *why = NULL;
        orientation = kr_exif_orientation(metadata);
        width = gexiv2_metadata_try_get_metadata_pixel_width(metadata, &why);
        height = gexiv2_metadata_try_get_metadata_pixel_height(metadata, &why);
        g_clear_error(&why);
        find_preview(self, metadata);
        kr_exif_close(&metadata);
    }
    if (self->jpeg.n == 0)
        search(self, self->map.bytes);
    struct kr_open_picture inner = *open;
    inner.fd = -1;
    inner.bytes = self->jpeg;
    inner.sniffed = (struct kr_sniffed){KR_KIND_JPEG, "image/jpeg"};
    bool ok = self->jpeg.n && kr_rows_vips(&inner, &self->inner, NULL);
    if (!ok && !open_plainly(self, open, err))
        return false;
    struct kr_rows *rows = &self->rows;
    int own = self->inner->orientation;
    struct kr_rows shown = *self->inner;
    *rows = shown;
    rows->exif = rows->xmp = (struct kr_str){0}; // the camera file itself tells more
    rows->orientation = own > 1 ? own : orientation;
    if ((int64_t)width * height > (int64_t)rows->full_width * rows->full_height && width <= 65535 &&
        height <= 65535) {
        rows->full_width = width;
        rows->full_height = height;
    }
    return true;
}

bool kr_rows_raw(const struct kr_open_picture *open, struct kr_rows **out, struct kr_err *err)
{
    struct raw_rows *self = kr_new(struct raw_rows);
    bool ok = start(self, open, err);
    self->rows.next = next_raw;
    self->rows.close = close_raw;
    if (!ok) {
        close_raw(&self->rows);
        return false;
    }
    *out = &self->rows;
    return true;
}
