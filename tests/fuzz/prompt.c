// SPDX-License-Identifier: AGPL-3.0-or-later
#include "care/prompt.h"

#include <assert.h>
#include <string.h>

// Any bytes are a prompt or an error; what was found stands in the prompt, and has its words.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kr_arena *mem = kr_arena_create();
    struct kr_prompt prompt;
    if (kr_prompt_lint(mem, (struct kr_str){(const char *)data, size}, &prompt, NULL)) {
        assert((prompt.finding == KR_PROMPT_FINE) == (prompt.kind == NULL));
        assert(!prompt.words || strstr(prompt.text, prompt.words));
        assert(!prompt.words || *prompt.words);
        assert(prompt.longest >= 0 && kr_is_utf8(kr_str_of(prompt.text)));
        assert(!prompt.is_long || prompt.longest > KR_PROMPT_WORDS);
    }
    kr_arena_destroy(&mem);
    return 0;
}
