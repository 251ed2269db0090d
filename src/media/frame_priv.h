// SPDX-License-Identifier: AGPL-3.0-or-later
// frame_priv.h (inside media only): a pool whose frames may outlive its owner.
#pragma once
#include "media/frame.h"

// Like kr_frame_pool_destroy(), but frames may still be out: the last one back
// takes the pool with it.
void kr_frame_pool_leave(struct kr_frame_pool **pool);
