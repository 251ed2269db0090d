// SPDX-License-Identifier: AGPL-3.0-or-later
// vtt.h: the words of a film as a WebVTT file (W3C, WebVTT: The Web Video Text Tracks Format).
//
// Only what every reader understands: the header, cues with an identifier, and
// text with the three characters escaped that must be. No styles, no regions.
#pragma once
#include "film/cues.h"

void kr_vtt_make(const struct kr_cues *cues, int fps, struct kr_buf *out);
