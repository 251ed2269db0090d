// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/sidecar.h"

#include "archive/edtf.h"
#include "base/clock.h"
#include <math.h>

enum { PEOPLE = 100 };

// Seconds as Takeout writes them: a decimal number in a string. Only what can be the time
// of a photograph: 1826 to 2098.
static bool seconds_of(const json_t *note, const char *member, int64_t *out)
{
    const json_t *time = kr_json_get(note, member);
    const char *text = time ? kr_json_str(time, "timestamp", "") : "";
    return kr_parse_int(text, kr_days_of(1826, 1, 1) * 86400, kr_days_of(2099, 1, 1) * 86400 - 1,
                        out);
}

// The day is told in UTC, as the note has it: the wall's clock is not known to it.
static void add_date(const json_t *note, json_t *claims)
{
    int64_t taken, uploaded;
    char text[48];
    int year, month, day;
    if (!seconds_of(note, "photoTakenTime", &taken) || taken == 0)
        return;
    // where nobody knew when it was taken, it says when it was uploaded
    bool is_upload = seconds_of(note, "creationTime", &uploaded) && llabs(uploaded - taken) < 60;
    int64_t days = taken >= 0 ? taken / 86400 : -1 - (-1 - taken) / 86400;
    int s = (int)(taken - days * 86400);
    kr_day_of(days, &year, &month, &day);
    kr_format(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day, s / 3600,
              s / 60 % 60, s % 60);
    json_t *dates = kr_json_new_array(), *date = kr_json_new_object();
    kr_json_set_str(date, "edtf", text);
    kr_json_set_int(date, "ms", taken * 1000);
    kr_json_set_str(date, "source", "sidecar");
    kr_json_set_real(date, "certain", is_upload ? 0.1 : 0.6);
    kr_json_append_take(dates, date);
    kr_json_set_take(claims, "dates", dates);
}

// 0,0 lies in the Gulf of Guinea and means that nobody knows.
static bool add_place(const json_t *note, const char *member, json_t *claims)
{
    const json_t *geo = kr_json_get(note, member);
    double lat = geo ? kr_json_real(geo, "latitude", NAN) : NAN;
    double lon = geo ? kr_json_real(geo, "longitude", NAN) : NAN;
    double alt = geo ? kr_json_real(geo, "altitude", 0) : 0;
    if (!(lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180) ||
        (fabs(lat) < 1e-6 && fabs(lon) < 1e-6))
        return false;
    json_t *gps = kr_json_new_object();
    kr_json_set_real(gps, "lat", lat);
    kr_json_set_real(gps, "lon", lon);
    if (isfinite(alt) && fabs(alt) > 0)
        kr_json_set_real(gps, "alt", alt);
    kr_json_set_take(claims, "gps", gps);
    return true;
}

static void add_text(struct kr_arena *mem, const json_t *note, const char *from, json_t *claims,
                     const char *to)
{
    const char *text = kr_json_str(note, from, "");
    if (*text)
        kr_json_set_str(claims, to, kr_text_in(mem, kr_str_of(text)));
}

static void add_people(struct kr_arena *mem, const json_t *note, json_t *claims)
{
    const json_t *list = kr_json_get(note, "people");
    json_t *people = kr_json_new_array();
    size_t n = json_is_array(list) ? json_array_size(list) : 0;
    for (size_t i = 0; i < n && i < PEOPLE; i++) {
        const char *name = kr_json_str(json_array_get(list, i), "name", "");
        if (*name)
            kr_json_append_take(people, json_string(kr_text_in(mem, kr_str_of(name))));
    }
    if (json_array_size(people))
        kr_json_set_take(claims, "people", people);
    else
        kr_json_drop(&people);
}

// A folder's own note: {"title":"…","access":…,"date":…}, in older ones inside "albumData".
static bool is_album(const json_t *note)
{
    return kr_json_get(note, "albumData") ||
           (!kr_json_get(note, "photoTakenTime") && kr_json_get(note, "title") &&
            (kr_json_get(note, "access") || kr_json_get(note, "date")));
}

bool kr_takeout_parse(struct kr_arena *mem, struct kr_str json, json_t **claims, struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *note = NULL;
    if (!kr_json_parse(json, KR_TAKEOUT_MOST, &note, err))
        return kr_within(err, "read a Takeout note");
    if (!json_is_object(note))
        return kr_fail(err, KR_E_INVALID, "a Takeout note is an object");
    json_t *said = kr_json_new_object();
    if (is_album(note)) {
        const json_t *inner = kr_json_get(note, "albumData");
        add_text(mem, inner ? inner : note, "title", said, "album");
    } else if (kr_json_get(note, "photoTakenTime") || kr_json_get(note, "geoData")) {
        add_date(note, said);
        if (!add_place(note, "geoData", said))
            (void)add_place(note, "geoDataExif", said);
        add_text(mem, note, "title", said, "title");
        add_text(mem, note, "description", said, "caption");
        add_people(mem, note, said);
        if (kr_json_bool(note, "favorited", false))
            kr_json_set_bool(said, "favourite", true);
    } else {
        kr_json_drop(&said);
        return kr_fail(err, KR_E_INVALID, "JSON that is no Takeout note");
    }
    *claims = said;
    return true;
}
