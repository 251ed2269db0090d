// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/meta.h"

#include "media/meta_priv.h"
#include <ctype.h>
#include <math.h>

enum { SIDECAR_MOST = 4 << 20, DATES_MOST = 32 };

static struct kr_str trimmed(struct kr_str text, size_t most)
{
    while (text.n && (isspace((unsigned char)text.at[0]) || text.at[0] == '\0'))
        text = (struct kr_str){text.at + 1, text.n - 1};
    // A zero byte ends what cameras write into fields of a fixed size.
    const char *zero = text.n ? memchr(text.at, '\0', text.n) : NULL;
    if (zero)
        text.n = (size_t)(zero - text.at);
    while (text.n && isspace((unsigned char)text.at[text.n - 1]))
        text.n--;
    if (text.n > most) {
        text.n = most;
        while (text.n && ((unsigned char)text.at[text.n] & 0xC0) == 0x80)
            text.n--; // not inside a character
    }
    return text;
}

void kr_meta_text(struct kr_meta *meta, const char *name, struct kr_str outside, size_t most)
{
    struct kr_str text = trimmed(outside, most);
    if (text.n && !kr_json_get(meta->out, name))
        kr_json_set_str(meta->out, name, kr_text_in(meta->mem, text));
}

void kr_meta_keyword(struct kr_meta *meta, struct kr_str outside)
{
    struct kr_str text = trimmed(outside, KR_KEYWORD_MOST);
    json_t *all = json_object_get(meta->out, "keywords");
    if (text.n == 0 || (all && json_array_size(all) >= KR_KEYWORDS_MOST))
        return;
    const char *word = kr_text_in(meta->mem, text);
    if (!all) {
        all = kr_json_new_array();
        kr_json_set_take(meta->out, "keywords", all);
    }
    for (size_t i = 0; i < json_array_size(all); i++)
        if (strcmp(json_string_value(json_array_get(all, i)), word) == 0)
            return;
    kr_json_append_take(all, json_string(word));
}

void kr_meta_place(struct kr_meta *meta, double lat, double lon, double alt, bool has_alt)
{
    bool possible = isfinite(lat) && isfinite(lon) && fabs(lat) <= 90 && fabs(lon) <= 180;
    bool nowhere = fabs(lat) < 1e-6 && fabs(lon) < 1e-6;
    if (!possible || nowhere || kr_json_get(meta->out, "gps"))
        return;
    json_t *gps = kr_json_new_object();
    kr_json_set_real(gps, "lat", lat);
    kr_json_set_real(gps, "lon", lon);
    if (has_alt && isfinite(alt) && fabs(alt) < 100000)
        kr_json_set_real(gps, "alt", alt);
    kr_json_set_take(meta->out, "gps", gps);
}

// "NIKON CORPORATION", "NIKON D70": the maker is said once.
void kr_meta_camera(struct kr_meta *meta, struct kr_str make, struct kr_str model)
{
    make = trimmed(make, 200);
    model = trimmed(model, 200);
    size_t word = 0;
    while (word < make.n && make.at[word] != ' ')
        word++;
    bool said = word > 0 && model.n >= word && strncasecmp(make.at, model.at, word) == 0;
    if (make.n == 0 || said)
        kr_meta_text(meta, "camera", model, 200);
    else if (model.n == 0)
        kr_meta_text(meta, "camera", make, 200);
    else
        kr_meta_text(
            meta, "camera",
            kr_str_of(kr_arena_format(meta->mem, "%s %s", kr_arena_copy(meta->mem, make.at, make.n),
                                      kr_arena_copy(meta->mem, model.at, model.n))),
            400);
}

void kr_meta_scanner(struct kr_meta *meta, const char *words)
{
    // Parts of names of scanners and of the programs that drive them.
    static const char *const parts[] = {
        "scan",      "coolscan", "opticfilm", "perfection v", "perfection 3", "perfection 4",
        "lide ",     "fastfoto", "ff-680",    "silverfast",   "plustek",      "photomyne",
        "opticbook", "reflecta", "pakon",     "noritsu",      "frontier",     "negative lab",
    };
    for (size_t i = 0; words && i < KR_COUNT(parts); i++)
        if (strcasestr(words, parts[i])) {
            kr_json_set_bool(meta->out, "is_scan", true);
            return;
        }
}

// The number in the next `n` digits, -1 where they are none.
static int number(const char *at, int n)
{
    int value = 0;
    for (int i = 0; i < n; i++) {
        if (!isdigit((unsigned char)at[i]))
            return -1;
        value = value * 10 + (at[i] - '0');
    }
    return value;
}

struct wall {
    int year, month, day, hour, minute, second; // -1: the text does not say
    char fraction[8];
    char offset[8];
};

static bool is_day(const struct wall *w)
{
    static const int lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (w->year < 1800 || w->year > 2200)
        return false;
    if (w->month < 0)
        return true;
    return w->month >= 1 && w->month <= 12 &&
           (w->day < 0 || (w->day >= 1 && w->day <= lengths[w->month - 1]));
}

