// SPDX-License-Identifier: AGPL-3.0-or-later
// target_priv.h: a folder that becomes an archive by copying; for backup and restore.
//
// Blobs come first, one by one, each read back. The database and the claims'
// text wait in a passing folder and take their names at the very end. So a copy
// that was cut short is what it was before, with some blobs more; or, between
// those last names, a new database whose text catches up when it is opened.
#pragma once
#include "store/store.h"
#include "store/tmp.h"

struct kr_target {
    const char *path; // borrowed
    int dir;          // locked: one copy at a time
    struct kr_blobs *blobs;
    struct kr_tmp stage;
};
#define KR_TARGET_NONE ((struct kr_target){.dir = -1, .stage = {.archive = -1, .fd = -1}})

// Opens `path`, made when missing. KR_E_EXISTS when other things lie in it (and
// when `fresh`, any database), KR_E_BUSY while another copies into it,
// KR_E_REFUSED where it and the folder `source` lie in each other.
KR_CHECK bool kr_target_open(const char *path, int source, bool fresh, struct kr_target *out,
                             struct kr_err *err);
void kr_target_finish(struct kr_target *target); // for KR_AUTO

enum kr_brought { KR_BROUGHT_NOTHING, KR_BROUGHT_NEW, KR_BROUGHT_MENDED, KR_BROUGHT_MISSING };
// Sees to it that the target holds the blob, whole. With `all` what is there is
// read and verified too. MISSING: the source has it not, or not whole.
KR_CHECK bool kr_target_blob(struct kr_target *target, struct kr_blobs *source,
                             const struct kr_blob_id *id, bool all, enum kr_brought *out,
                             struct kr_err *err);
// Copies into the stage the claims' text that differs and the database, and checks that.
KR_CHECK bool kr_target_stage(struct kr_target *target, int source, struct kr_db *db,
                              struct kr_err *err);
// The staged database, opened for reading; the caller's to close.
KR_CHECK bool kr_target_staged_db(struct kr_target *target, struct kr_db **out, struct kr_err *err);
// Gives README.txt, the database and the claims their names.
KR_CHECK bool kr_target_publish(struct kr_target *target, int source, struct kr_err *err);
