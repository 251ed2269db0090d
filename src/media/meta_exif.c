// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/meta_priv.h"

#include <math.h>

// A text tag, as inside memory that lives as long as the arena; NULL for none.
static const char *text_of(struct kr_meta *meta, GExiv2Metadata *from, const char *tag)
{
    char *text = kr_exif_text(from, tag);
    const char *kept = text ? kr_arena_strdup(meta->mem, text) : NULL;
    g_free(text);
    return kept;
}

struct date_tag {
    const char *source, *name, *tag, *subsecond, *offset;
};

// Best first: when the shutter opened, when the film was digitised, when the
// file was last changed.
static const struct date_tag date_tags[] = {
    {"exif", "DateTimeOriginal", "Exif.Photo.DateTimeOriginal", "Exif.Photo.SubSecTimeOriginal",
     "Exif.Photo.OffsetTimeOriginal"},
    {"exif", "DateTimeDigitized", "Exif.Photo.DateTimeDigitized", "Exif.Photo.SubSecTimeDigitized",
     "Exif.Photo.OffsetTimeDigitized"},
    {"exif", "DateTimeOriginal", "Exif.Image.DateTimeOriginal", NULL, NULL},
    {"xmp", "DateTimeOriginal", "Xmp.exif.DateTimeOriginal", NULL, NULL},
    {"xmp", "DateCreated", "Xmp.photoshop.DateCreated", NULL, NULL},
    {"xmp", "CreateDate", "Xmp.xmp.CreateDate", NULL, NULL},
    {"exif", "DateTime", "Exif.Image.DateTime", "Exif.Photo.SubSecTime", "Exif.Photo.OffsetTime"},
    {"xmp", "ModifyDate", "Xmp.xmp.ModifyDate", NULL, NULL},
    {"gps", "GPSDateTime", "Xmp.exif.GPSTimeStamp", NULL, NULL},
    {"gps", "GPSDateTime", "Xmp.exif.GPSDateTime", NULL, NULL},
};

static void add_gps_date(struct kr_meta *meta, GExiv2Metadata *from)
{
    const char *day = text_of(meta, from, "Exif.GPSInfo.GPSDateStamp");
    const char *time = text_of(meta, from, "Exif.GPSInfo.GPSTimeStamp"); // "3/1 4/1 2213/100"
    double part[3] = {0};
    const char *at = time ? time : "";
    for (int i = 0; i < 3 && *at; i++) {
        char *end;
        double over = strtod(at, &end), under = 1;
        if (*end == '/')
            under = strtod(end + 1, &end);
        part[i] = under > 0 ? over / under : NAN;
        at = end + strspn(end, " ");
    }
    bool possible = day && time && part[0] >= 0 && part[0] < 24 && part[1] >= 0 && part[1] < 60 &&
                    part[2] >= 0 && part[2] < 61;
    if (!possible)
        return;
    const char *text = kr_arena_format(meta->mem, "%.10s %02d:%02d:%02d", day, (int)part[0],
                                       (int)part[1], (int)part[2]);
    kr_meta_date(meta, "gps", "GPSDateTime", text, NULL, "Z");
}

static void add_dates(struct kr_meta *meta, GExiv2Metadata *from)
{
    for (size_t i = 0; i < KR_COUNT(date_tags); i++) {
        const struct date_tag *row = &date_tags[i];
        const char *text = text_of(meta, from, row->tag);
        if (!text)
            continue;
        const char *subsecond = row->subsecond ? text_of(meta, from, row->subsecond) : NULL;
        const char *offset = row->offset ? text_of(meta, from, row->offset) : NULL;
        kr_meta_date(meta, row->source, row->name, text, subsecond, offset);
    }
    const char *day = text_of(meta, from, "Iptc.Application2.DateCreated");
    const char *time = text_of(meta, from, "Iptc.Application2.TimeCreated");
    if (day)
        kr_meta_date(meta, "iptc", "DateCreated",
                     kr_arena_format(meta->mem, "%.10s %.20s", day, time ? time : ""), NULL, NULL);
    add_gps_date(meta, from);
}

