// SPDX-License-Identifier: AGPL-3.0-or-later
// sniff.h (inside media only): what a file is, told by its first bytes alone.
// Names and endings lie; the first bytes decide which decoder may see the rest.
#pragma once
#include "base/text.h"

enum kr_kind {
    KR_KIND_UNKNOWN,
    KR_KIND_JPEG,
    KR_KIND_PNG,
    KR_KIND_TIFF,
    KR_KIND_WEBP,
    KR_KIND_GIF,
    KR_KIND_HEIC,
    KR_KIND_AVIF,
    KR_KIND_RAW, // a camera's own; looked at through its preview
    KR_KIND_BMP,
    KR_KIND_JP2,
    KR_KIND_PSD,
    KR_KIND_PNM, // PBM, PGM, PPM, PAM, PFM
    KR_KIND_JXL,
    KR_KIND_SGI,
    KR_KIND_QOI,
    KR_KIND_FILM,  // a film or a sound: libavformat tells which
    KR_KIND_TARGA, // has no mark of its own: only when the ending says so
};

enum { KR_SNIFF_BYTES = 512 };

struct kr_sniffed {
    enum kr_kind kind;
    const char *mime; // of what it is; "" where only a demuxer can tell
};

// `ending` is the file's, in lower case without a dot, or ""; it only chooses
// between formats that share their first bytes (TIFF and the RAWs built on it).
struct kr_sniffed kr_sniff(struct kr_str head, const char *ending);

// Reads the head of fd (its offset does not move).
KR_CHECK bool kr_sniff_fd(int fd, const char *ending, struct kr_sniffed *out, struct kr_err *err);

bool kr_kind_is_picture(enum kr_kind kind);
