// SPDX-License-Identifier: AGPL-3.0-or-later
// asks_priv.h: what somebody asks or answers, read from a stranger's JSON.
#pragma once
#include "archive/asks.h"

// The claim's value, or KR_E_INVALID or KR_E_TOO_BIG with a sentence. Who and what it names
// must be there, and the item open to the home.
KR_CHECK bool kr_ask_read(struct kr_store *store, struct kr_arena *mem, const json_t *from,
                          json_t *out, struct kr_err *err);
KR_CHECK bool kr_answer_read(struct kr_store *store, struct kr_arena *mem, const json_t *from,
                             json_t *out, struct kr_err *err);
