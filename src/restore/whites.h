// SPDX-License-Identifier: AGPL-3.0-or-later
// whites.h: what colour the light had.
//
// Four estimators look at the same small pictures: shades of grey (Finlayson and
// Trezzi, 2004; p = 12), what is brightest in each channel (max-RGB, Land 1977, made
// robust), grey edge (van de Weijer, Gevers and Gijsenij, 2007; second order, p = 6)
// and grey pixels (after Qian et al., 2019: cells whose local contrast has no
// colour). No one of them is safe alone, and each errs on other pictures: the answer
// is their mean, in which one counts the less the further what it tells lies from the
// lights there are, daylight and lamps. Where all has one colour, as a wall or a toned
// print, it may be its own: that light is told, and not trusted.
// A tally is a plain value of some 10 KB. One thread at a time.

#pragma once
#include "restore/small.h"

enum { KR_WHITES_LEVELS = 256, KR_WHITES_GREYS = 64 };

struct kr_whites {                     // of one shot; {0} is none yet
    double shade[3], shades;           // sums of twelfth powers
    double tint[2], tints[2];          // sums of log2 red and blue against green; of squares
    double edge[3], edges;             // sums of sixth powers
    double level[3][KR_WHITES_LEVELS]; // counts of linear levels, fine in the dark
    double grey[KR_WHITES_GREYS][4];   // by colour of contrast: sums of logs, and how many
};

struct kr_white {
    double light[3]; // linear red, green, blue of the illuminant; the greatest is 1
    double cast;     // degrees from neutral
    double trust;    // [0,1] how far it can be believed; 0 where nothing can be told
    bool warm;       // it lies where lamps lie: an evening at home
};

void kr_whites_add(struct kr_whites *whites, const struct kr_small *small);
void kr_whites_judge(const struct kr_whites *whites, struct kr_white *out);

// The matrix on linear red, green, blue that takes away `part` of that light:
// von Kries in the cone space of CAT16 (Li et al., 2017). Grey keeps its luma.
void kr_whites_matrix(const double light[3], double part, double m[3][3]);
