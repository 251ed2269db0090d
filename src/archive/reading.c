// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/reading.h"

#include "archive/namedate.h"
#include "base/clock.h"
#include <string.h>
#include <time.h>

enum {
    TEXT_MOST = 64 * 1024,
    VALUE_MOST = 256 * 1024,
    KEYWORD_MOST = 1024,
    SHORT_MOST = 64,
    LIST_MOST = 1000,
    PREVIEW_MOST = 2048
};

bool kr_is_source(const char *who)
{
    static const char *const sources[] = {
        "exif",    "file", "filename", "filename-saved", "filename-scan", "filename-sent",
        "folder",  "gps",  "id3",      "iptc",           "kinreel",       "quicktime",
        "sidecar", "tags", "xmp"};
    for (size_t i = 0; i < KR_COUNT(sources); i++)
        if (strcmp(sources[i], who) == 0)
            return true;
    return false;
}

static bool is_too_big(const json_t *value)
{
    return json_dumpb(value, NULL, 0, JSON_ENCODE_ANY) > VALUE_MOST;
}

void kr_reading_add(struct kr_reading *reading, const char *predicate, json_t *value,
                    const char *who, double certain)
{
    if (is_too_big(value)) {
        kr_json_drop(&value);
        return;
    }
    if (reading->n == reading->room) {
        struct kr_said *larger =
            kr_arena_array(reading->mem, struct kr_said, reading->room * 2 + 16);
        if (reading->n)
            memcpy(larger, reading->said, reading->n * sizeof *larger);
        reading->said = larger;
        reading->room = reading->room * 2 + 16;
    }
    reading->said[reading->n++] = (struct kr_said){predicate, kr_json_lend(reading->mem, value),
                                                   kr_arena_strdup(reading->mem, who), certain};
}

// How far each field of a file can be trusted to tell the day of the capture.
static const struct {
    const char *tag;
    double certain;
} tags[] = {
    {"DateTimeOriginal", 0.9}, {"creationdate", 0.9},      {"photoshop:DateCreated", 0.85},
    {"DateCreated", 0.85},     {"DateTimeDigitized", 0.7}, {"CreateDate", 0.7},
    {"creation_time", 0.65},   {"GPSDateTime", 0.6},       {"date", 0.6},
    {"DateTime", 0.4},         {"ModifyDate", 0.4},
};

static double certain_of_tag(const char *tag)
{
    for (size_t i = 0; i < KR_COUNT(tags); i++)
        if (strcmp(tags[i].tag, tag) == 0)
            return tags[i].certain;
    return 0.5;
}

// The day of "2019-03-21T11:04:22"; of "1985" or "1985-06" these themselves.
static bool day_of_wall(const char *wall, struct kr_edtf *out)
{
    char text[KR_EDTF_TEXT];
    size_t n = strcspn(wall, "T ");
    if (n == 0 || n >= sizeof text)
        return false;
    kr_format(text, sizeof text, "%.*s", (int)n, wall);
    // A camera whose clock was never set tells its maker's first day.
    static const char *const unset[] = {"1970-01-01", "1980-01-01", "1904-01-01", "2000-01-01",
                                        "1601-01-01"};
    bool midnight = strstr(wall, "T00:00:0") != NULL;
    for (size_t i = 0; i < KR_COUNT(unset) && midnight; i++)
        if (strcmp(text, unset[i]) == 0)
            return false;
    return kr_edtf_parse(text, out, NULL) && out->from >= kr_days_of(1826, 1, 1) &&
           out->from <= kr_now_ms() / 86400000 + 2;
}

// A short text that came through the wall: proven once more, for what lies behind the
// wall may have been taken over by the file it read. "" for a long one.
static const char *short_text(struct kr_reading *reading, const json_t *from, const char *member)
{
    const char *text = kr_text_in(reading->mem, kr_str_of(kr_json_str(from, member, "")));
    return strlen(text) <= SHORT_MOST ? text : "";
}

// Whose word it is; never a person's.
static const char *source_of(const json_t *date)
{
    const char *source = kr_json_str(date, "source", "file");
    return kr_is_source(source) ? source : "file";
}

static void read_date(struct kr_reading *reading, const json_t *date, const char *who, bool scan)
{
    const char *wall = short_text(reading, date, "wall");
    const char *tag = short_text(reading, date, "tag");
    const char *offset = short_text(reading, date, "offset");
    struct kr_edtf day;
    if (!day_of_wall(wall, &day))
        return;
    json_t *value = kr_json_new_object();
    kr_json_set_str(value, "edtf", day.text);
    if (strlen(wall) >= 19)
        kr_json_set_str(value, "wall", wall);
    if (*offset)
        kr_json_set_str(value, "offset", offset);
    if (*tag)
        kr_json_set_str(value, "tag", tag);
    kr_reading_add(reading, scan ? "scanned" : "date", value, who ? who : source_of(date),
                   certain_of_tag(tag));
}

