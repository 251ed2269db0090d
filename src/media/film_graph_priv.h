// SPDX-License-Identifier: AGPL-3.0-or-later
// film_graph.h (inside media only): what a decoded frame goes through until it
// is upright, square, progressive, SDR, BT.709 and of the size wanted.
#pragma once
#include "media/fields.h"
#include "media/frame.h"
#include <libavfilter/avfilter.h>
#include <libavutil/frame.h>

struct kr_film_look { // what a frame is
    int width, height, format, matrix, range, curve;
    bool interlaced;
    enum kr_weave weave; // beyond what frames say of themselves
    AVRational rate;     // of what is decoded
};

struct kr_film_graph {
    AVFilterGraph *graph; // NULL: frames are already as they should be
    AVFilterContext *in, *out;
    struct kr_film_look made_for;
    bool made;
};

struct kr_film_look kr_film_look_of(const AVFrame *frame, bool interlaced, enum kr_weave weave,
                                    AVRational rate);
// So many frames come out for one that is decoded.
double kr_film_frames_for_one(enum kr_weave weave);
bool kr_film_same_look(const struct kr_film_look *a, const struct kr_film_look *b);

// `turn` is an EXIF orientation; width and height are of what comes out.
KR_CHECK bool kr_film_graph_make(struct kr_film_graph *graph, const struct kr_film_look *look,
                                 int turn, int width, int height, struct kr_err *err);
void kr_film_graph_finish(struct kr_film_graph *graph);
