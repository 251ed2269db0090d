// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/namedate.h"

#include <assert.h>

// Any name says nothing, or a date that can be.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kr_str name = {(const char *)data, size};
    struct kr_namedate said;
    if (kr_namedate_of_file(name, 480, &said))
        assert(said.date.text[0] && said.certain > 0 && said.source[0]);
    if (kr_namedate_of_folder(name, &said))
        assert(!said.saved && !said.scan);
    return 0;
}
