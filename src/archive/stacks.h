// SPDX-License-Identifier: AGPL-3.0-or-later
// stacks.h: files that are one picture: Live Photos, RAW beside JPEG, bursts.
//
//  - Live Photo: a still and a clip with one content id; without ids, in one folder
//    with one stem and at most 3 s between them.
//  - RAW+JPEG: one folder, one stem, one of them raw.
//  - Burst: one burst id; without ids, one camera, one folder, one run of names, three
//    pictures or more of one size, each within a second of the one before, and
//    BURST in their names.
// The picture to show is the one a person would open: a still before a clip, developed
// before raw, the chosen one of a burst, the larger, the earlier. The result depends on the items
// only, never on their order or ids. Pure.

#pragma once
#include "base/text.h"

struct kr_stack_place { // where a file was found
    const char *folder; // any text that is the same for one folder
    const char *name;   // the file's name with its ending
};

struct kr_stack_in {
    const char *hash; // SHA-256 in hex: breaks ties
    const char *kind; // "photo", "video", "audio"
    const char *mime;
    bool raw;
    const struct kr_stack_place *places;
    size_t place_count;
    bool has_wall;
    int64_t wall_ms;
    const char *content_id, *burst_id, *camera; // "" or NULL where not told
    bool burst_pick;                            // the camera or a person chose it
    int width, height;
};

struct kr_stack_out {
    size_t cover; // index of the item to show: its own when it is the cover or alone
    int count;    // files in its stack, 1 when alone
};

// Fills out[0..n-1]. What it needs on the way is taken from the arena.
void kr_stacks_of(struct kr_arena *mem, const struct kr_stack_in *items, size_t n,
                  struct kr_stack_out *out);
