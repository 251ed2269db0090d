// SPDX-License-Identifier: AGPL-3.0-or-later
// joined_priv.h: what hangs together: a forest of disjoint sets (Galler, Fischer 1964; paths
// halved as by Tarjan, van Leeuwen 1984). Which member stands for a set says nothing.
#pragma once
#include "base/mem.h"

struct kr_joined {
    size_t *parent;
};

static inline struct kr_joined kr_joined_of(struct kr_arena *mem, size_t n)
{
    struct kr_joined sets = {kr_arena_array(mem, size_t, n + 1)};
    for (size_t i = 0; i < n; i++)
        sets.parent[i] = i;
    return sets;
}

static inline size_t kr_joined_root(struct kr_joined sets, size_t i)
{
    while (sets.parent[i] != i)
        i = sets.parent[i] = sets.parent[sets.parent[i]];
    return i;
}

static inline void kr_join(struct kr_joined sets, size_t a, size_t b)
{
    a = kr_joined_root(sets, a);
    b = kr_joined_root(sets, b);
    if (a < b)
        sets.parent[b] = a;
    else
        sets.parent[a] = b;
}
