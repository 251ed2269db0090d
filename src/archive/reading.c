// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/reading.h"

#include "archive/namedate.h"
#include "base/clock.h"
#include <string.h>
#include <time.h>

enum { TEXT_MOST = 64 * 1024 };

void kr_reading_add(struct kr_reading *reading, const char *predicate, json_t *value,
                    const char *who, double certain)
{
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

static void read_date(struct kr_reading *reading, const json_t *date, const char *who, bool scan)
{
    const char *wall = kr_json_str(date, "wall", "");
    const char *tag = kr_json_str(date, "tag", ""), *offset = kr_json_str(date, "offset", "");
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
    kr_reading_add(reading, scan ? "scanned" : "date", value,
                   who ? who : kr_json_str(date, "source", "file"), certain_of_tag(tag));
}

static void read_text(struct kr_reading *reading, const json_t *meta, const char *member,
                      const char *who, double certain)
{
    const char *text = kr_json_str(meta, member, "");
    while (*text == ' ' || *text == '\n' || *text == '\t')
        text++;
    if (*text && strlen(text) <= TEXT_MOST)
        kr_reading_add(reading, member, json_string(text), who, certain);
}

static void read_list(struct kr_reading *reading, const json_t *meta, const char *list,
                      const char *predicate, const char *who)
{
    const json_t *values = kr_json_get(meta, list);
    for (size_t i = 0; i < json_array_size(values) && i < 1000; i++)
        kr_reading_add(reading, predicate, json_deep_copy(json_array_get(values, i)), who, 0.8);
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
    read_list(reading, meta, "keywords", "keyword", said_by);
    read_list(reading, meta, "regions", "region", said_by);
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

void kr_reading_look(struct kr_reading *reading, const struct kr_sniff *sniff, const json_t *look)
{
    static const char *const members[] = {"width",   "height",      "duration_ms", "has_sound",
                                          "fps",     "video_codec", "audio_codec", "rotation",
                                          "preview", "damaged"};
    json_t *seen = kr_json_new_object();
    kr_json_set_str(seen, "kind", kr_json_str(look, "kind", kr_sniff_media(sniff)));
    kr_json_set_str(seen, "mime", kr_json_str(look, "mime", sniff->mime));
    for (size_t i = 0; i < KR_COUNT(members); i++)
        copy_member(look, members[i], seen);
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
    read_list(reading, note, "people", "person", "sidecar");
    if (kr_json_bool(note, "favourite", false))
        kr_reading_add(reading, "favourite", json_true(), "sidecar", 0.9);
}

// The offset of this house's clock, for names that tell a moment.
static int zone_min(void)
{
    time_t now = time(NULL);
    struct tm local;
    return localtime_r(&now, &local) ? (int)(local.tm_gmtoff / 60) : 0;
}

static void add_namedate(struct kr_reading *reading, const struct kr_namedate *found)
{
    json_t *value = kr_json_new_object();
    kr_json_set_take(value, "edtf",
                     json_stringn(found->date.text, strcspn(found->date.text, "T")));
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
    if (kr_namedate_of_file((struct kr_str){path.at + start, end - start}, zone_min(), &found))
        add_namedate(reading, &found);
    if (start == 0)
        return;
    for (end = --start; start > 0 && path.at[start - 1] != '/';)
        start--;
    if (kr_namedate_of_folder((struct kr_str){path.at + start, end - start}, &found))
        add_namedate(reading, &found);
}
