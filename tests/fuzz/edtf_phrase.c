// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/edtf.h"

#include <assert.h>

// Any text is understood as a date or refused with a sentence.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kr_arena *mem = kr_arena_create();
    struct kr_edtf date;
    struct kr_err err = {0};
    if (kr_edtf_from_phrase(kr_arena_copy(mem, data, size), &date, &err))
        assert(date.from <= date.to && date.text[0]);
    else
        assert(err.code == KR_E_INVALID && err.text[0]);
    kr_arena_destroy(&mem);
    return 0;
}
