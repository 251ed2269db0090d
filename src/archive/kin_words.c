// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/kin_priv.h"

#include <stdlib.h>
#include <string.h>

static const char siblings[] = "BbnZzyIji";

static bool is_in(const char *set, char letter)
{
    return letter && strchr(set, letter);
}

// One step beside one place of a pattern; NULL where it does not fit.
static const char *fits_step(const char *pattern, const struct kr_kin_step *step)
{
    char sign = 0;
    if (is_in("+~-", *pattern))
        sign = *pattern++;
    if (sign != step->sign)
        return NULL;
    if (*pattern != '[')
        return *pattern == step->letter ? pattern + 1 : NULL;
    bool found = false;
    for (pattern++; *pattern != ']'; pattern++)
        found = found || *pattern == step->letter;
    return found ? pattern + 1 : NULL;
}

static bool fits_steps(const char *pattern, const struct kr_kin_step *steps, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!*pattern || !(pattern = fits_step(pattern, &steps[i])))
            return false;
    return !*pattern;
}

static const char *half_key(char sign)
{
    return sign == '1' ? "kin.half_father" : sign == '2' ? "kin.half_mother" : "kin.half";
}

// The part of a way from step `i` up to and without step `end`, and who begins it.
struct part {
    const struct kr_kin_step *steps;
    size_t n, from;
    const struct kr_kin_graph *graph;
};

static const char *look_up(enum kr_lang lang, const struct part *part)
{
    int order = kr_kin_order(part->graph, part->from, part->steps[part->n - 1].to);
    char sign = order > 0 ? '>' : order < 0 ? '<' : '=';
    for (size_t i = 0; i < kr_kin_row_count; i++) {
        const struct kr_kin_row *row = &kr_kin_rows[i];
        if ((row->order == '.' || row->order == sign) &&
            fits_steps(row->pattern, part->steps, part->n))
            return kr_word(lang, row->key);
    }
    return NULL;
}

static const char *say_half(struct kr_arena *mem, enum kr_lang lang, const struct part *part)
{
    struct kr_kin_step step = part->steps[0];
    if (part->n != 1 || !is_in("123", step.sign))
        return NULL;
    step.sign = 0;
    const struct part whole = {&step, 1, part->from, part->graph};
    return kr_words(mem, lang, half_key(part->steps[0].sign), "kin", look_up(lang, &whole), NULL);
}

static size_t count(const struct part *part, size_t from, const char *set)
{
    size_t n = 0;
    while (from + n < part->n && !part->steps[from + n].sign &&
           is_in(set, part->steps[from + n].letter))
        n++;
    return n;
}

static const char *greats(struct kr_arena *mem, enum kr_lang lang, size_t n, const char *word)
{
    for (; n > 0; n--)
        word = kr_words(mem, lang, "kin.great", "kin", word, NULL);
    return word;
}

// One of the words of a list "first|second|third".
static const char *nth(struct kr_arena *mem, enum kr_lang lang, const char *key, size_t n)
{
    const char *at = kr_word(lang, key);
    for (; n > 0 && strchr(at, '|'); n--)
        at = strchr(at, '|') + 1;
    return n ? NULL : kr_arena_copy(mem, at, strcspn(at, "|"));
}

static const char *pick(enum kr_lang lang, char letter, const char *male, const char *female,
                        const char *unknown)
{
    return kr_word(lang, is_in("Bbnfsh", letter)   ? male
                         : is_in("Zzymdw", letter) ? female
                                                   : unknown);
}

static const char *say_cousin(struct kr_arena *mem, enum kr_lang lang, size_t up, size_t down)
{
    size_t degree = up < down ? up : down, removed = up < down ? down - up : up - down;
    const char *first = nth(mem, lang, "kin.degrees", degree - 1);
    const char *times = removed ? nth(mem, lang, "kin.times", removed - 1) : "";
    if (!first || !times)
        return NULL;
    const char *word = kr_words(mem, lang, "kin.cousin_of", "degree", first, NULL);
    return removed ? kr_words(mem, lang, "kin.removed", "kin", word, "times", times, NULL) : word;
}

