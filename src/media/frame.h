// SPDX-License-Identifier: AGPL-3.0-or-later
// frame.h: one picture in memory, and the pool that keeps their memory warm.
//
// Page faults are dear, so frames of one size come from a pool and go back to
// it. Frames inside kinreel are upright, have square pixels, are progressive
// and SDR; pictures are sRGB, film frames BT.709 limited range.
// Threads: a frame belongs to one thread at a time; a pool may be shared.

#pragma once
#include "base/mem.h"

enum kr_pixels {
    KR_GRAY8,  // 1 plane, 1 byte
    KR_RGB8,   // 1 plane, 3 bytes: R G B, sRGB
    KR_RGBA8,  // 1 plane, 4 bytes: not premultiplied, sRGB
    KR_RGB16,  // 1 plane, 3 uint16_t in machine order, sRGB curve, 0..65535
    KR_YUV420, // 3 planes Y Cb Cr, 8 bit, BT.709 limited range, chroma halved (rounded up)
};

struct kr_frame {
    enum kr_pixels pixels;
    int width, height; // px
    uint8_t *plane[3];
    ptrdiff_t stride[3]; // bytes; rows start on 64-byte borders
    int64_t at_us;       // when it is shown, from the start of its stream; 0 for a still
    int64_t lasts_us;    // how long; 0 where unknown
    void *owner;         // the pool, or NULL
};

// A frame whose samples are undefined. KR_E_TOO_BIG beyond KR_FRAME_MOST bytes.
enum { KR_FRAME_MOST = 1 << 30 };
KR_CHECK bool kr_frame_create(enum kr_pixels pixels, int width, int height, struct kr_frame **out,
                              struct kr_err *err);
void kr_frame_destroy(struct kr_frame **frame); // or gives it back to its pool; NULL is fine

// Copies samples and times; sizes and pixels are equal (asserted).
void kr_frame_copy(const struct kr_frame *from, struct kr_frame *to);

// Rows of a plane: chroma planes of KR_YUV420 have half of them, rounded up.
int kr_frame_plane_count(enum kr_pixels pixels);
int kr_frame_plane_height(const struct kr_frame *frame, int plane);
size_t kr_frame_row_bytes(const struct kr_frame *frame, int plane); // without padding

struct kr_frame_pool; // keeps up to `keep` frames of one shape
KR_CHECK bool kr_frame_pool_create(enum kr_pixels pixels, int width, int height, int keep,
                                   struct kr_frame_pool **out, struct kr_err *err);
KR_CHECK bool kr_frame_pool_take(struct kr_frame_pool *pool, struct kr_frame **out,
                                 struct kr_err *err);
// All frames must be back (asserted).
void kr_frame_pool_destroy(struct kr_frame_pool **pool);
