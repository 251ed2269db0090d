// SPDX-License-Identifier: AGPL-3.0-or-later
// kin_priv.h: the way from one person to another as steps, shared by kin.c (finds it)
// and kin_words.c (says it).
//
// A letter for each step: up f father, m mother, p parent; down s son, d daughter, c child;
// across h husband, w wife, o partner; and siblings, elder B Z I, younger b z j, of unknown
// order n y i (brother, sister, nobody said). Before it a sign: + adoptive, ~ step, - former;
// of one's own siblings 1 same father alone, 2 same mother alone, 3 one parent alone.
#pragma once
#include "archive/kin.h"

enum { KR_KIN_STEPS = 16 };

struct kr_kin_step {
    char letter, sign; // sign 0: none
    size_t to;         // the person it arrives at
};
struct kr_kin_path {
    struct kr_kin_step steps[KR_KIN_STEPS];
    size_t n, from;
    const struct kr_kin_graph *graph;
};

struct kr_kin_row {
    const char *pattern; // letters, or [sets] of them, each with its sign before it
    char order;          // '>' the one called is the elder, '<' the younger, '=' unknown, '.' any
    const char *key;
};
extern const struct kr_kin_row kr_kin_rows[];
extern const size_t kr_kin_row_count;

// 1 where `b` is the elder, -1 the younger, 0 where nobody can tell.
int kr_kin_order(const struct kr_kin_graph *graph, size_t a, size_t b);
const char *kr_kin_say(struct kr_arena *mem, enum kr_lang lang, const struct kr_kin_path *path);