// What English makes by rule, however far: great-great-uncles, cousins of any degree.
static const char *compose(struct kr_arena *mem, enum kr_lang lang, const struct part *part)
{
    size_t up = count(part, 0, "fmp"), across = 0, n = part->n;
    if (up < n && !part->steps[up].sign && is_in(siblings, part->steps[up].letter))
        across = 1;
    size_t down = count(part, up + across, "sdc");
    char last = part->steps[n - 1].letter;
    bool by_marriage =
        up >= 2 && across && !down && n == up + 2 && is_in("hw", last) && !part->steps[n - 1].sign;
    if (up + across + down != n && !by_marriage)
        return NULL;
    if (!across && up > 0 && down > 0)
        return NULL;
    if (!across && up > 2)
        return greats(
            mem, lang, up - 2,
            pick(lang, last, "kin.grandfather_ff", "kin.grandmother_fm", "kin.grandparent"));
    if (!across && down > 2)
        return greats(
            mem, lang, down - 2,
            pick(lang, last, "kin.grandson_ss", "kin.granddaughter_sd", "kin.grandchild"));
    if (across && up && down)
        return say_cousin(mem, lang, up, down);
    if (across && up > 1)
        return greats(
            mem, lang, up - 2,
            pick(lang, last, "kin.great_uncle", "kin.great_aunt", "kin.great_aunt_or_uncle"));
    if (across && down > 1)
        return greats(
            mem, lang, down - 2,
            pick(lang, last, "kin.great_nephew", "kin.great_niece", "kin.great_niece_or_nephew"));
    return NULL;
}

static const char *say_part(struct kr_arena *mem, enum kr_lang lang, const struct part *part)
{
    const char *word = say_half(mem, lang, part);
    if (!word)
        word = look_up(lang, part);
    return word || lang != KR_EN ? word : compose(mem, lang, part);
}

// Somebody's spouse is told by that somebody where they have a word: 堂哥的妻子.
static const char *say_spouse(struct kr_arena *mem, enum kr_lang lang,
                              const struct kr_kin_path *path)
{
    const struct part all = {path->steps, path->n, path->from, path->graph};
    if (path->n < 3 || !is_in("hwo", path->steps[path->n - 1].letter) || say_part(mem, lang, &all))
        return NULL;
    const struct part whose = {path->steps, path->n - 1, path->from, path->graph};
    const struct part last = {&path->steps[path->n - 1], 1, path->steps[path->n - 2].to,
                              path->graph};
    const char *a = say_part(mem, lang, &whose), *b = say_part(mem, lang, &last);
    return a && b ? kr_words(mem, lang, "kin.of", "a", a, "b", b, NULL) : NULL;
}

// As few words as there can be, the first as short as it can: 爸爸的堂哥.
const char *kr_kin_say(struct kr_arena *mem, enum kr_lang lang, const struct kr_kin_path *path)
{
    const char *said[KR_KIN_STEPS + 1] = {NULL}; // of the way from step i to its end
    size_t pieces[KR_KIN_STEPS + 1] = {0};
    const char *spouse = say_spouse(mem, lang, path);
    if (spouse)
        return spouse;
    for (size_t i = path->n; i-- > 0;) {
        size_t from = i ? path->steps[i - 1].to : path->from;
        for (size_t end = i + 1; end <= path->n; end++) {
            const struct part part = {&path->steps[i], end - i, from, path->graph};
            if (end < path->n && !said[end])
                continue;
            if (said[i] && pieces[end] + 1 >= pieces[i])
                continue;
            const char *word = say_part(mem, lang, &part);
            if (!word)
                continue;
            pieces[i] = pieces[end] + 1;
            said[i] = end < path->n ? kr_words(mem, lang, "kin.of", "a", word, "b", said[end], NULL)
                                    : word;
        }
    }
    return said[0] ? said[0] : "";
}
