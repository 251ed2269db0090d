// SPDX-License-Identifier: AGPL-3.0-or-later
// Eight chroma samples and their 32 of luma at a time: see tone.c for what each step means.
#include "restore/tone_priv.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2"))) static inline

bool kr_tone_has_avx2(void)
{
    return __builtin_cpu_supports("avx2") > 0;
}

struct local {
    __m256 gain, root, offset, span, bend;
};

struct colour {
    __m256 y, b, r;
};

AVX2 __m256 all(float v)
{
    return _mm256_set1_ps(v);
}

AVX2 __m256 positive(__m256 v)
{
    return _mm256_max_ps(v, _mm256_setzero_ps());
}

AVX2 __m256 scaled(__m256i value, float zero, float per)
{
    return _mm256_mul_ps(_mm256_sub_ps(_mm256_cvtepi32_ps(value), all(zero)), all(per));
}

AVX2 struct local local_of(const struct kr_tone *tone, __m256 gain, __m256 root)
{
    struct local at = {.gain = gain, .root = root};
    at.offset = _mm256_mul_ps(all(KR_TONE_OFFSET), _mm256_sub_ps(root, all(1)));
    __m256 white = _mm256_add_ps(_mm256_mul_ps(root, all(KR_TONE_WHITE * tone->white)), at.offset);
    at.span =
        _mm256_max_ps(_mm256_sub_ps(white, all(KR_TONE_KNEE)), all(KR_TONE_WHITE - KR_TONE_KNEE));
    at.bend =
        _mm256_sub_ps(_mm256_mul_ps(at.span, all(1 / (KR_TONE_WHITE - KR_TONE_KNEE))), all(1));
    return at;
}

// `gain` and `root` are those of the place, or of parts of a code.
AVX2 __m256 raised(const struct local *at, __m256 gain, __m256 root, __m256 v)
{
    __m256 straight = _mm256_mul_ps(gain, v);
    __m256 curved = _mm256_add_ps(_mm256_mul_ps(root, v), at->offset);
    __m256 lowers = _mm256_cmp_ps(at->gain, all(1), _CMP_LT_OQ);
    if (_mm256_movemask_ps(lowers) == 0)
        return _mm256_min_ps(straight, curved);
    return _mm256_blendv_ps(_mm256_min_ps(straight, curved), _mm256_max_ps(straight, curved),
                            lowers);
}

AVX2 __m256 shouldered(const struct local *at, __m256 v)
{
    __m256 over = positive(_mm256_sub_ps(v, all(KR_TONE_KNEE)));
    if (_mm256_testz_si256(_mm256_castps_si256(over), _mm256_castps_si256(over)))
        return v; // nothing is bright here, and divisions are dear
    __m256 bent = _mm256_add_ps(at->span, _mm256_mul_ps(at->bend, over));
    return _mm256_add_ps(_mm256_min_ps(v, all(KR_TONE_KNEE)),
                         _mm256_div_ps(_mm256_mul_ps(over, at->span), bent));
}

AVX2 __m256i code(__m256 v)
{
    return _mm256_cvttps_epi32(_mm256_add_ps(_mm256_min_ps(positive(v), all(255)), all(0.5f)));
}

struct fine { // of a place, for luma in parts of a code
    __m256 gain, root;
};

AVX2 __m256i luma_code(const struct local *at, const struct fine *fine, __m256i from)
{
    __m256 v = _mm256_sub_ps(_mm256_cvtepi32_ps(from), all(16 * 64));
    v = shouldered(at, raised(at, fine->gain, fine->root, positive(v)));
    return code(_mm256_add_ps(all(16), v));
}

AVX2 __m256 sum3(const float w[3], __m256 a, __m256 b, __m256 c)
{
    return _mm256_add_ps(_mm256_add_ps(_mm256_mul_ps(all(w[0]), a), _mm256_mul_ps(all(w[1]), b)),
                         _mm256_mul_ps(all(w[2]), c));
}

AVX2 struct colour mixed(const struct kr_tone *tone, struct colour in)
{
    static const float luma[3] = {0.2126f, 0.7152f, 0.0722f};
    __m256 s[3] = {
        _mm256_add_ps(in.y, _mm256_mul_ps(all(1.5748f), in.r)),
        _mm256_sub_ps(_mm256_sub_ps(in.y, _mm256_mul_ps(all(0.1873f), in.b)),
                      _mm256_mul_ps(all(0.4681f), in.r)),
        _mm256_add_ps(in.y, _mm256_mul_ps(all(1.8556f), in.b)),
    };
    __m256 e[3];
    for (int c = 0; c < 3; c++)
        s[c] = _mm256_mul_ps(positive(s[c]), positive(s[c]));
    for (int c = 0; c < 3; c++)
        e[c] = _mm256_sqrt_ps(positive(sum3(tone->matrix[c], s[0], s[1], s[2])));
    __m256 y = sum3(luma, e[0], e[1], e[2]);
    return (struct colour){y, _mm256_mul_ps(_mm256_sub_ps(e[2], y), all(1 / 1.8556f)),
                           _mm256_mul_ps(_mm256_sub_ps(e[0], y), all(1 / 1.5748f))};
}

