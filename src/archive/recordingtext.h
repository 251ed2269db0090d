// SPDX-License-Identifier: AGPL-3.0-or-later
// recordingtext.h: what a recorder tells of a recording and its pieces, as text and back.
//
// Everything here comes from a browser or lies in a folder that anybody may have
// touched: it is checked, never trusted. Pure; any thread.

#pragma once
#include "base/hash.h"
#include "base/json.h"

enum {
    KR_RECORDING_PIECES_MOST = 200 * 1000, // two days of seconds
    KR_RECORDING_ABOUT_MOST = 16 * 1024,
};

struct kr_recording_about {
    const char *kind;    // "sound" or "film"
    const char *mime;    // as the recorder named it: "audio/webm;codecs=pcm"
    const char *device;  // in its own words, or ""
    const json_t *cause; // what it is for; an object
    const char *home;    // whose it becomes; "" or NULL: the first home's
    const char *by;      // the account or card that records; "" or NULL where nobody knows
    int64_t began_ms;    // by our clock
    int zone_min;        // the recorder's wall clock, minutes ahead of UTC
};
// Of a request, or of about.json; texts and values live in `mem`. A missing "began_ms"
// becomes `now_ms`. KR_E_INVALID.
KR_CHECK bool kr_recording_about_read(struct kr_arena *mem, const json_t *from, int64_t now_ms,
                                      struct kr_recording_about *out, struct kr_err *err);
json_t *kr_recording_about_new_json(const struct kr_recording_about *about);
// The file name it is brought in under: "REC_20261129_101500.webm", the moment it began.
const char *kr_recording_name(struct kr_arena *mem, const struct kr_recording_about *about);

struct kr_piece {
    uint32_t number; // from 0
    uint8_t sha256[KR_SHA256_SIZE];
};
enum { KR_PIECE_NAME = 6 + 1 + KR_SHA256_HEX };
// The name of its file: six digits, '-', the hash in hex.
void kr_piece_name(const struct kr_piece *piece, char out[static KR_PIECE_NAME]);
KR_CHECK bool kr_piece_name_read(const char *name, struct kr_piece *out);
// The hash of a whole list: SHA-256 of the lines "hash in hex\n", in order.
void kr_pieces_hash(const struct kr_piece *pieces, size_t n, uint8_t out[static KR_SHA256_SIZE]);

// {"pieces": 12, "sha256": hash of the whole list in hex}; KR_E_INVALID.
struct kr_recording_end {
    size_t pieces;
    uint8_t sha256[KR_SHA256_SIZE];
};
KR_CHECK bool kr_recording_end_read(const json_t *from, struct kr_recording_end *out,
                                    struct kr_err *err);

// The hash in a Content-Digest header (RFC 9530): "sha-256=:base64:". NULL reads as none.
KR_CHECK bool kr_content_digest_read(const char *header, uint8_t out[static KR_SHA256_SIZE]);
