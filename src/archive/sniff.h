// SPDX-License-Identifier: AGPL-3.0-or-later
// sniff.h: what a file is, by its content and never by its name.
//
// Reads the first 64 KiB, and one more piece where a tag or a first directory
// points past them. Recognising is not decoding: a damaged photograph is
// still a photograph. What is not media gets a plain English name, so that a
// refusal can say what it saw. Any thread.

#pragma once
#include "base/text.h"

enum kr_sniff_kind {
    KR_SNIFF_OTHER, // not media: a document, an archive, a program, unknown bytes
    KR_SNIFF_PHOTO,
    KR_SNIFF_VIDEO,
    KR_SNIFF_AUDIO,
    KR_SNIFF_XMP,     // a side-car in Adobe's XMP
    KR_SNIFF_TAKEOUT, // a side-car in Google Takeout's JSON
    KR_SNIFF_TEXT,    // any other text
};

struct kr_sniff {
    enum kr_sniff_kind kind;
    const char *mime;   // "image/jpeg"; static
    const char *ending; // canonical, without a dot: "jpg"; static, "" where there is none
    const char *name;   // "JPEG picture", "PDF document", "empty file"; static
    bool raw;           // a camera's raw picture: previews only
    bool unsure;        // a container that holds film or sound alike: let the look decide
};

enum { KR_SNIFF_HEAD = 64 * 1024 };

// From the first bytes (all of a small file) of a file of `size` bytes.
void kr_sniff_bytes(const uint8_t *head, size_t n, uint64_t size, struct kr_sniff *out);

// Of an open regular file; its offset does not move.
KR_CHECK bool kr_sniff_fd(int fd, struct kr_sniff *out, struct kr_err *err);

// "photo", "video", "audio" for media; NULL for the rest.
const char *kr_sniff_media(const struct kr_sniff *sniff);
