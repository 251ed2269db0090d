// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/window.h"

#include <assert.h>

struct slot {
    struct kr_frame *frame;
    struct kr_flow_view *view;
    struct kr_flow *flow[2]; // to the frame before, to the one after
    bool seen, found[2];     // the view is of this frame; the flows are
    bool begins;
};

struct kr_window {
    struct slot slot[KR_WINDOW_FRAMES];
    size_t count;
};

bool kr_window_create(int width, int height, struct kr_window **out, struct kr_err *err)
{
    KR_AUTO(kr_window_destroy) struct kr_window *window = kr_new(struct kr_window);
    for (int i = 0; i < KR_WINDOW_FRAMES; i++) {
        struct slot *slot = &window->slot[i];
        if (!kr_frame_create(KR_YUV420, width, height, &slot->frame, err))
            return kr_within(err, "keep the frames around one");
        slot->view = kr_flow_view_create(width, height);
        for (int k = 0; k < 2; k++)
            slot->flow[k] = kr_flow_create(width, height, KR_WINDOW_HALVED);
    }
    *out = window;
    window = NULL;
    return true;
}

void kr_window_destroy(struct kr_window **window)
{
    for (int i = 0; *window && i < KR_WINDOW_FRAMES; i++) {
        struct slot *slot = &(*window)->slot[i];
        kr_frame_destroy(&slot->frame);
        kr_flow_view_destroy(&slot->view);
        kr_flow_destroy(&slot->flow[0]);
        kr_flow_destroy(&slot->flow[1]);
    }
    kr_free(window);
}

struct kr_frame *kr_window_push(struct kr_window *window, const struct kr_frame *frame, bool begins)
{
    struct slot *slot = &window->slot[window->count % KR_WINDOW_FRAMES];
    kr_frame_copy(frame, slot->frame);
    slot->begins = begins || window->count == 0;
    slot->seen = slot->found[0] = slot->found[1] = false;
    if (window->count > 0)
        window->slot[(window->count - 1) % KR_WINDOW_FRAMES].found[1] = false;
    window->count++;
    return slot->frame;
}

void kr_window_forget(struct kr_window *window)
{
    window->count = 0;
}

size_t kr_window_count(const struct kr_window *window)
{
    return window->count;
}

static const struct slot *slot_of(const struct kr_window *window, size_t number)
{
    bool there = number < window->count && number + KR_WINDOW_FRAMES >= window->count;
    return there ? &window->slot[number % KR_WINDOW_FRAMES] : NULL;
}

struct kr_frame *kr_window_frame(const struct kr_window *window, size_t number)
{
    const struct slot *slot = slot_of(window, number);
    return slot ? slot->frame : NULL;
}

const struct kr_frame *kr_window_near(const struct kr_window *window, size_t number, int by)
{
    assert(slot_of(window, number));
    for (; by < 0; by++, number--)
        if (number == 0 || !slot_of(window, number - 1) || slot_of(window, number)->begins)
            return NULL;
    for (; by > 0; by--, number++)
        if (!slot_of(window, number + 1) || slot_of(window, number + 1)->begins)
            return NULL;
    return kr_window_frame(window, number);
}

static const struct kr_flow_view *view_of(struct kr_window *window, size_t number)
{
    struct slot *slot = &window->slot[number % KR_WINDOW_FRAMES];
    if (!slot->seen)
        kr_flow_view_take(slot->view, slot->frame);
    slot->seen = true;
    return slot->view;
}

const struct kr_flow *kr_window_flow(struct kr_window *window, size_t number, int by)
{
    size_t other = by < 0 ? number - 1 : number + 1;
    assert((by == -1 || by == 1) && slot_of(window, number) && slot_of(window, other));
    struct slot *slot = &window->slot[number % KR_WINDOW_FRAMES];
    int side = by > 0;
    if (!slot->found[side])
        kr_flow_between(view_of(window, number), view_of(window, other), slot->flow[side]);
    slot->found[side] = true;
    return slot->flow[side];
}
