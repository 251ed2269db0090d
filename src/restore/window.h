// SPDX-License-Identifier: AGPL-3.0-or-later
// window.h: the last five frames of a clip, and the motion between neighbours.
//
// What mends old footage looks two frames back and two ahead. The motion from
// a frame to the next is sought when it is first asked for, and kept until the
// frame leaves.
// One thread at a time.

#pragma once
#include "restore/flow.h"

enum { KR_WINDOW_FRAMES = 5 };
enum { KR_WINDOW_HALVED = 1 }; // of its flows: finer ones run after the dirt they should look past

struct kr_window;
KR_CHECK bool kr_window_create(int width, int height, struct kr_window **out, struct kr_err *err);
void kr_window_destroy(struct kr_window **window);

// A copy of the frame joins as number 0, 1, 2 ...; `begins`: a new shot begins with it.
// Borrowed until five more have come; it may be changed before its motion is asked for.
struct kr_frame *kr_window_push(struct kr_window *window, const struct kr_frame *frame,
                                bool begins);
void kr_window_forget(struct kr_window *window);        // as if none had ever joined
size_t kr_window_count(const struct kr_window *window); // of all that ever joined

// Frame `number`; NULL when it has not come yet or has left.
struct kr_frame *kr_window_frame(const struct kr_window *window, size_t number);

// The frame `by` frames from `number`, which is there (asserted), in -2 .. 2; NULL when that one is
// not there, or not of the same shot.
const struct kr_frame *kr_window_near(const struct kr_window *window, size_t number, int by);
// Where the points of `number` are in the frame next to it; `by` is -1 or 1. Both are there.
const struct kr_flow *kr_window_flow(struct kr_window *window, size_t number, int by);
