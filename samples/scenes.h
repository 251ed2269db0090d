// SPDX-License-Identifier: AGPL-3.0-or-later
// scenes.h: the scenes of the sample album: a family, its wedding, its house.
//
// An invented family by a bridge: a group portrait of 1985, a wedding of 1993,
// and the house, pulled down in 2003. Each scene is painted at any size.

#pragma once
#include "brush.h"
#include "media/frame.h"

struct kr_scene {
    const char *name;
    double ratio;                                            // width to height
    void (*paint)(void *cairo, double width, unsigned seed); // height is 1
};
extern const struct kr_scene kr_scenes[];
extern const size_t kr_scenes_count;

// Paints a scene into a new KR_RGB8 frame of this height, and tells in *faces (NULL: nobody
// asks) where its faces are, in px.
KR_CHECK bool kr_scene_paint(const char *name, int height, struct kr_faces *faces,
                             struct kr_frame **out, struct kr_err *err);
