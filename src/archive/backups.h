// SPDX-License-Identifier: AGPL-3.0-or-later
// backups.h: the house's own backup: where it lies, when it is due, how the last one went.
//
// Two settings say it: backup.place (a folder) and backup.every_days (0: only when asked).
// How it went is a note in the archive, so that every page and command tells the same.
// (1) A disk that is not there is never taken for an empty one: where a backup was made once,
//     it must be found again; where none was, only the last folder of the path is made.

#pragma once
#include "store/backup.h"

struct kr_backups {
    const char *place; // as kr_path_escape() writes it; "" while none was chosen
    int every_days;
    int64_t done_ms;                // the last good one in this place; 0: none yet
    int64_t tried_ms;               // the last try; 0: none yet
    enum kr_code trouble;           // what stood in its way; KR_OK: nothing
    struct kr_backup_report report; // of the last good one
    bool due;                       // should be made now
    bool late;                      // people should know: it failed, or is long due
};
KR_CHECK bool kr_backups_look(struct kr_store *store, struct kr_arena *mem, int64_t now_ms,
                              struct kr_backups *out, struct kr_err *err);
// Chooses the place ("": none any more). KR_E_NOT_FOUND where the folder it would be in is not
// there, KR_E_REFUSED where it may not be written to or lies in the archive, KR_E_EXISTS where
// other things lie in it.
KR_CHECK bool kr_backups_choose(struct kr_store *store, const char *place, struct kr_err *err);
// Makes it now (1), and notes how it went. KR_E_NOT_FOUND while no place was chosen.
KR_CHECK bool kr_backups_make(struct kr_store *store, KR_PROGRESS, void *context,
                              struct kr_backup_report *out, struct kr_err *err);
// Adds the job "backup" where one is due and none is open.
KR_CHECK bool kr_backups_ask(struct kr_store *store, struct kr_err *err);
