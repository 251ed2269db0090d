// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/rank.h"

#include <assert.h>
#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

float kr_rank(float *values, size_t n, double part)
{
    assert(n > 0 && part >= 0 && part <= 1);
    size_t at = (size_t)(part * (double)n);
    qsort(values, n, sizeof *values, by_value);
    return values[at < n ? at : n - 1];
}
