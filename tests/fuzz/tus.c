// SPDX-License-Identifier: AGPL-3.0-or-later
// Upload-Metadata and Upload-Offset of anybody's making.
#include "web/tus.h"
#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    const char *header = kr_arena_copy(mem, data, size);
    struct kr_tus_meta meta;
    if (kr_tus_meta_parse(mem, header, &meta, NULL)) {
        assert(meta.name.n <= KR_TUS_NAME_MOST);
        assert(meta.name.n == 0 || meta.name.at[0] != '/');
        assert(meta.name.n == 0 || !memchr(meta.name.at, 0, meta.name.n));
        char date[KR_HTTP_DATE];
        kr_http_date(meta.modified_ms, date);
    }
    int status = kr_tus_patch(100, 40, header, size);
    assert(status == 0 || status == 400 || status == 409 || status == 413);
    assert(status != 0 || size <= 60);
    return 0;
}
