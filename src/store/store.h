// SPDX-License-Identifier: AGPL-3.0-or-later
// store.h: an archive folder, opened: where everything a family gave us lies.
//
// The folder is described in docs/formats/archive.md. Opening checks that it is
// an archive, brings its database to this program's version, and sweeps tmp/.
// One kinreel serve may run beside any number of commands: writers take turns.
// Threads: a store belongs to one thread at a time; open one for each thread.

#pragma once
#include "base/err.h"
#include "base/uuid.h"
#include "store/blobs.h"
#include "store/db.h"

enum kr_store_mode { KR_STORE_READ, KR_STORE_WRITE };

struct kr_store {
    int dir;   // the archive's folder
    int cache; // its cache/
    struct kr_db *db;
    struct kr_blobs *blobs;
    char home[KR_UUID_TEXT]; // the home that commands act for
};

// Makes an empty archive in `path` (made when missing; must be empty else
// KR_E_EXISTS; inside a git work tree KR_E_REFUSED unless `anywhere`).
KR_CHECK bool kr_store_init(const char *path, bool anywhere, struct kr_err *err);
// KR_E_NOT_FOUND where there is no archive; KR_E_UNSUPPORTED where a newer
// kinreel has written it.
KR_CHECK bool kr_store_open(const char *path, enum kr_store_mode mode, struct kr_store **out,
                            struct kr_err *err);
// Acts for another home of this archive; NULL and "" leave it as it is.
void kr_store_enter(struct kr_store *store, const char *home);
void kr_store_close(struct kr_store **store);

// The value of a setting as the archive says it (NULL: it says nothing), and saying it.
KR_CHECK bool kr_store_setting(struct kr_store *store, struct kr_arena *mem, const char *key,
                               const char **out, struct kr_err *err);
KR_CHECK bool kr_store_set_setting(struct kr_store *store, const char *key, const char *value,
                                   struct kr_err *err); // NULL: back to the default
// The value that counts of a number among base/settings.h's rows: of the
// environment, the archive, or its default.
KR_CHECK bool kr_store_number(struct kr_store *store, const char *key, int64_t *out,
                              struct kr_err *err);

// A note to oneself that any later process reads ("" when there is none). Index, not truth. The
// house has one under each key; `kr_store_own_key` gives the key under which a home has its own.
enum { KR_NOTE_KEY = 80 };
const char *kr_store_own_key(const struct kr_store *store, const char *key,
                             char out[static KR_NOTE_KEY]);
KR_CHECK bool kr_store_note(struct kr_store *store, const char *key, const char *note,
                            struct kr_err *err);
KR_CHECK bool kr_store_noted(struct kr_store *store, struct kr_arena *mem, const char *key,
                             const char **out, struct kr_err *err);
// Puts `now` in the place of `before`, if that is still what is noted.
KR_CHECK bool kr_store_swap_note(struct kr_store *store, const char *key, const char *before,
                                 const char *now, struct kr_err *err);
