// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/look.h"

#include "media/look_priv.h"
#include "media/map_priv.h"
#include "media/resize_priv.h"
#include "media/save_priv.h"
#include <unistd.h>

enum { QUALITY = 80, PREVIEW_PX = 16, PREVIEW_MOST = 430 }; // bytes of its chunk

static const int sides[KR_THUMBS] = {256, 1024, KR_THUMB_LARGE};

void kr_look_damaged(struct kr_looking *looking, const char *why)
{
    if (!kr_json_get(looking->answer, "damaged"))
        kr_json_set_str(looking->answer, "damaged",
                        kr_text_in(looking->meta.mem, kr_str_of(*why ? why : "unknown")));
}

// Makes *frame fit inside `side`.
static bool shrink(struct kr_frame **frame, int side, struct kr_err *err)
{
    struct kr_frame *small = NULL;
    int width, height;
    kr_fit((*frame)->width, (*frame)->height, side, &width, &height);
    if (width == (*frame)->width && height == (*frame)->height)
        return true;
    if (!kr_frame_create((*frame)->pixels, width, height, &small, err) ||
        !kr_frame_resize(*frame, small, err)) {
        kr_frame_destroy(&small);
        return false;
    }
    kr_frame_destroy(frame);
    *frame = small;
    return true;
}

// The picture alone out of a WebP container: libvips adds EXIF that is larger
// than the picture (RFC 9649, 2.5: a simple file is RIFF, size, WEBP, one chunk).
static const char *bare_webp(struct kr_arena *mem, const uint8_t *bytes, size_t n)
{
    for (size_t at = 12; at + 8 <= n;) {
        size_t size = (size_t)bytes[at + 4] | (size_t)bytes[at + 5] << 8 |
                      (size_t)bytes[at + 6] << 16 | (size_t)bytes[at + 7] << 24;
        size_t chunk = 8 + size + (size & 1);
        if (chunk > n - at || chunk > PREVIEW_MOST)
            return NULL;
        if (memcmp(bytes + at, "VP8 ", 4) == 0) {
            uint8_t bare[12 + PREVIEW_MOST] = "RIFF....WEBP";
            for (int i = 0; i < 4; i++)
                bare[4 + i] = (uint8_t)((4 + chunk) >> 8 * i);
            memcpy(bare + 12, bytes + at, chunk);
            return kr_base64(mem, bare, 12 + chunk);
        }
        at += chunk;
    }
    return NULL;
}

static void set_preview(struct kr_looking *looking, const struct kr_frame *frame)
{
    VipsImage *image = kr_image_of(frame);
    const char *text = NULL;
    // A noisy picture needs more bytes: then fewer for each of its pixels.
    for (int quality = 50; image && !text && quality > 0; quality -= 20) {
        void *bytes = NULL;
        size_t n = 0;
        if (vips_webpsave_buffer(image, &bytes, &n, "Q", quality, "strip", TRUE, NULL) != 0)
            break;
        text = bare_webp(looking->meta.mem, bytes, n);
        g_free(bytes);
    }
    if (text)
        kr_json_set_str(looking->answer, "preview", text);
    g_clear_object(&image);
    vips_error_clear();
}

static bool write_thumb(const struct kr_frame *frame, int fd, struct kr_err *err)
{
    if (lseek(fd, 0, SEEK_SET) == 0 && ftruncate(fd, 0) != 0)
        return kr_fail_errno(err, "empty a thumbnail");
    return kr_save_thumb(frame, fd, QUALITY, err);
}

static bool show(struct kr_looking *looking, struct kr_frame **frame, struct kr_err *err)
{
    for (int i = KR_THUMBS - 1; i >= 0; i--)
        if (!shrink(frame, sides[i], err) || !write_thumb(*frame, looking->thumbs[i], err))
            return kr_within(err, "make thumbnails");
    struct kr_fingerprint print;
    if (!kr_fingerprint(*frame, &print, err) || !shrink(frame, PREVIEW_PX, err))
        return kr_within(err, "fingerprint a picture");
    kr_json_set_str(looking->answer, "phash",
                    kr_arena_format(looking->meta.mem, "%016jx", (uintmax_t)print.phash));
    if (print.flat)
        kr_json_set_bool(looking->answer, "flat", true);
    set_preview(looking, *frame);
    return true;
}

bool kr_look_show_take(struct kr_looking *looking, struct kr_frame **frame, struct kr_err *err)
{
    bool ok = show(looking, frame, err);
    kr_frame_destroy(frame);
    return ok;
}

static void set_size(struct kr_looking *looking, int width, int height)
{
    bool turned = looking->meta.orientation >= 5;
    if (width < 1 || height < 1)
        return;
    kr_json_set_int(looking->answer, "width", turned ? height : width);
    kr_json_set_int(looking->answer, "height", turned ? width : height);
}

