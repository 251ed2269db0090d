// SPDX-License-Identifier: AGPL-3.0-or-later
// drive.h: one run of the driver under the shim, and what it promised.
#pragma once
#include "base/file.h"

enum { FILES = 4, PATH = 300, MOST_PROMISES = 32, LINE = 80 };

struct plan {
    const char *kind;  // of the shim
    const char *extra; // "NAME=VALUE" for the shim, or ""
    const char *more;  // another
};

struct work {
    const char *driver, *shim, *recorder;
    char dir[PATH], files[FILES][PATH];
    char archive[PATH], copy[PATH];
    const char *under_fault; // of the two
    char promises[MOST_PROMISES][LINE];
    int promise_n;
    bool hit;
    int runs, violations;
    const struct plan *plan;
    long at;
};

// Something that was promised does not hold.
void violated(struct work *work, const char *what, const char *whom);
// What the loop itself needs to go on; ends the program otherwise.
void must(bool ok, const struct kr_err *err);
// One small file, one of two chunks, one that is another's double, one empty.
void make_sources(struct work *work);
// Runs the driver once with these arguments (up to NULL); its whole lines become
// promises. Returns its exit status, or -1 when it was killed.
int drive(struct work *work, const char *const *args, bool faulty);

// Backups, the same way (run_backup.c).
void go_through_backups(struct work *work, const struct plan *plan, long first, long step);
// And recordings (run_recording.c).
void go_through_recordings(struct work *work, const struct plan *plan, long first, long step);
