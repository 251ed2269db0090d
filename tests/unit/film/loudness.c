// SPDX-License-Identifier: AGPL-3.0-or-later
#include "film/loudness.h"

#include "harness.h"
#include <math.h>

// Seconds of a sine in both channels.
static void play(struct kr_loudness *meter, double hz, double dbfs, double seconds)
{
    double amplitude = pow(10, dbfs / 20);
    for (int64_t i = 0; i < (int64_t)(seconds * KR_RATE); i++) {
        float x = (float)(amplitude * sin(2 * M_PI * hz * (double)i / KR_RATE));
        kr_loudness_add(meter, &x, &x, 1);
    }
}

// EBU Tech 3341, cases 1 to 3: what a meter must read, within 0.1 LU.
TEST(the_meter_reads_what_the_standard_says)
{
    (void)t;
    KR_AUTO(kr_loudness_destroy) struct kr_loudness *one = kr_loudness_create();
    play(one, 1000, -23, 20);
    EXPECT_NEAR(kr_loudness_integrated(one), -23, 0.1);
    KR_AUTO(kr_loudness_destroy) struct kr_loudness *two = kr_loudness_create();
    play(two, 1000, -33, 20);
    EXPECT_NEAR(kr_loudness_integrated(two), -33, 0.1);
    KR_AUTO(kr_loudness_destroy) struct kr_loudness *three = kr_loudness_create();
    play(three, 1000, -36, 10);
    play(three, 1000, -23, 60);
    play(three, 1000, -36, 10);
    EXPECT_NEAR(kr_loudness_integrated(three), -23, 0.1); // pauses do not count
}

TEST(silence_is_told_as_silence)
{
    (void)t;
    KR_AUTO(kr_loudness_destroy) struct kr_loudness *meter = kr_loudness_create();
    EXPECT(kr_loudness_integrated(meter) == KR_LUFS_SILENCE);
    play(meter, 1000, -120, 2);
    EXPECT(kr_loudness_integrated(meter) == KR_LUFS_SILENCE);
    int64_t count;
    EXPECT(kr_loudness_tenth(meter, &count) < -100);
    EXPECT_INT(count, 20);
}

// A quarter of the rate, 45 degrees on: no sample is higher than 0.707 of the wave.
TEST(a_peak_between_samples_is_seen)
{
    (void)t;
    KR_AUTO(kr_loudness_destroy) struct kr_loudness *meter = kr_loudness_create();
    for (int i = 0; i < KR_RATE; i++) {
        float x = (float)(0.5 * sin(M_PI / 2 * i + M_PI / 4));
        kr_loudness_add(meter, &x, &x, 1);
    }
    EXPECT_NEAR(kr_loudness_peak(meter), -6.02, 0.3);
}

MAIN(CASE(the_meter_reads_what_the_standard_says), CASE(silence_is_told_as_silence),
     CASE(a_peak_between_samples_is_seen))
