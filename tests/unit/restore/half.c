// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/half.h"

#include "harness.h"

TEST(a_number_comes_back_within_one_part_in_2048)
{
    for (double v = 1e-4; v < 65000; v *= 1.0173)
        for (int sign = -1; sign <= 1; sign += 2) {
            double back = kr_of_half(kr_half_of((float)(sign * v)));
            EXPECT(fabs(back - sign * v) <= v / 2048);
        }
}

TEST(every_half_but_those_next_to_nothing_comes_back_as_it_is)
{
    for (uint32_t half = 0x0400; half < 0x7c00; half++) {
        EXPECT_INT(kr_half_of(kr_of_half((uint16_t)half)), half);
        EXPECT_INT(kr_half_of(kr_of_half((uint16_t)(half | 0x8000))), half | 0x8000);
    }
}

TEST(nothing_stays_nothing_and_too_much_is_the_most)
{
    EXPECT(kr_of_half(kr_half_of(0)) == 0);
    EXPECT(kr_of_half(kr_half_of(1e-5F)) == 0);
    EXPECT(kr_of_half(kr_half_of(-1e9F)) == -65504);
    EXPECT(kr_of_half(kr_half_of(65503)) == 65504);
}

MAIN(CASE(a_number_comes_back_within_one_part_in_2048),
     CASE(every_half_but_those_next_to_nothing_comes_back_as_it_is),
     CASE(nothing_stays_nothing_and_too_much_is_the_most))
