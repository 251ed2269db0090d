// SPDX-License-Identifier: AGPL-3.0-or-later
#include "film/timeline.h"

#include "media/samples.h"
#include <math.h>

#define BREATH_S 0.4    // before and after a narration: while the picture is still fading
#define VOICE_CUT_S 0.1 // a narration ends this long before the next begins

int64_t kr_frames_of(double seconds, int fps)
{
    return llround(seconds * fps);
}

int64_t kr_sample_of_frame(int64_t frame, int fps)
{
    return frame * KR_RATE / fps;
}

int64_t kr_ms_of_frame(int64_t frame, int fps)
{
    return (frame * 1000 + fps / 2) / fps;
}

// Seconds that the shot is told (a photograph, a card) or seen (a clip).
static double length_s(const struct kr_shot *shot, const struct kr_shot_facts *facts)
{
    double voice_s = facts->narration_s > 0 ? facts->narration_s + 2 * BREATH_S : 0;
    if (!facts->is_clip) {
        if (shot->duration_s > 0)
            return shot->duration_s;
        return voice_s > 0 ? voice_s : shot->still_s;
    }
    double most = facts->clip_s;
    if (shot->duration_s > 0 && shot->duration_s < most)
        return shot->duration_s;
    if (shot->duration_s <= 0 && shot->out_s <= 0 && voice_s > 0 && voice_s < most)
        return voice_s;
    return most;
}

// The cross-fade between two shots: at most half of either.
static int64_t fade_between(int64_t wanted, int64_t a, int64_t b)
{
    int64_t most = (a < b ? a : b) / 2;
    return wanted < most ? wanted : most;
}

static void place(const struct kr_shot_facts *facts, const int64_t *length, const int64_t *fade,
                  size_t n, struct kr_timeline *out)
{
    int64_t at = 0;
    for (size_t i = 0; i < n; i++) {
        struct kr_span *span = &out->spans[i];
        int64_t in = i > 0 ? fade[i - 1] : 0, after = i + 1 < n ? fade[i] : 0;
        int64_t before = in / 2, behind = after - after / 2; // what is seen beyond the borders
        int64_t told = facts[i].is_clip ? length[i] - before - behind : length[i];
        span->start = at;
        span->end = at + (told > 0 ? told : 1);
        span->from = span->start - before;
        span->to = span->end + behind;
        span->fade_in = in;
        span->fade_out = after;
        at = span->end;
    }
    out->frames = at;
}

// Each narration runs until it ends or the next one begins.
static void place_voices(const struct kr_shot_facts *facts, struct kr_timeline *line)
{
    int64_t breath = llround(BREATH_S * KR_RATE), limit = INT64_MAX;
    for (size_t i = line->count; i-- > 0;) {
        struct kr_span *span = &line->spans[i];
        if (facts[i].narration_s <= 0)
            continue;
        span->voice_at = kr_sample_of_frame(span->start, line->fps) + breath;
        span->voice_end = span->voice_at + llround(facts[i].narration_s * KR_RATE);
        if (span->voice_end > limit) {
            span->voice_end = limit > span->voice_at ? limit : span->voice_at;
            span->voice_cut = true;
        }
        limit = span->voice_at - llround(VOICE_CUT_S * KR_RATE);
    }
}

// No voice is cut off by the film's end: the last shot waits for it.
static void wait_for_voices(struct kr_timeline *line)
{
    int64_t last = 0;
    for (size_t i = 0; i < line->count; i++)
        if (line->spans[i].voice_end > last)
            last = line->spans[i].voice_end;
    int64_t breath = llround(BREATH_S * KR_RATE);
    int64_t needed = ((last + breath) * line->fps + KR_RATE - 1) / KR_RATE;
    if (last == 0 || needed <= line->frames)
        return;
    line->frames = needed;
    line->spans[line->count - 1].end = line->spans[line->count - 1].to = needed;
}

bool kr_timeline_make(struct kr_arena *mem, const struct kr_shot_list *list,
                      const struct kr_shot_facts *facts, struct kr_timeline *out,
                      struct kr_err *err)
{
    size_t n = list->shot_count;
    int64_t *length = kr_arena_array(mem, int64_t, n), *fade = kr_arena_array(mem, int64_t, n);
    double total_s = 0;
    for (size_t i = 0; i < n; i++) {
        double seconds = length_s(&list->shots[i], &facts[i]);
        total_s += seconds;
        if (!(total_s <= KR_FILM_HOURS_MOST * 3600.0))
            return kr_fail(err, KR_E_TOO_BIG, "a film of more than %d hours", KR_FILM_HOURS_MOST);
        length[i] = kr_frames_of(seconds, list->fps);
        if (length[i] < 1)
            length[i] = 1;
    }
    for (size_t i = 0; i + 1 < n; i++)
        fade[i] = fade_between(kr_frames_of(list->fade_s, list->fps), length[i], length[i + 1]);
    struct kr_timeline line = {
        .spans = kr_arena_array(mem, struct kr_span, n), .count = n, .fps = list->fps};
    place(facts, length, fade, n, &line);
    place_voices(facts, &line);
    wait_for_voices(&line);
    *out = line;
    return true;
}
