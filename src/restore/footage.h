// SPDX-License-Identifier: AGPL-3.0-or-later
// footage.h: old film and old tape, mended.
//
// Film: flicker is levelled (deflicker.h), standing scratches and passing
// specks are filled (scratches.h, dirt.h), weaving is held (gate.h). Tape: lines
// that tremble are straightened (jitter.h), colours are put back on their
// edges and cleaned of their snow, the torn lines at the bottom are covered
// (tape.h). A clip that shows none of this comes out as it went in.
// Two passes: study every frame, decide, then push and pull; it looks two
// frames ahead, or 14 where lines tremble. Memory: some fifty frames, and 92
// bytes a frame of the clip.
// One thread at a time.

#pragma once
#include "base/json.h"
#include "restore/motion.h"

struct kr_footage_params {
    double strength; // [0,1]; 0 changes nothing
    // What it is known to be: less has to speak for it then. Both false: today's clips are
    // among them; both true: it is old, but who knows which.
    bool film, tape;
};

struct kr_footage;
KR_CHECK bool kr_footage_create(const struct kr_footage_params *params, int width, int height,
                                double fps, struct kr_footage **out, struct kr_err *err);
void kr_footage_destroy(struct kr_footage **footage);

// First pass, in order; `cut`: a new shot begins with this frame. KR_YUV420 (asserted).
// Tells whether one really does: flicker is no cut. *motion: how it moved, as gate.h sees it.
bool kr_footage_study(struct kr_footage *footage, const struct kr_frame *frame, bool cut,
                      struct kr_motion *motion);
// {"done":…,"kind":"film|tape|none","dirt":share of the frame,"flicker":grey levels,
// "scratches":lines that stay,"chroma_delay":[px of Cb, of
// Cr],"chroma_noise":levels,"luma_noise":levels, "head_switch_lines":…,
// "line_jitter":px,"weave":px,"kept":part of each side that is not cut off}
json_t *kr_footage_decide_new(struct kr_footage *footage);
// After decide: whether flicker is levelled.
bool kr_footage_levels(const struct kr_footage *footage);
// After decide: the map (warp.h) by which frame i is held in its gate; false when it is not.
bool kr_footage_map(const struct kr_footage *footage, size_t i, double m[6]);

// Second pass: push a frame, then pull until *out is NULL; after the last push kr_footage_end,
// and pull again. As many come out as went in, with their times. *out is the caller's.
KR_CHECK bool kr_footage_push(struct kr_footage *footage, const struct kr_frame *frame,
                              struct kr_err *err);
void kr_footage_end(struct kr_footage *footage);
KR_CHECK bool kr_footage_pull(struct kr_footage *footage, struct kr_frame **out,
                              struct kr_err *err);
