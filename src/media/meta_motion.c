// SPDX-License-Identifier: AGPL-3.0-or-later
// A motion photo is a still with a short film behind it. Google tells in XMP how
// many bytes from the end it begins (Motion Photo format 1.0, and MicroVideo
// before it), Samsung marks the place in a trailer, and HEIC has a box for it.
#include "media/meta_priv.h"

enum { FILM_LEAST = 512, ITEMS_MOST = 16 };

// A film begins with its ftyp box; whatever the file claims, that is looked at.
static bool is_film(struct kr_str all, uint64_t offset, uint64_t length)
{
    return offset <= all.n && length >= FILM_LEAST && length <= all.n - offset &&
           memcmp(all.at + offset + 4, "ftyp", 4) == 0;
}

static bool take(struct kr_meta *meta, struct kr_str all, uint64_t offset, uint64_t length,
                 const char *mime)
{
    if (!is_film(all, offset, length))
        return false;
    json_t *motion = kr_json_new_object();
    kr_json_set_int(motion, "offset", (int64_t)offset);
    kr_json_set_int(motion, "length", (int64_t)length);
    struct kr_meta inner = {meta->mem, motion, 1};
    kr_meta_text(&inner, "mime", kr_str_of(mime ? mime : "video/mp4"), 100);
    kr_json_set_take(meta->out, "motion", motion);
    return true;
}

static int64_t whole(GExiv2Metadata *from, const char *tag)
{
    char *text = kr_exif_text(from, tag);
    int64_t value = -1;
    if (!text || !kr_parse_int(text, 0, INT64_MAX / 4, &value))
        value = -1;
    g_free(text);
    return value;
}

// The items lie one after the other at the end of the file, the film among them.
static bool by_directory(struct kr_meta *meta, GExiv2Metadata *from, struct kr_str all)
{
    uint64_t behind = 0, film = 0, after_film = 0;
    char *mime = NULL;
    for (int i = 1; i <= ITEMS_MOST; i++) {
        char tag[100];
        kr_format(tag, sizeof tag, "Xmp.Container.Directory[%d]/Container:Item/Item:Semantic", i);
        char *is = kr_exif_text(from, tag);
        if (!is)
            break;
        kr_format(tag, sizeof tag, "Xmp.Container.Directory[%d]/Container:Item/Item:Length", i);
        int64_t length = whole(from, tag);
        if (strcmp(is, "MotionPhoto") == 0 && length > 0 && !film) {
            film = (uint64_t)length;
            kr_format(tag, sizeof tag, "Xmp.Container.Directory[%d]/Container:Item/Item:Mime", i);
            mime = kr_exif_text(from, tag);
            behind = 0;
        } else if (film && length > 0) {
            behind += (uint64_t)length;
        }
        g_free(is);
    }
    after_film = behind;
    bool found = film && film <= all.n && after_film <= all.n - film &&
                 take(meta, all, all.n - film - after_film, film, mime);
    g_free(mime);
    return found;
}

static bool by_offset(struct kr_meta *meta, GExiv2Metadata *from, struct kr_str all)
{
    int64_t back = whole(from, "Xmp.GCamera.MicroVideoOffset");
    return back > 0 && (uint64_t)back <= all.n &&
           take(meta, all, all.n - (uint64_t)back, (uint64_t)back, NULL);
}

static bool by_trailer(struct kr_meta *meta, struct kr_str all)
{
    static const char mark[] = "MotionPhoto_Data";
    if (all.n < 100 || memcmp(all.at + all.n - 4, "SEFT", 4) != 0)
        return false;
    const char *at = memmem(all.at, all.n, mark, sizeof mark - 1);
    if (!at)
        return false;
    uint64_t offset = (uint64_t)(at - all.at) + sizeof mark - 1;
    uint64_t length = all.n - offset;
    // Samsung's directory of trailers follows: it is no part of the film.
    const char *directory = memmem(all.at + offset, length, "SEFH", 4);
    if (directory)
        length = (uint64_t)(directory - all.at) - offset;
    return take(meta, all, offset, length, NULL);
}

static uint64_t big_endian(const char *at, int n)
{
    uint64_t value = 0;
    for (int i = 0; i < n; i++)
        value = value << 8 | (uint8_t)at[i];
    return value;
}

// ISO 14496-12 boxes at the top of a HEIC: the film is the inside of 'mpvd'.
static bool by_box(struct kr_meta *meta, struct kr_str all)
{
    if (all.n < 16 || memcmp(all.at + 4, "ftyp", 4) != 0)
        return false;
    for (uint64_t at = 0, size; at + 16 <= all.n; at += size) {
        uint64_t head = 8;
        size = big_endian(all.at + at, 4);
        if (size == 1) {
            size = big_endian(all.at + at + 8, 8);
            head = 16;
        }
        if (size == 0)
            size = all.n - at;
        if (size < head || size > all.n - at)
            return false;
        if (memcmp(all.at + at + 4, "mpvd", 4) == 0)
            return take(meta, all, at + head, size - head, NULL);
    }
    return false;
}

void kr_meta_motion(struct kr_meta *meta, GExiv2Metadata *from, struct kr_str all)
{
    if (by_box(meta, all))
        return;
    if (from && (by_directory(meta, from, all) || by_offset(meta, from, all)))
        return;
    // Only JPEG has trailers; elsewhere the words could be anything.
    if (all.n > 3 && memcmp(all.at, "\xFF\xD8\xFF", 3) == 0)
        by_trailer(meta, all);
}
