// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/url.h"

#include <string.h>

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// Decodes %XX, and '+' to a blank in a query. Anything that is not plain text is refused.
static bool decode(struct kr_arena *mem, struct kr_str raw, bool query, const char **out,
                   struct kr_err *err)
{
    char *text = kr_arena_alloc(mem, raw.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i++) {
        char c = raw.at[i];
        if (c == '%') {
            int high = i + 2 < raw.n ? digit(raw.at[i + 1]) : -1;
            int low = i + 2 < raw.n ? digit(raw.at[i + 2]) : -1;
            if (high < 0 || low < 0)
                return kr_fail(err, KR_E_USAGE, "a broken escape in the address");
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && query) {
            c = ' ';
        }
        if ((unsigned char)c < 0x20 || c == 0x7f)
            return kr_fail(err, KR_E_USAGE, "a control character in the address");
        text[n++] = c;
    }
    if (!kr_is_utf8((struct kr_str){text, n}))
        return kr_fail(err, KR_E_USAGE, "the address is not UTF-8");
    *out = kr_text_in(mem, (struct kr_str){text, n});
    return true;
}

// The piece before `end` (or all of it); the rest stays in *rest.
static struct kr_str piece(struct kr_str *rest, char end)
{
    const char *found = rest->n ? memchr(rest->at, end, rest->n) : NULL;
    size_t n = found ? (size_t)(found - rest->at) : rest->n;
    struct kr_str head = {rest->at, n};
    size_t gone = found ? n + 1 : n;
    *rest = (struct kr_str){rest->at + gone, rest->n - gone};
    return head;
}

static bool parse_path(struct kr_arena *mem, struct kr_str path, struct kr_url *out,
                       struct kr_err *err)
{
    if (path.n < 1 || path.at[0] != '/')
        return kr_fail(err, KR_E_USAGE, "the address does not start with '/'");
    for (struct kr_str rest = {path.at + 1, path.n - 1}; rest.n > 0;) {
        struct kr_str raw = piece(&rest, '/');
        const char *segment;
        if (out->segment_count == KR_URL_SEGMENTS)
            return kr_fail(err, KR_E_USAGE, "the address is too deep");
        if (!decode(mem, raw, false, &segment, err))
            return false;
        if (!*segment || strcmp(segment, ".") == 0 || strcmp(segment, "..") == 0)
            return kr_fail(err, KR_E_USAGE, "an empty step or a dotted one in the address");
        out->segments[out->segment_count++] = segment;
    }
    return true;
}

static bool parse_query(struct kr_arena *mem, struct kr_str query, struct kr_url *out,
                        struct kr_err *err)
{
    while (query.n > 0) {
        struct kr_str value = piece(&query, '&');
        if (value.n == 0)
            continue;
        struct kr_str name = piece(&value, '=');
        if (out->query_count == KR_URL_PAIRS)
            return kr_fail(err, KR_E_USAGE, "too many fields in the address");
        struct kr_pair *pair = &out->query[out->query_count];
        if (!decode(mem, name, true, &pair->name, err) ||
            !decode(mem, value, true, &pair->value, err))
            return false;
        out->query_count++;
    }
    return true;
}

bool kr_url_parse(struct kr_arena *mem, struct kr_str target, struct kr_url *out,
                  struct kr_err *err)
{
    struct kr_url url = {0};
    if (target.n > KR_URL_MOST)
        return kr_fail(err, KR_E_USAGE, "the address has %zu bytes", target.n);
    if (target.n && memchr(target.at, '#', target.n))
        return kr_fail(err, KR_E_USAGE, "a fragment in the address");
    struct kr_str path = piece(&target, '?');
    if (!parse_path(mem, path, &url, err) || !parse_query(mem, target, &url, err))
        return false;
    *out = url;
    return true;
}

const char *kr_url_value(const struct kr_url *url, const char *name)
{
    for (size_t i = 0; i < url->query_count; i++)
        if (strcmp(url->query[i].name, name) == 0)
            return url->query[i].value;
    return "";
}
