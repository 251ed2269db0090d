// SPDX-License-Identifier: AGPL-3.0-or-later
// file.h: reading, writing and walking, without the traps.
//
// Descriptors are int, -1 when there is none; kr_fd_close() suits KR_AUTO.
// Every call goes on after EINTR. Threads: no state here.

#pragma once
#include "base/text.h"
#include <sys/types.h>

void kr_fd_close(int *fd); // closes and sets to -1; -1 is fine

// Like read(2), but fills `size` unless the file ends before. -1 on error (errno).
ssize_t kr_read(int fd, void *out, size_t size);
KR_CHECK bool kr_write_all(int fd, const void *bytes, size_t n, struct kr_err *err);

// All of fd from its offset, at most `most` bytes (else KR_E_TOO_BIG), zero-ended.
KR_CHECK bool kr_read_all(struct kr_arena *mem, int fd, size_t most, struct kr_str *out,
                          struct kr_err *err);
KR_CHECK bool kr_read_file(struct kr_arena *mem, int dir, const char *path, size_t most,
                           struct kr_str *out, struct kr_err *err);

// Copies from the offset of `from` to its end; *copied may be NULL. Uses
// copy_file_range where the file system can. At most `most` bytes (KR_E_TOO_BIG).
KR_CHECK bool kr_copy(int from, int to, uint64_t most, uint64_t *copied, struct kr_err *err);

// Opens a folder, making it (and its parents) first where it is missing.
KR_CHECK bool kr_open_folder(int at, const char *path, bool make, int *out, struct kr_err *err);

// The path of a folder or file that came with the program: beside it, where it was built, or in
// ../share/kinreel, where it was installed; NULL where there is none of that name.
const char *kr_shipped(struct kr_arena *mem, const char *name);

// Whether nothing lies in the open folder `dir`; false where that cannot be seen.
bool kr_is_empty_folder(int dir);

// Whether the open folder `inner` is `outer`, or lies below it.
bool kr_folder_lies_in(int inner, int outer);

// Removes a folder below `at` with all that is in it. Missing is fine.
KR_CHECK bool kr_remove_tree(int at, const char *path, struct kr_err *err);

// A nameless file in memory (memfd), close-on-exec; the caller's to close.
KR_CHECK bool kr_memory_file(const char *name, int *out, struct kr_err *err);
