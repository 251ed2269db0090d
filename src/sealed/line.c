// SPDX-License-Identifier: AGPL-3.0-or-later
#include "sealed/line.h"

#include "base/belt.h"
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>

enum { ROOM = 8 << 20 }; // bytes on each belt: two frames of 1080 lines, and of small ones many

struct piece {
    struct kr_frame *frame;
    struct kr_samples *samples;
};

struct side { // one of the two threads beside the caller's
    pthread_t thread;
    bool runs, ok; // ok and err: once it ended
    struct kr_err err;
    struct kr_belt *belt;
};

struct kr_line {
    struct kr_reader *reader;
    kr_put_away *put;
    void *context;
    struct side read, away;
    atomic_bool closing; // what is on the way is not wanted any more
};

static void drop(void *thing)
{
    struct piece *piece = thing;
    kr_frame_destroy(&piece->frame);
    kr_samples_destroy(&piece->samples);
    kr_free(&piece);
}

static size_t weight_of(const struct piece *piece)
{
    size_t weight =
        piece->samples ? piece->samples->n * (size_t)piece->samples->channels * sizeof(float) : 0;
    for (int p = 0; piece->frame && p < kr_frame_plane_count(piece->frame->pixels); p++)
        weight += (size_t)piece->frame->stride[p] * kr_frame_plane_height(piece->frame, p);
    return weight;
}

static void *read_on(void *context)
{
    struct kr_line *line = context;
    bool more = true;
    line->read.ok = true;
    while (more && line->read.ok) {
        struct piece *piece = kr_new(struct piece);
        line->read.ok =
            kr_reader_next(line->reader, &piece->frame, &piece->samples, &line->read.err);
        more = line->read.ok && (piece->frame || piece->samples);
        if (!more)
            drop(piece);
        else
            more = kr_belt_lay(line->read.belt, piece, weight_of(piece));
    }
    kr_belt_end(line->read.belt);
    return NULL;
}

static void *put_on(void *context)
{
    struct kr_line *line = context;
    line->away.ok = true;
    for (struct piece *piece; line->away.ok && (piece = kr_belt_take(line->away.belt));) {
        line->away.ok = atomic_load(&line->closing) ||
                        line->put(line->context, piece->frame, piece->samples, &line->away.err);
        drop(piece);
    }
    kr_belt_leave(line->away.belt);
    return NULL;
}

static bool start(struct side *side, void *(*work)(void *), struct kr_line *line,
                  struct kr_err *err)
{
    side->belt = kr_belt_create(ROOM, drop);
    int code = pthread_create(&side->thread, NULL, work, line);
    side->runs = code == 0;
    errno = code;
    return side->runs || kr_fail_errno(err, "start a thread");
}

static void stop(struct side *side)
{
    if (side->runs)
        pthread_join(side->thread, NULL);
    side->runs = false;
}

bool kr_line_open(struct kr_reader *reader, kr_put_away *put, void *context, struct kr_line **out,
                  struct kr_err *err)
{
    struct kr_line *line = kr_new(struct kr_line);
    line->reader = reader;
    line->put = put;
    line->context = context;
    if (!start(&line->away, put_on, line, err) || !start(&line->read, read_on, line, err)) {
        kr_line_close(&line);
        return false;
    }
    *out = line;
    return true;
}

void kr_line_close(struct kr_line **line)
{
    if (!*line)
        return;
    atomic_store(&(*line)->closing, true);
    if ((*line)->read.belt)
        kr_belt_leave((*line)->read.belt);
    if ((*line)->away.belt)
        kr_belt_end((*line)->away.belt);
    stop(&(*line)->read);
    stop(&(*line)->away);
    kr_belt_destroy(&(*line)->read.belt);
    kr_belt_destroy(&(*line)->away.belt);
    kr_free(line);
}

bool kr_line_next(struct kr_line *line, struct kr_frame **frame, struct kr_samples **samples,
                  struct kr_err *err)
{
    struct piece *piece = kr_belt_take(line->read.belt);
    *frame = piece ? piece->frame : NULL;
    *samples = piece ? piece->samples : NULL;
    if (piece) {
        kr_free(&piece);
        return true;
    }
    stop(&line->read);
    if (!line->read.ok && err)
        *err = line->read.err;
    return line->read.ok;
}

// What the thread that puts away has failed with.
static bool failed(struct kr_line *line, struct kr_err *err)
{
    stop(&line->away);
    if (err)
        *err = line->away.err;
    return false;
}

bool kr_line_put(struct kr_line *line, struct kr_frame **frame, struct kr_samples **samples,
                 struct kr_err *err)
{
    struct piece *piece = kr_new(struct piece);
    *piece = (struct piece){*frame, *samples};
    *frame = NULL;
    *samples = NULL;
    return kr_belt_lay(line->away.belt, piece, weight_of(piece)) || failed(line, err);
}

bool kr_line_end(struct kr_line *line, struct kr_err *err)
{
    kr_belt_end(line->away.belt);
    stop(&line->away);
    return line->away.ok || failed(line, err);
}
