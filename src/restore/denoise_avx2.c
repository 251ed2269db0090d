// SPDX-License-Identifier: AGPL-3.0-or-later
// Sixteen samples at a time: see denoise_rows.c for what each step means.
#include "restore/denoise_priv.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2"))) static inline

bool kr_denoise_has_avx2(void)
{
    return __builtin_cpu_supports("avx2") > 0;
}

AVX2 __m256i load(const uint16_t *at)
{
    return _mm256_loadu_si256((const __m256i *)at);
}

AVX2 void store(__m256i v, uint16_t *to)
{
    _mm256_storeu_si256((__m256i *)to, v);
}

__attribute__((target("avx2"))) int kr_denoise_mix_avx2(const uint8_t *now, const uint16_t *past,
                                                        int n, const struct kr_denoise_mix *mix,
                                                        uint16_t *out)
{
    __m256i most = _mm256_set1_epi16(mix->most), far = _mm256_set1_epi16(mix->far);
    __m256i span = _mm256_set1_epi16(mix->span), fall = _mm256_set1_epi16(mix->fall);
    int x = 0;
    for (; x + 16 <= n; x += 16) {
        __m256i codes = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(now + x)));
        __m256i in = _mm256_slli_epi16(codes, 6), d = _mm256_sub_epi16(load(past + x), in);
        __m256i near = _mm256_sub_epi16(far, _mm256_abs_epi16(d));
        near = _mm256_min_epi16(_mm256_max_epi16(near, _mm256_setzero_si256()), span);
        __m256i weight = _mm256_min_epi16(_mm256_mullo_epi16(near, fall), most);
        store(_mm256_add_epi16(in, _mm256_mulhrs_epi16(d, weight)), out + x);
    }
    return x;
}

AVX2 __m256i firm(__m256i band, __m256i limit, __m256i keep)
{
    __m256i size = _mm256_abs_epi16(band);
    __m256i above = _mm256_max_epi16(_mm256_sub_epi16(size, limit), _mm256_setzero_si256());
    __m256i left = _mm256_min_epi16(_mm256_add_epi16(above, above), size);
    __m256i lost = _mm256_sub_epi16(size, left);
    left = _mm256_add_epi16(left, _mm256_mulhrs_epi16(lost, keep));
    return _mm256_sign_epi16(left, band);
}

__attribute__((target("avx2"))) int kr_denoise_shrink_avx2(const struct kr_denoise_bands *bands,
                                                           int n, uint16_t *out)
{
    __m256i keep = _mm256_set1_epi16((int16_t)bands->keep), most = _mm256_set1_epi16(16320);
    int x = 0;
    for (; x + 16 <= n; x += 16) {
        __m256i fine = load(bands->fine + x), coarse = load(bands->coarse + x);
        __m256i a =
            firm(_mm256_sub_epi16(load(bands->in + x), fine), load(bands->limit[0] + x), keep);
        __m256i b = firm(_mm256_sub_epi16(fine, coarse), load(bands->limit[1] + x), keep);
        __m256i v = _mm256_adds_epi16(_mm256_adds_epi16(coarse, a), b);
        store(_mm256_min_epi16(_mm256_max_epi16(v, _mm256_setzero_si256()), most), out + x);
    }
    return x;
}

#else
bool kr_denoise_has_avx2(void)
{
    return false;
}

int kr_denoise_mix_avx2(const uint8_t *now, const uint16_t *past, int n,
                        const struct kr_denoise_mix *mix, uint16_t *out)
{
    (void)now, (void)past, (void)n, (void)mix, (void)out;
    return 0;
}

int kr_denoise_shrink_avx2(const struct kr_denoise_bands *bands, int n, uint16_t *out)
{
    (void)bands, (void)n, (void)out;
    return 0;
}
#endif
