// SPDX-License-Identifier: AGPL-3.0-or-later
// backup.h: a second copy that is known to be good, and the way back.
//
// A backup is a folder that is itself an archive: blobs, claims and a
// consistent copy of the database. Only what is missing is copied; every byte
// that is copied is read back and hashed before the backup is called good.

#pragma once
#include "store/store.h"

struct kr_backup_report {
    int64_t blobs;     // looked at
    int64_t copied;    // of them: new in the copy, or mended there
    int64_t repaired;  // of those copied: damaged there before
    int64_t bytes;     // copied
    int64_t forgotten; // taken out of the backup since a person had them forgotten
    int64_t missing;   // spoken of by claims, but gone or damaged in the source
};
// Returning false stops the work (KR_E_INTERRUPTED).
#define KR_PROGRESS bool (*progress)(void *context, double done)
// Makes or brings up to date the backup in `dest`. With `all` every blob there
// is read again and checked, not only the new ones.
KR_CHECK bool kr_backup(struct kr_store *store, const char *dest, bool all, KR_PROGRESS,
                        void *context, struct kr_backup_report *out, struct kr_err *err);
// Makes the archive `dir` (empty or missing) from a backup, verifying each blob.
KR_CHECK bool kr_backup_restore(const char *source, const char *dir, KR_PROGRESS, void *context,
                                struct kr_backup_report *out, struct kr_err *err);

struct kr_check_report {
    int64_t blobs, damaged, missing, extra, claims_missing_in_text;
};
// Reads every blob, compares claims with their text, checks the database.
// `see` (may be NULL) hears of each trouble: what it is ("damaged", "missing", "extra",
// "claims", "database"), and of whom: a blob's name, a claim's id, or FILE:LINE of the text.
KR_CHECK bool kr_check_archive(struct kr_store *store, KR_PROGRESS,
                               void (*see)(void *context, const char *what, const char *whom),
                               void *context, struct kr_check_report *out, struct kr_err *err);
