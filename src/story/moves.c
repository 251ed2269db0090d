// SPDX-License-Identifier: AGPL-3.0-or-later
#include "story/moves.h"

#define NEAR 0.9  // the side of the nearer view: 11 % closer, felt but not seen
#define EYES 0.42 // where the middle of a view is drawn to when no face is known
#define ROOM 0.03 // kept free around the outermost faces

static double least(double a, double b)
{
    return a < b ? a : b;
}

static double most(double a, double b)
{
    return a > b ? a : b;
}

static double clamp(double value, double low, double high)
{
    return most(low, least(value, high));
}

// The part of one side that all faces need.
struct span {
    double from, to;
};

static struct span widened(struct span span, double from, double size)
{
    return (struct span){least(span.from, from - ROOM), most(span.to, from + size + ROOM)};
}

// A stretch of NEAR around the middle of what is looked at, inside [0,1], that
// cuts off none of it.
static struct span stretch(struct span look)
{
    struct span in = {clamp(look.from, 0, 1), clamp(look.to, 0, 1)};
    double size = most(NEAR, in.to - in.from);
    double from = clamp((in.from + in.to) / 2 - size / 2, 0, 1 - size);
    from = clamp(from, most(0, in.to - size), in.from);
    return (struct span){from, from + size};
}

void kr_move_choose(const struct kr_rect *faces, size_t face_count, size_t turn,
                    struct kr_rect *from, struct kr_rect *to)
{
    struct span across = {0.5, 0.5}, down = {EYES, EYES};
    if (face_count > 0) {
        across = (struct span){1, 0};
        down = (struct span){1, 0};
    }
    for (size_t i = 0; i < face_count; i++) {
        across = widened(across, faces[i].x, faces[i].w);
        down = widened(down, faces[i].y, faces[i].h);
    }
    across = stretch(across);
    down = stretch(down);
    struct kr_rect whole = {0, 0, 1, 1};
    struct kr_rect near = {across.from, down.from, across.to - across.from, down.to - down.from};
    *from = turn % 2 ? near : whole;
    *to = turn % 2 ? whole : near;
}
