// SPDX-License-Identifier: AGPL-3.0-or-later
// words_table.h: what tools/wordtable makes of words/*.json; for base/words.c.
#pragma once
#include "base/words.h"

struct kr_words_row {
    const char *key, *text[KR_LANG_COUNT];
};
extern const struct kr_words_row kr_words_rows[]; // sorted by key
extern const size_t kr_words_count;
extern const struct kr_str kr_words_text[KR_LANG_COUNT];
