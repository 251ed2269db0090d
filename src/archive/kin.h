// SPDX-License-Identifier: AGPL-3.0-or-later
// kin.h: what one person calls another: 外婆 is not 奶奶.
//
// Pure: from a small graph of who is whose parent, partner or sibling it finds the
// shortest way from A to B and says it in words. Chinese tells the father's side from
// the mother's and the elder from the younger; English counts cousins and removals.
// What nobody said is not guessed: without a sex or an order the words are neutral
// (兄弟, "sibling"), a father's wife is a stepmother only where another mother is
// known, and a way without a word of its own is told step by step (堂哥的妈妈).
// A graph that cannot be (cycles, three mothers) is safe. Any thread.

#pragma once
#include "base/words.h"

enum kr_tie { // what `other` is to `person`
    KR_TIE_PARENT,
    KR_TIE_ADOPTIVE, // adoptive parent
    KR_TIE_STEP,     // step-parent
    KR_TIE_PARTNER,
    KR_TIE_EX, // former partner
    KR_TIE_SIBLING,
    KR_TIE_COUNT
};
const char *kr_tie_name(enum kr_tie tie);                       // "adoptive_parent"
KR_CHECK bool kr_tie_named(const char *name, enum kr_tie *out); // false for any other name

struct kr_kin_person {
    const char *id;
    char sex;                   // 'f', 'm', 'x', or 0 where nobody said
    bool dated;                 // born_from and born_to are known
    int64_t born_from, born_to; // days since 1970-01-01, inclusive
};
struct kr_kin_tie {
    size_t person, other; // indices into the persons
    enum kr_tie kind;
    int order; // of siblings: 1 where `other` is the elder, -1 the younger, 0 nobody said
};
struct kr_kin_graph {
    const struct kr_kin_person *persons;
    size_t n;
    const struct kr_kin_tie *ties;
    size_t tie_count;
};

// What `a` calls `b`: "外婆"; "" where no way leads from one to the other.
const char *kr_kin_word(struct kr_arena *mem, enum kr_lang lang, const struct kr_kin_graph *graph,
                        size_t a, size_t b);

// Whether `parent` as a parent (of any kind) of `child` would make someone their own ancestor.
bool kr_kin_would_cycle(const struct kr_kin_graph *graph, size_t child, size_t parent);

// The index of a person's id, or `n` where there is none.
size_t kr_kin_find(const struct kr_kin_graph *graph, const char *id);
