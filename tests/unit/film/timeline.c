// SPDX-License-Identifier: AGPL-3.0-or-later
#include "film/timeline.h"

#include "harness.h"
#include "media/samples.h"

enum { FPS = 25, MOST = 6 };

struct scene {
    struct kr_shot shots[MOST];
    struct kr_shot_facts facts[MOST];
    struct kr_shot_list list;
    struct kr_timeline line;
};

static void add(struct scene *scene, double still_s, double clip_s, double narration_s)
{
    size_t i = scene->list.shot_count++;
    scene->list.shots = scene->shots;
    scene->list.fps = FPS;
    scene->list.fade_s = 0.8;
    scene->shots[i] = (struct kr_shot){.kind = KR_SHOT_MEDIA, .still_s = still_s};
    scene->facts[i] = (struct kr_shot_facts){clip_s > 0, clip_s, narration_s};
}

static void make(struct kr_test *t, struct scene *scene)
{
    EXPECT_OK(kr_timeline_make(t->mem, &scene->list, scene->facts, &scene->line, &t->err));
}

TEST(photographs_last_as_long_together_as_each_alone)
{
    struct scene s = {0};
    add(&s, 4, 0, 0);
    add(&s, 5, 0, 0);
    add(&s, 3, 0, 0);
    make(t, &s);
    EXPECT_INT(s.line.frames, 12 * FPS);
    EXPECT_INT(s.line.spans[1].start, 100);
    EXPECT_INT(s.line.spans[1].end, 225);
    EXPECT_INT(s.line.spans[0].from, 0);
    EXPECT_INT(s.line.spans[1].fade_in, 20);
    EXPECT_INT(s.line.spans[1].from, 90); // half the fade before the border
    EXPECT_INT(s.line.spans[0].to, 110);  // and half behind it
    EXPECT_INT(s.line.spans[2].to, 300);
}

TEST(a_clip_is_seen_exactly_as_long_as_its_part)
{
    struct scene s = {0};
    add(&s, 4, 0, 0);
    add(&s, 5, 7.52, 0);
    add(&s, 5, 6, 0);
    add(&s, 3, 0, 0);
    s.shots[2].duration_s = 2;
    make(t, &s);
    EXPECT_INT(s.line.spans[1].to - s.line.spans[1].from, 188);
    EXPECT_INT(s.line.spans[2].to - s.line.spans[2].from, 50); // a told time ends a clip earlier
    for (int i = 1; i < 4; i++) { // what is left by one fade is taken up by the next shot
        EXPECT_INT(s.line.spans[i].start, s.line.spans[i - 1].end);
        EXPECT_INT(s.line.spans[i - 1].to - s.line.spans[i].from, s.line.spans[i].fade_in);
    }
}

TEST(a_fade_takes_at_most_half_of_a_short_shot)
{
    struct scene s = {0};
    add(&s, 5, 0, 0);
    add(&s, 0.5, 0, 0);
    add(&s, 5, 0, 0);
    make(t, &s);
    EXPECT_INT(s.line.frames, 263); // 125 + 13 (half a second, rounded) + 125
    EXPECT_INT(s.line.spans[1].fade_in, 6);
    EXPECT(s.line.spans[0].to <= s.line.spans[2].from); // never three pictures at once
}

TEST(a_beat_lasts_as_long_as_its_narration_and_a_breath)
{
    struct scene s = {0};
    add(&s, 4, 0, 0);
    add(&s, 5, 0, 10);
    add(&s, 5, 30, 6);
    add(&s, 4, 0, 0);
    make(t, &s);
    EXPECT_INT(s.line.spans[1].end - s.line.spans[1].start, 270);
    EXPECT_INT(s.line.spans[1].voice_at, 4 * KR_RATE + KR_RATE * 4 / 10);
    EXPECT_INT(s.line.spans[1].voice_end - s.line.spans[1].voice_at, 10 * KR_RATE);
    EXPECT_INT(s.line.spans[2].to - s.line.spans[2].from,
               170); // the clip too, when nothing else is told
    EXPECT(!s.line.spans[1].voice_cut);
}

TEST(a_narration_runs_on_until_the_next_and_the_end_waits_for_it)
{
    struct scene s = {0};
    add(&s, 4, 0, 12);
    add(&s, 4, 0, 0);
    add(&s, 4, 0, 9);
    s.shots[0].duration_s = 3;
    s.shots[2].duration_s = 3;
    make(t, &s);
    EXPECT_INT(s.line.spans[0].end, 75); // told otherwise
    EXPECT(s.line.spans[0].voice_cut);   // the third beat's voice begins at 7.4 s
    EXPECT(s.line.spans[0].voice_end < s.line.spans[2].voice_at);
    EXPECT(!s.line.spans[2].voice_cut);
    EXPECT_INT(s.line.spans[2].voice_end, KR_RATE * 164 / 10);
    EXPECT_INT(s.line.frames, 420); // 16.8 s: the voice and a breath
    EXPECT_INT(s.line.spans[2].end, 420);
}

TEST(a_film_without_end_is_refused)
{
    struct scene s = {0};
    for (int i = 0; i < MOST; i++)
        add(&s, 5, 0, 3000);
    EXPECT_FAIL(kr_timeline_make(t->mem, &s.list, s.facts, &s.line, &t->err), KR_E_TOO_BIG);
}

MAIN(CASE(photographs_last_as_long_together_as_each_alone),
     CASE(a_clip_is_seen_exactly_as_long_as_its_part),
     CASE(a_fade_takes_at_most_half_of_a_short_shot),
     CASE(a_beat_lasts_as_long_as_its_narration_and_a_breath),
     CASE(a_narration_runs_on_until_the_next_and_the_end_waits_for_it),
     CASE(a_film_without_end_is_refused))
