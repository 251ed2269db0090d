// SPDX-License-Identifier: AGPL-3.0-or-later
#include "care/prompt_priv.h"

#include <string.h>

enum { GAP = 4, WIDE_GAP = 12 };

static bool same(struct kr_str word, const char *text)
{
    return strlen(text) == word.n && memcmp(text, word.at, word.n) == 0;
}

static const char *class_of(struct kr_str name)
{
    for (size_t i = 0; i < kr_prompt_classes_count; i++)
        if (same(name, kr_prompt_classes[i].name))
            return kr_prompt_classes[i].words;
    return NULL;
}

static bool is_digits(const char *text)
{
    return *text && strspn(text, "0123456789") == strlen(text);
}

// The classes that are seen. False for a name that is none of them.
static bool is_seen(struct kr_str name, const struct kr_token *token)
{
    if (same(name, "NAME"))
        return token->capital;
    if (same(name, "NUMBER"))
        return is_digits(token->text);
    return same(name, "LETTER") && strlen(token->text) == 1 && token->text[0] >= 'a' &&
           token->text[0] <= 'z';
}

// One word of a pattern: a Chinese character, or letters up to the next `_`.
static size_t unit(struct kr_str words)
{
    const unsigned char *at = (const unsigned char *)words.at;
    if (at[0] >= 0x80) {
        size_t n = at[0] >= 0xF0 ? 4 : at[0] >= 0xE0 ? 3 : 2;
        return n < words.n ? n : words.n;
    }
    size_t n = 1;
    while (n < words.n && at[n] != '_' && at[n] < 0x80)
        n++;
    return n;
}

static size_t any_of(const struct kr_sentence *s, struct kr_str words, size_t at, size_t nth);

// How many tokens from `at` are these words; 0 when they are not.
static size_t follows(const struct kr_sentence *s, struct kr_str words, size_t at)
{
    size_t from = at;
    if (words.n && words.at[0] >= 'A' && words.at[0] <= 'Z') {
        const char *members = class_of(words);
        if (members)
            return any_of(s, kr_str_of(members), at, 0);
        return at < s->n && is_seen(words, &s->at[at]);
    }
    while (words.n) {
        size_t n = unit(words);
        if (at == s->n || !same((struct kr_str){words.at, n}, s->at[at].text))
            return 0;
        n += n < words.n && words.at[n] == '_';
        words = (struct kr_str){words.at + n, words.n - n};
        at++;
    }
    return at - from;
}

// The length of the `nth` alternative that stands at `at`; 0 when there are fewer.
static size_t any_of(const struct kr_sentence *s, struct kr_str words, size_t at, size_t nth)
{
    while (words.n) {
        const char *bar = memchr(words.at, '|', words.n);
        size_t n = bar ? (size_t)(bar - words.at) : words.n;
        size_t length = follows(s, (struct kr_str){words.at, n}, at);
        if (length && nth-- == 0)
            return length;
        n += bar != NULL;
        words = (struct kr_str){words.at + n, words.n - n};
    }
    return 0;
}

static bool after_gap(const struct kr_sentence *s, const char *rest, size_t at, bool wide,
                      size_t *to)
{
    for (size_t i = 0; i <= (size_t)(wide ? WIDE_GAP : GAP); i++) {
        if (kr_prompt_match(s, rest, at + i, to))
            return true;
        if (at + i >= s->n || (!wide && kr_token_pauses(&s->at[at + i])))
            return false;
    }
    return false;
}

static bool after_words(const struct kr_sentence *s, struct kr_str words, const char *rest,
                        size_t at, size_t *to)
{
    bool optional = words.at[0] == '[';
    if (optional)
        words = (struct kr_str){words.at + 1, words.n - 2};
    size_t n;
    for (size_t nth = 0; (n = any_of(s, words, at, nth)) > 0; nth++)
        if (kr_prompt_match(s, rest, at + n, to))
            return true;
    return optional && kr_prompt_match(s, rest, at, to);
}

bool kr_prompt_match(const struct kr_sentence *s, const char *pattern, size_t at, size_t *to)
{
    while (*pattern == ' ')
        pattern++;
    size_t n = strcspn(pattern, " ");
    const char *rest = pattern + n;
    bool fits;
    if (n == 0) {
        *to = at;
        return true;
    }
    if (at > s->n)
        return false;
    switch (n == 1 ? pattern[0] : '\0') {
    case '~':
    case '*':
        return after_gap(s, rest, at, pattern[0] == '*', to);
    case '^':
        fits = at == 0 || kr_token_pauses(&s->at[at - 1]);
        break;
    case '$':
        fits = at == s->n || kr_token_pauses(&s->at[at]);
        break;
    case '?':
        fits = s->asks;
        break;
    default:
        return after_words(s, (struct kr_str){pattern, n}, rest, at, to);
    }
    return fits && kr_prompt_match(s, rest, at, to);
}
