// SPDX-License-Identifier: AGPL-3.0-or-later
// meta_priv.h (inside media only): metadata while it is being gathered.
#pragma once
#include "media/exif_priv.h"
#include "media/meta.h"
#include <libavformat/avformat.h>

struct kr_meta {
    struct kr_arena *mem; // borrowed
    json_t *out;          // borrowed; members are added, those there stay
    int orientation;      // EXIF, [1,8]
};

// What gexiv2 understood, everything but the turn and the motion.
void kr_meta_exif(struct kr_meta *meta, GExiv2Metadata *from);
// Regions, turned as meta->orientation asks; width and height are as stored, or 0.
void kr_meta_regions(struct kr_meta *meta, GExiv2Metadata *from, int width, int height);
// The film behind a still; `all` is the whole file. `from` may be NULL.
void kr_meta_motion(struct kr_meta *meta, GExiv2Metadata *from, struct kr_str all);
// Apple's maker note, from its first byte.
void kr_meta_apple(struct kr_meta *meta, struct kr_str note);
// The dictionaries of a film or sound.
void kr_meta_film(struct kr_meta *meta, const AVFormatContext *from);

// Sets a text that came from outside, cut to `most` bytes; blank ones and those
// already set are left out.
void kr_meta_text(struct kr_meta *meta, const char *name, struct kr_str outside, size_t most);
// Adds one keyword; blank ones and those there are left out.
void kr_meta_keyword(struct kr_meta *meta, struct kr_str outside);
// Sets a place unless there is one, or it cannot be: 0, 0 is where no camera stood.
void kr_meta_place(struct kr_meta *meta, double lat, double lon, double alt, bool has_alt);
void kr_meta_camera(struct kr_meta *meta, struct kr_str make, struct kr_str model);
void kr_meta_scanner(struct kr_meta *meta, const char *words);

// "2019:03:21 11:04:22", "2019-03-21T11:04:22.123+08:00", "2019-03", "20190321" ...:
// adds a date unless it is none. `offset` may be NULL where the text itself tells.
void kr_meta_date(struct kr_meta *meta, const char *source, const char *tag, const char *text,
                  const char *subsecond, const char *offset);
