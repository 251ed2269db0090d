// SPDX-License-Identifier: AGPL-3.0-or-later
// guided.h: a smooth picture that keeps its edges.
//
// The guided filter of He, Sun and Tang (2010), guided by the picture itself:
// in every square of 2 radius + 1 the picture is taken as a straight line of
// itself, flat where its variance is far below `flat`, unchanged where it is far
// above. Meant for small pictures (He and Sun, 2015): light changes slowly, so
// the caller filters a reduced picture and spreads the result. The cost does
// not grow with the radius.
// Threads: pure.

#pragma once
#include <stddef.h>

// How many floats the filter needs for its work.
size_t kr_guided_room(int width, int height);

// `in` and `out` hold width * height values and may be the same; a value that is
// no number must not be among them. `room` is the caller's to allocate.
void kr_guided(const float *in, int width, int height, int radius, float flat, float *out,
               float *room);
