// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/dateshift.h"

#include "archive/edtf.h"
#include "base/clock.h"
#include <string.h>

enum { DAY_S = 86400, WALL = sizeof "2019-03-21T11:04:22" - 1 };

// The longer names first: "min" is no month of "m".
static const struct {
    const char *name;
    int seconds;
} units[] = {
    {"days", DAY_S}, {"day", DAY_S}, {"hours", 3600}, {"hour", 3600}, {"hrs", 3600},
    {"minutes", 60}, {"minute", 60}, {"mins", 60},    {"min", 60},    {"小时", 3600},
    {"分钟", 60},    {"天", DAY_S},  {"日", DAY_S},   {"时", 3600},   {"分", 60},
    {"d", DAY_S},    {"h", 3600},    {"m", 60},
};

static const char *skip(const char *at)
{
    while (*at == ' ' || *at == ',')
        at++;
    return at;
}

static bool take_unit(const char **at, int *seconds)
{
    for (size_t i = 0; i < KR_COUNT(units); i++) {
        if (!kr_starts_with(*at, units[i].name))
            continue;
        *at += strlen(units[i].name);
        *seconds = units[i].seconds;
        return true;
    }
    return false;
}

static bool take_number(const char **at, int64_t *out)
{
    const char *from = *at;
    for (*out = 0; **at >= '0' && **at <= '9' && *at - from < 8; (*at)++)
        *out = *out * 10 + (**at - '0');
    return *at > from;
}

static bool take_sign(const char **at)
{
    bool back = **at == '-' || kr_starts_with(*at, "−");
    *at += kr_starts_with(*at, "−") ? strlen("−") : back || **at == '+';
    return back;
}

bool kr_shift_parse(const char *text, int64_t *seconds, struct kr_err *err)
{
    const char *at = skip(text);
    int64_t total = 0, number;
    bool back = take_sign(&at);
    for (at = skip(at); *at; at = skip(at)) {
        int unit;
        bool understood = take_number(&at, &number);
        at = skip(at);
        if (!understood || !take_unit(&at, &unit))
            return kr_fail(err, KR_E_INVALID, "hours or days are wanted, as in '+8h' or '-1d'");
        total += number * unit;
        if (total > (int64_t)KR_SHIFT_DAYS_MOST * DAY_S)
            return kr_fail(err, KR_E_INVALID, "more than %d days", KR_SHIFT_DAYS_MOST);
    }
    if (!total)
        return kr_fail(err, KR_E_INVALID, "hours or days are wanted, as in '+8h' or '-1d'");
    *seconds = back ? -total : total;
    return true;
}

