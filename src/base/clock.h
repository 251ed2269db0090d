// SPDX-License-Identifier: AGPL-3.0-or-later
// clock.h: the time of day and the time that passes.
#pragma once
#include "base/err.h"
#include <stdint.h>

int64_t kr_now_ms(void);       // milliseconds since 1970-01-01T00:00:00Z
int64_t kr_monotonic_ms(void); // for durations; never jumps

enum { KR_TIME_TEXT = 32 };
// RFC 3339 in UTC with milliseconds: "2026-11-22T10:00:00.123Z".
void kr_time_text(int64_t ms, char out[static KR_TIME_TEXT]);
KR_CHECK bool kr_time_parse(const char *text, int64_t *ms);

// The days since 1970-01-01 of a day in the proleptic Gregorian calendar, and
// back (Howard Hinnant, 2013, "chrono-compatible low-level date algorithms").
int64_t kr_days_of(int year, int month, int day);
void kr_day_of(int64_t days, int *year, int *month, int *day);
