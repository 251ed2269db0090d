// SPDX-License-Identifier: AGPL-3.0-or-later
// A hostile shot list behind the wall: it is refused, or its times and words come out sound.
#include "film/vtt.h"

#include <assert.h>

// As if some of the media were clips and some beats had voices.
static struct kr_shot_facts *facts_of(struct kr_arena *mem, const struct kr_shot_list *list)
{
    struct kr_shot_facts *facts = kr_arena_array(mem, struct kr_shot_facts, list->shot_count);
    for (size_t i = 0; i < list->shot_count; i++) {
        facts[i].is_clip = list->shots[i].media == 1;
        facts[i].clip_s = facts[i].is_clip ? 7.3 : 0;
        facts[i].narration_s = list->shots[i].narration >= 0 ? 2.9 : 0;
    }
    return facts;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_json_drop) json_t *json = NULL;
    KR_AUTO(kr_buf_finish) struct kr_buf vtt = {0};
    struct kr_shot_list list;
    struct kr_timeline line;
    struct kr_cues cues;
    struct kr_err err = {0};
    if (!kr_json_parse((struct kr_str){(const char *)data, size}, 1 << 20, &json, &err) ||
        !kr_shot_list_read(mem, json, 3, &list, &err) ||
        !kr_timeline_make(mem, &list, facts_of(mem, &list), &line, &err))
        return 0;
    for (size_t i = 0; i < line.count; i++) {
        const struct kr_span *span = &line.spans[i];
        assert(span->from <= span->start && span->start < span->end && span->end <= span->to);
        assert(i < 2 || line.spans[i - 2].to <= span->from); // never three at once
        assert(span->to <= line.frames && span->voice_at <= span->voice_end);
    }
    if (!kr_cues_make(mem, &list, &line, &cues, &err))
        return 0;
    kr_vtt_make(&cues, list.fps, &vtt);
    assert(kr_is_utf8((struct kr_str){vtt.at, vtt.n}));
    return 0;
}