static bool is_wall(const char *text)
{
    static const char like[] = "dddd-dd-ddTdd:dd:dd";
    for (size_t i = 0; i < WALL; i++)
        if (like[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != like[i])
            return false;
    return true;
}

// Seconds since 1970 of a time on the wall, as if it were UTC.
static bool seconds_of(const char *wall, int64_t *out)
{
    char text[KR_TIME_TEXT];
    int64_t ms;
    if (strlen(wall) < WALL || !is_wall(wall))
        return false;
    kr_format(text, sizeof text, "%.19sZ", wall);
    if (!kr_time_parse(text, &ms))
        return false;
    *out = ms / 1000;
    return true;
}

static int64_t floor_day(int64_t seconds)
{
    return seconds >= 0 ? seconds / DAY_S : -((-seconds + DAY_S - 1) / DAY_S);
}

static bool day_text(int64_t days, char out[static 16], struct kr_err *err)
{
    int year, month, day;
    kr_day_of(days, &year, &month, &day);
    if (year < 1 || year > 9999)
        return kr_fail(err, KR_E_INVALID, "a year that no calendar has");
    kr_format(out, 16, "%04d-%02d-%02d", year, month, day);
    return true;
}

// "2019-03-21T11:04:22" of that second; what followed in `tail` follows still.
static bool time_text(int64_t seconds, const char *tail, char out[static KR_EDTF_TEXT],
                      struct kr_err *err)
{
    int64_t days = floor_day(seconds);
    int rest = (int)(seconds - days * DAY_S);
    char day[16];
    if (!day_text(days, day, err))
        return false;
    kr_format(out, KR_EDTF_TEXT, "%sT%02d:%02d:%02d%.40s", day, rest / 3600, rest / 60 % 60,
              rest % 60, tail);
    return true;
}

// One day with the doubt it may bear: "2019-03-21~".
static bool is_one_day(const struct kr_edtf *date)
{
    return date->form == KR_EDTF_DATE && date->precision >= KR_EDTF_DAY && date->from == date->to &&
           date->text[0] >= '0' && date->text[0] <= '9' && strlen(date->text) >= 10;
}

static bool shift_edtf(const struct kr_edtf *date, const char *wall, int64_t seconds,
                       char out[static KR_EDTF_TEXT], struct kr_err *err)
{
    int64_t at = date->from * DAY_S;
    char day[16];
    if (date->precision == KR_EDTF_TIME)
        return time_text(at + date->second + seconds, date->text + WALL, out, err);
    if (*wall && !seconds_of(wall, &at))
        return kr_fail(err, KR_E_INVALID, "a time that is none");
    if (!*wall && seconds % DAY_S)
        return kr_fail(err, KR_E_INVALID, "the hour of this day is not known");
    if (!day_text(floor_day(at + seconds), day, err))
        return false;
    kr_format(out, KR_EDTF_TEXT, "%s%s", day, date->text + 10);
    return true;
}

bool kr_date_shift(const json_t *date, int64_t seconds, json_t **out, struct kr_err *err)
{
    const char *edtf = kr_json_str(date, "edtf", ""), *wall = kr_json_str(date, "wall", "");
    const char *offset = kr_json_str(date, "offset", "");
    struct kr_edtf before, after;
    char text[KR_EDTF_TEXT], moved[KR_EDTF_TEXT] = "";
    int64_t at;
    if (!kr_edtf_parse(edtf, &before, err))
        return false;
    if (!is_one_day(&before))
        return kr_fail(err, KR_E_INVALID, "too vague to be moved by hours or days");
    if (!seconds_of(wall, &at) || floor_day(at) != before.from)
        wall = ""; // not the time of this day
    if (!shift_edtf(&before, wall, seconds, text, err) ||
        (*wall && !time_text(at + seconds, wall + WALL, moved, err)) ||
        !kr_edtf_parse(text, &after, err))
        return false;
    *out = kr_json_new_object();
    kr_json_set_str(*out, "edtf", after.text);
    if (*moved)
        kr_json_set_str(*out, "wall", moved);
    if (*offset)
        kr_json_set_str(*out, "offset", offset);
    kr_json_set_int(*out, "shift", seconds);
    return true;
}

static bool step_day(const struct kr_edtf *date, int step, char out[static KR_EDTF_TEXT],
                     struct kr_err *err)
{
    char day[16];
    if (!day_text(step < 0 ? date->from - 1 : date->to + 1, day, err))
        return false;
    kr_format(out, KR_EDTF_TEXT, "%s~", day);
    return true;
}

// The month, season or year that touches this one.
static bool step_part(const struct kr_edtf *date, int step, char out[static KR_EDTF_TEXT],
                      struct kr_err *err)
{
    int year, month, day;
    char text[16];
    if (!day_text(step < 0 ? date->from - 1 : date->to + 1, text, err))
        return false;
    kr_day_of(step < 0 ? date->from - 1 : date->to + 1, &year, &month, &day);
    if (date->precision == KR_EDTF_YEAR) {
        kr_format(out, KR_EDTF_TEXT, "%04d~", year);
    } else if (date->precision == KR_EDTF_MONTH) {
        kr_format(out, KR_EDTF_TEXT, "%.7s~", text);
    } else { // a winter bears the year in which it began
        int season = month >= 3 && month <= 11 ? 21 + (month - 3) / 3 : 24;
        kr_format(out, KR_EDTF_TEXT, "%04d-%d~", month <= 2 ? year - 1 : year, season);
    }
    return true;
}

static bool step_span(const struct kr_edtf *date, int step, char out[static KR_EDTF_TEXT],
                      struct kr_err *err)
{
    int first, last, month, day;
    kr_day_of(date->from, &first, &month, &day);
    kr_day_of(date->to, &last, &month, &day);
    if (first < 5 || last > 9990)
        return kr_fail(err, KR_E_INVALID,
                       "without a beginning or an end nothing is before or after");
    if (step < 0)
        kr_format(out, KR_EDTF_TEXT, "%04d~/%04d~", first - 3, first - 1);
    else
        kr_format(out, KR_EDTF_TEXT, "%04d~/%04d~", last + 1, last + 3);
    return true;
}

bool kr_date_step(const char *edtf, int step, json_t **out, struct kr_err *err)
{
    struct kr_edtf before, after;
    char text[KR_EDTF_TEXT];
    if (!kr_edtf_parse(edtf, &before, err))
        return false;
    bool one = before.form == KR_EDTF_DATE && before.from > KR_EDTF_FIRST_DAY &&
               before.to < KR_EDTF_LAST_DAY;
    bool fine = one && before.precision >= KR_EDTF_DAY    ? step_day(&before, step, text, err)
                : one && before.precision >= KR_EDTF_YEAR ? step_part(&before, step, text, err)
                                                          : step_span(&before, step, text, err);
    if (!fine || !kr_edtf_parse(text, &after, err))
        return false;
    *out = kr_json_new_object();
    kr_json_set_str(*out, "edtf", after.text);
    return true;
}
