// SPDX-License-Identifier: AGPL-3.0-or-later
// remux.h: a recording as it is, in a file that tells its length and can be searched.
//
// What a browser records is written as it goes: no duration, no index. Packets are
// copied, not a sample is decoded, times begin at 0. The container follows from what
// lies inside: Opus alone becomes Ogg, VP8, VP9 and AV1 WebM, H.264 MP4 (index first),
// AAC alone MP4, anything else Matroska. A file that was cut off is copied as far as
// it can be read.

#pragma once
#include "base/err.h"

struct kr_remuxed {
    const char *format; // "opus", "m4a", "mka", "webm", "mp4", "mkv"
    double duration_s;
    bool is_pcm; // nothing was written: uncompressed sound alone is better kept as FLAC
};
// From the file `in` to the empty, seekable file `out`. KR_E_UNSUPPORTED, KR_E_DAMAGED
// where nothing can be read.
KR_CHECK bool kr_remux(int in, int out, struct kr_remuxed *told, struct kr_err *err);
