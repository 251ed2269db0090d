// SPDX-License-Identifier: AGPL-3.0-or-later
// words.h: every sentence a person reads, in Chinese and in English.
//
// The catalogues words/zh-CN.json and words/en.json are built into the program;
// the build fails when one of them lacks a key. A sentence may hold places such
// as {count}, filled by kr_words(). Constant after start; any thread.

#pragma once
#include "base/text.h"

enum kr_lang { KR_ZH, KR_EN, KR_LANG_COUNT };

// "zh-CN" for anything that starts with zh, else "en": of KINREEL_LANG, LC_ALL,
// LC_MESSAGES, LANG. `kr_lang_of` reads one tag; an Accept-Language header does too.
enum kr_lang kr_lang_of_environment(void);
enum kr_lang kr_lang_of(const char *tag);
const char *kr_lang_tag(enum kr_lang lang); // "zh-CN", "en"

// The sentence of a key; a key nobody wrote is our own mistake and shows as itself.
const char *kr_word(enum kr_lang lang, const char *key);
bool kr_word_exists(const char *key);

// The sentence with its places filled: pairs of name and text, ended by NULL.
// kr_words(mem, KR_EN, "add.done", "count", "12", NULL)
const char *kr_words(struct kr_arena *mem, enum kr_lang lang, const char *key, ...)
    __attribute__((sentinel));

// The whole catalogue as JSON text, for the browser.
struct kr_str kr_words_json(enum kr_lang lang);
