// SPDX-License-Identifier: AGPL-3.0-or-later
// Films and sounds carry dictionaries: QuickTime's keys, ID3, Vorbis comments.
#include "media/meta_priv.h"

#include <math.h>

static const char *value_of(const AVFormatContext *from, const char *key)
{
    const AVDictionaryEntry *entry = av_dict_get(from->metadata, key, NULL, 0);
    // Ogg hangs its comments on the stream.
    for (unsigned i = 0; !entry && i < from->nb_streams; i++)
        if (from->streams[i]->codecpar->codec_type == AVMEDIA_TYPE_AUDIO)
            entry = av_dict_get(from->streams[i]->metadata, key, NULL, 0);
    return entry ? entry->value : NULL;
}

static void add_dates(struct kr_meta *meta, const AVFormatContext *from)
{
    // Apple writes the wall clock with its zone beside a creation time in UTC:
    // the first is when it was for the people in the picture.
    kr_meta_date(meta, "quicktime", "CreationDate",
                 value_of(from, "com.apple.quicktime.creationdate"), NULL, NULL);
    kr_meta_date(meta, "tags", "DATE", value_of(from, "date"), NULL, NULL);
    kr_meta_date(meta, "tags", "TDRC", value_of(from, "TDRC"), NULL, NULL);
    const char *created = value_of(from, "creation_time");
    // 1904 and 1970 begin clocks, they are not when anything was filmed.
    if (created && !kr_starts_with(created, "1904-01-01") && !kr_starts_with(created, "1970-01-01"))
        kr_meta_date(meta, "quicktime", "CreateDate", created, NULL, "Z");
}

// "+27.5916+086.5640+8850/" (ISO 6709:2008, Annex H): degrees, or with minutes
// and seconds packed in front of the point.
static double iso6709_part(const char **at, int degree_digits)
{
    const char *from = *at;
    if (*from != '+' && *from != '-')
        return NAN;
    size_t whole = strspn(from + 1, "0123456789");
    char *end;
    double value = strtod(from + 1, &end);
    *at = end;
    if ((int)whole == degree_digits + 2) // DDMM.MMM
        value = floor(value / 100) + fmod(value, 100) / 60;
    else if ((int)whole == degree_digits + 4) // DDMMSS.SS
        value =
            floor(value / 10000) + floor(fmod(value, 10000) / 100) / 60 + fmod(value, 100) / 3600;
    return *from == '-' ? -value : value;
}

static void add_place(struct kr_meta *meta, const AVFormatContext *from)
{
    static const char *const keys[] = {"com.apple.quicktime.location.ISO6709", "location",
                                       "location-eng"};
    for (size_t i = 0; i < KR_COUNT(keys); i++) {
        const char *at = value_of(from, keys[i]);
        if (!at)
            continue;
        double lat = iso6709_part(&at, 2), lon = iso6709_part(&at, 3);
        double alt = *at == '+' || *at == '-' ? strtod(at, NULL) : NAN;
        kr_meta_place(meta, lat, lon, alt, !isnan(alt));
    }
}

static void add_texts(struct kr_meta *meta, const AVFormatContext *from)
{
    static const struct {
        const char *name, *key;
    } rows[] = {
        {"title", "com.apple.quicktime.title"},
        {"title", "title"},
        {"caption", "com.apple.quicktime.description"},
        {"caption", "description"},
        {"caption", "comment"},
        {"software", "com.apple.quicktime.software"},
        {"software", "software"},
        {"software", "encoder"},
        {"content_id", "com.apple.quicktime.content.identifier"},
        {"artist", "artist"},
        {"album", "album"},
    };
    for (size_t i = 0; i < KR_COUNT(rows); i++)
        kr_meta_text(meta, rows[i].name, kr_str_of(value_of(from, rows[i].key)),
                     strcmp(rows[i].name, "caption") == 0 ? KR_CAPTION_MOST : 4096);
}

void kr_meta_film(struct kr_meta *meta, const AVFormatContext *from)
{
    add_dates(meta, from);
    add_place(meta, from);
    add_texts(meta, from);
    const char *make = value_of(from, "com.apple.quicktime.make");
    const char *model = value_of(from, "com.apple.quicktime.model");
    kr_meta_camera(meta, kr_str_of(make ? make : value_of(from, "make")),
                   kr_str_of(model ? model : value_of(from, "model")));
    const char *words = value_of(from, "com.apple.quicktime.keywords");
    for (const char *at = words ? words : ""; *at;) {
        size_t n = strcspn(at, ",;");
        kr_meta_keyword(meta, (struct kr_str){at, n});
        at += n + (at[n] != '\0');
    }
}
