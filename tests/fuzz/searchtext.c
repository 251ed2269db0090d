// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/searchtext.h"

#include <assert.h>

// Any bytes become tokens of valid UTF-8, no larger than a few times themselves.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kr_arena *mem = kr_arena_create();
    const char *text = kr_arena_copy(mem, data, size);
    const struct kr_search_field field = {text, KR_TOKEN_PERSON, true};
    const char *tokens = kr_search_text(mem, &field, 1);
    const char *sounds[8];
    assert(kr_is_utf8(kr_str_of(tokens)));
    assert(kr_search_sounds(mem, "", text, sounds, 8) <= 8);
    kr_arena_destroy(&mem);
    return 0;
}
