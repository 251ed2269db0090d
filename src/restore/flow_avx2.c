// SPDX-License-Identifier: AGPL-3.0-or-later
// A row of the patch at a time. No fused multiply-add: the scalar code rounds twice, so do we.
#include "restore/flow_priv.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

bool kr_flow_has_avx2(void)
{
    return __builtin_cpu_supports("avx2") > 0;
}

__attribute__((target("avx2"))) static inline __m256 eight(const uint8_t *at)
{
    return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)at)));
}

__attribute__((target("avx2"))) static inline __m256 across(const uint8_t *at, __m256 right)
{
    __m256 left = eight(at);
    return _mm256_add_ps(left, _mm256_mul_ps(right, _mm256_sub_ps(eight(at + 1), left)));
}

// In the order of the scalar code: 0+4 1+5 2+6 3+7, then 0+2 1+3, then both.
__attribute__((target("avx2"))) static inline float total(__m256 lanes)
{
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(lanes), _mm256_extractf128_ps(lanes, 1));
    __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
}

__attribute__((target("avx2"))) void kr_flow_compare_avx2(const struct kr_flow_patch *patch,
                                                          const uint8_t *at, ptrdiff_t stride,
                                                          float right, float down,
                                                          struct kr_flow_match *out)
{
    __m256 sum = _mm256_setzero_ps(), square = sum, along_x = sum, along_y = sum;
    __m256 by_x = _mm256_set1_ps(right), by_y = _mm256_set1_ps(down), above = across(at, by_x);
    for (int y = 0; y < KR_FLOW_PATCH; y++) {
        __m256 below = across(at + (y + 1) * stride, by_x);
        __m256 there = _mm256_add_ps(above, _mm256_mul_ps(by_y, _mm256_sub_ps(below, above)));
        const float *is = patch->is + (ptrdiff_t)y * KR_FLOW_PATCH;
        __m256 apart = _mm256_sub_ps(there, _mm256_loadu_ps(is));
        _mm256_storeu_ps(out->apart + (ptrdiff_t)y * KR_FLOW_PATCH, apart);
        sum = _mm256_add_ps(sum, apart);
        square = _mm256_add_ps(square, _mm256_mul_ps(apart, apart));
        __m256 slope_x = _mm256_loadu_ps(patch->slope_x + (ptrdiff_t)y * KR_FLOW_PATCH);
        __m256 slope_y = _mm256_loadu_ps(patch->slope_y + (ptrdiff_t)y * KR_FLOW_PATCH);
        along_x = _mm256_add_ps(along_x, _mm256_mul_ps(apart, slope_x));
        along_y = _mm256_add_ps(along_y, _mm256_mul_ps(apart, slope_y));
        above = below;
    }
    out->sum = total(sum);
    out->square = total(square);
    out->along_x = total(along_x);
    out->along_y = total(along_y);
}

#else
bool kr_flow_has_avx2(void)
{
    return false;
}

void kr_flow_compare_avx2(const struct kr_flow_patch *patch, const uint8_t *at, ptrdiff_t stride,
                          float right, float down, struct kr_flow_match *out)
{
    kr_flow_compare(patch, at, stride, right, down, out);
}
#endif
