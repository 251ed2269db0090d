// SPDX-License-Identifier: AGPL-3.0-or-later
// bringin.h: a folder of this machine comes in while nobody watches: what the job "add" does.
//
// Stopped or killed on the way, it is run again and takes what is left: what is here already
// counts as a duplicate (archive/ingest.h). What was refused is told by name and reason, the
// first of it: a family must know which picture did not come in, but no list is endless.

#pragma once
#include "archive/ingest.h"
#include "base/json.h"

struct kr_bring_in {
    const char *archive, *home;                   // the folder, and the id of the home
    struct kr_wall *wall;                         // borrowed
    const char *path;                             // what comes in, as kr_path_escape() writes it
    bool (*progress)(void *context, double done); // false stops (KR_E_INTERRUPTED)
    void *context;
};
// Fills `result` with {"files", "added", "duplicates", "refused", "damaged", "bytes",
// "refusals": [{"path", "code", "reason"}], "more": refusals not listed}.
// KR_E_NOT_FOUND or KR_E_REFUSED where the folder itself is gone or may not be read.
KR_CHECK bool kr_bring_folder_in(const struct kr_bring_in *bring, json_t *result,
                                 struct kr_err *err);
