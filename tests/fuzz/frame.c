// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/regions.h"

#include <assert.h>

// Any text is four shares of a picture or an error.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kr_arena *mem = kr_arena_create();
    struct kr_frame frame;
    struct kr_err err = {0};
    if (kr_frame_read(kr_arena_copy(mem, data, size), &frame, &err))
        assert(frame.x >= 0 && frame.y >= 0 && frame.w >= 0 && frame.h >= 0 && frame.x <= 1 &&
               frame.y <= 1 && frame.w <= 1 && frame.h <= 1);
    kr_arena_destroy(&mem);
    return 0;
}
