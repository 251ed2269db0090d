// SPDX-License-Identifier: AGPL-3.0-or-later
// Anybody's pack of era cards: whatever it says, each card loads whole or is refused with a reason.
#include "archive/era.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    const struct kr_era_query query = {.q = "b", .pack = "", .from = 1};
    const struct kr_era_card **found;
    struct kr_era era;
    if (!kr_era_parse(mem, "fuzz", (struct kr_str){(const char *)data, size}, &era, NULL))
        return 0;
    for (size_t i = 0; i < era.refusal_count; i++)
        assert(era.refusals[i].why[0]);
    for (size_t i = 0; i < era.count; i++) {
        KR_AUTO(kr_json_drop) json_t *told = kr_era_new_json(mem, KR_ZH, &era.cards[i]);
        assert(strncmp(era.cards[i].id, "fuzz.", 5) == 0 && era.cards[i].source_count > 0);
        assert(*era.cards[i].licence && era.cards[i].date.from <= era.cards[i].date.to);
        assert(!strchr(era.cards[i].media, '/') && kr_json_text(mem, told));
    }
    size_t n = kr_era_find(mem, &era, &query, &found);
    assert(n <= era.count);
    (void)n;
    return 0;
}
