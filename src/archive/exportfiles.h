// SPDX-License-Identifier: AGPL-3.0-or-later
// exportfiles.h: the archive as plain files that need no kinreel.
//
// DEST gets one folder for each year (by the shown date; "undated" else), each
// file under its name at the first of its places, beside it NAME.json with everything that is
// known, and manifest.jsonl: one line a file with hash, claims, places found and
// groups, without ids or times of saying, so that two exports of the same family
// compare equal after sorting. manifest-sha256.txt checks with `sha256sum -c`.

#pragma once
#include "store/store.h"

struct kr_export_counts {
    int64_t files, bytes, failed;
};
// KR_E_EXISTS when DEST is there and not empty.
KR_CHECK bool kr_export_files(struct kr_store *store, const char *dest,
                              bool (*progress)(void *context, double done), void *context,
                              struct kr_export_counts *out, struct kr_err *err);
