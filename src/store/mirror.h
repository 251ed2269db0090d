// SPDX-License-Identifier: AGPL-3.0-or-later
// mirror.h: claims as lines of text, for a reader with no kinreel.
//
// claims/YYYY-MM.jsonl holds one JSON object a line (docs/formats/claims.md).
// Lines stand in the order of their seq, over all files in order of name: a
// claim goes to the month it was said in, but never before the newest file. So
// the last whole line tells how far the text has come. Promises:
//   (1) a line that counts ends with a newline; a torn one is cut and said again;
//   (2) what kr_mirror_catch_up() has written outlives a power cut;
//   (3) a forgotten subject leaves at most the bare number of a last line.
// Threads and processes: whoever holds a kr_mirror has the text to himself.

#pragma once
#include "store/claims.h"

enum { KR_CLAIM_LINE_MOST = 16 << 20 };

// JSON with reals in as few digits as tell them apart at fifteen.
const char *kr_claim_value_text(struct kr_arena *mem, const json_t *value);

// The line of a claim, without its newline.
const char *kr_claim_line(struct kr_arena *mem, const struct kr_claim *claim);
// A line as a claim, value and text borrowed from the arena. KR_E_INVALID for
// anything that kr_claim_line() would not have written. *forgotten tells a bare number.
KR_CHECK bool kr_claim_of_line(struct kr_arena *mem, struct kr_str line, struct kr_claim *out,
                               bool *forgotten, struct kr_err *err);

struct kr_mirror {
    int dir;  // claims/
    int lock; // claims/.lock, locked
};
#define KR_MIRROR_NONE ((struct kr_mirror){.dir = -1, .lock = -1})
// Opens claims/ (made when missing) below the archive folder, and waits for one's turn.
KR_CHECK bool kr_mirror_begin(int archive, struct kr_mirror *out, struct kr_err *err);
void kr_mirror_end(struct kr_mirror *mirror); // for KR_AUTO
// Appends what the database holds and the text does not yet; flushed.
KR_CHECK bool kr_mirror_catch_up(struct kr_mirror *mirror, struct kr_store *store,
                                 struct kr_err *err);
// Takes a subject's lines out of the text.
KR_CHECK bool kr_mirror_forget(struct kr_mirror *mirror, const char *subject, struct kr_err *err);

// The names of the files, sorted, each "YYYY-MM.jsonl".
KR_CHECK bool kr_mirror_files(int claims, struct kr_arena *mem, const char *const **out, size_t *n,
                              struct kr_err *err);
// Calls `see` for every whole line of one file, numbered from 1; stops where it fails.
// A line over KR_CLAIM_LINE_MOST comes as its first bytes only.
KR_CHECK bool kr_mirror_lines(int claims, const char *file,
                              bool (*see)(void *context, int64_t number, struct kr_str line,
                                          struct kr_err *err),
                              void *context, struct kr_err *err);
