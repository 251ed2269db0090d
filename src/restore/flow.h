// SPDX-License-Identifier: AGPL-3.0-or-later
// flow.h: where each point of a frame has gone to in another frame.
//
// Everything that mends old footage asks the neighbouring frames, and has to
// know first where to look. Inverse search over patches of 8 x 8, from coarse
// to fine, densified by how well each patch fits (Kroeger, Timofte, Dai, Van
// Gool 2016, "Fast optical flow using dense inverse search"), on luma shrunk to
// at most 960 samples a side. A patch is compared without its mean, so that
// flicker does not look like motion. Scalar and AVX2 give the same numbers.
// Memory is bounded by the shrinking: some 30 MB, whatever the frame.
// Threads: views and flows are read by many, written by one.

#pragma once
#include "media/frame.h"

// A frame as the flow sees it: its shrunk luma, and halves of that.
struct kr_flow_view;
struct kr_flow_view *kr_flow_view_create(int width, int height); // of the frames, px
void kr_flow_view_destroy(struct kr_flow_view **view);
void kr_flow_view_take(struct kr_flow_view *view, const struct kr_frame *frame); // KR_YUV420

// Sample x of a row lies at ((x + 0.5) * shrink - 0.5) px of the frame.
struct kr_flow {
    int width, height, shrink; // samples; px a sample
    float *u, *v;              // width * height each: how far to the right and down, in samples
};
// Of the frames, px. `halved` (0 .. 2) times coarser: less hand for what is small, more calm.
struct kr_flow *kr_flow_create(int width, int height, int halved);
void kr_flow_destroy(struct kr_flow **flow);

// Every point of `from` is looked for in `to`; both of the frames' size (asserted).
void kr_flow_between(const struct kr_flow_view *from, const struct kr_flow_view *to,
                     struct kr_flow *out);

// out = first, then second: where a point goes by way of a frame between.
void kr_flow_join(const struct kr_flow *first, const struct kr_flow *second, struct kr_flow *out);

// What the surroundings do: medians of 32 x 32 samples, for each 8 x 8. What is small is outvoted.
struct kr_flow *kr_flow_calm_create(const struct kr_flow *flow); // kr_flow_destroy()
void kr_flow_calm(const struct kr_flow *flow, struct kr_flow *out);

// One row of flow for the points of a frame's plane: (i * step + (step - 1) / 2, y) for i < n, in
// px of the frame. step 1 for luma, 2 for chroma (y is in px of the frame all the same).
void kr_flow_row(const struct kr_flow *flow, float y, int step, int n, float *u, float *v);

// What `there` would look like, had nothing moved since the frame that the flow begins in.
// Bilinear, edges clamped. All three are of one size (asserted), `out` is not `there`.
void kr_flow_bring(const struct kr_flow *flow, const struct kr_frame *there, struct kr_frame *out);
