// SPDX-License-Identifier: AGPL-3.0-or-later
// steady.h: what a stand would have done.
//
// Follows the camera (motion.h), finds the calm way (path.h) shot by shot and
// tells for every frame how to cut it out. The smallest zoom that calms nearly
// as well as the largest allowed one is taken for the whole clip. A sensor that
// reads line after line is found out and its bends are straightened (rolling.h). A shot that
// is steady already, or cannot be followed, is left exactly as it is. The cut
// never leaves the picture: no border shows. What is to be shown of a wide shot
// (framing.h) goes into the same map.
// Keeps 65 bytes for a frame, and 64 more of the longest shot while deciding:
// at most 14 MB for an hour at 30 frames a second.
// One thread at a time.

#pragma once
#include "base/json.h"
#include "media/frame.h"
#include "restore/border.h"
#include "restore/framing.h"
#include "restore/motion.h"

struct kr_steady_params {
    double strength;     // [0,1]; 0: nothing is held; the frame keeps at least 1 - strength / 4
    bool keep_viewpoint; // smooth a walk or a ride, do not stop it
    struct kr_framing framing;
    double tremble_hz; // of a mount (mount.h): its way is slower than half of it, and than 0.6 Hz;
                       // 0: not known
    double tilt;       // degrees by which it leans to the left; [-8,8]
    bool fill;         // show more than the crop: its edges are to be filled (kr_steady_layers)
};

struct kr_steady;
KR_CHECK bool kr_steady_create(const struct kr_steady_params *params, int width, int height,
                               double fps, struct kr_steady **out, struct kr_err *err);
void kr_steady_destroy(struct kr_steady **steady);

// In order; `cut`: a new shot begins with this frame.
void kr_steady_study(struct kr_steady *steady, const struct kr_frame *frame, bool cut);
// The same, of a frame whose motion somebody else has found.
void kr_steady_follow(struct kr_steady *steady, const struct kr_motion *motion, bool cut);
// After the study: frame i is moved by the map m (warp.h) before it comes here, and the one before
// it by `before`, which enlarges as much: what is to be held is what is left of its motion.
void kr_steady_moved(struct kr_steady *steady, size_t i, const double before[6], const double m[6]);
// {"done":…,"shots":…,"jitter":…,"jitter_after":…,"crop":…,"readout":…}, lengths in px of
// 640; readout of a frame's time, 0 where the lines of the sensor do not show.
json_t *kr_steady_decide_new(struct kr_steady *steady);
// With `fill` the widest crop is shown whose edges frames around have, in each frame:
// these layers (border.h), the furthest first; how many. 0: frame i lacks nothing.
size_t kr_steady_layers(const struct kr_steady *steady, size_t i,
                        struct kr_border_layer layers[static KR_BORDER_LAYERS]);
// After decide: the map (warp.h) of frame i; false when it is to be left alone.
bool kr_steady_map(const struct kr_steady *steady, size_t i, double m[6]);
