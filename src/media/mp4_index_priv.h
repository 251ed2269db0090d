// SPDX-License-Identifier: AGPL-3.0-or-later
// mp4_index.h (inside mp4 only): where every sample lies, in few bytes; and boxes.
#pragma once
#include "base/text.h"

// A box in memory: what follows its size and type.
struct kr_box {
    char type[5];
    const uint8_t *at;
    size_t n;
};
// Takes the first box off `rest`; false at its end, or where none fits.
bool kr_box_next(struct kr_str *rest, struct kr_box *out);
bool kr_box_in(const struct kr_box *outer, const char *type, struct kr_box *out);
struct kr_str kr_box_inside(const struct kr_box *box);
uint32_t kr_be32(const uint8_t *at);
uint64_t kr_be64(const uint8_t *at);

struct kr_mp4_run { // so many samples alike
    uint32_t count, value;
};
struct kr_mp4_chunk { // of samples one behind the other, `at` bytes into the media
    uint64_t at;
    uint32_t samples;
};
struct kr_mp4_track {
    uint32_t id, count;
    struct kr_buf size;     // uint32_t of each sample
    struct kr_buf lasts;    // runs: from one sample to the next
    struct kr_buf offset;   // runs: from when it is decoded to when it is shown, int32_t
    struct kr_buf key;      // uint32_t: numbers, from 1, of those that need none before
    struct kr_buf chunk;    // struct kr_mp4_chunk
    int64_t last_dts, ends; // of the last sample; the latest moment shown
    uint32_t last_lasts, last_offset;
    bool late; // its first sample was not in the first fragment, which told of it
    double begins_s;
};

struct kr_mp4_index {
    struct kr_mp4_track *track; // by id - 1
    size_t count, fragments;
};
// NULL for a number no track of ours has.
struct kr_mp4_track *kr_mp4_index_track(struct kr_mp4_index *index, uint32_t id);
void kr_mp4_index_finish(struct kr_mp4_index *index);

// Takes in a movie fragment; its media begin `at` bytes into all media.
KR_CHECK bool kr_mp4_index_take(struct kr_mp4_index *index, struct kr_str moof, uint64_t at,
                                struct kr_err *err);
// The whole index: what the muxer wrote of the tracks, with their samples. The media begin at
// `base` of the file.
void kr_mp4_index_write(const struct kr_mp4_index *index, struct kr_str moov, uint64_t base,
                        bool large, struct kr_buf *out);
