// SPDX-License-Identifier: AGPL-3.0-or-later
// Blocks of 32 bytes at a time, four products to each sum by one instruction. It multiplies
// only an unsigned byte by a signed one: so every number goes in 128 higher, and 128 times the
// weights' total is taken off.
#include "restore/rnnoise_priv.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

enum { STATE = KR_RNNOISE_STATE, TOGETHER = KR_RNNOISE_TOGETHER };

#define VNNI __attribute__((target("avx512vnni,avx512vl")))
#define VNNI_INLINE VNNI __attribute__((always_inline)) static inline

bool kr_rnnoise_has_vnni(void)
{
    return __builtin_cpu_supports("avx512vnni") > 0 && __builtin_cpu_supports("avx512vl") > 0;
}

VNNI_INLINE __m256i four(const uint8_t *x)
{
    int32_t all;
    memcpy(&all, x, sizeof all);
    return _mm256_set1_epi32(all);
}

VNNI_INLINE void add_block(const int8_t *bytes, uint8_t raised[TOGETHER][STATE], int at, int many,
                           __m256i sum[TOGETHER])
{
    __m256i weights = _mm256_loadu_si256((const __m256i *)bytes);
    __asm__("" : "+x"(weights)); // loaded once, not once for each sound
    for (int k = 0; k < many; k++)
        sum[k] = _mm256_dpbusd_epi32(sum[k], four(raised[k] + (ptrdiff_t)4 * at), weights);
}

// Every second block goes to a sum of its own, so that none waits for the one before.
VNNI_INLINE void add_up(const struct kr_rnnoise_bytes *m, int many, uint8_t raised[TOGETHER][STATE],
                        struct kr_rnnoise_sums *out)
{
    const int8_t *bytes = m->bytes;
    const uint8_t *index = m->index;
    for (int g = 0; g < m->groups; g++) {
        __m256i even[TOGETHER], odd[TOGETHER];
        int blocks = *index++, b = 0;
        __m256i total = _mm256_loadu_si256((const __m256i *)(m->total + (ptrdiff_t)8 * g));
        for (int k = 0; k < many; k++) {
            even[k] = _mm256_slli_epi32(_mm256_sub_epi32(_mm256_setzero_si256(), total), 7);
            odd[k] = _mm256_setzero_si256();
        }
        for (; b + 2 <= blocks; b += 2, bytes += 64) {
            add_block(bytes, raised, index[b], many, even);
            add_block(bytes + 32, raised, index[b + 1], many, odd);
        }
        if (b < blocks) {
            add_block(bytes, raised, index[b], many, even);
            bytes += 32;
        }
        for (int k = 0; k < many; k++)
            _mm256_storeu_si256((__m256i *)(out->of[k] + (ptrdiff_t)8 * g),
                                _mm256_add_epi32(even[k], odd[k]));
        index += blocks;
    }
}

VNNI void kr_rnnoise_add_up_vnni(const struct kr_rnnoise_bytes *m,
                                 const struct kr_rnnoise_inputs *in, struct kr_rnnoise_sums *out)
{
    uint8_t raised[TOGETHER][STATE];
    for (int k = 0; k < in->many; k++)
        for (int i = 0; i < STATE; i++)
            raised[k][i] = (uint8_t)(in->x[k][i] + 128);
    if (in->many == 2)
        add_up(m, 2, raised, out);
    else
        add_up(m, 1, raised, out);
}

#else
bool kr_rnnoise_has_vnni(void)
{
    return false;
}

void kr_rnnoise_add_up_vnni(const struct kr_rnnoise_bytes *m, const struct kr_rnnoise_inputs *in,
                            struct kr_rnnoise_sums *out)
{
    kr_rnnoise_add_up(m, in, out);
}
#endif
