// SPDX-License-Identifier: AGPL-3.0-or-later
#include "care/prompt_priv.h"

#include <assert.h>
#include <string.h>

// Words that turn a Chinese sentence into a question whatever mark it ends with.
static const char *const particles[] = {"吗", "伐", "咩", "喃", "么"};

// A stretch of a sentence; none when from == to.
struct span {
    size_t from, to;
};

struct found {
    const struct kr_prompt_rule *rule;
    struct span span;
};

static bool has_particle(const struct kr_sentence *s)
{
    for (size_t i = 0; s->n && i < KR_COUNT(particles); i++)
        if (strcmp(s->at[s->n - 1].text, particles[i]) == 0)
            return true;
    return false;
}

static void find_allowed(const struct kr_sentence *s, const struct kr_prompt_rules *rules,
                         bool *lifted)
{
    for (size_t i = 0; i < rules->allowed_n; i++)
        for (size_t from = 0, to; from < s->n; from++)
            if (kr_prompt_match(s, rules->allowed[i], from, &to))
                memset(lifted + from, true, to - from);
}

static bool is_lifted(const bool *lifted, struct span span)
{
    return memchr(lifted + span.from, true, span.to - span.from) != NULL;
}

// The first in the sentence; of those the more telling (recall.what is for whatever else asks),
// and of those the longest.
static bool is_better(const struct found *found, const struct found *best)
{
    bool vague = strcmp(found->rule->kind, "recall.what") == 0;
    bool best_vague = strcmp(best->rule->kind, "recall.what") == 0;
    if (found->span.from != best->span.from)
        return found->span.from < best->span.from;
    if (vague != best_vague)
        return best_vague;
    return found->span.to > best->span.to;
}

static bool find(const struct kr_sentence *s, const struct kr_prompt_rules *rules,
                 const bool *lifted, struct found *best)
{
    bool any = false;
    for (size_t i = 0; i < rules->n; i++)
        for (size_t from = 0; from < s->n && (!any || from <= best->span.from); from++) {
            struct span span = {from, from};
            if (!kr_prompt_match(s, rules->at[i].pattern, from, &span.to) ||
                is_lifted(lifted, span))
                continue;
            struct found found = {&rules->at[i], span};
            if (!any || is_better(&found, best))
                *best = found;
            any = true;
        }
    return any;
}

static void state(struct kr_arena *mem, const struct kr_sentence *s, const struct found *found,
                  struct kr_prompt *out)
{
    const struct kr_prompt_kind *kind = kr_prompt_kind_of(found->rule->kind);
    assert(found->span.to > found->span.from); // a pattern holds a word
    size_t from = s->at[found->span.from].from, to = s->at[found->span.to - 1].to;
    out->finding = kind->finding;
    out->kind = kind->name;
    out->words = kr_arena_copy(mem, out->text + from, to - from);
    out->why_key = kind->why_key;
    out->suggest_key = kind->suggest_key;
}

// Both tables read each sentence: families write 你还记得 Mary 吗 and "who is this, 外婆?" alike.
static bool judge(struct kr_arena *mem, const struct kr_sentence *s, struct kr_prompt *out)
{
    static const struct kr_prompt_rules *const tables[] = {&kr_prompt_rules_zh,
                                                           &kr_prompt_rules_en};
    bool *lifted = kr_arena_array(mem, bool, s->n + 1);
    struct found found;
    for (size_t i = 0; i < KR_COUNT(tables); i++)
        find_allowed(s, tables[i], lifted);
    for (size_t i = 0; i < KR_COUNT(tables); i++)
        if (find(s, tables[i], lifted, &found)) {
            state(mem, s, &found, out);
            return true;
        }
    return false;
}

static void judge_all(struct kr_arena *mem, const struct kr_tokens *tokens, struct kr_prompt *out)
{
    size_t from = 0;
    for (size_t i = 0; i <= tokens->n; i++) {
        if (i < tokens->n && !kr_token_ends(&tokens->at[i]))
            continue;
        struct kr_sentence s = {tokens->at + from, i - from, false};
        s.asks = i == tokens->n || tokens->at[i].text[0] == '?' || has_particle(&s);
        while (i + 1 < tokens->n && kr_token_ends(&tokens->at[i + 1])) // "?!" and "..."
            s.asks |= tokens->at[++i].text[0] == '?';
        if (s.n && judge(mem, &s, out))
            return;
        from = i + 1;
    }
}

// One Chinese character makes it Chinese: names and brands in Latin letters are common there.
static enum kr_lang language(const struct kr_tokens *tokens)
{
    for (size_t i = 0; i < tokens->n; i++)
        if (tokens->at[i].han)
            return KR_ZH;
    return KR_EN;
}

bool kr_prompt_lint(struct kr_arena *mem, struct kr_str outside, struct kr_prompt *out,
                    struct kr_err *err)
{
    if (outside.n > KR_PROMPT_MOST)
        return kr_fail(err, KR_E_TOO_BIG, "a prompt of more than %d bytes", KR_PROMPT_MOST);
    struct kr_prompt prompt = {.text = kr_text_in(mem, outside)};
    struct kr_tokens tokens;
    if (strspn(prompt.text, " \t\n") == strlen(prompt.text))
        return kr_fail(err, KR_E_INVALID, "an empty prompt");
    kr_prompt_read(mem, prompt.text, &tokens, &prompt.longest, &prompt.is_long);
    prompt.lang = language(&tokens);
    judge_all(mem, &tokens, &prompt);
    *out = prompt;
    return true;
}

const char *kr_prompt_finding_name(enum kr_prompt_finding finding)
{
    static const char *const names[] = {"fine", "recall", "test", "correct"};
    return names[finding];
}
