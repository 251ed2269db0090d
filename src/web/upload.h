// SPDX-License-Identifier: AGPL-3.0-or-later
// upload.h: one upload on its way: its folder below the archive's tmp/.
//
// tmp/upload-ID/ holds `bytes` (what came so far), `about.json` (length and
// name) and at the end `result.json` instead of the bytes. The folder is locked
// while somebody has it open, so (1) an upload has one writer at a time, over
// all processes, and (2) it is swept only after 7 days without a change.

#pragma once
#include "store/tmp.h"
#include "web/tus.h"

struct kr_upload {
    struct kr_tmp folder; // locked (1)
    int fd;               // of the bytes, for reading and writing; -1 when finished
    uint64_t length, have;
    struct kr_tus_meta meta; // in the arena it was opened with
    int64_t expires_ms;      // (2)
    const char *ask, *by;    // the guest's question it answers, and their door; "" of the home
    const char *result;      // JSON, "" while it is not finished
};
#define KR_UPLOAD_NONE ((struct kr_upload){.folder = KR_TMP_NONE, .fd = -1})

// For a guest with the question they answer and the id of their door, else both "".
struct kr_upload_guest {
    const char *ask, *by;
};
KR_CHECK bool kr_upload_create(int archive, struct kr_arena *mem, const char *id, uint64_t length,
                               const struct kr_tus_meta *meta, const struct kr_upload_guest *guest,
                               struct kr_upload *out, struct kr_err *err);
// KR_E_NOT_FOUND, KR_E_BUSY (1).
KR_CHECK bool kr_upload_open(int archive, struct kr_arena *mem, const char *id,
                             struct kr_upload *out, struct kr_err *err);
// Appends bytes; they count even when what comes after them fails.
KR_CHECK bool kr_upload_add(struct kr_upload *upload, struct kr_str bytes, struct kr_err *err);
// The whole file, flushed, from its start; borrowed.
KR_CHECK bool kr_upload_whole(struct kr_upload *upload, int *fd, struct kr_err *err);
// Writes the result and lets the bytes go.
KR_CHECK bool kr_upload_finish(struct kr_upload *upload, const char *result, struct kr_err *err);
void kr_upload_leave(struct kr_upload *upload);  // it goes on later; for KR_AUTO
void kr_upload_forget(struct kr_upload *upload); // with all that came of it
