// SPDX-License-Identifier: AGPL-3.0-or-later
// Two who speak in turn, one of them far from the microphone.
#include "restore/leveller.h"

#include "harness.h"
#include "media/samples.h"
#include <math.h>

enum { N = 600 }; // tenths: a minute

// Syllables of that level in dB over a noise at -60, from one tenth to another.
static void speak(float *loud, int from, int to, double level_db)
{
    for (int i = from; i < to; i++)
        if (i % 5 < 4)
            loud[i] = (float)pow(10, (level_db + 3 * sin(i * 2.1)) / 10);
}

static float *quiet(void)
{
    float *loud = kr_new_array(float, N);
    for (int i = 0; i < N; i++)
        loud[i] = (float)pow(10, (-60 + sin(i * 1.7)) / 10);
    return loud;
}

static double db(float gain)
{
    return 20 * log10((double)gain);
}

TEST(a_soft_voice_comes_nearer_to_a_loud_one)
{
    float *loud = quiet(), gain[N];
    speak(loud, 0, 300, -20);
    speak(loud, 350, 550, -34);
    EXPECT(kr_leveller_gains(loud, N, 6, gain));
    EXPECT_NEAR(db(gain[150]), 0, 0.2); // the usual voice stays
    EXPECT(db(gain[450]) > 4 && db(gain[450]) <= 6.01);
    for (int i = 1; i < N; i++) // slowly
        EXPECT(fabs(db(gain[i]) - db(gain[i - 1])) < 0.5);
    EXPECT_NEAR(db(gain[590]), 0, 0.01); // nobody speaks: nothing is lifted
    EXPECT(kr_leveller_gains(loud, N, 2, gain));
    EXPECT_NEAR(db(gain[450]), 2, 0.01);
    kr_free(&loud);
}

TEST(one_voice_alone_stays_as_it_is)
{
    float *loud = quiet(), gain[N];
    speak(loud, 0, 200, -20);
    speak(loud, 220, 400, -23);
    speak(loud, 430, 600, -18);
    EXPECT(!kr_leveller_gains(loud, N, 6, gain));
    for (int i = 0; i < N; i++)
        EXPECT(gain[i] == 1);
    kr_free(&loud);
}

TEST(nothing_and_silence_are_no_voices)
{
    float loud[N] = {0}, gain[N];
    EXPECT(!kr_leveller_gains(loud, 0, 6, gain));
    EXPECT(!kr_leveller_gains(loud, 1, 6, gain));
    EXPECT(!kr_leveller_gains(loud, N, 6, gain));
    EXPECT(gain[0] == 1 && gain[N - 1] == 1);
}

TEST(gains_are_played_where_they_belong)
{
    enum { LONG = KR_RATE / 2, TENTH = KR_RATE / 10 };
    const float gain[] = {1, 1, 3, 3, 3};
    float *wave = kr_new_array(float, LONG);
    for (int i = 0; i < LONG; i++)
        wave[i] = 1;
    for (int at = 0; at < LONG; at += 1000) // as from 100 samples before the clip
        kr_leveller_play(gain, 5, at - 100, 1, (float *const[]){wave + at}, 1000);
    EXPECT_NEAR((double)wave[0], 1, 1e-6);
    EXPECT_NEAR((double)wave[100 + TENTH * 3 / 2], 1, 1e-6);
    EXPECT_NEAR((double)wave[100 + TENTH * 2], 2, 1e-3);
    EXPECT_NEAR((double)wave[100 + TENTH * 5 / 2], 3, 1e-6);
    EXPECT_NEAR((double)wave[LONG - 1], 3, 1e-6);
    kr_free(&wave);
}

MAIN(CASE(a_soft_voice_comes_nearer_to_a_loud_one), CASE(one_voice_alone_stays_as_it_is),
     CASE(nothing_and_silence_are_no_voices), CASE(gains_are_played_where_they_belong))
