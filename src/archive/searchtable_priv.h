// SPDX-License-Identifier: AGPL-3.0-or-later
// searchtable_priv.h: tables for searchtext.c, made from ICU when kinreel is built
// (tools/foldtable, tools/pinyintable).
#pragma once
#include <stdint.h>

enum kr_char_class {
    KR_CHAR_SEPARATOR,
    KR_CHAR_WORD, // letters and digits of scripts with blanks between words
    KR_CHAR_HAN,
    KR_CHAR_KANA,
    KR_CHAR_MARK,      // belongs to the letter before
    KR_CHAR_SKIP,      // accents, joiners: as if it were not there
    KR_CHAR_FOLDS = 8, // from here on: number of what it folds to
};

enum {
    KR_SEARCH_END = 0x30000,
    KR_SEARCH_BLOCK = 256,
    KR_HAN_FIRST = 0x4E00,
    KR_HAN_LAST = 0x9FFF
};

// The class or the fold of a character c below KR_SEARCH_END is
// kr_search_values[kr_search_blocks[c / 256]][c % 256].
extern const uint16_t kr_search_values[][KR_SEARCH_BLOCK];
extern const uint16_t kr_search_blocks[KR_SEARCH_END / KR_SEARCH_BLOCK];
// Fold i is the UTF-8 text at kr_search_folds + kr_search_fold_at[i].
extern const uint32_t kr_search_fold_at[];
extern const char kr_search_folds[];

// Two readings of each character from KR_HAN_FIRST to KR_HAN_LAST, as numbers of
// syllables; 0 is none. Syllable 0 is "".
extern const uint16_t kr_search_readings[][2];
extern const char kr_search_syllables[][8];
extern const int kr_search_syllable_count;
