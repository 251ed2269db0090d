// SPDX-License-Identifier: AGPL-3.0-or-later
// sniff_priv.h: what the parts of sniffing share.
#pragma once
#include "archive/sniff.h"

// The first bytes of a file, and a way to a piece further on.
struct kr_sniff_bytes {
    const uint8_t *at;
    size_t n;
    uint64_t size;
    int fd; // -1: only the first bytes
};

// Whether `magic` stands at `offset` of the first bytes.
bool kr_sniff_has(const struct kr_sniff_bytes *b, size_t offset, const void *magic, size_t n);
#define HAS(b, offset, magic) kr_sniff_has((b), (offset), (magic), sizeof(magic) - 1)

// Up to `n` bytes from any offset; how many there were.
size_t kr_sniff_piece(const struct kr_sniff_bytes *b, uint64_t offset, uint8_t *out, size_t n);

#define PHOTO(mime, ending, name) ((struct kr_sniff){KR_SNIFF_PHOTO, (mime), (ending), (name)})
#define RAW(mime, ending, name) ((struct kr_sniff){KR_SNIFF_PHOTO, (mime), (ending), (name), true})
#define VIDEO(mime, ending, name) ((struct kr_sniff){KR_SNIFF_VIDEO, (mime), (ending), (name)})
#define EITHER(mime, ending, name)                                                                 \
    ((struct kr_sniff){KR_SNIFF_VIDEO, (mime), (ending), (name), false, true})
#define AUDIO(mime, ending, name) ((struct kr_sniff){KR_SNIFF_AUDIO, (mime), (ending), (name)})
#define OTHER(mime, ending, name) ((struct kr_sniff){KR_SNIFF_OTHER, (mime), (ending), (name)})

// Each false when it does not know these bytes.
bool kr_sniff_tiff(const struct kr_sniff_bytes *b, struct kr_sniff *out);
// The value (or its offset) of one tag of the first directory of TIFF bytes; 0 without.
uint32_t kr_sniff_tag(const struct kr_sniff_bytes *b, uint16_t tag);
bool kr_sniff_boxes(const struct kr_sniff_bytes *b, struct kr_sniff *out);
bool kr_sniff_ogg(const struct kr_sniff_bytes *b, struct kr_sniff *out);
bool kr_sniff_streams(const struct kr_sniff_bytes *b, struct kr_sniff *out);
bool kr_sniff_text(const struct kr_sniff_bytes *b, struct kr_sniff *out);
