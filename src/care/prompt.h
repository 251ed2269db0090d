// SPDX-License-Identifier: AGPL-3.0-or-later
// prompt.h: whether a prompt may be laid before a person with dementia.
//
// A question that asks for a name, a year or a place puts somebody to the test
// who may fail it, and so does every "no, that was ...". Guidance for carers is
// of one mind (docs/howto/write-for-a-sitting.md names it): make a statement,
// then offer a feeling or a choice. This linter reads Chinese and English, each
// with a table of patterns (prompt_rules_*.c) and a table of what is allowed
// although it looks alike: "You do not need to remember anything". Text in
// quotation marks is somebody else's and is not judged, unless it is all there is.
// It finds wordings; it does not understand, and other languages it lets pass.
// tests/golden/prompts-*.tsv tells how often it errs. No state; any thread.

#pragma once
#include "base/words.h"

enum kr_prompt_finding {
    KR_PROMPT_FINE,
    KR_PROMPT_RECALL,  // asks somebody to remember or to name
    KR_PROMPT_TEST,    // a quiz, a guess, right or wrong
    KR_PROMPT_CORRECT, // "no, that was ...", "I told you already"
};

enum {
    KR_PROMPT_MOST = 4096,  // bytes of one prompt
    KR_PROMPT_WORDS = 12,   // of a sentence in English
    KR_PROMPT_LETTERS = 20, // characters of a sentence in Chinese
};

struct kr_prompt {
    enum kr_prompt_finding finding;
    const char *text;        // the prompt as inside text
    enum kr_lang lang;       // what it is written in, and so its kinder wording
    const char *kind;        // of what was found: "recall.who"; NULL when nothing was
    const char *words;       // the words it was found by; NULL when nothing was
    const char *why_key;     // words: why it harms; NULL when nothing was found
    const char *suggest_key; // words: a kinder wording; NULL when nothing was found
    bool is_long;            // a separate finding: one sentence is over its length
    int longest;             // words, or Chinese characters, of the longest sentence
};

// Reads one prompt. KR_E_TOO_BIG over KR_PROMPT_MOST bytes, KR_E_INVALID when it is blank.
KR_CHECK bool kr_prompt_lint(struct kr_arena *mem, struct kr_str outside, struct kr_prompt *out,
                             struct kr_err *err);

// "fine", "recall", "test", "correct"
const char *kr_prompt_finding_name(enum kr_prompt_finding finding);
