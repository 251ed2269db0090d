// SPDX-License-Identifier: AGPL-3.0-or-later
// lowcut.h: rumble and offset taken out, without bending the voice.
//
// What three moving averages in a row leave (a sinc cubed, null at 100 Hz) is
// taken from the signal: -3 dB at about 50 Hz, nothing above 90 Hz, and every
// tone keeps its phase, which a recursive high-pass would turn by 40 degrees at
// a man's voice. Sums are whole numbers: silence gives silence.

#pragma once
#include "base/mem.h"

enum { KR_LOWCUT_SPAN = 481, KR_LOWCUT_DELAY = 3 * (KR_LOWCUT_SPAN / 2) };

struct kr_lowcut { // one channel; init to {0}
    int64_t past[3][KR_LOWCUT_SPAN], sum[3];
    float held[KR_LOWCUT_DELAY];
    size_t at[3], held_at;
};

// n samples in place, KR_LOWCUT_DELAY late. *below (may be NULL) grows by the
// energy of what was taken out.
void kr_lowcut(struct kr_lowcut *lowcut, float *samples, size_t n, double *below);
