// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/io_priv.h"

#include "base/mem.h"
#include <errno.h>
#include <libavutil/error.h>
#include <libavutil/mem.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER = 64 * 1024 };

struct place {
    int fd;
    int64_t at;
};

static int read_some(void *opaque, uint8_t *out, int n)
{
    struct place *place = opaque;
    ssize_t got;
    do
        got = pread(place->fd, out, (size_t)n, place->at);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return AVERROR(errno);
    place->at += got;
    return got == 0 ? AVERROR_EOF : (int)got;
}

static int write_some(void *opaque, uint8_t *bytes, int n)
{
    struct place *place = opaque;
    for (int done = 0; done < n;) {
        ssize_t put = pwrite(place->fd, bytes + done, (size_t)(n - done), place->at);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return AVERROR(errno);
        place->at += put;
        done += (int)put;
    }
    return n;
}

static int64_t seek_to(void *opaque, int64_t offset, int whence)
{
    struct place *place = opaque;
    struct stat about;
    if (fstat(place->fd, &about) != 0)
        return AVERROR(errno);
    switch (whence & ~AVSEEK_FORCE) {
    case AVSEEK_SIZE:
        return about.st_size;
    case SEEK_CUR:
        offset += place->at;
        break;
    case SEEK_END:
        offset += about.st_size;
        break;
    default:
        break;
    }
    if (offset < 0)
        return AVERROR(EINVAL);
    place->at = offset;
    return offset;
}

bool kr_io_open(int fd, bool writing, AVIOContext **out, struct kr_err *err)
{
    uint8_t *buffer = av_malloc(BUFFER);
    struct place *place = av_mallocz(sizeof *place);
    AVIOContext *io = buffer && place
                          ? avio_alloc_context(buffer, BUFFER, writing, place, read_some,
                                               writing ? write_some : NULL, seek_to)
                          : NULL;
    if (!io) {
        av_free(buffer);
        av_free(place);
        return kr_fail(err, KR_E_TOO_BIG, "no memory to read a file");
    }
    place->fd = fd;
    *out = io;
    return true;
}

void kr_io_close(AVIOContext **io)
{
    if (!*io)
        return;
    if ((*io)->write_flag)
        avio_flush(*io);
    av_freep(&(*io)->opaque);
    av_freep(&(*io)->buffer);
    avio_context_free(io);
}
