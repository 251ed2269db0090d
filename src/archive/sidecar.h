// SPDX-License-Identifier: AGPL-3.0-or-later
// sidecar.h: the notes that lie beside a picture, and which picture they are of.
//
// XMP: "name.ext.xmp" (darktable, digiKam), "name.xmp" (Adobe). Google Takeout:
// "name.ext.json", "name.ext.supplemental-metadata.json" with its name cut off
// at about 51 characters, "name.ext(1).json" for "name(1).ext", one note for
// "name.ext" and its "name-edited.ext", one for both halves of a Live Photo.
// (The rules of Takeout were found by its users: GooglePhotosTakeoutHelper
// #353, #448, #449.) The pairing depends on the names alone, not on their order.

#pragma once
#include "base/json.h"

enum kr_sidecar_kind { KR_SIDECAR_NONE, KR_SIDECAR_XMP, KR_SIDECAR_TAKEOUT };

// One file of a folder's listing.
struct kr_sidecar_file {
    struct kr_str name;        // as the disk has it
    enum kr_sidecar_kind kind; // NONE: media
};

// The note at index `note` belongs to the media file at index `media`.
struct kr_sidecar_pair {
    size_t media, note;
};

// All pairs of one folder, by index of media, an XMP before a Takeout note. A media
// file has at most one note of each kind; a note may belong to several media files.
void kr_sidecar_match(struct kr_arena *mem, const struct kr_sidecar_file *files, size_t n,
                      struct kr_sidecar_pair **out, size_t *count);

enum { KR_TAKEOUT_MOST = 1 << 20 };

// What a Takeout note claims, in the shape of a file's own metadata:
//   {"dates":[{"edtf":"2023-10-06T06:31:08Z","ms":1696573868000,"source":"sidecar",
//    "certain":0.6}],"gps":{"lat":48.86,"lon":2.29,"alt":68.7},"title":"…",
//    "caption":"…","people":["…"],"favourite":true}
// with what is not told left out. `ms` is a moment, not a wall time. Where the
// moment is that of the upload, certain is 0.1. 0,0 is no place. A folder's own
// note ("metadata.json") gives {"album":"…"}. KR_E_INVALID for other JSON.
KR_CHECK bool kr_takeout_parse(struct kr_arena *mem, struct kr_str json, json_t **claims,
                               struct kr_err *err);
