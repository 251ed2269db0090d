// SPDX-License-Identifier: AGPL-3.0-or-later
// askcard.h: the link to a question, and its card: one picture to send or to print.
#pragma once
#include "archive/asks.h"
#include "wall/wall.h"

// "https://house:8420" and a code: the page that opens at the question. The code goes behind
// '#': no log and no referrer ever sees it.
const char *kr_ask_link(struct kr_arena *mem, const char *address, const char *code);

// Writes the card as a JPEG into `out`, a descriptor to an empty file; `link` may be "" where
// nobody knows the house's address: then there is a code only. KR_E_NOT_FOUND where the item
// has no picture.
KR_CHECK bool kr_ask_card_make(struct kr_store *store, struct kr_wall *wall,
                               const struct kr_ask *ask, const char *link, const char *code,
                               enum kr_lang lang, int out, struct kr_err *err);
