// SPDX-License-Identifier: AGPL-3.0-or-later
// dateshift.h: a date moved: by hours because the camera's clock was wrong, or a little
// earlier or later because somebody remembers it so.
//
// Pure; any thread. The time on the clock (`wall`) moves along and stays; its distance
// from UTC does not change. What is vaguer than a day cannot be moved by hours.

#pragma once
#include "base/json.h"

enum { KR_SHIFT_DAYS_MOST = 40000 };

// "+8h", "-1d", "1 day 2 hours 30 min", "-3小时", "2天": seconds, of which a sign holds for
// the whole. KR_E_INVALID with a sentence for anything else, and for nothing at all.
KR_CHECK bool kr_shift_parse(const char *text, int64_t *seconds, struct kr_err *err);

// The value of a `date` claim, moved: {"edtf","wall","offset","shift"}; *out is the caller's.
// KR_E_INVALID where the date is too vague to be moved so.
KR_CHECK bool kr_date_shift(const json_t *date, int64_t seconds, json_t **out, struct kr_err *err);

// A little earlier (`step` below 0) or later than `edtf`: the day, month, season or year before
// or after, as an approximate one; of a decade the end of that before, the beginning of the next.
KR_CHECK bool kr_date_step(const char *edtf, int step, json_t **out, struct kr_err *err);
