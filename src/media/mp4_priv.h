// SPDX-License-Identifier: AGPL-3.0-or-later
// mp4.h (inside media only): an MP4 whose index stays small while it is written.
//
// FFmpeg keeps 64 bytes of every packet until a file ends: 30 MB an hour. So it is let
// write in fragments (ISO 14496-12, 8.8), and none of them is kept: as they pass, their
// samples go into an index of our own (5 to 10 bytes a sample), their bytes into the
// file. At the end the index is written before them: an ordinary file that begins to
// play before it is all there.
#pragma once
#include "base/err.h"
#include <libavformat/avformat.h>

struct kr_mp4;
// Into the empty, seekable descriptor, which stays the caller's. *io is for the muxer, and
// lives as long as the MP4.
KR_CHECK bool kr_mp4_open(int fd, AVIOContext **io, struct kr_mp4 **out, struct kr_err *err);
// The flags of the muxer with which its fragments can be read here.
#define KR_MP4_FLAGS "frag_custom+delay_moov+default_base_moof"
// Where the track (1 and up) begins, in seconds: needed of one whose first packet came after
// the first fragment.
void kr_mp4_begins(struct kr_mp4 *mp4, size_t track, double at_s);
// After the trailer.
KR_CHECK bool kr_mp4_finish(struct kr_mp4 *mp4, struct kr_err *err);
void kr_mp4_close(struct kr_mp4 **mp4);
