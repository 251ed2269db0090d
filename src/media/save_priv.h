// SPDX-License-Identifier: AGPL-3.0-or-later
// save.h (inside media only): a frame as libvips sees it, without a copy.
#pragma once
#include "media/frame.h"
#include <vips/vips.h>

// Reads from the frame while it is used; the frame outlives it. NULL when
// libvips refuses. The caller's to g_object_unref.
VipsImage *kr_image_of(const struct kr_frame *frame);

// A small JPEG with nothing but the picture in it.
KR_CHECK bool kr_save_thumb(const struct kr_frame *frame, int fd, int quality, struct kr_err *err);
