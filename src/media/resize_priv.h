// SPDX-License-Identifier: AGPL-3.0-or-later
// resize.h (inside media only): makes pictures smaller, a row at a time.
//
// Separable cubic convolution (R. Keys, 1981, "Cubic convolution interpolation
// for digital image processing", a = -1/2), widened by the factor so that
// nothing folds back. Rows go in from the top; rows come out as soon as they
// can: memory is a few rows, however large the picture is.

#pragma once
#include "media/frame.h"

struct kr_resize;
struct kr_resize_shape {
    int width, height;         // of what goes in
    int out_width, out_height; // [1, width], [1, height]
    int bands;                 // 1, 3 or 4
    bool wide;                 // uint16_t instead of uint8_t
};
KR_CHECK bool kr_resize_begin(const struct kr_resize_shape *shape, struct kr_resize **out,
                              struct kr_err *err);
void kr_resize_end(struct kr_resize **resize);
// Takes the next row of `bands` x `width`.
void kr_resize_push(struct kr_resize *resize, const void *row);
// Writes the next row of `bands` x `out_width` and tells true, or false when
// more must be pushed first.
bool kr_resize_pull(struct kr_resize *resize, void *row);

// A whole GRAY8, RGB8 or RGB16 frame into one that is no larger, of the same pixels.
KR_CHECK bool kr_frame_resize(const struct kr_frame *from, struct kr_frame *to, struct kr_err *err);
// What fits inside `longest`; never larger than it was, never below 1.
void kr_fit(int width, int height, int longest, int *out_width, int *out_height);
