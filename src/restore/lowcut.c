// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/lowcut.h"

#include <math.h>

static const double unit = 1 << 30;

static int64_t average(struct kr_lowcut *l, int stage, int64_t v)
{
    int64_t *old = &l->past[stage][l->at[stage]];
    l->sum[stage] += v - *old;
    *old = v;
    l->at[stage] = l->at[stage] + 1 < KR_LOWCUT_SPAN ? l->at[stage] + 1 : 0;
    return l->sum[stage] / KR_LOWCUT_SPAN;
}

void kr_lowcut(struct kr_lowcut *l, float *samples, size_t n, double *below)
{
    double energy = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t v = (int64_t)((double)samples[i] * unit);
        for (int stage = 0; stage < 3; stage++)
            v = average(l, stage, v);
        float low = (float)((double)v / unit), now = l->held[l->held_at];
        l->held[l->held_at] = samples[i];
        l->held_at = l->held_at + 1 < KR_LOWCUT_DELAY ? l->held_at + 1 : 0;
        samples[i] = now - low;
        energy += (double)low * (double)low;
    }
    if (below)
        *below += energy;
}
