// SPDX-License-Identifier: AGPL-3.0-or-later
// Blocks of 32 bytes at a time. The machine multiplies only an unsigned byte by a signed one, and
// holds two products in 16 bits: so the number goes in without its sign, and the weight takes it
// on. Neither is ever -128: no pair of products passes 32258, nothing saturates.
#include "restore/rnnoise_priv.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

enum { INPUTS_MOST = KR_RNNOISE_SPAN * KR_RNNOISE_LOOK };

__attribute__((target("avx2"))) static inline __m256i four(const int8_t *x)
{
    int32_t all;
    memcpy(&all, x, sizeof all);
    return _mm256_set1_epi32(all);
}

__attribute__((target("avx2"))) void kr_rnnoise_sums_avx2(const struct kr_rnnoise_bytes *m,
                                                          const int8_t *x, int32_t *sums)
{
    const __m256i ones = _mm256_set1_epi16(1);
    const int8_t *bytes = m->bytes;
    const uint8_t *index = m->index;
    int8_t size[INPUTS_MOST];
    for (int i = 0; i < INPUTS_MOST; i++)
        size[i] = x[i] < 0 ? (int8_t)-x[i] : x[i];
    for (int g = 0; g < m->groups; g++) {
        int blocks = index ? *index++ : m->blocks;
        __m256i sum = _mm256_setzero_si256();
        for (int b = 0; b < blocks; b++, bytes += 32) {
            int at = 4 * (index ? index[b] : b);
            __m256i weights = _mm256_loadu_si256((const __m256i *)bytes);
            __m256i pairs =
                _mm256_maddubs_epi16(four(size + at), _mm256_sign_epi8(weights, four(x + at)));
            sum = _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, ones));
        }
        index = index ? index + blocks : NULL;
        _mm256_storeu_si256((__m256i *)(sums + (ptrdiff_t)8 * g), sum);
    }
}

#else
void kr_rnnoise_sums_avx2(const struct kr_rnnoise_bytes *m, const int8_t *x, int32_t *sums)
{
    kr_rnnoise_sums(m, x, sums);
}
#endif