static void read_text(struct kr_reading *reading, const json_t *meta, const char *member,
                      const char *who, double certain)
{
    const char *text = kr_text_in(reading->mem, kr_str_of(kr_json_str(meta, member, "")));
    while (*text == ' ' || *text == '\n' || *text == '\t')
        text++;
    if (*text && strlen(text) <= TEXT_MOST)
        kr_reading_add(reading, member, json_string(text), who, certain);
}

static void read_texts(struct kr_reading *reading, const json_t *meta, const char *list,
                       const char *predicate, const char *who)
{
    const json_t *values = kr_json_get(meta, list);
    for (size_t i = 0; i < json_array_size(values) && i < LIST_MOST; i++) {
        const char *text = json_string_value(json_array_get(values, i));
        const char *inside = kr_text_in(reading->mem, kr_str_of(text));
        if (*inside && strlen(inside) <= KEYWORD_MOST)
            kr_reading_add(reading, predicate, json_string(inside), who, 0.8);
    }
}

static void read_regions(struct kr_reading *reading, const json_t *meta, const char *who)
{
    static const char *const sides[] = {"x", "y", "w", "h"};
    const json_t *regions = kr_json_get(meta, "regions");
    for (size_t i = 0; i < json_array_size(regions) && i < LIST_MOST; i++) {
        const json_t *from = json_array_get(regions, i);
        json_t *region = kr_json_new_object();
        const char *name = kr_text_in(reading->mem, kr_str_of(kr_json_str(from, "name", "")));
        kr_json_set_str(region, "name", strlen(name) <= KEYWORD_MOST ? name : "");
        kr_json_set_str(region, "kind", short_text(reading, from, "kind"));
        for (size_t k = 0; k < KR_COUNT(sides); k++)
            kr_json_set_real(region, sides[k], kr_json_real(from, sides[k], 0));
        kr_reading_add(reading, "region", region, who, 0.8);
    }
}

static void read_whole(struct kr_reading *reading, const json_t *meta, const char *member,
                       const char *predicate, const char *who)
{
    const json_t *value = kr_json_get(meta, member);
    if (value)
        kr_reading_add(reading, predicate, json_deep_copy(value), who, 0.9);
}

// Cameras write their own name or a fixed phrase where a person would write a caption.
static bool is_camera_talk(const char *text)
{
    static const char *const talk[] = {
        "OLYMPUS DIGITAL CAMERA", "SONY DSC", "KONICA MINOLTA", "SAMSUNG",
        "MINOLTA DIGITAL CAMERA", "DCIM",     "Exif_JPEG"};
    for (size_t i = 0; i < KR_COUNT(talk); i++)
        if (strncmp(text, talk[i], strlen(talk[i])) == 0)
            return true;
    return false;
}

static void read_meta(struct kr_reading *reading, const json_t *meta, const char *who)
{
    const char *said_by = who ? who : "file";
    bool scan = kr_json_bool(meta, "is_scan", false);
    const json_t *dates = kr_json_get(meta, "dates");
    for (size_t i = 0; i < json_array_size(dates) && i < 50; i++)
        read_date(reading, json_array_get(dates, i), who, scan);
    read_text(reading, meta, "title", said_by, 0.8);
    if (!is_camera_talk(kr_json_str(meta, "caption", "")))
        read_text(reading, meta, "caption", said_by, 0.8);
    read_text(reading, meta, "camera", said_by, 0.9);
    read_text(reading, meta, "place", said_by, 0.7);
    read_text(reading, meta, "content_id", said_by, 0.9);
    read_text(reading, meta, "burst_id", said_by, 0.9);
    read_texts(reading, meta, "keywords", "keyword", said_by);
    read_regions(reading, meta, said_by);
    read_whole(reading, meta, "gps", "gps", said_by);
    read_whole(reading, meta, "rating", "rating", said_by);
    read_whole(reading, meta, "motion", "motion", said_by);
    read_whole(reading, meta, "burst_pick", "burst_pick", said_by);
}

static void copy_member(const json_t *from, const char *member, json_t *to)
{
    const json_t *value = kr_json_get(from, member);
    if (value && !json_is_null(value))
        kr_json_set_take(to, member, json_deep_copy(value));
}

static bool is_media(const char *kind)
{
    return strcmp(kind, "photo") == 0 || strcmp(kind, "video") == 0 || strcmp(kind, "audio") == 0;
}

// A media type as RFC 6838 spells it: it becomes a header of our answers.
static bool is_media_type(const char *mime)
{
    size_t n = strcspn(mime, "/");
    return (strncmp(mime, "image/", 6) == 0 || strncmp(mime, "video/", 6) == 0 ||
            strncmp(mime, "audio/", 6) == 0) &&
           mime[n + 1] && strlen(mime) <= SHORT_MOST &&
           mime[n + 1 + strspn(mime + n + 1, "abcdefghijklmnopqrstuvwxyz0123456789.+-")] == '\0';
}

