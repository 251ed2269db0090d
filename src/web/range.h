// SPDX-License-Identifier: AGPL-3.0-or-later
// range.h: which bytes of a file were asked for (RFC 9110 section 14).
//
// One range only: several at once, other units and what is not understood are
// answered with the whole, as the standard allows.

#pragma once
#include <stdbool.h>
#include <stdint.h>

struct kr_range {
    enum {
        KR_RANGE_WHOLE,  // 200
        KR_RANGE_PART,   // 206: `from`, `length` (at least 1)
        KR_RANGE_BEYOND, // 416: nothing of it exists
    } type;
    uint64_t from, length;
};

// `header` is the value of Range, or NULL.
struct kr_range kr_range_of(const char *header, uint64_t size);

// Whether a range may be served: there is no If-Range, or it names exactly this
// strong ETag (quotes included). A date never holds: our files have no dates.
bool kr_range_holds(const char *if_range, const char *etag);
