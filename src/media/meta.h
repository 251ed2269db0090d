// SPDX-License-Identifier: AGPL-3.0-or-later
// meta.h: what a file says about itself, as one JSON object.
//
// EXIF, XMP, IPTC, QuickTime, ID3 and Vorbis comments, all in one shape; members
// that are not known are missing:
//   "dates": [{"source":"exif","tag":"DateTimeOriginal",
//              "wall":"2019-03-21T11:04:22.123","offset":"+08:00" or ""}]
//            sources exif, xmp, iptc, gps, quicktime, tags; best first. `wall` is
//            cut short where the file is ("2019-03"); an offset is never guessed
//   "gps": {"lat","lon","alt"}  degrees and metres; never 0, 0
//   "camera", "lens", "software", "title", "caption": texts
//   "keywords": [texts], "rating": -1 to 5
//   "regions": [{"name","kind":"face|pet|focus|other","x","y","w","h"}]
//            fractions of the upright picture, x and y of the top left corner
//   "orientation": 1 to 8, where it is not 1
//   "content_id", "burst_id": what a still and its moving half, or a burst, share
//   "motion": {"offset","length","mime"}  the film inside a motion photo
//   "is_scan": true, where a scanner made it: its dates tell when it was scanned
//   "exposure": {"seconds","f","iso","mm"}
// Texts are inside text (base/text.h), captions at most 64 KiB, keywords at
// most 1000 of 1 KiB. Strangers wrote every byte: run this behind the wall.

#pragma once
#include "base/json.h"

enum { KR_CAPTION_MOST = 64 * 1024, KR_KEYWORDS_MOST = 1000, KR_KEYWORD_MOST = 1024 };

// An XMP packet or side-car, in memory. KR_E_INVALID where it is none.
KR_CHECK bool kr_meta_of_sidecar(struct kr_str xmp, json_t **out, struct kr_err *err);
