// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/mp4_priv.h"

#include "media/mp4_index_priv.h"
#include "media/writer_priv.h"
#include <errno.h>
#include <unistd.h>

enum {
    BUFFER = 64 * 1024,
    HEAD = 8,        // of a box
    MEDIA_HEAD = 16, // of the box of all media, whose size needs 64 bits
    BOX_MOST = 256 << 20,
    BLOCK = 4 << 20, // moved at once
};
static const uint64_t small = UINT32_MAX - (64u << 20); // bytes that 32 bits reach, and the index

struct kr_mp4 {
    int fd;
    AVIOContext *io;
    struct kr_mp4_index index;
    struct kr_buf box; // the one that comes in
    uint64_t media;    // bytes so far
    uint64_t passes;   // bytes of media still to come in this fragment
    struct kr_buf ftyp, moov;
    struct kr_err err;
};

static int put_at(int fd, const void *bytes, size_t n, uint64_t at)
{
    for (size_t done = 0; done < n;) {
        ssize_t put = pwrite(fd, (const char *)bytes + done, n - done, (off_t)(at + done));
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return AVERROR(errno);
        done += (size_t)put;
    }
    return 0;
}

// The box that came in is whole.
static bool take_box(struct kr_mp4 *mp4)
{
    const char *type = mp4->box.at + 4;
    struct kr_str whole = {mp4->box.at, mp4->box.n};
    if (memcmp(type, "moof", 4) == 0)
        return kr_mp4_index_take(&mp4->index, whole, mp4->media, &mp4->err);
    if (memcmp(type, "ftyp", 4) == 0)
        kr_buf_add(&mp4->ftyp, whole.at, whole.n);
    if (memcmp(type, "moov", 4) == 0)
        kr_buf_add(&mp4->moov, whole.at, whole.n);
    return true; // whatever else there is served only the fragments
}

// How many of the next `n` bytes belong to the box at hand.
static size_t wanted(const struct kr_mp4 *mp4, size_t n)
{
    size_t whole = mp4->box.n < HEAD ? HEAD : kr_be32((const uint8_t *)mp4->box.at);
    size_t left = whole - mp4->box.n;
    return left < n ? left : n;
}

static bool box_fits(const struct kr_mp4 *mp4)
{
    uint32_t n = kr_be32((const uint8_t *)mp4->box.at);
    return n >= HEAD && (n <= BOX_MOST || memcmp(mp4->box.at + 4, "mdat", 4) == 0);
}

static int take_some(struct kr_mp4 *mp4, const uint8_t *bytes, size_t n, size_t *took)
{
    *took = mp4->passes < n ? (size_t)mp4->passes : n;
    if (mp4->passes) {
        int code = put_at(mp4->fd, bytes, *took, MEDIA_HEAD + mp4->media);
        mp4->media += *took;
        mp4->passes -= *took;
        return code;
    }
    *took = wanted(mp4, n);
    kr_buf_add(&mp4->box, bytes, *took);
    if (mp4->box.n < HEAD)
        return 0;
    if (!box_fits(mp4))
        return AVERROR_INVALIDDATA;
    uint32_t whole = kr_be32((const uint8_t *)mp4->box.at);
    if (memcmp(mp4->box.at + 4, "mdat", 4) == 0)
        mp4->passes = whole - HEAD;
    else if (mp4->box.n < whole)
        return 0;
    else if (!take_box(mp4))
        return AVERROR_INVALIDDATA;
    mp4->box.n = 0;
    return 0;
}

static int write_some(void *opaque, uint8_t *bytes, int n)
{
    struct kr_mp4 *mp4 = opaque;
    for (size_t at = 0, took; at < (size_t)n; at += took) {
        int code = take_some(mp4, bytes + at, (size_t)n - at, &took);
        if (code < 0)
            return code;
    }
    return n;
}

bool kr_mp4_open(int fd, AVIOContext **io, struct kr_mp4 **out, struct kr_err *err)
{
    struct kr_mp4 *mp4 = kr_new(struct kr_mp4);
    uint8_t *buffer = av_malloc(BUFFER);
    mp4->fd = fd;
    mp4->io = buffer ? avio_alloc_context(buffer, BUFFER, 1, mp4, NULL, write_some, NULL) : NULL;
    if (!mp4->io) {
        av_free(buffer);
        kr_free(&mp4);
        return kr_fail(err, KR_E_TOO_BIG, "no memory to write a film");
    }
    mp4->io->seekable = 0;
    *io = mp4->io;
    *out = mp4;
    return true;
}

void kr_mp4_close(struct kr_mp4 **mp4)
{
    if (!*mp4)
        return;
    av_freep(&(*mp4)->io->buffer);
    avio_context_free(&(*mp4)->io);
    kr_mp4_index_finish(&(*mp4)->index);
    kr_buf_finish(&(*mp4)->box);
    kr_buf_finish(&(*mp4)->ftyp);
    kr_buf_finish(&(*mp4)->moov);
    kr_free(mp4);
}

void kr_mp4_begins(struct kr_mp4 *mp4, size_t track, double at_s)
{
    struct kr_mp4_track *known = kr_mp4_index_track(&mp4->index, (uint32_t)track);
    if (known)
        known->begins_s = at_s;
}

// Makes room for the index: all media go `by` bytes on, the last first.
static int move_on(const struct kr_mp4 *mp4, uint64_t by)
{
    char *block = av_malloc(BLOCK);
    int code = block ? 0 : AVERROR(ENOMEM);
    for (uint64_t end = mp4->media; end > 0 && code >= 0;) {
        size_t n = end < BLOCK ? (size_t)end : BLOCK;
        end -= n;
        ssize_t got = pread(mp4->fd, block, n, (off_t)(MEDIA_HEAD + end));
        code = got == (ssize_t)n ? put_at(mp4->fd, block, n, MEDIA_HEAD + end + by)
               : got < 0         ? AVERROR(errno)
                                 : AVERROR(EIO);
    }
    av_free(block);
    return code;
}

bool kr_mp4_finish(struct kr_mp4 *mp4, struct kr_err *err)
{
    struct kr_buf head = {0};
    struct kr_str moov = {mp4->moov.at, mp4->moov.n};
    if (mp4->err.code != KR_OK && err)
        *err = mp4->err;
    if (mp4->err.code != KR_OK || !mp4->moov.n)
        return mp4->err.code == KR_OK ? kr_fail(err, KR_E_INTERNAL, "a film without tracks")
                                      : false;
    bool large = mp4->media > small;
    kr_mp4_index_write(&mp4->index, moov, 0, large, &head); // for its size
    uint64_t front = mp4->ftyp.n + head.n, all = mp4->media + MEDIA_HEAD;
    head.n = 0;
    kr_buf_add(&head, mp4->ftyp.at, mp4->ftyp.n);
    kr_mp4_index_write(&mp4->index, moov, front + MEDIA_HEAD, large, &head);
    uint8_t media[MEDIA_HEAD] = {0, 0, 0, 1, 'm', 'd', 'a', 't'};
    for (int i = 0; i < 8; i++)
        media[8 + i] = (uint8_t)(all >> (56 - 8 * i));
    kr_buf_add(&head, media, sizeof media);
    int code = move_on(mp4, front);
    if (code >= 0)
        code = put_at(mp4->fd, head.at, head.n, 0);
    kr_buf_finish(&head);
    return code >= 0 || kr_fail_writing(err, code, "write the index of a film");
}
