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

AVX2 __m256i mixed(__m256i codes, __m256i past, const struct kr_denoise_mix *mix)
{
    __m256i in = _mm256_slli_epi16(codes, 6), d = _mm256_sub_epi16(past, in);
    __m256i near = _mm256_sub_epi16(_mm256_set1_epi16(mix->far), _mm256_abs_epi16(d));
    near = _mm256_max_epi16(near, _mm256_setzero_si256());
    near = _mm256_min_epi16(near, _mm256_set1_epi16(mix->span));
    __m256i weight = _mm256_mullo_epi16(near, _mm256_set1_epi16(mix->fall));
    weight = _mm256_min_epi16(weight, _mm256_set1_epi16(mix->most));
    return _mm256_add_epi16(in, _mm256_mulhrs_epi16(d, weight));
}

// Blocks of chroma are eight wide.
AVX2 void mix_eight(const uint8_t *now, const uint16_t *past, const struct kr_denoise_mix *mix,
                    uint16_t *out)
{
    __m128i codes = _mm_cvtepu8_epi16(_mm_loadl_epi64((const __m128i *)now));
    __m128i was = _mm_loadu_si128((const __m128i *)past);
    __m256i v = mixed(_mm256_castsi128_si256(codes), _mm256_castsi128_si256(was), mix);
    _mm_storeu_si128((__m128i *)out, _mm256_castsi256_si128(v));
}

__attribute__((target("avx2"))) int kr_denoise_mix_avx2(const uint8_t *now, const uint16_t *past,
                                                        int n, const struct kr_denoise_mix *mix,
                                                        uint16_t *out)
{
    int x = 0;
    for (; x + 16 <= n; x += 16) {
        __m256i codes = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(now + x)));
        store(mixed(codes, load(past + x), mix), out + x);
    }
    if (x + 8 <= n) {
        mix_eight(now + x, past + x, mix, out + x);
        x += 8;
    }
    return x;
}

__attribute__((target("avx2"))) int kr_denoise_smooth_avx2(const uint16_t *a, const uint16_t *b,
                                                           const uint16_t *c, int n, uint16_t *out)
{
    int x = 0;
    for (; x + 16 <= n; x += 16) {
        __m256i sides = _mm256_add_epi16(load(a + x), load(c + x)), middle = load(b + x);
        __m256i sum = _mm256_add_epi16(sides, _mm256_add_epi16(middle, middle));
        store(_mm256_srli_epi16(_mm256_add_epi16(sum, _mm256_set1_epi16(2)), 2), out + x);
    }
    return x;
}

AVX2 __m256i pairs(const uint8_t *at)
{
    return _mm256_maddubs_epi16(_mm256_loadu_si256((const __m256i *)at), _mm256_set1_epi8(1));
}

__attribute__((target("avx2"))) int kr_denoise_halve_avx2(const uint8_t *top, const uint8_t *below,
                                                          int n, uint8_t *out)
{
    int x = 0;
    for (; x + 16 <= n; x += 16) {
        __m256i sum = _mm256_add_epi16(pairs(top + 2 * x), pairs(below + 2 * x));
        sum = _mm256_srli_epi16(_mm256_add_epi16(sum, _mm256_set1_epi16(2)), 2);
        __m128i low = _mm256_castsi256_si128(sum), high = _mm256_extracti128_si256(sum, 1);
        _mm_storeu_si128((__m128i *)(out + x), _mm_packus_epi16(low, high));
    }
    return x;
}

AVX2 __m256i fine_pairs(const uint16_t *at)
{
    return _mm256_madd_epi16(load(at), _mm256_set1_epi16(1));
}

__attribute__((target("avx2"))) int kr_denoise_halve_fine_avx2(const uint16_t *top,
                                                               const uint16_t *below, int n,
                                                               uint8_t *out)
{
    int x = 0;
    for (; x + 8 <= n; x += 8) {
        __m256i sum = _mm256_add_epi32(fine_pairs(top + 2 * x), fine_pairs(below + 2 * x));
        sum = _mm256_srli_epi32(_mm256_add_epi32(sum, _mm256_set1_epi32(128)), 8);
        __m128i words =
            _mm_packus_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
        _mm_storel_epi64((__m128i *)(out + x), _mm_packus_epi16(words, words));
    }
    return x;
}

AVX2 __m128i two_rows(const uint8_t *at, ptrdiff_t stride)
{
    return _mm_unpacklo_epi64(_mm_loadl_epi64((const __m128i *)at),
                              _mm_loadl_epi64((const __m128i *)(at + stride)));
}

__attribute__((target("avx2"))) int kr_denoise_differs_avx2(const uint8_t *a, const uint8_t *b,
                                                            ptrdiff_t stride)
{
    __m128i sum = _mm_setzero_si128();
    for (int y = 0; y < 8; y += 2) {
        __m128i d =
            _mm_sad_epu8(two_rows(a + y * stride, stride), two_rows(b + y * stride, stride));
        sum = _mm_add_epi32(sum, d);
    }
    return _mm_cvtsi128_si32(sum) + _mm_extract_epi32(sum, 2);
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

int kr_denoise_smooth_avx2(const uint16_t *a, const uint16_t *b, const uint16_t *c, int n,
                           uint16_t *out)
{
    (void)a, (void)b, (void)c, (void)n, (void)out;
    return 0;
}

int kr_denoise_shrink_avx2(const struct kr_denoise_bands *bands, int n, uint16_t *out)
{
    (void)bands, (void)n, (void)out;
    return 0;
}

int kr_denoise_halve_avx2(const uint8_t *top, const uint8_t *below, int n, uint8_t *out)
{
    (void)top, (void)below, (void)n, (void)out;
    return 0;
}

int kr_denoise_halve_fine_avx2(const uint16_t *top, const uint16_t *below, int n, uint8_t *out)
{
    (void)top, (void)below, (void)n, (void)out;
    return 0;
}

int kr_denoise_differs_avx2(const uint8_t *a, const uint8_t *b, ptrdiff_t stride)
{
    (void)a, (void)b, (void)stride;
    return 0;
}
#endif
