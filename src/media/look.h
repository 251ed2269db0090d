// SPDX-License-Identifier: AGPL-3.0-or-later
// look.h: all that ingest wants to know of a file, from one decode.
//
// *answer is an object; what is not known is missing:
//   "kind": "photo", "video" or "audio"; "mime"
//   "width", "height"   px, as shown: turned upright, with square pixels
//   "duration_ms", "fps", "has_sound", "video_codec", "audio_codec"
//   "rotation"          degrees clockwise a film had to be turned, or 0
//   "preview"           base64 of a 16 px WebP, under 600 characters
//   "phash"             16 hex digits, a fingerprint that survives scaling and
//                       encoding; "flat": true where it tells nothing
//   "meta"              media/meta.h
//   "damaged"           why not all, or nothing, could be decoded
// The three thumbnails are JPEG (Q80, sRGB, nothing but the picture), their
// longest sides 256, 1024 and 2048 px, never enlarged; a film's show a frame
// near its beginning that is not black, a sound's the cover inside, if any.
// Those of nothing stay empty.

#pragma once
#include "base/json.h"

enum { KR_THUMBS = 3 };

// The hints are what the asker thinks ("photo", "image/jpeg", "jpg"; each may be
// ""): the bytes have the last word. KR_E_UNSUPPORTED only for what is not
// recognised at all: recognised media always give an answer.
KR_CHECK bool kr_look(int fd, const char *kind_hint, const char *mime_hint, const char *ending,
                      const int thumb_fds[KR_THUMBS], json_t **answer, struct kr_err *err);
