// SPDX-License-Identifier: AGPL-3.0-or-later
// ingest.h: files come in, nothing is lost, and one hears of each what became of it.
//
// A file is kept (blob), looked at behind the wall, and becomes claims and one
// row of the index, in one transaction; only then is it reported. So whatever
// was reported outlives a crash, and bringing the same folder in again adds
// nothing twice. Recognised media that cannot be decoded are kept and marked
// damaged; only what is no media, unreadable or over the limit is refused.
// Threads: kr_ingest_run() uses `threads` of its own; a kr_ingest serves one
// call at a time.

#pragma once
#include "store/store.h"
#include "wall/wall.h"

enum kr_fate { KR_ADDED, KR_DUPLICATE, KR_REFUSED };
const char *kr_fate_name(enum kr_fate fate); // "added", "duplicate", "refused"

struct kr_outcome {
    struct kr_str path; // as it was given, raw bytes
    enum kr_fate fate;
    char id[KR_UUID_TEXT];  // the item; "" when refused
    struct kr_blob_id blob; // of an added or duplicate file
    const char *reason;     // why it was refused; "" else
    const char *damaged;    // why it cannot be shown; "" else
    bool sidecar;           // read together with its picture: no item of its own
    enum kr_code code;      // of the refusal
};

struct kr_ingest_params {
    const char *archive;  // the folder
    const char *home;     // whose they become, an id; NULL: the first home's
    struct kr_wall *wall; // borrowed
    int threads;          // 0: one for each core
    // Hears of each file, in no fixed order, after it is safe. May be NULL.
    void (*outcome)(void *context, const struct kr_outcome *outcome);
    // Hears how far it is, a few times a second; false stops (KR_E_INTERRUPTED):
    // what was reported stays, the rest is taken by the next run.
    bool (*progress)(void *context, size_t done, size_t all, uint64_t bytes);
    void *context;
};

struct kr_ingest;
// KR_E_BUSY while the index is being made again (archive/shown.h).
KR_CHECK bool kr_ingest_open(const struct kr_ingest_params *params, struct kr_ingest **out,
                             struct kr_err *err);
void kr_ingest_close(struct kr_ingest **ingest);

struct kr_ingest_counts {
    size_t files, added, duplicates, refused, damaged;
    uint64_t bytes;
};
// Brings in files and folders (with all below them). A path that cannot be
// read is an outcome, not an error. Near-duplicates and stacks are found at the end.
KR_CHECK bool kr_ingest_run(struct kr_ingest *ingest, const char *const *paths, size_t n,
                            struct kr_ingest_counts *out, struct kr_err *err);
// Brings in one open file under a name, for uploads. Text of *out lives in `mem`.
KR_CHECK bool kr_ingest_file(struct kr_ingest *ingest, struct kr_arena *mem, int fd,
                             struct kr_str name, struct kr_outcome *out, struct kr_err *err);
