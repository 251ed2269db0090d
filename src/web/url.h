// SPDX-License-Identifier: AGPL-3.0-or-later
// url.h: the target of a request, taken apart (RFC 3986, RFC 9112 section 3.2.1).
//
// Only the origin form is known: "/a/b?x=1". Each segment is decoded on its
// own, so that "%2F" stays inside its segment and never makes a new one. What
// could lead astray (".", "..", empty segments, zero bytes, control characters,
// broken escapes, bytes that are no UTF-8) is refused, never mended.

#pragma once
#include "base/text.h"

enum { KR_URL_MOST = 8192, KR_URL_SEGMENTS = 12, KR_URL_PAIRS = 32 };

struct kr_pair {
    const char *name, *value; // inside text
};

struct kr_url {
    const char *segments[KR_URL_SEGMENTS]; // of "/" there are none
    size_t segment_count;
    struct kr_pair query[KR_URL_PAIRS];
    size_t query_count;
};

// KR_E_USAGE for a target that is not understood. Text lives in the arena.
KR_CHECK bool kr_url_parse(struct kr_arena *mem, struct kr_str target, struct kr_url *out,
                           struct kr_err *err);

// The value of the first pair of that name; "" where there is none.
const char *kr_url_value(const struct kr_url *url, const char *name);
