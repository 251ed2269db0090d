// SPDX-License-Identifier: AGPL-3.0-or-later
// tmp.h: folders for what is on its way, below the archive's tmp/.
//
// A passing folder tmp/<uuid>/ is held by a lock for as long as somebody works
// in it. A process that dies lets go of its lock, so a sweep can tell rubbish
// from work: it takes only folders whose lock it can take. A waiting folder
// tmp/upload-<id>/ outlives its process (an upload that goes on tomorrow) and
// is swept only after days without a change. A recording's folder
// tmp/recording-<id>/ is never swept here: archive/recording.h looks after it. Promises:
//   (1) a folder somebody works in is never swept;
//   (2) after a crash the next sweep leaves nothing but uploads and recordings that may go on.
// Threads: a kr_tmp belongs to one thread at a time; sweeps may run anywhere.

#pragma once
#include "base/file.h"

enum { KR_TMP_UPLOAD_DAYS = 7 };

struct kr_tmp {
    int archive;   // borrowed
    int fd;        // the folder, locked; -1 when there is none
    char path[96]; // below the archive: "tmp/0190…"
};
#define KR_TMP_NONE ((struct kr_tmp){.archive = -1, .fd = -1})

// Makes and locks a passing folder in the archive folder `archive`.
KR_CHECK bool kr_tmp_begin(int archive, struct kr_tmp *out, struct kr_err *err);

// Opens and locks the waiting folder of the upload `id` ([a-z0-9-], at most 64):
// made when `make`, else KR_E_NOT_FOUND; KR_E_BUSY while another works in it.
KR_CHECK bool kr_tmp_upload(int archive, const char *id, bool make, struct kr_tmp *out,
                            struct kr_err *err);

// The same of the recording `id`. When `make`, its own name outlives a power cut.
KR_CHECK bool kr_tmp_recording(int archive, const char *id, bool make, struct kr_tmp *out,
                               struct kr_err *err);
// The id in the name of a recording's folder ("recording-…"); NULL for any other name.
const char *kr_tmp_recording_id(const char *name);

// Lets go of the folder and leaves it as it is (an upload or a recording that will go on).
void kr_tmp_leave(struct kr_tmp *tmp);
// Removes the folder with all that is in it. For KR_AUTO; NONE is fine.
void kr_tmp_end(struct kr_tmp *tmp);

// Removes what nobody works on any more: passing folders, uploads that nobody
// touched for KR_TMP_UPLOAD_DAYS, and the passing names that kr_newfile left
// when a process died (in the archive, tmp/, claims/, blobs/ and cache/, after a day).
KR_CHECK bool kr_tmp_sweep(int archive, struct kr_err *err);
// Whether a file of this name is one of kr_newfile's passing names.
bool kr_tmp_is_passing(const char *name);
