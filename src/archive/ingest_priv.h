// SPDX-License-Identifier: AGPL-3.0-or-later
// ingest_priv.h: one file on its way in: taken by a thread, committed by one.
#pragma once
#include "archive/ingest.h"
#include "archive/reading.h"
#include "archive/walk.h"
#include "store/items.h"

struct kr_place { // where a file or its side-car was found
    struct kr_str path;
    uint64_t size;
    int64_t mtime_ns;
};

struct kr_finding {
    struct kr_arena *mem; // owns everything below
    const struct kr_walk_file *file;
    struct kr_outcome outcome;
    struct kr_sniff sniff;
    struct kr_reading reading; // what the file, its name and its side-cars say
    struct kr_place places[8]; // [0] the file, then its side-cars
    size_t place_count;
    bool known;    // nothing is new: the same file at the same place
    uint64_t size; // bytes of the blob
    struct kr_finding *next;
};

struct kr_taker {           // what a thread has of its own
    struct kr_store *store; // for reading
    struct kr_wall *wall;
    uint64_t most, floor; // largest file; bytes to leave free on the disk
};

// Keeps, looks and reads; fills the finding whatever happens (refusals too).
// Fails only where the archive itself does (KR_E_FULL, KR_E_IO).
KR_CHECK bool kr_take_file(struct kr_taker *taker, const struct kr_walk *walk, size_t index,
                           struct kr_finding *finding, struct kr_err *err);
// The same for an open descriptor; `path` is its name.
KR_CHECK bool kr_take_fd(struct kr_taker *taker, int fd, struct kr_str path, int64_t mtime_ns,
                         struct kr_finding *finding, struct kr_err *err);

// Whether the archive holds this content already, and as which item. Refuses it when
// somebody emptied it out of the trash: it does not come back with the next folder.
KR_CHECK bool kr_know_again(struct kr_store *store, struct kr_finding *finding,
                            struct kr_item *item, bool *there, struct kr_err *err);

// A place as a claim tells it: "path", and "path_base64" where it is no UTF-8.
void kr_json_set_place(struct kr_arena *mem, json_t *object, struct kr_str path);

// Commits the findings (a list) in one transaction and fills their outcomes.
KR_CHECK bool kr_commit_findings(struct kr_store *store, struct kr_finding *first,
                                 struct kr_err *err);
