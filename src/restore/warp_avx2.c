// SPDX-License-Identifier: AGPL-3.0-or-later
// Eight samples of one channel at a time. Where the eight lie on the same four
// lines, and near each other, one load and one shuffle fetch all their taps.
#include "restore/warp_priv.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

bool kr_warp_has_avx2(void)
{
    return __builtin_cpu_supports("avx2") > 0;
}

struct taps {
    __m256i lo, hi; // pixels 0 1 | 4 5 and 2 3 | 6 7: four weights of 16 bits each
};

static inline long long weight_at(const struct kr_warp_row *row, int phase)
{
    long long four;
    memcpy(&four, row->weights->tap[phase], sizeof four);
    return four;
}

__attribute__((target("avx2"))) static inline struct taps taps_of(const struct kr_warp_row *row,
                                                                  __m256i at)
{
    int p[8];
    __m256i phase = _mm256_and_si256(_mm256_srli_epi32(at, 6), _mm256_set1_epi32(1023));
    _mm256_storeu_si256((__m256i *)p, phase);
    return (struct taps){
        _mm256_set_epi64x(weight_at(row, p[5]), weight_at(row, p[4]), weight_at(row, p[1]),
                          weight_at(row, p[0])),
        _mm256_set_epi64x(weight_at(row, p[7]), weight_at(row, p[6]), weight_at(row, p[3]),
                          weight_at(row, p[2])),
    };
}

// The shuffle that takes, for each lane, bytes i .. i + 3 of the sixteen loaded.
__attribute__((target("avx2"))) static inline __m256i shuffle_of(__m256i index)
{
    __m256i four = _mm256_mullo_epi32(index, _mm256_set1_epi32(0x01010101));
    return _mm256_add_epi32(four, _mm256_set1_epi32(0x03020100));
}

// Four taps across, with 6 bits below the point: sixteen bits a lane suffice.
__attribute__((target("avx2"))) static inline __m256i across(const uint8_t *at, __m256i shuffle,
                                                             const struct taps *wx)
{
    __m128i load = _mm_loadu_si128((const __m128i *)at);
    __m256i v = _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(load), shuffle);
    __m256i zero = _mm256_setzero_si256();
    __m256i lo = _mm256_madd_epi16(_mm256_unpacklo_epi8(v, zero), wx->lo);
    __m256i hi = _mm256_madd_epi16(_mm256_unpackhi_epi8(v, zero), wx->hi);
    __m256i sum = _mm256_add_epi32(_mm256_hadd_epi32(lo, hi), _mm256_set1_epi32(128));
    return _mm256_srai_epi32(sum, 8);
}

// a in the low, b in the high half of each lane.
__attribute__((target("avx2"))) static inline __m256i paired(__m256i a, __m256i b)
{
    return _mm256_blend_epi16(a, _mm256_slli_epi32(b, 16), 0xaa);
}

__attribute__((target("avx2"))) static inline __m256i down(const __m256i t[4],
                                                           const struct taps *wy)
{
    __m256 lo = _mm256_castsi256_ps(wy->lo), hi = _mm256_castsi256_ps(wy->hi);
    __m256i w01 = _mm256_castps_si256(_mm256_shuffle_ps(lo, hi, _MM_SHUFFLE(2, 0, 2, 0)));
    __m256i w23 = _mm256_castps_si256(_mm256_shuffle_ps(lo, hi, _MM_SHUFFLE(3, 1, 3, 1)));
    __m256i sum = _mm256_add_epi32(_mm256_madd_epi16(paired(t[0], t[1]), w01),
                                   _mm256_madd_epi16(paired(t[2], t[3]), w23));
    return _mm256_srai_epi32(_mm256_add_epi32(sum, _mm256_set1_epi32(1 << 19)), 20);
}

__attribute__((target("avx2"))) static inline void store(__m256i v, uint8_t *out)
{
    __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
    _mm_storel_epi64((__m128i *)out, _mm_packus_epi16(words, words));
}

// Positions of the block's first and last sample, in 2^-16.
struct span {
    int64_t x0, y0, dx, dy;
};

static inline bool fits(const struct kr_warp_source *from, const struct span *s, int *least)
{
    int64_t x1 = s->x0 + 7 * s->dx, y1 = s->y0 + 7 * s->dy;
    int64_t left = (s->x0 < x1 ? s->x0 : x1) >> 16, right = (s->x0 < x1 ? x1 : s->x0) >> 16;
    *least = (int)(left - 1);
    return left >= 1 && right - left <= 12 && left + 15 <= from->width && right < 32767 &&
           s->y0 >> 16 == y1 >> 16 && s->y0 >> 16 >= 1 && (s->y0 >> 16) + 2 < from->height &&
           s->y0 >> 16 < 32767;
}

__attribute__((target("avx2"))) bool kr_warp_block_avx2(const struct kr_warp_row *row, int first)
{
    const struct kr_warp_walk *w = &row->walk;
    struct span s = {(w->x + first * w->dx) >> 16, (w->y + first * w->dy) >> 16, w->dx >> 16,
                     w->dy >> 16};
    int least;
    if (!fits(&row->from, &s, &least))
        return false;
    __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    __m256i x = _mm256_add_epi32(_mm256_set1_epi32((int)s.x0),
                                 _mm256_mullo_epi32(lane, _mm256_set1_epi32((int)s.dx)));
    __m256i y = _mm256_add_epi32(_mm256_set1_epi32((int)s.y0),
                                 _mm256_mullo_epi32(lane, _mm256_set1_epi32((int)s.dy)));
    __m256i index = _mm256_sub_epi32(_mm256_srai_epi32(x, 16), _mm256_set1_epi32(least + 1));
    __m256i shuffle = shuffle_of(index), t[4];
    struct taps wx = taps_of(row, x), wy = taps_of(row, y);
    const uint8_t *at = row->from.at + ((s.y0 >> 16) - 1) * row->from.stride + least;
    for (int k = 0; k < 4; k++)
        t[k] = across(at + k * row->from.stride, shuffle, &wx);
    store(down(t, &wy), row->out + first);
    return true;
}

#else
bool kr_warp_has_avx2(void)
{
    return false;
}

bool kr_warp_block_avx2(const struct kr_warp_row *row, int first)
{
    (void)row, (void)first;
    return false;
}
#endif
