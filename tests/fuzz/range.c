// SPDX-License-Identifier: AGPL-3.0-or-later
// A Range header of anybody's making never leads outside the file.
#include "web/range.h"
#include "base/mem.h"
#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t length = 0;
    if (size < sizeof length)
        return 0;
    memcpy(&length, data, sizeof length);
    KR_AUTO(kr_free_at) char *header = kr_alloc(size - sizeof length + 1);
    memcpy(header, data + sizeof length, size - sizeof length);
    struct kr_range range = kr_range_of(header, length);
    if (range.type == KR_RANGE_PART)
        assert(range.length > 0 && range.from < length && range.length <= length - range.from);
    if (range.type == KR_RANGE_WHOLE)
        assert(range.from == 0 && range.length == length);
    (void)kr_range_holds(header, "\"a\"");
    return 0;
}
