// SPDX-License-Identifier: AGPL-3.0-or-later
// What the house holds, and its line of time.
#include "store/items.h"
#include "web/handlers.h"
#include "web/tell.h"

KR_HANDLER(about)
{
    struct kr_store *store;
    struct kr_totals totals;
    struct kr_buf out = {0};
    if (!kr_desk_read(request->desk, &store, err) || !kr_items_totals(store, &totals, err))
        return false;
    kr_tell_open(&out, NULL, '{');
    kr_tell_text(&out, "name", "kinreel");
    kr_tell_text(&out, "version", KR_VERSION);
    kr_tell_text(&out, "source", request->desk->house->source);
    kr_tell_text(&out, "lang", kr_lang_tag(request->lang));
    kr_tell_int(&out, "items", totals.items);
    kr_tell_int(&out, "photos", totals.photos);
    kr_tell_int(&out, "videos", totals.videos);
    kr_tell_int(&out, "sounds", totals.sounds);
    kr_tell_int(&out, "undated", totals.undated);
    kr_tell_int(&out, "bytes", totals.bytes);
    kr_tell_int(&out, "films", totals.films);
    kr_tell_int(&out, "trash", totals.trash);
    kr_tell_int(&out, "hidden", totals.hidden);
    kr_tell_close(&out, '}');
    return kr_answer_json_take(answer, 200, &out);
}

KR_HANDLER(timeline)
{
    struct kr_store *store;
    struct kr_section *sections;
    size_t n;
    int64_t total = 0;
    struct kr_buf out = {0};
    if (!kr_desk_read(request->desk, &store, err) ||
        !kr_sections(store, request->mem, &sections, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        total += sections[i].count;
    kr_tell_open(&out, NULL, '{');
    kr_tell_int(&out, "total", total);
    kr_tell_open(&out, "sections", '[');
    for (size_t i = 0; i < n; i++) {
        kr_tell_open(&out, NULL, '{');
        kr_tell_text(&out, "key", sections[i].key);
        kr_tell_int(&out, "year", sections[i].year);
        kr_tell_int(&out, "month", sections[i].month);
        kr_tell_int(&out, "count", sections[i].count);
        kr_tell_real(&out, "ratio_sum", sections[i].ratio_sum);
        kr_tell_close(&out, '}');
    }
    kr_tell_close(&out, ']');
    kr_tell_close(&out, '}');
    return kr_answer_json_take(answer, 200, &out);
}