// A tiny picture, as what a page can show at once: a data URL (RFC 2397).
static void add_preview(struct kr_reading *reading, const json_t *look, json_t *seen)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                 "0123456789+/=";
    const char *base64 = kr_json_str(look, "preview", "");
    size_t n = strlen(base64);
    if (n && n <= PREVIEW_MOST && strspn(base64, digits) == n)
        kr_json_set_str(seen, "preview",
                        kr_arena_format(reading->mem, "data:image/webp;base64,%s", base64));
}

void kr_reading_look(struct kr_reading *reading, const struct kr_sniff *sniff, const json_t *look)
{
    static const char *const members[] = {"width",       "height",   "duration_ms",
                                          "has_sound",   "fps",      "video_codec",
                                          "audio_codec", "rotation", "streamed"};
    json_t *seen = kr_json_new_object();
    const char *kind = kr_json_str(look, "kind", ""), *mime = kr_json_str(look, "mime", "");
    kr_json_set_str(seen, "kind", is_media(kind) ? kind : kr_sniff_media(sniff));
    kr_json_set_str(seen, "mime", is_media_type(mime) ? mime : sniff->mime);
    for (size_t i = 0; i < KR_COUNT(members); i++)
        copy_member(look, members[i], seen);
    add_preview(reading, look, seen);
    if (*kr_json_str(look, "damaged", ""))
        kr_json_set_str(seen, "damaged",
                        kr_text_in(reading->mem, kr_str_of(kr_json_str(look, "damaged", ""))));
    if (!kr_json_bool(look, "flat", false))
        copy_member(look, "phash", seen);
    kr_reading_add(reading, "seen", seen, "kinreel", 1.0);
    if (sniff->raw)
        kr_reading_add(reading, "raw", json_true(), "kinreel", 1.0);
    const json_t *meta = kr_json_get(look, "meta");
    if (meta)
        read_meta(reading, meta, NULL);
}

void kr_reading_meta(struct kr_reading *reading, const json_t *meta, const char *who)
{
    read_meta(reading, meta, who);
}

// A Takeout note tells a moment, in UTC.
static void read_moment(struct kr_reading *reading, const json_t *date)
{
    int64_t ms = kr_json_int(date, "ms", 0);
    char text[KR_TIME_TEXT];
    kr_time_text(ms, text);
    json_t *value = kr_json_new_object();
    json_t *day = json_sprintf("%.10s", text), *wall = json_sprintf("%.19s", text);
    kr_json_set_take(value, "edtf", day);
    kr_json_set_take(value, "wall", wall);
    kr_json_set_str(value, "offset", "+00:00");
    kr_reading_add(reading, "date", value, "sidecar", kr_json_real(date, "certain", 0.6));
}

void kr_reading_takeout(struct kr_reading *reading, const json_t *note)
{
    const json_t *dates = kr_json_get(note, "dates");
    for (size_t i = 0; i < json_array_size(dates); i++)
        read_moment(reading, json_array_get(dates, i));
    read_text(reading, note, "caption", "sidecar", 0.85);
    read_whole(reading, note, "gps", "gps", "sidecar");
    read_texts(reading, note, "people", "person", "sidecar");
    if (kr_json_bool(note, "favourite", false))
        kr_reading_add(reading, "favourite", json_true(), "sidecar", 0.9);
}

// The offset of this house's clock at a moment, so that a summer's picture brought in
// winter says what it said in summer.
static int zone_min_at(int64_t ms)
{
    time_t moment = (time_t)(ms / 1000);
    struct tm local;
    return localtime_r(&moment, &local) ? (int)(local.tm_gmtoff / 60) : 0;
}

// Names that carry a moment are read as UTC first, to know which offset held then.
static bool date_of_name(struct kr_str name, struct kr_namedate *out)
{
    return kr_namedate_of_file(name, 0, out) &&
           (!out->has_wall || kr_namedate_of_file(name, zone_min_at(out->wall_ms), out));
}

static void add_namedate(struct kr_reading *reading, const struct kr_namedate *found)
{
    json_t *value = kr_json_new_object();
    kr_json_set_take(value, "edtf", json_stringn(found->date.text, strcspn(found->date.text, "T")));
    if (found->has_wall) {
        char text[KR_TIME_TEXT];
        kr_time_text(found->wall_ms, text);
        kr_json_set_take(value, "wall", json_sprintf("%.19s", text));
    }
    const char *predicate = found->saved ? "saved" : found->scan ? "scanned" : "date";
    kr_reading_add(reading, predicate, value, found->source, found->certain);
}

void kr_reading_path(struct kr_reading *reading, struct kr_str path)
{
    struct kr_namedate found;
    size_t end = path.n, start = path.n;
    while (start > 0 && path.at[start - 1] != '/')
        start--;
    if (date_of_name((struct kr_str){path.at + start, end - start}, &found))
        add_namedate(reading, &found);
    if (start == 0)
        return;
    for (end = --start; start > 0 && path.at[start - 1] != '/';)
        start--;
    if (kr_namedate_of_folder((struct kr_str){path.at + start, end - start}, &found))
        add_namedate(reading, &found);
}
