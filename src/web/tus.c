// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/tus.h"

#include "base/clock.h"
#include <string.h>

static struct kr_str trim(struct kr_str text)
{
    while (text.n && *text.at == ' ')
        text = (struct kr_str){text.at + 1, text.n - 1};
    while (text.n && text.at[text.n - 1] == ' ')
        text.n--;
    return text;
}

// "a/b.jpg" of a dropped folder is fine; what leads out of it is not.
static bool is_sane_name(struct kr_str name)
{
    if (name.n > KR_TUS_NAME_MOST || (name.n && (name.at[0] == '/' || memchr(name.at, 0, name.n))))
        return false;
    for (size_t from = 0; from < name.n;) {
        const char *slash = memchr(name.at + from, '/', name.n - from);
        size_t n = slash ? (size_t)(slash - name.at) - from : name.n - from;
        if (n == 2 && memcmp(name.at + from, "..", 2) == 0)
            return false;
        from += n + 1;
    }
    return true;
}

static bool take_pair(struct kr_arena *mem, struct kr_str pair, struct kr_tus_meta *out,
                      struct kr_err *err)
{
    const char *blank = memchr(pair.at, ' ', pair.n);
    struct kr_str key = {pair.at, blank ? (size_t)(blank - pair.at) : pair.n};
    struct kr_str coded = trim((struct kr_str){pair.at + key.n, pair.n - key.n});
    struct kr_str value = {"", 0};
    if (coded.n && !kr_base64_decode(mem, coded, &value, NULL))
        return kr_fail(err, KR_E_USAGE, "a value of Upload-Metadata is no base64");
    if (key.n == strlen("filename") && memcmp(key.at, "filename", key.n) == 0) {
        if (!is_sane_name(value))
            return kr_fail(err, KR_E_USAGE, "a file name of Upload-Metadata cannot stand");
        out->name = value;
    }
    if (key.n == strlen("lastmodified") && memcmp(key.at, "lastmodified", key.n) == 0) {
        const char *digits = kr_arena_copy(mem, value.at, value.n);
        if (!kr_parse_int(digits, INT64_MIN / 2000000, INT64_MAX / 2000000, &out->modified_ms))
            return kr_fail(err, KR_E_USAGE, "the time of Upload-Metadata is no number");
    }
    return true;
}

bool kr_tus_meta_parse(struct kr_arena *mem, const char *header, struct kr_tus_meta *out,
                       struct kr_err *err)
{
    struct kr_tus_meta meta = {{"", 0}, 0};
    for (const char *at = header ? header : ""; *at;) {
        size_t n = strcspn(at, ",");
        struct kr_str pair = trim((struct kr_str){at, n});
        if (pair.n && !take_pair(mem, pair, &meta, err))
            return false;
        at += n + (at[n] == ',');
    }
    *out = meta;
    return true;
}

int kr_tus_patch(uint64_t length, uint64_t have, const char *offset, uint64_t bytes)
{
    int64_t from;
    if (!offset || !kr_parse_int(offset, 0, INT64_MAX, &from))
        return 400;
    if ((uint64_t)from != have)
        return 409;
    if (bytes != UINT64_MAX && bytes > length - have)
        return 413;
    return 0;
}

void kr_http_date(int64_t ms, char out[static KR_HTTP_DATE])
{
    static const char *const weekdays[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int64_t seconds = ms / 1000, days = seconds / 86400, rest = seconds % 86400;
    int year, month, day;
    if (rest < 0) {
        rest += 86400;
        days--;
    }
    kr_day_of(days, &year, &month, &day);
    kr_format(out, KR_HTTP_DATE, "%s, %02d %s %04d %02d:%02d:%02d GMT",
              weekdays[(days % 7 + 7) % 7], day, months[month - 1], year % 10000,
              (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
}
