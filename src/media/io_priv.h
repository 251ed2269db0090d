// SPDX-License-Identifier: AGPL-3.0-or-later
// io.h (inside media only): FFmpeg reads and writes a descriptor, never a name.
#pragma once
#include "base/err.h"
#include <libavformat/avio.h>

// The descriptor stays the caller's and keeps its own offset.
KR_CHECK bool kr_io_open(int fd, bool writing, AVIOContext **out, struct kr_err *err);
void kr_io_close(AVIOContext **io); // flushes what was written
