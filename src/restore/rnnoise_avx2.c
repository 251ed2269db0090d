// SPDX-License-Identifier: AGPL-3.0-or-later
// Blocks of 32 bytes at a time. The machine multiplies only an unsigned byte by a signed one, and
// holds two products in 16 bits: so the number goes in without its sign, and the weight takes it
// on. Neither is ever -128: no pair of products passes 32258, nothing saturates.
#include "restore/rnnoise_priv.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

enum { STATE = KR_RNNOISE_STATE, TOGETHER = KR_RNNOISE_TOGETHER };

#define AVX2 __attribute__((target("avx2")))
#define AVX2_INLINE AVX2 __attribute__((always_inline)) static inline

AVX2_INLINE __m256i four(const int8_t *x)
{
    int32_t all;
    memcpy(&all, x, sizeof all);
    return _mm256_set1_epi32(all);
}

AVX2_INLINE void add_up(const struct kr_rnnoise_bytes *m, int many,
                        const struct kr_rnnoise_inputs *in, int8_t size[TOGETHER][STATE],
                        struct kr_rnnoise_sums *out)
{
    const __m256i ones = _mm256_set1_epi16(1);
    const int8_t *bytes = m->bytes;
    const uint8_t *index = m->index;
    for (int g = 0; g < m->groups; g++) {
        int blocks = *index++;
        __m256i sum[TOGETHER];
        for (int k = 0; k < many; k++)
            sum[k] = _mm256_setzero_si256();
        for (int b = 0; b < blocks; b++, bytes += 32) {
            __m256i weights = _mm256_loadu_si256((const __m256i *)bytes);
            int at = 4 * *index++;
            for (int k = 0; k < many; k++) {
                __m256i signs = _mm256_sign_epi8(weights, four(in->x[k] + at));
                __m256i pairs = _mm256_maddubs_epi16(four(size[k] + at), signs);
                sum[k] = _mm256_add_epi32(sum[k], _mm256_madd_epi16(pairs, ones));
            }
        }
        for (int k = 0; k < many; k++)
            _mm256_storeu_si256((__m256i *)(out->of[k] + (ptrdiff_t)8 * g), sum[k]);
    }
}

AVX2 void kr_rnnoise_add_up_avx2(const struct kr_rnnoise_bytes *m,
                                 const struct kr_rnnoise_inputs *in, struct kr_rnnoise_sums *out)
{
    int8_t size[TOGETHER][STATE];
    for (int k = 0; k < in->many; k++)
        for (int i = 0; i < STATE; i++)
            size[k][i] = in->x[k][i] < 0 ? (int8_t)-in->x[k][i] : in->x[k][i];
    if (in->many == 2)
        add_up(m, 2, in, size, out);
    else
        add_up(m, 1, in, size, out);
}

#else
void kr_rnnoise_add_up_avx2(const struct kr_rnnoise_bytes *m, const struct kr_rnnoise_inputs *in,
                            struct kr_rnnoise_sums *out)
{
    kr_rnnoise_add_up(m, in, out);
}
#endif
