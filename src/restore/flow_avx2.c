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

__attribute__((target("avx2"))) static inline __m256 between_ends(__m256 v, float most)
{
    return _mm256_min_ps(_mm256_max_ps(v, _mm256_setzero_ps()), _mm256_set1_ps(most));
}

__attribute__((target("avx2"))) void kr_flow_stretch_avx2(const struct kr_flow_line *line,
                                                          int first, float *out)
{
    __m256i index =
        _mm256_add_epi32(_mm256_set1_epi32(first), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    __m256 at = _mm256_mul_ps(_mm256_cvtepi32_ps(index), _mm256_set1_ps(line->pitch));
    at = between_ends(_mm256_add_ps(_mm256_set1_ps(line->first), at), (float)(line->width - 1));
    __m256i a = _mm256_cvttps_epi32(at), last = _mm256_set1_epi32(line->width - 1);
    __m256i b = _mm256_min_epi32(_mm256_add_epi32(a, _mm256_set1_epi32(1)), last);
    __m256 part = _mm256_sub_ps(at, _mm256_cvtepi32_ps(a));
    __m256 left = _mm256_i32gather_ps(line->row, a, 4),
           right = _mm256_i32gather_ps(line->row, b, 4);
    __m256 v = _mm256_add_ps(left, _mm256_mul_ps(part, _mm256_sub_ps(right, left)));
    _mm256_storeu_ps(out, _mm256_mul_ps(_mm256_set1_ps(line->scale), v));
}

__attribute__((target("avx2"))) static inline __m256i fixed(__m256 v, int n)
{
    __m256 held = _mm256_mul_ps(between_ends(v, (float)(n - 1)), _mm256_set1_ps(KR_FLOW_ONE));
    return _mm256_cvttps_epi32(_mm256_add_ps(held, _mm256_set1_ps(0.5F)));
}

// Two neighbours of the four bytes that were gathered, mixed: times KR_FLOW_ONE.
__attribute__((target("avx2"))) static inline __m256i pair(const uint8_t *at, __m256i offset,
                                                           __m256i part)
{
    __m256i four = _mm256_i32gather_epi32((const int *)(const void *)at, offset, 1);
    __m256i left = _mm256_and_si256(four, _mm256_set1_epi32(255));
    __m256i right = _mm256_and_si256(_mm256_srli_epi32(four, 8), _mm256_set1_epi32(255));
    __m256i more = _mm256_mullo_epi32(part, _mm256_sub_epi32(right, left));
    return _mm256_add_epi32(_mm256_slli_epi32(left, 7), more);
}

__attribute__((target("avx2"))) bool kr_flow_sample_avx2(const struct kr_flow_plane *from,
                                                         const float *x, const float *y,
                                                         uint8_t *out)
{
    if (from->stride > INT32_MAX / from->height) // offsets are of 32 bits
        return false;
    __m256i at_x = fixed(_mm256_loadu_ps(x), from->width);
    __m256i at_y = fixed(_mm256_loadu_ps(y), from->height);
    __m256i left = _mm256_srli_epi32(at_x, 7), top = _mm256_srli_epi32(at_y, 7);
    // Four bytes are read at each: none may lie beyond the row.
    if (_mm256_movemask_epi8(_mm256_cmpgt_epi32(left, _mm256_set1_epi32(from->width - 4))))
        return false;
    __m256i low = _mm256_set1_epi32(KR_FLOW_ONE - 1), stride = _mm256_set1_epi32((int)from->stride);
    __m256i part = _mm256_and_si256(at_x, low), down = _mm256_and_si256(at_y, low);
    __m256i offset = _mm256_add_epi32(_mm256_mullo_epi32(top, stride), left);
    __m256i next = _mm256_and_si256(_mm256_cmpgt_epi32(down, _mm256_setzero_si256()), stride);
    __m256i above = pair(from->at, offset, part);
    __m256i below = pair(from->at, _mm256_add_epi32(offset, next), part);
    __m256i sum = _mm256_mullo_epi32(down, _mm256_sub_epi32(below, above));
    sum = _mm256_add_epi32(sum, _mm256_slli_epi32(above, 7));
    sum = _mm256_add_epi32(sum, _mm256_set1_epi32(KR_FLOW_ONE * KR_FLOW_ONE / 2));
    sum = _mm256_srli_epi32(sum, 14);
    __m128i half = _mm_packus_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
    _mm_storel_epi64((__m128i *)out, _mm_packus_epi16(half, half));
    return true;
}

#else
void kr_flow_stretch_avx2(const struct kr_flow_line *line, int first, float *out)
{
    (void)line, (void)first, (void)out; // never asked for
}

bool kr_flow_sample_avx2(const struct kr_flow_plane *from, const float *x, const float *y,
                         uint8_t *out)
{
    (void)from, (void)x, (void)y, (void)out;
    return false;
}

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
