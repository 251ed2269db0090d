// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/alike.h"

#include "archive/joined_priv.h"
#include "base/text.h"
#include <assert.h>

enum { QUARTERS = 4, BUCKETS = 1 << 16 };

// The different fingerprints, sorted, and for each picture the number of its own.
struct prints {
    uint64_t *at;
    size_t n;
};

static int by_value(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static struct prints prints_of(struct kr_arena *mem, const struct kr_alike *pictures, size_t n)
{
    struct prints prints = {kr_arena_array(mem, uint64_t, n + 1), 0};
    for (size_t i = 0; i < n; i++)
        if (pictures[i].phash)
            prints.at[prints.n++] = pictures[i].phash;
    qsort(prints.at, prints.n, sizeof *prints.at, by_value);
    size_t kept = 0;
    for (size_t i = 0; i < prints.n; i++)
        if (!kept || prints.at[kept - 1] != prints.at[i])
            prints.at[kept++] = prints.at[i];
    prints.n = kept;
    return prints;
}

static unsigned quarter_of(uint64_t print, int quarter)
{
    return (unsigned)(print >> 16 * quarter & 0xFFFF);
}

// All prints by one quarter of theirs: those of bucket b are members[start[b]] to
// members[start[b + 1] - 1].
struct table {
    uint32_t *start, *members;
};

static void fill_table(struct table *table, const struct prints *prints, int quarter)
{
    memset(table->start, 0, (BUCKETS + 2) * sizeof *table->start);
    for (size_t i = 0; i < prints->n; i++)
        table->start[quarter_of(prints->at[i], quarter) + 2]++;
    for (size_t b = 2; b < BUCKETS + 2; b++)
        table->start[b] += table->start[b - 1];
    for (size_t i = 0; i < prints->n; i++)
        table->members[table->start[quarter_of(prints->at[i], quarter) + 1]++] = (uint32_t)i;
}

// All differences of at most `bits` of 16.
static size_t differences(int bits, uint16_t *out)
{
    size_t n = 0;
    for (unsigned mask = 0; mask < BUCKETS; mask++)
        if (__builtin_popcount(mask) <= bits)
            out[n++] = (uint16_t)mask;
    return n;
}

static void join_bucket(const struct table *table, const struct prints *prints, uint32_t i,
                        unsigned bucket, int bits, struct kr_joined sets)
{
    for (uint32_t at = table->start[bucket]; at < table->start[bucket + 1]; at++) {
        uint32_t j = table->members[at];
        if (j > i && __builtin_popcountll(prints->at[i] ^ prints->at[j]) <= bits)
            kr_join(sets, i, j);
    }
}

// Two prints that differ in `bits` have a quarter that differs in bits/4 at most; of the first
// quarters more than that, or of the later ones even one less (the pigeonhole of MIH).
static void join_near(struct kr_arena *mem, const struct prints *prints, int bits,
                      struct kr_joined sets)
{
    struct table table = {kr_arena_array(mem, uint32_t, BUCKETS + 2),
                          kr_arena_array(mem, uint32_t, prints->n + 1)};
    uint16_t *masks = kr_arena_array(mem, uint16_t, BUCKETS);
    for (int quarter = 0; quarter < QUARTERS; quarter++) {
        int radius = bits / QUARTERS - (quarter > bits % QUARTERS ? 1 : 0);
        if (radius < 0)
            continue;
        size_t n = differences(radius, masks);
        fill_table(&table, prints, quarter);
        for (uint32_t i = 0; i < prints->n; i++)
            for (size_t m = 0; m < n; m++)
                join_bucket(&table, prints, i, quarter_of(prints->at[i], quarter) ^ masks[m], bits,
                            sets);
    }
}

static size_t number_of(const struct prints *prints, uint64_t phash)
{
    const uint64_t *at = bsearch(&phash, prints->at, prints->n, sizeof phash, by_value);
    return (size_t)(at - prints->at);
}

void kr_alike_groups(struct kr_arena *mem, const struct kr_alike *pictures, size_t n, int bits,
                     const char **out)
{
    assert(bits >= 0 && bits <= KR_ALIKE_BITS && n < UINT32_MAX);
    struct kr_arena *own = kr_arena_create();
    struct prints prints = prints_of(own, pictures, n);
    struct kr_joined sets = kr_joined_of(own, prints.n);
    const struct kr_alike **least = kr_arena_array(own, const struct kr_alike *, prints.n + 1);
    const char **names = kr_arena_array(own, const char *, prints.n + 1);
    uint32_t *members = kr_arena_array(own, uint32_t, prints.n + 1);
    join_near(own, &prints, bits, sets);
    for (size_t i = 0; i < n; i++) {
        if (!pictures[i].phash)
            continue;
        size_t root = kr_joined_root(sets, number_of(&prints, pictures[i].phash));
        members[root]++;
        if (!least[root] || memcmp(pictures[i].sha256, least[root]->sha256, KR_SHA256_SIZE) < 0)
            least[root] = &pictures[i];
    }
    for (size_t i = 0; i < n; i++) {
        size_t root =
            pictures[i].phash ? kr_joined_root(sets, number_of(&prints, pictures[i].phash)) : 0;
        out[i] = "";
        if (!pictures[i].phash || members[root] < 2)
            continue;
        if (!names[root]) {
            char *name = kr_arena_alloc(mem, KR_SHA256_HEX);
            kr_hex(least[root]->sha256, KR_SHA256_SIZE, name);
            names[root] = name;
        }
        out[i] = names[root];
    }
    kr_arena_destroy(&own);
}
