// SPDX-License-Identifier: AGPL-3.0-or-later
// A stranger's story file: whatever it says, it is read or refused, and what
// was read becomes a shot list.
#include "story/shots.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_shots_finish) struct kr_shots shots = {0};
    struct kr_story story;
    struct kr_err err = {0};
    if (!kr_story_parse(mem, (struct kr_str){(const char *)data, size}, &story, &err)) {
        assert(err.code != KR_OK && err.text[0]);
        return 0;
    }
    bool made = kr_shots_make(mem, &story, &KR_SHOTS_DEFAULTS, &shots, &err);
    assert(made && kr_json_text(mem, shots.list));
    (void)made;
    return 0;
}
