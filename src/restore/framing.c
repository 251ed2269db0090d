// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/framing.h"

#include "base/mem.h"
#include <math.h>
#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    double across, down;
} places[] = {{"middle", 0, 0},     {"left", -1, 0},        {"right", 1, 0},
              {"top", 0, -1},       {"bottom", 0, 1},       {"top-left", -1, -1},
              {"top-right", 1, -1}, {"bottom-left", -1, 1}, {"bottom-right", 1, 1}};
static const struct {
    const char *ending;
    double cut;
} sizes[] = {{"", 1.0 / 3}, {"-wide", 0.2}, {"-close", 0.5}};
static const struct {
    const char *beginning;
    int move;
} moves[] = {{"in-", 1}, {"out-", -1}, {"", 0}};

static bool place_of(const char *name, struct kr_framing *out)
{
    for (size_t p = 0; p < KR_COUNT(places); p++)
        for (size_t s = 0; s < KR_COUNT(sizes); s++) {
            size_t n = strlen(places[p].name);
            if (strncmp(name, places[p].name, n) != 0 || strcmp(name + n, sizes[s].ending) != 0)
                continue;
            *out = (struct kr_framing){places[p].across, places[p].down, sizes[s].cut, 0};
            return true;
        }
    return false;
}

bool kr_framing_of(const char *name, struct kr_framing *out)
{
    struct kr_framing found;
    if (strcmp(name, "in") == 0 || strcmp(name, "out") == 0) {
        *out = (struct kr_framing){0, 0, sizes[0].cut, *name == 'i' ? 1 : -1};
        return true;
    }
    for (size_t i = 0; i < KR_COUNT(moves); i++) {
        size_t n = strlen(moves[i].beginning);
        if (strncmp(name, moves[i].beginning, n) != 0 || !place_of(name + n, &found))
            continue;
        found.move = moves[i].move;
        *out = found;
        return true;
    }
    return false;
}

// Speed and acceleration are 0 at both ends.
static double eased(double t)
{
    t = fmin(fmax(t, 0), 1);
    return t * t * t * (t * (6 * t - 15) + 10);
}

void kr_framing_map(const struct kr_framing *framing, double part, int width, int height,
                    double m[6])
{
    double near = framing->move == 0 ? 1 : eased(framing->move > 0 ? part : 1 - part);
    double scale = pow(1 - framing->cut, near), room = 1 - scale;
    double map[6] = {scale, 0,     room * (1 + framing->across) / 2 * width,
                     0,     scale, room * (1 + framing->down) / 2 * height};
    memcpy(m, map, sizeof map);
}
