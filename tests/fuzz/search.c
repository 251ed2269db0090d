// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/search.h"

#include <assert.h>

// Whatever is asked: the expression is phrases in double quotes, and between them only
// our own words and signs.
static void check_match(const char *match)
{
    bool inside = false;
    int depth = 0;
    for (const char *at = match; *at; at++) {
        if (*at == '"') {
            inside = !inside;
        } else if (!inside) {
            depth += *at == '(' ? 1 : *at == ')' ? -1 : 0;
            assert(depth >= 0 && strchr(" *()ANDORT", *at));
        }
    }
    assert(!inside && depth == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kr_arena *mem = kr_arena_create();
    struct kr_search search;
    kr_search_parse(mem, kr_arena_copy(mem, data, size), &search);
    check_match(search.match);
    kr_arena_destroy(&mem);
    return 0;
}
