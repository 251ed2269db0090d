// SPDX-License-Identifier: AGPL-3.0-or-later
// Bytes times floats, 24 columns at a time: their sums stay in registers over all
// inputs. Each is multiplied and added in the order of the plain code, without
// fused steps, so that both round alike.
#include "restore/rnnoise_priv.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

bool kr_rnnoise_has_avx2(void)
{
    return __builtin_cpu_supports("avx2") > 0;
}

__attribute__((target("avx2"))) static inline __m256 weighed(const int8_t *bytes, __m256 x)
{
    __m256i wide = _mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)bytes));
    return _mm256_mul_ps(_mm256_cvtepi32_ps(wide), x);
}

__attribute__((target("avx2"))) static void add_24(const struct kr_rnnoise_matrix *m, int first,
                                                   const float *x, float *sums)
{
    __m256 a = _mm256_loadu_ps(sums), b = _mm256_loadu_ps(sums + 8), c = _mm256_loadu_ps(sums + 16);
    const int8_t *row = m->bytes + first;
    for (int i = 0; i < m->inputs; i++, row += m->stride) {
        __m256 by = _mm256_broadcast_ss(x + i);
        a = _mm256_add_ps(a, weighed(row, by));
        b = _mm256_add_ps(b, weighed(row + 8, by));
        c = _mm256_add_ps(c, weighed(row + 16, by));
    }
    _mm256_storeu_ps(sums, a);
    _mm256_storeu_ps(sums + 8, b);
    _mm256_storeu_ps(sums + 16, c);
}

__attribute__((target("avx2"))) static void add_8(const struct kr_rnnoise_matrix *m, int first,
                                                  const float *x, float *sums)
{
    __m256 sum = _mm256_loadu_ps(sums);
    const int8_t *row = m->bytes + first;
    for (int i = 0; i < m->inputs; i++, row += m->stride)
        sum = _mm256_add_ps(sum, weighed(row, _mm256_broadcast_ss(x + i)));
    _mm256_storeu_ps(sums, sum);
}

void kr_rnnoise_add_avx2(const struct kr_rnnoise_matrix *m, const float *x, float *sums)
{
    int o = 0;
    for (; o + 24 <= m->outputs; o += 24)
        add_24(m, o, x, sums + o);
    for (; o < m->outputs; o += 8)
        add_8(m, o, x, sums + o);
}

#else
bool kr_rnnoise_has_avx2(void)
{
    return false;
}

void kr_rnnoise_add_avx2(const struct kr_rnnoise_matrix *m, const float *x, float *sums)
{
    kr_rnnoise_add(m, x, sums);
}
#endif
