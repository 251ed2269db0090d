// SPDX-License-Identifier: AGPL-3.0-or-later
// look_priv.h (inside media only): what the looks at stills and at films share.
#pragma once
#include "media/frame.h"
#include "media/look.h"
#include "media/meta_priv.h"
#include "media/picture_priv.h"

enum { KR_THUMB_LARGE = 2048, KR_LOOK_PIXELS_MOST = 400 * 1000 * 1000 };

struct kr_looking {
    int fd;
    const char *kind, *mime, *ending; // hints
    const int *thumbs;
    struct kr_sniffed sniffed;
    json_t *answer;
    struct kr_meta meta;
};

// Thumbnails, preview and fingerprint from an upright RGB8 frame, at most
// KR_THUMB_LARGE long; swallows the frame.
KR_CHECK bool kr_look_show_take(struct kr_looking *looking, struct kr_frame **frame,
                                struct kr_err *err);
// Notes why something could not be had, unless something was noted before.
void kr_look_damaged(struct kr_looking *looking, const char *why);

// false where nothing is recognised.
KR_CHECK bool kr_look_film(struct kr_looking *looking, struct kr_err *err);

// A frame of a film that stands for it: near the beginning, neither black nor
// blank where there is another. RGB8.
KR_CHECK bool kr_poster(int fd, double duration_s, int fit, struct kr_frame **out,
                        struct kr_err *err);

struct kr_fingerprint {
    uint64_t phash;
    bool flat; // nearly one colour: the hash is noise
};
// Of an RGB8 frame (DCT hash: C. Zauner, 2010, "Implementation and benchmarking
// of perceptual image hash functions", 3.2).
KR_CHECK bool kr_fingerprint(const struct kr_frame *frame, struct kr_fingerprint *out,
                             struct kr_err *err);
