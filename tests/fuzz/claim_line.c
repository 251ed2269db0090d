// SPDX-License-Identifier: AGPL-3.0-or-later
// Lines of claims/*.jsonl, as a damaged disk or a stranger may write them.
#include "store/mirror.h"
#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_claim claim, again;
    bool forgotten;
    struct kr_str line = {(const char *)data, size};
    if (!kr_claim_of_line(mem, line, &claim, &forgotten, NULL) || forgotten)
        return 0;
    // What was understood is written so that it is understood again, the same.
    const char *text = kr_claim_line(mem, &claim);
    bool understood = kr_claim_of_line(mem, kr_str_of(text), &again, &forgotten, NULL);
    assert(understood && !forgotten && claim.seq == again.seq && claim.at_ms == again.at_ms);
    assert(strcmp(text, kr_claim_line(mem, &again)) == 0);
    return 0;
}