// "48,51,30.5N" or "48,51.508N" (XMP specification, part 2, GPSCoordinate).
static double xmp_degrees(const char *text)
{
    double value = 0, unit = 1;
    const char *at = text;
    for (; at && *at; unit /= 60) {
        char *end;
        double part = strtod(at, &end);
        if (end == at)
            return NAN;
        value += part * unit;
        at = end;
        if (*at != ',')
            break;
        at++;
    }
    char side = at ? *at : '\0';
    return side == 'N' || side == 'E' ? value : side == 'S' || side == 'W' ? -value : NAN;
}

static void add_place(struct kr_meta *meta, GExiv2Metadata *from)
{
    double lat = NAN, lon = NAN, alt = NAN;
    GError *why = NULL;
    bool both = gexiv2_metadata_try_get_gps_latitude(from, &lat, &why) && !why &&
                gexiv2_metadata_try_get_gps_longitude(from, &lon, &why) && !why;
    g_clear_error(&why);
    bool high = gexiv2_metadata_try_get_gps_altitude(from, &alt, &why) && !why;
    g_clear_error(&why);
    if (both)
        kr_meta_place(meta, lat, lon, alt, high);
    const char *north = text_of(meta, from, "Xmp.exif.GPSLatitude");
    const char *east = text_of(meta, from, "Xmp.exif.GPSLongitude");
    if (north && east)
        kr_meta_place(meta, xmp_degrees(north), xmp_degrees(east), alt, high);
}

// The first of XMP's alternatives by language: `lang="x-default" Text, lang="de" ...`.
static struct kr_str first_language(const char *text)
{
    struct kr_str all = kr_str_of(text);
    if (!kr_starts_with(text, "lang=\""))
        return all;
    const char *at = strstr(text + 6, "\" ");
    if (!at)
        return all;
    const char *next = strstr(at, ", lang=\"");
    at += 2;
    return (struct kr_str){at, next && next > at ? (size_t)(next - at) : strlen(at)};
}

// EXIF writes which alphabet a comment has: `charset=Unicode Text`.
static const char *without_charset(const char *text)
{
    if (!kr_starts_with(text, "charset="))
        return text;
    const char *blank = strchr(text, ' ');
    return blank ? blank + 1 : "";
}

// What cameras write into every picture tells nothing about any.
static bool is_stock_phrase(const char *text)
{
    static const char *const phrases[] = {
        "OLYMPUS DIGITAL CAMERA",
        "SONY DSC",
        "MINOLTA DIGITAL CAMERA",
        "DCIM",
        "SAMSUNG DIGITAL CAMERA",
        "KONICA MINOLTA",
        "Exif_JPEG_PICTURE",
        "DIGITAL CAMERA",
        "SAMSUNG",
        "Default",
        "ASCII",
        "default description",
        "binary comment",
        "dav",
        "mde",
        "hdr",
    };
    while (*text == ' ')
        text++;
    for (size_t i = 0; i < KR_COUNT(phrases); i++) {
        size_t n = strlen(phrases[i]);
        if (strncmp(text, phrases[i], n) == 0 && text[n + strspn(text + n, " ")] == '\0')
            return true;
    }
    return kr_starts_with(text, "DCIM\\");
}

static void add_texts(struct kr_meta *meta, GExiv2Metadata *from)
{
    static const struct {
        const char *name, *tag;
    } rows[] = {
        {"title", "Xmp.dc.title"},
        {"title", "Iptc.Application2.ObjectName"},
        {"title", "Iptc.Application2.Headline"},
        {"caption", "Xmp.dc.description"},
        {"caption", "Iptc.Application2.Caption"},
        {"caption", "Exif.Image.ImageDescription"},
        {"caption", "Xmp.exif.UserComment"},
        {"caption", "Exif.Photo.UserComment"},
        {"lens", "Exif.Photo.LensModel"},
        {"lens", "Xmp.aux.Lens"},
        {"software", "Exif.Image.Software"},
        {"software", "Xmp.xmp.CreatorTool"},
        {"burst_id", "Xmp.GCamera.BurstID"},
    };
    for (size_t i = 0; i < KR_COUNT(rows); i++) {
        if (kr_json_get(meta->out, rows[i].name))
            continue;
        const char *text = text_of(meta, from, rows[i].tag);
        if (text && !is_stock_phrase(text))
            kr_meta_text(meta, rows[i].name, first_language(without_charset(text)),
                         strcmp(rows[i].name, "caption") == 0 ? KR_CAPTION_MOST : 4096);
    }
}

