// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/clock.h"

#include "base/text.h"
#include <stdio.h>
#include <time.h>

static int64_t read_clock(clockid_t which)
{
    struct timespec now;
    clock_gettime(which, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t kr_now_ms(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t kr_monotonic_ms(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

// Years are counted from March, so that the leap day is the last of its year.
int64_t kr_days_of(int year, int month, int day)
{
    int64_t y = month <= 2 ? (int64_t)year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void kr_day_of(int64_t days, int *year, int *month, int *day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march = (5 * day_of_year + 2) / 153;
    *day = (int)(day_of_year - (153 * march + 2) / 5 + 1);
    *month = (int)(march < 10 ? march + 3 : march - 9);
    *year = (int)(year_of_era + era * 400 + (*month <= 2));
}

void kr_time_text(int64_t ms, char out[static KR_TIME_TEXT])
{
    int64_t days = ms >= 0 ? ms / 86400000 : -((86399999 - ms) / 86400000);
    int rest = (int)(ms - days * 86400000);
    int year, month, day;
    kr_day_of(days, &year, &month, &day);
    kr_format(out, KR_TIME_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", year % 10000, month, day,
              rest / 3600000, rest / 60000 % 60, rest / 1000 % 60, rest % 1000);
}

bool kr_time_parse(const char *text, int64_t *ms)
{
    int year, month, day, hour, minute, second, milli = 0, used = 0;
    if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d%n", &year, &month, &day, &hour, &minute, &second,
               &used) != 6)
        return false;
    if (text[used] == '.') {
        int more = 0;
        if (sscanf(text + used, ".%3d%n", &milli, &more) != 1 || more != 4)
            return false;
        used += more;
    }
    bool sane = month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24 && minute < 60 &&
                second <= 60 && hour >= 0 && minute >= 0 && second >= 0;
    if (!sane || text[used] != 'Z' || text[used + 1] != '\0')
        return false;
    *ms =
        ((kr_days_of(year, month, day) * 24 + hour) * 60 + minute) * 60000 + second * 1000 + milli;
    return true;
}
