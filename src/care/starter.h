// SPDX-License-Identifier: AGPL-3.0-or-later
// starter.h: words for a first sitting, before any family picture has come.
//
// Sixty prompts in each language, ten themes of everyday life. Each states
// something and offers a feeling or a choice; none asks for a name, a year or a
// place (tests/unit/care/starter.c lints them all). The sentences stand in
// words/ under "sit.THEME.N", N from 1. Constant; any thread.

#pragma once
#include "base/words.h"

struct kr_starter_theme {
    const char *name;      // "kitchen"
    const char *words_key; // what the theme is called
    int count;             // prompts: sit.kitchen.1 to sit.kitchen.6
};
extern const struct kr_starter_theme kr_starter_themes[]; // sorted by name
extern const size_t kr_starter_themes_count;

// The nth prompt of a theme, from 0; it begins again after the last.
const char *kr_starter_prompt(enum kr_lang lang, const struct kr_starter_theme *theme, size_t nth);
