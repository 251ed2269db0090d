// SPDX-License-Identifier: AGPL-3.0-or-later
// reading.h: what a file, its name and its side-cars say of themselves, as claims.
//
// Pure: bytes were read behind the wall, names come from the walk. The same
// input gives the same claims in the same order. Dates keep wall time and
// offset apart; the day a file was scanned or saved is never the day of the
// memory: it becomes "scanned" or "saved" instead of "date".

#pragma once
#include "archive/sniff.h"
#include "base/json.h"

struct kr_said {
    const char *predicate;
    const json_t *value; // lent to the reading's arena
    const char *who;     // "exif", "xmp", "filename" …
    double certain;
};

struct kr_reading {
    struct kr_arena *mem; // borrowed; outlives the reading
    struct kr_said *said;
    size_t n, room;
};

// Whether `who` is a file's voice and not a person: "exif", "filename-sent" ...
bool kr_is_source(const char *who);

// Adds one claim; swallows `value`. One of more than 256 KiB is left out: it is no
// claim of a photograph, and one file must not stop a whole folder.
void kr_reading_add(struct kr_reading *reading, const char *predicate, json_t *value,
                    const char *who, double certain);

// What the look behind the wall saw (media/look.h): "seen" and all metadata.
void kr_reading_look(struct kr_reading *reading, const struct kr_sniff *sniff, const json_t *look);
// What an XMP side-car says (the metadata shape of media/meta.h).
void kr_reading_meta(struct kr_reading *reading, const json_t *meta, const char *who);
// What a Takeout note says (archive/sidecar.h).
void kr_reading_takeout(struct kr_reading *reading, const json_t *note);
// What the name of a file and of its folder say.
void kr_reading_path(struct kr_reading *reading, struct kr_str path);
