// SPDX-License-Identifier: AGPL-3.0-or-later
// era_priv.h: how era.c, era_read.c and era_packs.c gather cards.
#pragma once
#include "archive/era.h"

// What has been read so far; the lists hold whole structs.
struct kr_era_shelf {
    struct kr_arena *mem;
    struct kr_buf cards, packs, refusals;
};
void kr_era_shelf_finish(struct kr_era_shelf *shelf);
// Hands everything over to the arena, in order.
void kr_era_shelf_end(struct kr_era_shelf *shelf, struct kr_era *out);
void kr_era_refuse(struct kr_era_shelf *shelf, const char *pack, const char *card,
                   const char *format, ...) KR_PRINTF(4, 5);

// Reads one cards.json onto the shelf. `dir` is the pack's folder, for its pictures;
// -1: they are not looked for.
void kr_era_read(struct kr_era_shelf *shelf, const char *pack, bool own, int dir,
                 struct kr_str text);
// Whether this can be the name of a pack or a card: a-z, 0-9 and '-', 1 to 40 of them.
bool kr_era_is_name(const char *text);
// The kind of a picture by its ending, or NULL for what is none that is shown.
const char *kr_era_mime(const char *name);
// Opens a regular file of at most `most` bytes in a folder; links are not followed.
KR_CHECK bool kr_era_open_file(int dir, const char *name, int64_t most, int *out,
                               struct kr_err *err);
