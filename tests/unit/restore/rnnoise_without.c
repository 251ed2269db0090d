// SPDX-License-Identifier: AGPL-3.0-or-later
// Built as where the package with the weights is missing.
#include "restore/rnnoise.h"

#include "harness.h"

TEST(without_weights_it_says_so)
{
    EXPECT(!kr_rnnoise_there());
}

MAIN(CASE(without_weights_it_says_so))
