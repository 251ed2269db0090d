// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/alike.h"
#include "base/clock.h"
#include "base/text.h"
#include "harness.h"

// A picture whose SHA-256 begins with these two bytes.
static struct kr_alike picture(uint64_t phash, int name)
{
    struct kr_alike one = {.phash = phash};
    one.sha256[0] = (uint8_t)(name >> 8);
    one.sha256[1] = (uint8_t)name;
    return one;
}

TEST(near_pictures_hang_together_and_bear_the_smallest_name)
{
    const struct kr_alike pictures[] = {picture(0xFF00FF00FF00FF00, 0x0300),
                                        picture(0xFF00FF00FF00FF03, 0x0200), // 2 bits from it
                                        picture(0xFF00FF00FF00FF1F, 0x0100), // 3 from that
                                        picture(0x00FF00FF00FF00FF, 0x0001),
                                        picture(0, 0x0002),
                                        picture(0, 0x0003)};
    const char *names[6];
    kr_alike_groups(t->mem, pictures, 6, 3, names);
    EXPECT(kr_starts_with(names[0], "0100") && strlen(names[0]) == 64);
    EXPECT_STR(names[1], names[0]);
    EXPECT_STR(names[2], names[0]); // through the second, not by itself
    EXPECT_STR(names[3], "");       // alone
    EXPECT_STR(names[4], "");       // no fingerprint is like no other
    EXPECT_STR(names[5], "");
    kr_alike_groups(t->mem, pictures, 6, 2, names);
    EXPECT(kr_starts_with(names[0], "0200"));
    EXPECT_STR(names[2], "");
    kr_alike_groups(t->mem, pictures, 0, 2, names);
}

static uint64_t next_random(uint64_t *state) // Marsaglia's xorshift, 2003
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

// Random pictures, half of them within a few bits of another.
static struct kr_alike *album(struct kr_test *t, size_t n, uint64_t seed, int most)
{
    struct kr_alike *pictures = kr_arena_array(t->mem, struct kr_alike, n);
    for (size_t i = 0; i < n; i++) {
        uint64_t phash = next_random(&seed);
        if (i % 2) {
            phash = pictures[next_random(&seed) % i].phash;
            for (int bits = (int)(next_random(&seed) % (unsigned)(most + 1)); bits > 0; bits--)
                phash ^= UINT64_C(1) << next_random(&seed) % 64;
        }
        pictures[i].phash = phash ? phash : 1;
        for (int j = 0; j < 8; j++)
            pictures[i].sha256[j] = (uint8_t)(next_random(&seed) >> 32);
    }
    return pictures;
}

// Every pair compared, until nothing changes: slow and plainly right.
static void slow_groups(struct kr_test *t, const struct kr_alike *pictures, size_t n, int bits,
                        const char **names)
{
    size_t *least = kr_arena_array(t->mem, size_t, n), *members = kr_arena_array(t->mem, size_t, n);
    for (size_t i = 0; i < n; i++)
        least[i] = i;
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++)
                if (__builtin_popcountll(pictures[i].phash ^ pictures[j].phash) <= bits &&
                    memcmp(pictures[least[j]].sha256, pictures[least[i]].sha256, 32) < 0) {
                    least[i] = least[j];
                    changed = true;
                }
    }
    for (size_t i = 0; i < n; i++)
        members[least[i]]++;
    for (size_t i = 0; i < n; i++) {
        char *name = kr_arena_alloc(t->mem, KR_SHA256_HEX);
        kr_hex(pictures[least[i]].sha256, 32, name);
        names[i] = members[least[i]] > 1 ? name : "";
    }
}

TEST(the_quick_way_finds_what_the_slow_way_finds)
{
    enum { N = 300 };
    const char *quick[N], *slow[N];
    for (int bits = 0; bits <= KR_ALIKE_BITS; bits++) {
        const struct kr_alike *pictures = album(t, N, 99 + (uint64_t)bits, bits + 2);
        kr_alike_groups(t->mem, pictures, N, bits, quick);
        slow_groups(t, pictures, N, bits, slow);
        for (size_t i = 0; i < N; i++)
            EXPECT_STR(quick[i], slow[i]);
    }
}

TEST(the_order_of_pictures_changes_nothing)
{
    enum { N = 500 };
    const struct kr_alike *pictures = album(t, N, 7, 6);
    struct kr_alike *turned = kr_arena_array(t->mem, struct kr_alike, N);
    const char *names[N], *turned_names[N];
    kr_alike_groups(t->mem, pictures, N, 5, names);
    for (size_t i = 0; i < N; i++)
        turned[i] = pictures[(i * 7 + 3) % N];
    kr_alike_groups(t->mem, turned, N, 5, turned_names);
    for (size_t i = 0; i < N; i++)
        EXPECT_STR(turned_names[i], names[(i * 7 + 3) % N]);
}

TEST(a_hundred_thousand_are_quick)
{
    enum { N = 100000 };
    const struct kr_alike *pictures = album(t, N, 42, 4);
    const char **names = kr_arena_array(t->mem, const char *, N);
    int64_t start = kr_monotonic_ms();
    size_t grouped = 0;
    kr_alike_groups(t->mem, pictures, N, 5, names);
    print_message("%d pictures, 5 bits: %lld ms\n", N, (long long)(kr_monotonic_ms() - start));
    for (size_t i = 0; i < N; i++)
        grouped += *names[i] != 0;
    EXPECT(grouped > N / 2);
    EXPECT(kr_monotonic_ms() - start < 20000); // a loaded machine, not a promise
}

MAIN(CASE(near_pictures_hang_together_and_bear_the_smallest_name),
     CASE(the_quick_way_finds_what_the_slow_way_finds), CASE(the_order_of_pictures_changes_nothing),
     CASE(a_hundred_thousand_are_quick))
