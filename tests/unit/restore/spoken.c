// SPDX-License-Identifier: AGPL-3.0-or-later
// Whoever speaks is told from what a net takes for a voice for a moment.
#include "restore/spoken.h"

#include "harness.h"
#include <math.h>

enum { STEP = KR_RATE / 200 };

// `s` seconds in which a voice is likely for `held` of every `round` seconds.
static void hear(struct kr_spoken *spoken, double s, double held, double round)
{
    for (int i = 0; i < (int)(s * KR_RATE) / STEP; i++) {
        double now = fmod((double)i * STEP / KR_RATE, round);
        kr_spoken_add(spoken, now < held ? 0.97f : 0.3f, STEP);
    }
}

static float at(const struct kr_spoken *spoken, double s)
{
    return kr_spoken_at(spoken, (uint64_t)(s * KR_RATE));
}

TEST(who_says_one_word_after_the_other_speaks_all_the_time)
{
    KR_AUTO(kr_spoken_destroy) struct kr_spoken *spoken = kr_spoken_create();
    hear(spoken, 12, 0.4, 1);
    EXPECT(kr_spoken_anywhere(spoken) && kr_spoken_everywhere(spoken));
    for (double s = 0; s < 12; s += 0.1)
        EXPECT(at(spoken, s) > 0.99f);
}

TEST(strokes_and_bursts_of_laughter_are_nobody_who_speaks)
{
    KR_AUTO(kr_spoken_destroy) struct kr_spoken *spoken = kr_spoken_create();
    hear(spoken, 12, 0.14, 0.22);
    EXPECT(!kr_spoken_anywhere(spoken) && !kr_spoken_everywhere(spoken));
    EXPECT(at(spoken, 6) < 0.01f);
}

TEST(one_sentence_is_found_in_its_place)
{
    KR_AUTO(kr_spoken_destroy) struct kr_spoken *spoken = kr_spoken_create();
    hear(spoken, 20, 0, 1);
    hear(spoken, 3, 0.5, 0.8);
    hear(spoken, 20, 0.1, 0.5);
    EXPECT(kr_spoken_anywhere(spoken) && !kr_spoken_everywhere(spoken));
    for (double s = 20; s < 23; s += 0.1)
        EXPECT(at(spoken, s) > 0.99f);
    EXPECT(at(spoken, 14) < 0.01f && at(spoken, 30) < 0.01f);
    for (double s = 0; s < 42; s += 0.01) // from nobody to somebody in half a second, not at once
        EXPECT(fabsf(at(spoken, s + 0.01) - at(spoken, s)) < 0.03f);
}

TEST(a_clip_of_two_seconds_is_judged_by_these)
{
    KR_AUTO(kr_spoken_destroy) struct kr_spoken *spoken = kr_spoken_create();
    hear(spoken, 2, 0.5, 1);
    EXPECT(at(spoken, 1) > 0.99f && at(spoken, 900) > 0.99f); // beyond the end, as at the end
}

TEST(nothing_heard_is_nobody)
{
    KR_AUTO(kr_spoken_destroy) struct kr_spoken *spoken = kr_spoken_create();
    EXPECT(!kr_spoken_anywhere(spoken) && at(spoken, 0) < 0.01f);
}

MAIN(CASE(who_says_one_word_after_the_other_speaks_all_the_time),
     CASE(strokes_and_bursts_of_laughter_are_nobody_who_speaks),
     CASE(one_sentence_is_found_in_its_place), CASE(a_clip_of_two_seconds_is_judged_by_these),
     CASE(nothing_heard_is_nobody))
