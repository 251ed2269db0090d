// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/samples.h"
#include "harness.h"

TEST(new_samples_are_aligned_silence)
{
    KR_AUTO(kr_samples_destroy) struct kr_samples *sound = NULL;
    EXPECT_OK(kr_samples_create(KR_RATE, 2, 1001, &sound, &t->err));
    for (int c = 0; c < 2; c++) {
        EXPECT((uintptr_t)sound->channel[c] % 64 == 0);
        for (size_t i = 0; i < sound->n; i++)
            EXPECT(sound->channel[c][i] == 0);
    }
    sound->channel[0][1000] = 1;
    EXPECT(sound->channel[1][0] == 0);
}

TEST(too_many_are_refused)
{
    struct kr_samples *sound = NULL;
    EXPECT_FAIL(kr_samples_create(KR_RATE, 1, SIZE_MAX / 2, &sound, &t->err), KR_E_TOO_BIG);
    EXPECT(!sound);
}

MAIN(CASE(new_samples_are_aligned_silence), CASE(too_many_are_refused))
