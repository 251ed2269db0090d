// SPDX-License-Identifier: AGPL-3.0-or-later
// searchtext.h: text as tokens, the same for what is kept and what is asked.
//
// Compatibility forms, case, traditional characters and accents are folded (by
// a table made from ICU when kinreel is built). A run of Han or kana becomes
// its bigrams and its last character alone; other scripts go by words; nothing
// reaches across punctuation. The result is spaced text for FTS5's unicode61 and for
// PostgreSQL's 'simple', which both leave such tokens as they are. Why bigrams:
// SQLite's trigram tokenizer finds nothing for two characters.
//
// Han text is also written down as it sounds: one token for each syllable and one
// for each pair of initials, in each reading (surnames have their own). Such tokens, and
// those of one field alone, begin with a traditional character, which folding
// never leaves in a word, so nothing anybody writes collides with them.
// Constant after start; any thread.

#pragma once
#include "base/text.h"

#define KR_TOKEN_ALL "總"      // every text has it
#define KR_TOKEN_BREAK "斷"    // stands between two texts
#define KR_TOKEN_SOUND "讀"    // before a syllable: 讀nai
#define KR_TOKEN_INITIALS "聲" // before two initials: 聲nn
#define KR_TOKEN_PERSON "誰"   // before any token of a person's name
#define KR_TOKEN_PLACE "處"    // before any token of a place

enum { KR_SEARCH_TEXT_MOST = 64 * 1024 }; // bytes taken of each text

struct kr_search_field {
    const char *text;   // inside text; NULL is ""
    const char *prefix; // "" or KR_TOKEN_PERSON, KR_TOKEN_PLACE: found by that field too
    bool sounds;        // write down how it sounds (names, captions; not file names)
};

// The text to index of all fields of one item.
const char *kr_search_text(struct kr_arena *mem, const struct kr_search_field *fields, size_t n);

// One text as a body that kr_search_fits() looks through: its tokens and how they sound.
const char *kr_search_body(struct kr_arena *mem, const char *text);
// Whether a phrase of kr_search_phrase() stands in such a body, as written or as it sounds.
bool kr_search_fits(struct kr_arena *mem, const char *body, const char *phrase, bool open_end);

// The tokens of one text alone, without sounds: what kr_search_text() is made of.
void kr_search_tokens(struct kr_buf *out, const char *prefix, const char *text);

// How a name or a title sorts: as it sounds where it is Chinese, else as it is written.
const char *kr_search_sort(struct kr_arena *mem, const char *text);

// One text as a phrase of a question: its tokens, spaced, in *out. *prefix tells whether the last
// token is only the beginning of one (a single Han character). False without any token.
bool kr_search_phrase(struct kr_buf *out, const char *prefix, const char *text, bool *open_end);

// How many readings of pinyin `word` may have, as phrases of sound tokens, at most `most`:
// "xian" is 讀xian and 讀xi 讀an. Each is the arena's. `word` is folded Latin letters.
size_t kr_search_sounds(struct kr_arena *mem, const char *prefix, const char *word,
                        const char **out, size_t most);
