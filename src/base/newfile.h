// SPDX-License-Identifier: AGPL-3.0-or-later
// newfile.h: the only way kinreel writes a file that matters.
//
// Bytes gather without a name (O_TMPFILE, or a passing name where the file
// system knows none), are flushed, then get their name at once, and the folder
// is flushed. So (1) a name never shows half a file, (2) once published, the
// file outlives a power cut, (3) a discarded or crashed attempt leaves nothing
// that a sweep of tmp/ does not remove.

#pragma once
#include "base/file.h"

struct kr_newfile {
    int dir;       // borrowed
    int fd;        // -1 when there is none
    char name[40]; // the passing name; empty with O_TMPFILE
};
#define KR_NEWFILE_NONE ((struct kr_newfile){.dir = -1, .fd = -1})

// Begins a file that will live below the folder `dir` (borrowed until the end).
// Passing names lie in dir/tmp where that folder exists, else in dir itself.
KR_CHECK bool kr_newfile_begin(int dir, struct kr_newfile *out, struct kr_err *err);
KR_CHECK bool kr_newfile_write(struct kr_newfile *file, const void *bytes, size_t n,
                               struct kr_err *err);

// Names the file `path` below `dir`, making the one folder before a '/' where
// it is missing. A file that is there already stays as it is and counts as
// success: publish is for names that tell their content. (1) (2)
KR_CHECK bool kr_newfile_publish(struct kr_newfile *file, const char *path, struct kr_err *err);

// The same, but takes the place of a file of that name.
KR_CHECK bool kr_newfile_replace(struct kr_newfile *file, const char *path, struct kr_err *err);

// Forgets an unpublished file. NONE and a published one are fine.
void kr_newfile_discard(struct kr_newfile *file);
