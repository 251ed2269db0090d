// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/frame.h"

#include "media/frame_priv.h"
#include <assert.h>
#include <pthread.h>

enum { ALIGN = 64 }; // a cache line, and the widest vector

struct shape {
    enum kr_pixels pixels;
    int width, height;
};

// A frame as we keep it: what others see comes first.
struct held {
    struct kr_frame frame;
    uint8_t *bytes; // all planes
    struct held *next;
};

struct kr_frame_pool {
    pthread_mutex_t lock;
    struct shape shape;
    struct held *free;
    int free_count, keep, out; // out: frames that are not back yet
    bool left;                 // nobody owns it any more: the last frame frees it
};

int kr_frame_plane_count(enum kr_pixels pixels)
{
    return pixels == KR_YUV420 ? 3 : 1;
}

static int plane_height(const struct shape *shape, int plane)
{
    return plane && shape->pixels == KR_YUV420 ? (shape->height + 1) / 2 : shape->height;
}

static size_t row_bytes(const struct shape *shape, int plane)
{
    size_t width = (size_t)shape->width;
    switch (shape->pixels) {
    case KR_GRAY8:
        return width;
    case KR_RGB8:
        return 3 * width;
    case KR_RGBA8:
        return 4 * width;
    case KR_RGB16:
        return 6 * width;
    case KR_YUV420:
        return plane ? (width + 1) / 2 : width;
    }
    return 0;
}

int kr_frame_plane_height(const struct kr_frame *frame, int plane)
{
    struct shape shape = {frame->pixels, frame->width, frame->height};
    return plane_height(&shape, plane);
}

size_t kr_frame_row_bytes(const struct kr_frame *frame, int plane)
{
    struct shape shape = {frame->pixels, frame->width, frame->height};
    return row_bytes(&shape, plane);
}

static bool make(struct shape shape, struct kr_frame_pool *owner, struct kr_frame **out,
                 struct kr_err *err)
{
    if (shape.width < 1 || shape.height < 1 || shape.width > (1 << 24) || shape.height > (1 << 24))
        return kr_fail(err, KR_E_TOO_BIG, "a frame of %d x %d", shape.width, shape.height);
    size_t at[3] = {0}, stride[3] = {0}, total = 0;
    int planes = kr_frame_plane_count(shape.pixels);
    for (int p = 0; p < planes; p++) {
        stride[p] = (row_bytes(&shape, p) + ALIGN - 1) / ALIGN * ALIGN;
        at[p] = total;
        // One row's border more: vector code may read a little past a plane.
        total += stride[p] * (size_t)plane_height(&shape, p) + ALIGN;
    }
    if (total > KR_FRAME_MOST)
        return kr_fail(err, KR_E_TOO_BIG, "a frame of %d x %d", shape.width, shape.height);
    total = (total + ALIGN - 1) / ALIGN * ALIGN;
    uint8_t *bytes = aligned_alloc(ALIGN, total);
    if (!bytes)
        return kr_fail(err, KR_E_TOO_BIG, "no memory for a frame of %d x %d", shape.width,
                       shape.height);
    struct held *held = kr_new(struct held);
    held->bytes = bytes;
    held->frame = (struct kr_frame){
        .pixels = shape.pixels, .width = shape.width, .height = shape.height, .owner = owner};
    for (int p = 0; p < planes; p++) {
        held->frame.plane[p] = bytes + at[p];
        held->frame.stride[p] = (ptrdiff_t)stride[p];
    }
    *out = &held->frame;
    return true;
}

bool kr_frame_create(enum kr_pixels pixels, int width, int height, struct kr_frame **out,
                     struct kr_err *err)
{
    return make((struct shape){pixels, width, height}, NULL, out, err);
}

static void free_held(struct held *held)
{
    free(held->bytes);
    free(held);
}

static void free_pool(struct kr_frame_pool *pool)
{
    for (struct held *held = pool->free, *next; held; held = next) {
        next = held->next;
        free_held(held);
    }
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}

static void give_back(struct held *held)
{
    struct kr_frame_pool *pool = held->frame.owner;
    pthread_mutex_lock(&pool->lock);
    pool->out--;
    bool last = pool->left && pool->out == 0;
    bool kept = !pool->left && pool->free_count < pool->keep;
    if (kept) {
        held->next = pool->free;
        pool->free = held;
        pool->free_count++;
    }
    pthread_mutex_unlock(&pool->lock);
    if (!kept)
        free_held(held);
    if (last)
        free_pool(pool);
}

void kr_frame_destroy(struct kr_frame **frame)
{
    if (!*frame)
        return;
    struct held *held = (struct held *)*frame;
    if (held->frame.owner)
        give_back(held);
    else
        free_held(held);
    *frame = NULL;
}

void kr_frame_copy(const struct kr_frame *from, struct kr_frame *to)
{
    assert(from->pixels == to->pixels && from->width == to->width && from->height == to->height);
    for (int p = 0; p < kr_frame_plane_count(from->pixels); p++) {
        size_t n = kr_frame_row_bytes(from, p);
        int rows = kr_frame_plane_height(from, p);
        for (int y = 0; y < rows; y++)
            memcpy(to->plane[p] + y * to->stride[p], from->plane[p] + y * from->stride[p], n);
    }
    to->at_us = from->at_us;
    to->lasts_us = from->lasts_us;
}

bool kr_frame_pool_create(enum kr_pixels pixels, int width, int height, int keep,
                          struct kr_frame_pool **out, struct kr_err *err)
{
    assert(keep >= 0);
    struct kr_frame_pool *pool = kr_new(struct kr_frame_pool);
    pool->shape = (struct shape){pixels, width, height};
    pool->keep = keep;
    pthread_mutex_init(&pool->lock, NULL);
    // The first frame proves that the shape is possible at all.
    struct kr_frame *first = NULL;
    if (!kr_frame_pool_take(pool, &first, err)) {
        kr_frame_pool_destroy(&pool);
        return kr_within(err, "make a pool of frames");
    }
    kr_frame_destroy(&first);
    *out = pool;
    return true;
}

bool kr_frame_pool_take(struct kr_frame_pool *pool, struct kr_frame **out, struct kr_err *err)
{
    pthread_mutex_lock(&pool->lock);
    struct held *held = pool->free;
    if (held) {
        pool->free = held->next;
        pool->free_count--;
    }
    pool->out++;
    pthread_mutex_unlock(&pool->lock);
    if (held) {
        held->frame.at_us = held->frame.lasts_us = 0;
        *out = &held->frame;
        return true;
    }
    if (make(pool->shape, pool, out, err))
        return true;
    pthread_mutex_lock(&pool->lock);
    pool->out--;
    pthread_mutex_unlock(&pool->lock);
    return false;
}

void kr_frame_pool_destroy(struct kr_frame_pool **pool)
{
    if (!*pool)
        return;
    assert((*pool)->out == 0);
    free_pool(*pool);
    *pool = NULL;
}

void kr_frame_pool_leave(struct kr_frame_pool **pool)
{
    if (!*pool)
        return;
    pthread_mutex_lock(&(*pool)->lock);
    (*pool)->left = true;
    bool last = (*pool)->out == 0;
    pthread_mutex_unlock(&(*pool)->lock);
    if (last)
        free_pool(*pool);
    *pool = NULL;
}
