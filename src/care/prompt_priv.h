// SPDX-License-Identifier: AGPL-3.0-or-later
// prompt_priv.h: a prompt as tokens and sentences, and the patterns laid over them.
//
// A token is an English word (lower case, contractions taken apart), one Chinese
// character (simplified), or a mark. A pattern is elements with a space between:
//   word|word   one of them; `_` joins words that follow each other: well_done
//   [word|word] one of them, or nothing
//   YOU         a class: a row of kr_prompt_classes; NAME (a capital letter inside
//               a sentence), LETTER (one letter) and NUMBER (digits) are seen, not listed
//   ~           up to four tokens, no mark among them
//   *           up to twelve tokens, marks too
//   ^ $         where a clause begins, where one ends
//   ?           the sentence asks: it ends with a question mark, a particle, or no mark at all
#pragma once
#include "care/prompt.h"

struct kr_token {
    const char *text; // folded
    size_t from, to;  // its bytes in the prompt
    bool capital;     // began with one, inside a sentence
    bool han;
    bool more; // the second half of a contraction
};

struct kr_tokens {
    const char *source; // the prompt, inside text
    struct kr_token *at;
    size_t n;
};

// Tokens of the prompt; quoted words as one token, after *longest and *is_long were counted.
void kr_prompt_read(struct kr_arena *mem, const char *text, struct kr_tokens *out, int *longest,
                    bool *is_long);
bool kr_token_ends(const struct kr_token *token);   // . ! ?
bool kr_token_pauses(const struct kr_token *token); // ,

struct kr_sentence {
    const struct kr_token *at;
    size_t n; // without the mark at its end
    bool asks;
};

// Whether the pattern stands at token `from`; *to is then the token after it.
bool kr_prompt_match(const struct kr_sentence *sentence, const char *pattern, size_t from,
                     size_t *to);

struct kr_prompt_class {
    const char *name;
    const char *words; // a|b|c
};
extern const struct kr_prompt_class kr_prompt_classes[]; // sorted by name
extern const size_t kr_prompt_classes_count;

struct kr_prompt_kind {
    const char *name;
    enum kr_prompt_finding finding;
    const char *why_key, *suggest_key;
};
extern const struct kr_prompt_kind kr_prompt_kinds[]; // sorted by name
extern const size_t kr_prompt_kinds_count;
const struct kr_prompt_kind *kr_prompt_kind_of(const char *name);

struct kr_prompt_rule {
    const char *kind; // of kr_prompt_kinds
    const char *pattern;
};
struct kr_prompt_rules {
    const struct kr_prompt_rule *at; // what is found; sorted by kind
    size_t n;
    const char *const *allowed; // what lifts a finding that it touches; sorted
    size_t allowed_n;
};
extern const struct kr_prompt_rules kr_prompt_rules_zh, kr_prompt_rules_en;