// libvips turns HEIC itself and lays out its blobs: gexiv2 reads them from there.
static void read_blobs(struct kr_looking *looking, const struct kr_rows *rows)
{
    struct kr_meta *meta = &looking->meta;
    GExiv2Metadata *exif = kr_exif_of_blob(rows->exif);
    GExiv2Metadata *xmp = kr_exif_of_xmp(rows->xmp);
    if (exif)
        meta->orientation = kr_exif_orientation(exif);
    GExiv2Metadata *both[] = {exif, xmp};
    for (size_t i = 0; i < KR_COUNT(both); i++)
        if (both[i]) {
            kr_meta_exif(meta, both[i]);
            kr_meta_regions(meta, both[i], 0, 0);
        }
    struct kr_map map = {0};
    if (kr_map_open(looking->fd, &map, NULL))
        kr_meta_motion(meta, xmp, map.bytes);
    kr_map_close(&map);
    kr_exif_close(&exif);
    kr_exif_close(&xmp);
}

// Metadata of formats gexiv2 reads itself; the size, too, before any decoding.
static void read_metadata(struct kr_looking *looking)
{
    struct kr_map map = {0};
    if (!kr_map_open(looking->fd, &map, NULL))
        return;
    GExiv2Metadata *from = kr_exif_of_file(map.bytes);
    if (from) {
        GError *why = NULL;
        looking->meta.orientation = kr_exif_orientation(from);
        int width = gexiv2_metadata_get_pixel_width(from);
        int height = gexiv2_metadata_get_pixel_height(from);
        g_clear_error(&why);
        set_size(looking, width, height);
        kr_meta_exif(&looking->meta, from);
        kr_meta_regions(&looking->meta, from, width, height);
    }
    kr_meta_motion(&looking->meta, from, map.bytes);
    kr_exif_close(&from);
    kr_map_close(&map);
}

static void drop_rows(struct kr_rows **rows)
{
    kr_rows_close(rows);
}

static void look_at_picture(struct kr_looking *looking)
{
    bool heif = looking->sniffed.kind == KR_KIND_HEIC || looking->sniffed.kind == KR_KIND_AVIF;
    struct kr_err why = {0};
    kr_json_set_str(looking->answer, "kind", "photo");
    kr_json_set_str(looking->answer, "mime", looking->sniffed.mime);
    if (!heif)
        read_metadata(looking);
    struct kr_open_picture open = {.fd = looking->fd,
                                   .sniffed = looking->sniffed,
                                   .fit = KR_THUMB_LARGE,
                                   .most_pixels = KR_LOOK_PIXELS_MOST};
    KR_AUTO(drop_rows) struct kr_rows *rows = NULL;
    struct kr_frame *frame = NULL;
    if (!kr_rows_open(&open, &rows, &why)) {
        kr_look_damaged(looking, why.text);
        return;
    }
    if (heif)
        read_blobs(looking, rows);
    bool turned = rows->orientation >= 5;
    int width = rows->full_width, height = rows->full_height;
    kr_json_set_int(looking->answer, "width", turned ? height : width);
    kr_json_set_int(looking->answer, "height", turned ? width : height);
    if (!kr_rows_frame(rows, KR_RGB8, KR_THUMB_LARGE, &frame, &why) ||
        !kr_look_show_take(looking, &frame, &why))
        kr_look_damaged(looking, why.text);
    else if (rows->damaged)
        kr_look_damaged(looking, rows->why);
}

bool kr_look(int fd, const char *kind_hint, const char *mime_hint, const char *ending,
             const int thumb_fds[KR_THUMBS], json_t **answer, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_json_drop) json_t *found = kr_json_new_object();
    KR_AUTO(kr_json_drop) json_t *meta = kr_json_new_object();
    struct kr_looking looking = {fd,        kind_hint, mime_hint, ending,
                                 thumb_fds, {0},       found,     {mem, meta, 1}};
    if (!kr_sniff_fd(fd, ending, &looking.sniffed, err))
        return kr_within(err, "look at a file");
    if (kr_kind_is_picture(looking.sniffed.kind))
        look_at_picture(&looking);
    else if (!kr_look_film(&looking, err))
        return kr_within(err, "look at a file");
    if (!kr_json_get(found, "kind") && *kind_hint)
        kr_json_set_str(found, "kind", kind_hint);
    if (!kr_json_get(found, "mime") && *mime_hint)
        kr_json_set_str(found, "mime", mime_hint);
    kr_json_set_take(found, "meta", json_incref(meta));
    *answer = json_incref(found);
    return true;
}
