// SPDX-License-Identifier: AGPL-3.0-or-later
// walk.h: what lies in the folders somebody brings: files, notes, and what cannot be read.
//
// The order is that of the names' bytes, folder by folder; files named one by one come
// before folders, and find their side-cars among one another too. Symbolic links to
// files are followed, to folders not (a tree must end). What the system makes
// for itself (.DS_Store, Thumbs.db, ._*) is passed over. An archive of kinreel is
// refused: its thumbnails are nobody's photographs.

#pragma once
#include "archive/sidecar.h"
#include "base/text.h"

struct kr_walk_file {
    struct kr_str path; // absolute, as the disk has it
    struct kr_str name; // its last part
    uint64_t size;
    int64_t mtime_ns;
    enum kr_sidecar_kind note; // NONE: a file of its own
    const size_t *notes;       // of a file of its own: its side-cars, by index
    size_t note_count;
    bool has_owner;    // of a side-car: some file claims it
    enum kr_code code; // KR_OK, or why it cannot be taken
    const char *reason;
};

struct kr_walk {
    struct kr_walk_file *files;
    size_t n;
    uint64_t bytes; // of what can be taken
};

// Never fails: a path that cannot be read is a file with a reason.
void kr_walk_paths(struct kr_arena *mem, const char *const *paths, size_t n, struct kr_walk *out);
