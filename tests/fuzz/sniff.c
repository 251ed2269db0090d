// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/sniff.h"

#include <assert.h>

// Any bytes get a kind, a type and a name.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kr_sniff is;
    kr_sniff_bytes(data, size, size, &is);
    assert(is.mime && is.ending && is.name[0]);
    assert(!is.raw || is.kind == KR_SNIFF_PHOTO);
    return 0;
}
