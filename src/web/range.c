// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/range.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

// Digits from *at on; false without any. Past 2^64 it stays at the largest number.
static bool number(const char **at, uint64_t *out)
{
    const char *start = *at;
    uint64_t value = 0;
    for (; **at >= '0' && **at <= '9'; ++*at) {
        uint64_t ones = (uint64_t)(**at - '0');
        value = value > (UINT64_MAX - ones) / 10 ? UINT64_MAX : value * 10 + ones;
    }
    *out = value;
    return *at != start;
}

static void skip_blanks(const char **at)
{
    while (**at == ' ' || **at == '\t')
        ++*at;
}

static struct kr_range part(uint64_t from, uint64_t last, uint64_t size)
{
    if (from >= size)
        return (struct kr_range){KR_RANGE_BEYOND, 0, 0};
    if (last >= size)
        last = size - 1;
    return (struct kr_range){KR_RANGE_PART, from, last - from + 1};
}

struct kr_range kr_range_of(const char *header, uint64_t size)
{
    const struct kr_range whole = {KR_RANGE_WHOLE, 0, size};
    uint64_t first = 0, last = UINT64_MAX;
    if (!header || strncasecmp(header, "bytes=", 6) != 0)
        return whole;
    const char *at = header + 6;
    skip_blanks(&at);
    bool has_first = number(&at, &first);
    if (*at++ != '-')
        return whole;
    bool has_last = number(&at, &last);
    skip_blanks(&at);
    if (*at || (!has_first && !has_last) || (has_first && has_last && last < first))
        return whole;
    if (has_first)
        return part(first, has_last ? last : UINT64_MAX, size);
    if (last == 0 || size == 0) // the last nothing of it
        return (struct kr_range){KR_RANGE_BEYOND, 0, 0};
    return part(last < size ? size - last : 0, size - 1, size);
}

bool kr_range_holds(const char *if_range, const char *etag)
{
    return !if_range || (etag && if_range[0] == '"' && strcmp(if_range, etag) == 0);
}
