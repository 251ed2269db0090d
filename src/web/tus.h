// SPDX-License-Identifier: AGPL-3.0-or-later
// tus.h: the resumable upload protocol, version 1.0.0 (tus.io, 2016), in pure parts.
//
// The offset of an upload is the number of bytes that lie on the disk, nothing
// else; so a crash loses only what was never acknowledged.

#pragma once
#include "base/text.h"

#define KR_TUS_VERSION "1.0.0"
#define KR_TUS_EXTENSIONS "creation,termination,expiration"

struct kr_tus_meta {
    struct kr_str name;  // of the file, raw bytes; empty where it was not told
    int64_t modified_ms; // since 1970; 0 where it was not told
};
enum { KR_TUS_NAME_MOST = 4096 };

// Reads Upload-Metadata ("filename BASE64, lastmodified BASE64"; NULL: nothing
// was told). Keys it does not know are passed over; what is broken, or a name
// that is too long, holds a zero byte or climbs ("..", a leading '/'), is KR_E_USAGE.
KR_CHECK bool kr_tus_meta_parse(struct kr_arena *mem, const char *header, struct kr_tus_meta *out,
                                struct kr_err *err);

// What becomes of a PATCH: the status to answer with, 0 to take its body.
// `offset` is the header Upload-Offset or NULL, `bytes` the length of the body
// (UINT64_MAX: not told), `have` of `length` bytes are here.
int kr_tus_patch(uint64_t length, uint64_t have, const char *offset, uint64_t bytes);

// A point in time as HTTP writes it: "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7).
enum { KR_HTTP_DATE = 32 };
void kr_http_date(int64_t ms, char out[static KR_HTTP_DATE]);
