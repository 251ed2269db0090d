// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/sidecar.h"

#include <assert.h>

// Any bytes are a note, whose claims are an object, or KR_E_INVALID or KR_E_TOO_BIG.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_json_drop) json_t *claims = NULL;
    struct kr_err err = {0};
    if (kr_takeout_parse(mem, (struct kr_str){(const char *)data, size}, &claims, &err))
        assert(json_is_object(claims) && kr_json_text(mem, claims));
    else
        assert(!claims && (err.code == KR_E_INVALID || err.code == KR_E_TOO_BIG));
    kr_arena_destroy(&mem);
    return 0;
}
