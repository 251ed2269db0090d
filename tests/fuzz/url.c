// SPDX-License-Identifier: AGPL-3.0-or-later
// A request target of anybody's making becomes sane text or nothing.
#include "web/url.h"
#include <assert.h>
#include <string.h>

static void check(const char *text)
{
    assert(kr_is_utf8(kr_str_of(text)));
    for (const char *c = text; *c; c++)
        assert((unsigned char)*c >= 0x20 && *c != 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_url url;
    if (!kr_url_parse(mem, (struct kr_str){(const char *)data, size}, &url, NULL))
        return 0;
    assert(url.segment_count <= KR_URL_SEGMENTS && url.query_count <= KR_URL_PAIRS);
    for (size_t i = 0; i < url.segment_count; i++) {
        check(url.segments[i]);
        assert(*url.segments[i] && strcmp(url.segments[i], "..") != 0);
    }
    for (size_t i = 0; i < url.query_count; i++) {
        check(url.query[i].name);
        check(url.query[i].value);
    }
    return 0;
}
