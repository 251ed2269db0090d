// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/edtf.h"

#include <assert.h>

// Any text is a date or an error; what is a date is written so that it is read again alike.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kr_arena *mem = kr_arena_create();
    const char *text = kr_arena_copy(mem, data, size);
    struct kr_edtf date, again;
    struct kr_err err = {0};
    char section[KR_EDTF_SECTION];
    if (kr_edtf_parse(text, &date, &err)) {
        assert(date.from <= date.to);
        assert(kr_edtf_parse(date.text, &again, NULL) && kr_edtf_compare(&date, &again) == 0);
        kr_edtf_section(&date, section);
        kr_edtf_words(mem, KR_ZH, date.text);
        kr_edtf_words(mem, KR_EN, date.text);
    }
    kr_arena_destroy(&mem);
    return 0;
}
