// SPDX-License-Identifier: AGPL-3.0-or-later
// folders.h: the folders of the house's own machine, for somebody who chooses one in a browser.
//
// Only names of folders are told, never what a file holds, and how many files lie in the one
// that is looked at. Paths are written as kr_path_escape() does, so that every name can be
// shown, sent and taken back, whatever its bytes. Who may look is the caller's to ask: a
// keeper, at this very machine.

#pragma once
#include "store/store.h"

struct kr_folder {
    const char *name, *path;
};
struct kr_folders {
    const char *path;     // itself, without links and dots
    const char *parent;   // "" at the root
    struct kr_folder *at; // below it, as they read; hidden ones are left out
    size_t n;
    bool more;     // there are more than can be told
    int64_t files; // lie in it, those below not counted
    int64_t free_bytes;
    bool empty;     // nothing at all lies in it
    bool archive;   // it is an archive of kinreel, or a backup of one
    bool writable;  // something could be put there
    bool same_disk; // as the archive of `store`
};
// "" is where people keep their things: the home folder of whoever runs kinreel.
// KR_E_INVALID for what is no path from the root, KR_E_NOT_FOUND for no folder, KR_E_REFUSED for
// one that may not be read. Text lives in the arena.
KR_CHECK bool kr_folders_of(const struct kr_store *store, struct kr_arena *mem, const char *path,
                            struct kr_folders *out, struct kr_err *err);

// Where to begin: `name` is "home", "disks" or "all".
void kr_folder_places(struct kr_arena *mem, struct kr_folder **out, size_t *n);
