// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/sound_kept.h"

#include "harness.h"

enum { N = 200000, MEGABYTE = 1 << 20 };

static float value(int channel, size_t i)
{
    return (float)(i * 2 + (size_t)channel);
}

// Adds N samples of two channels, in pieces of 7001.
static struct kr_sound_kept *rehearsed(size_t most)
{
    struct kr_sound_kept *kept = kr_sound_kept_create(2, most);
    float left[7001], right[7001];
    for (size_t at = 0, many; at < N; at += many) {
        many = N - at < 7001 ? N - at : 7001;
        for (size_t i = 0; i < many; i++) {
            left[i] = value(0, at + i);
            right[i] = value(1, at + i);
        }
        kr_sound_kept_add(kept, (float *const[]){left, right}, many);
    }
    return kept;
}

TEST(what_was_kept_comes_again_in_other_pieces)
{
    KR_AUTO(kr_sound_kept_destroy) struct kr_sound_kept *kept = rehearsed(2 * MEGABYTE);
    float left[9000], right[9000];
    EXPECT(kr_sound_kept_is_whole(kept));
    for (size_t at = 0; at < N + 9000; at += 9000) {
        for (int i = 0; i < 9000; i++)
            left[i] = right[i] = -1;
        kr_sound_kept_take(kept, (float *const[]){left, right}, 9000);
        for (size_t i = 0; i < 9000; i++) { // beyond the end nothing is touched
            bool is_there = at + i < N;
            EXPECT(left[i] == (is_there ? value(0, at + i) : -1));
            EXPECT(right[i] == (is_there ? value(1, at + i) : -1));
        }
    }
}

TEST(of_too_much_nothing_is_kept)
{
    KR_AUTO(kr_sound_kept_destroy) struct kr_sound_kept *kept = rehearsed(MEGABYTE);
    float left[10] = {-1}, right[10] = {-1};
    EXPECT(!kr_sound_kept_is_whole(kept));
    kr_sound_kept_take(kept, (float *const[]){left, right}, 10);
    EXPECT(left[0] == -1 && right[0] == -1);
}

MAIN(CASE(what_was_kept_comes_again_in_other_pieces), CASE(of_too_much_nothing_is_kept))