static const char *read_day(const char *at, struct wall *w)
{
    w->year = number(at, 4);
    if (w->year < 0)
        return NULL;
    at += 4;
    bool packed = isdigit((unsigned char)*at);
    for (int i = 0; i < 2; i++) {
        if (!packed && (!*at || !strchr(":-/.", *at)))
            break;
        const char *digits = packed ? at : at + 1;
        int value = number(digits, 2);
        if (value < 0)
            break;
        *(i == 0 ? &w->month : &w->day) = value > 0 ? value : -1; // "1985:00:00": the year alone
        at = digits + 2;
    }
    return at;
}

static const char *read_time(const char *at, struct wall *w)
{
    while (*at == ' ' || *at == 'T' || *at == 't')
        at++;
    int hour = number(at, 2);
    if (hour < 0)
        return at;
    bool packed = isdigit((unsigned char)at[2]);
    int minute = number(at + (packed ? 2 : at[2] ? 3 : 2), 2);
    if (hour > 23 || minute < 0 || minute > 59)
        return at;
    w->hour = hour;
    w->minute = minute;
    at += packed ? 4 : 5;
    int second = number(at + (*at == ':'), 2);
    if (second >= 0 && second <= 60 && (packed || *at == ':')) {
        w->second = second > 59 ? 59 : second;
        at += 2 + (*at == ':');
        if (*at == '.') {
            size_t n = strspn(at + 1, "0123456789");
            kr_format(w->fraction, sizeof w->fraction, "%.*s", n > 3 ? 3 : (int)n, at + 1);
            at += 1 + n;
        }
    }
    return at;
}

// "+08:00" from "+08:00", "+0800", "+08", "Z", "UTC"; empty for anything else.
static void read_offset(const char *at, char offset[static 8])
{
    while (*at == ' ')
        at++;
    if (*at == 'Z' || strncmp(at, "UTC", 3) == 0) {
        kr_format(offset, 8, "+00:00");
        return;
    }
    if (*at != '+' && *at != '-')
        return;
    int hours = number(at + 1, 2);
    if (hours < 0)
        return;
    const char *rest = at + 3 + (at[3] == ':');
    int minutes = number(rest, 2);
    minutes = minutes < 0 ? 0 : minutes;
    if (hours <= 14 && minutes <= 59)
        kr_format(offset, 8, "%c%02d:%02d", *at, hours, minutes);
}

static void write_wall(const struct wall *w, char out[static 32])
{
    int n = snprintf(out, 32, "%04d", w->year);
    if (w->month > 0)
        n += snprintf(out + n, (size_t)(32 - n), "-%02d", w->month);
    if (w->month > 0 && w->day > 0)
        n += snprintf(out + n, (size_t)(32 - n), "-%02d", w->day);
    if (w->day > 0 && w->hour >= 0)
        n += snprintf(out + n, (size_t)(32 - n), "T%02d:%02d:%02d", w->hour, w->minute,
                      w->second < 0 ? 0 : w->second);
    if (w->day > 0 && w->second >= 0 && w->fraction[0])
        snprintf(out + n, (size_t)(32 - n), ".%s", w->fraction);
}

void kr_meta_date(struct kr_meta *meta, const char *source, const char *tag, const char *text,
                  const char *subsecond, const char *offset)
{
    struct wall w = {.month = -1, .day = -1, .hour = -1, .minute = -1, .second = -1};
    while (text && *text == ' ')
        text++;
    const char *at = text ? read_day(text, &w) : NULL;
    json_t *dates = json_object_get(meta->out, "dates");
    if (!at || !is_day(&w) || (dates && json_array_size(dates) >= DATES_MOST))
        return;
    at = w.day > 0 ? read_time(at, &w) : at;
    read_offset(offset ? offset : w.hour >= 0 ? at : "", w.offset);
    if (subsecond && !w.fraction[0] && number(subsecond, 1) >= 0)
        kr_format(w.fraction, sizeof w.fraction, "%.*s",
                  (int)(strspn(subsecond, "0123456789") > 3 ? 3 : strspn(subsecond, "0123456789")),
                  subsecond);
    char wall[32];
    write_wall(&w, wall);
    if (!dates) {
        dates = kr_json_new_array();
        kr_json_set_take(meta->out, "dates", dates);
    }
    json_t *date = kr_json_new_object();
    kr_json_set_str(date, "source", source);
    kr_json_set_str(date, "tag", tag);
    kr_json_set_str(date, "wall", wall);
    kr_json_set_str(date, "offset", w.offset);
    kr_json_append_take(dates, date);
}

bool kr_meta_of_sidecar(struct kr_str xmp, json_t **out, struct kr_err *err)
{
    if (xmp.n > SIDECAR_MOST)
        return kr_fail(err, KR_E_TOO_BIG, "a side-car of %zu bytes", xmp.n);
    KR_AUTO(kr_exif_close) GExiv2Metadata *from = kr_exif_of_xmp(xmp);
    if (!from || !gexiv2_metadata_has_xmp(from))
        return kr_fail(err, KR_E_INVALID, "no XMP in this side-car");
    // exiv2 fills EXIF and IPTC from a packet, and makes 30 November 1984 of "1985".
    gexiv2_metadata_clear_exif(from);
    gexiv2_metadata_clear_iptc(from);
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_meta meta = {mem, kr_json_new_object(), kr_exif_orientation(from)};
    kr_meta_exif(&meta, from);
    kr_meta_regions(&meta, from, 0, 0);
    *out = meta.out;
    return true;
}