AVX2 __m256i load(const uint16_t *at)
{
    return _mm256_loadu_si256((const __m256i *)at);
}

AVX2 __m256 chroma(const uint16_t *at)
{
    __m256i wide = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)at));
    return scaled(wide, 128 * 64, KR_TONE_PER_CHROMA);
}

// The low sixteen bits of eight lanes.
AVX2 __m128i narrowed(__m256i v)
{
    return _mm_packus_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
}

AVX2 void put_luma(const struct local *at, const struct fine *fine, __m256i pairs, uint8_t *to)
{
    __m256i left = luma_code(at, fine, _mm256_and_si256(pairs, _mm256_set1_epi32(0xffff)));
    __m256i right = luma_code(at, fine, _mm256_srli_epi32(pairs, 16));
    __m256i both = _mm256_or_si256(left, _mm256_slli_epi32(right, 8));
    _mm_storeu_si128((__m128i *)to, narrowed(both));
}

AVX2 void put_chroma(__m256 scale, __m256 v, uint8_t *to)
{
    __m256 c = _mm256_add_ps(all(128), _mm256_mul_ps(scale, v));
    __m128i codes = narrowed(code(_mm256_min_ps(_mm256_max_ps(c, all(16)), all(240))));
    _mm_storel_epi64((__m128i *)to, _mm_packus_epi16(codes, codes));
}

AVX2 __m256i pair_sum(__m256i pairs)
{
    return _mm256_add_epi32(_mm256_and_si256(pairs, _mm256_set1_epi32(0xffff)),
                            _mm256_srli_epi32(pairs, 16));
}

AVX2 void eight(const struct kr_tone *tone, const struct kr_tone_row *row, int x)
{
    __m256i top = load(row->luma[0] + 2 * x), below = load(row->luma[1] + 2 * x);
    __m256i sum = _mm256_add_epi32(pair_sum(top), pair_sum(below));
    struct colour in = {positive(scaled(sum, 64 * 64, KR_TONE_PER / 4)), chroma(row->cb + x),
                        chroma(row->cr + x)};
    struct colour to = tone->mixes ? mixed(tone, in) : in;
    __m256 tiny = all(KR_TONE_TINY), ratio = all(1);
    if (tone->mixes)
        ratio = _mm256_div_ps(_mm256_add_ps(to.y, tiny), _mm256_add_ps(in.y, tiny));
    struct local at =
        local_of(tone, _mm256_loadu_ps(row->gain + x), _mm256_loadu_ps(row->root + x));
    ratio = _mm256_mul_ps(ratio, all(KR_TONE_PER));
    struct fine fine = {_mm256_mul_ps(at.gain, ratio), _mm256_mul_ps(at.root, ratio)};
    put_luma(&at, &fine, top, row->to_luma[0] + 2 * x);
    if (row->to_luma[1])
        put_luma(&at, &fine, below, row->to_luma[1] + 2 * x);
    __m256 lit = _mm256_add_ps(shouldered(&at, raised(&at, at.gain, at.root, to.y)), tiny);
    __m256 full =
        _mm256_add_ps(_mm256_add_ps(_mm256_mul_ps(at.root, to.y), positive(at.offset)), tiny);
    __m256 scale =
        _mm256_mul_ps(all(KR_TONE_CHROMA), _mm256_mul_ps(at.root, _mm256_div_ps(lit, full)));
    put_chroma(scale, to.b, row->to_cb + x);
    put_chroma(scale, to.r, row->to_cr + x);
}

__attribute__((target("avx2"))) int kr_tone_samples_avx2(const struct kr_tone *tone,
                                                         const struct kr_tone_row *row)
{
    int x = 0;
    for (; x + 8 <= row->width / 2; x += 8)
        eight(tone, row, x);
    return x;
}

#else
bool kr_tone_has_avx2(void)
{
    return false;
}

int kr_tone_samples_avx2(const struct kr_tone *tone, const struct kr_tone_row *row)
{
    (void)tone, (void)row;
    return 0;
}
#endif
