// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/sidecar.h"

#include <assert.h>

enum { FILES = 32 };

// The lines are the names of one folder: every pair is a media file and a note, no media
// file has two notes of one kind.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kr_arena *mem = kr_arena_create();
    struct kr_sidecar_file files[FILES];
    struct kr_sidecar_pair *pairs;
    size_t n = 0, count, line = 0;
    for (size_t i = 0; i <= size && n < FILES; i++) {
        if (i < size && data[i] != '\n')
            continue;
        const char *name = kr_arena_copy(mem, data + line, i - line);
        files[n].kind = kr_ends_with(name, ".xmp")    ? KR_SIDECAR_XMP
                        : kr_ends_with(name, ".json") ? KR_SIDECAR_TAKEOUT
                                                      : KR_SIDECAR_NONE;
        files[n++].name = (struct kr_str){name, i - line};
        line = i + 1;
    }
    kr_sidecar_match(mem, files, n, &pairs, &count);
    for (size_t i = 0; i < count; i++) {
        assert(pairs[i].media < n && pairs[i].note < n);
        assert(files[pairs[i].media].kind == KR_SIDECAR_NONE);
        for (size_t j = 0; j < i; j++)
            assert(pairs[j].media != pairs[i].media ||
                   files[pairs[j].note].kind != files[pairs[i].note].kind);
    }
    kr_arena_destroy(&mem);
    return 0;
}
