// SPDX-License-Identifier: AGPL-3.0-or-later
// Movie fragments of anybody's making leave an index that is whole.
#include "media/mp4_index_priv.h"
#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kr_mp4_index index = {0};
    const struct kr_str moof = {(const char *)data, size};
    for (int i = 0; i < 2; i++)
        if (!kr_mp4_index_take(&index, moof, 1000, NULL))
            break;
    for (size_t i = 0; i < index.count; i++)
        assert(index.track[i].size.n == index.track[i].count * sizeof(uint32_t));
    kr_mp4_index_finish(&index);
    return 0;
}