static void add_keywords(struct kr_meta *meta, GExiv2Metadata *from)
{
    static const char *const tags[] = {"Xmp.dc.subject", "Iptc.Application2.Keywords"};
    for (size_t i = 0; i < KR_COUNT(tags); i++) {
        GError *why = NULL;
        char **words = gexiv2_metadata_try_get_tag_multiple(from, tags[i], &why);
        g_clear_error(&why);
        for (size_t k = 0; words && words[k] && k < KR_KEYWORDS_MOST; k++)
            kr_meta_keyword(meta, kr_str_of(words[k]));
        g_strfreev(words);
    }
}

static void add_rating(struct kr_meta *meta, GExiv2Metadata *from)
{
    static const char *const tags[] = {"Xmp.xmp.Rating", "Exif.Image.Rating"};
    for (size_t i = 0; i < KR_COUNT(tags) && !kr_json_get(meta->out, "rating"); i++) {
        const char *text = text_of(meta, from, tags[i]);
        double stars;
        if (text && kr_parse_real(text, -1, 5, &stars))
            kr_json_set_int(meta->out, "rating", lround(stars));
    }
}

static void add_camera(struct kr_meta *meta, GExiv2Metadata *from)
{
    const char *make = text_of(meta, from, "Exif.Image.Make");
    const char *model = text_of(meta, from, "Exif.Image.Model");
    if (!make && !model) {
        make = text_of(meta, from, "Xmp.tiff.Make");
        model = text_of(meta, from, "Xmp.tiff.Model");
    }
    kr_meta_camera(meta, kr_str_of(make), kr_str_of(model));
    kr_meta_scanner(meta, make);
    kr_meta_scanner(meta, model);
    kr_meta_scanner(meta, kr_json_str(meta->out, "software", NULL));
    // FileSource (EXIF 2.3, 0xA300): 1 a film scanner, 2 a print scanner, 3 a camera
    const char *source = text_of(meta, from, "Exif.Photo.FileSource");
    if (source && (strcmp(source, "1") == 0 || strcmp(source, "2") == 0))
        kr_json_set_bool(meta->out, "is_scan", true);
}

static void add_exposure(struct kr_meta *meta, GExiv2Metadata *from)
{
    json_t *exposure = kr_json_new_object();
    GError *why = NULL;
    int over = 0, under = 0;
    if (gexiv2_metadata_try_get_exposure_time(from, &over, &under, &why) && over > 0 && under > 0)
        kr_json_set_real(exposure, "seconds", (double)over / under);
    g_clear_error(&why);
    double f = gexiv2_metadata_try_get_fnumber(from, &why);
    if (!why && f > 0.1 && f < 1000)
        kr_json_set_real(exposure, "f", f);
    g_clear_error(&why);
    int iso = gexiv2_metadata_try_get_iso_speed(from, &why);
    if (!why && iso > 0 && iso < 10000000)
        kr_json_set_int(exposure, "iso", iso);
    g_clear_error(&why);
    double mm = gexiv2_metadata_try_get_focal_length(from, &why);
    if (!why && mm > 0.1 && mm < 10000)
        kr_json_set_real(exposure, "mm", mm);
    g_clear_error(&why);
    if (json_object_size(exposure) && !kr_json_get(meta->out, "exposure"))
        kr_json_set_take(meta->out, "exposure", exposure);
    else
        kr_json_drop(&exposure);
}

static void add_apple(struct kr_meta *meta, GExiv2Metadata *from)
{
    GError *why = NULL;
    GBytes *note = gexiv2_metadata_try_get_tag_raw(from, "Exif.Photo.MakerNote", &why);
    g_clear_error(&why);
    gsize n = 0;
    const char *bytes = note ? g_bytes_get_data(note, &n) : NULL;
    if (bytes)
        kr_meta_apple(meta, (struct kr_str){bytes, n});
    if (note)
        g_bytes_unref(note);
}

void kr_meta_exif(struct kr_meta *meta, GExiv2Metadata *from)
{
    add_dates(meta, from);
    add_place(meta, from);
    add_texts(meta, from);
    add_camera(meta, from);
    add_keywords(meta, from);
    add_rating(meta, from);
    add_exposure(meta, from);
    add_apple(meta, from);
    if (meta->orientation > 1)
        kr_json_set_int(meta->out, "orientation", meta->orientation);
}
