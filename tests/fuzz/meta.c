// SPDX-License-Identifier: AGPL-3.0-or-later
// Metadata that strangers wrote: dates, Apple's note, motion photos, side-cars.
// The first byte chooses which.
#include "media/meta_priv.h"
#include "media/start.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kr_err err = {0};
    if (size < 2 || size > 1 << 16 || !kr_media_start(&err))
        return 0;
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_json_drop) json_t *out = kr_json_new_object();
    KR_AUTO(kr_json_drop) json_t *side_car = NULL;
    struct kr_meta meta = {mem, out, 1 + data[0] % 8};
    struct kr_str rest = {(const char *)data + 1, size - 1};
    const char *text = kr_arena_copy(mem, rest.at, rest.n);
    switch (data[0] % 4) {
    case 0:
        kr_meta_date(&meta, "exif", "DateTime", text, text + rest.n / 2, text + rest.n / 3);
        break;
    case 1:
        kr_meta_apple(&meta, rest);
        break;
    case 2:
        kr_meta_motion(&meta, NULL, rest);
        break;
    default:
        if (kr_meta_of_sidecar(rest, &side_car, &err) && !json_is_object(side_car))
            abort();
    }
    return 0;
}
