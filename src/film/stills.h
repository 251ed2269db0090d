// SPDX-License-Identifier: AGPL-3.0-or-later
// stills.h: one photograph, and the camera that moves over it.
//
// The photograph is loaded once, no larger than its nearest view needs, turned
// into film colours, and kept with its halves (restore/warp.h); each frame is
// then one sampling. Threads: a still belongs to one thread at a time.

#pragma once
#include "film/shotlist.h"
#include "media/frame.h"

struct kr_still;
KR_CHECK bool kr_still_open(int fd, const struct kr_shot *shot, const struct kr_shot_list *list,
                            struct kr_still **out, struct kr_err *err);
void kr_still_close(struct kr_still **still);
// The view at `time` in [0,1] into a KR_YUV420 frame of the film's size.
void kr_still_frame(const struct kr_still *still, double time, struct kr_frame *out);
