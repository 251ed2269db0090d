// SPDX-License-Identifier: AGPL-3.0-or-later
// rank.h: the value that so many others lie below.
// Threads: pure.

#pragma once
#include <stddef.h>

// Sorts the n >= 1 values; the one at `part` [0,1] of them: 0.5 is the median, the upper of two.
float kr_rank(float *values, size_t n, double part);
