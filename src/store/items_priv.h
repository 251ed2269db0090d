// SPDX-License-Identifier: AGPL-3.0-or-later
// items_priv.h: rows of the item table, for items.c and items_list.c.
#pragma once
#include "store/items.h"

// Items nobody has dated sort behind all others, whatever their era.
enum { KR_UNDATED = -100000000 };

// What the column `visible` holds: on the line of time, among the hidden, or (0) in neither.
enum { KR_VISIBLE = 1, KR_HIDDEN = 2 };

// The columns of the query word {item}. Text and JSON go to the arena.
void kr_item_of_row(const struct kr_rows *rows, struct kr_arena *mem, struct kr_item *out);
// All rows of a query that the caller has started; ends it.
KR_CHECK bool kr_items_of_rows(struct kr_rows **rows, struct kr_arena *mem,
                               struct kr_item_list *out, struct kr_err *err);
