// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/turn_priv.h"

#include <assert.h>

enum { BLOCK = 32 }; // px; a block of both pictures fits into the first cache

// Where the pixel x, y of the stored picture lands (EXIF 2.3, tag 0112).
struct turning {
    bool swap;           // rows become columns
    bool flip_x, flip_y; // of what comes out
};
static const struct turning turnings[9] = {
    [1] = {false, false, false}, [2] = {false, true, false}, [3] = {false, true, true},
    [4] = {false, false, true},  [5] = {true, false, false}, [6] = {true, true, false},
    [7] = {true, true, true},    [8] = {true, false, true},
};

static void turn_block(const struct kr_frame *from, struct kr_frame *to,
                       const struct turning *turning, size_t pixel, int x0, int y0)
{
    int x1 = x0 + BLOCK < from->width ? x0 + BLOCK : from->width;
    int y1 = y0 + BLOCK < from->height ? y0 + BLOCK : from->height;
    for (int y = y0; y < y1; y++) {
        const uint8_t *in = from->plane[0] + y * from->stride[0] + (size_t)x0 * pixel;
        for (int x = x0; x < x1; x++, in += pixel) {
            int tx = turning->swap ? y : x, ty = turning->swap ? x : y;
            tx = turning->flip_x ? to->width - 1 - tx : tx;
            ty = turning->flip_y ? to->height - 1 - ty : ty;
            uint8_t *out = to->plane[0] + ty * to->stride[0] + (size_t)tx * pixel;
            for (size_t b = 0; b < pixel; b++)
                out[b] = in[b];
        }
    }
}

bool kr_turn_take(struct kr_frame **frame, int orientation, struct kr_err *err)
{
    struct kr_frame *from = *frame, *to = NULL;
    assert(from->pixels != KR_YUV420);
    if (orientation <= 1 || orientation > 8)
        return true;
    const struct turning *turning = &turnings[orientation];
    int width = turning->swap ? from->height : from->width;
    int height = turning->swap ? from->width : from->height;
    if (!kr_frame_create(from->pixels, width, height, &to, err))
        return kr_within(err, "turn a picture upright");
    size_t pixel = kr_frame_row_bytes(from, 0) / (size_t)from->width;
    for (int y = 0; y < from->height; y += BLOCK)
        for (int x = 0; x < from->width; x += BLOCK)
            turn_block(from, to, turning, pixel, x, y);
    kr_frame_destroy(frame);
    *frame = to;
    return true;
}

struct kr_part kr_turn_part(struct kr_part part, int orientation)
{
    if (orientation <= 1 || orientation > 8)
        return part;
    const struct turning *turning = &turnings[orientation];
    if (turning->swap)
        part = (struct kr_part){part.y, part.x, part.h, part.w};
    if (turning->flip_x)
        part.x = 1 - part.x - part.w;
    if (turning->flip_y)
        part.y = 1 - part.y - part.h;
    return part;
}
