// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/colour_priv.h"

#include <lcms2.h>
#include <vips/vips.h>

struct kr_colour {
    struct kr_colour_params params;
    cmsHTRANSFORM transform; // NULL: already sRGB
};

static cmsUInt32Number format_of(enum kr_model model, bool wide)
{
    switch (model) {
    case KR_MODEL_GRAY:
        return wide ? TYPE_GRAY_16 : TYPE_GRAY_8;
    case KR_MODEL_CMYK:
        return wide ? TYPE_CMYK_16 : TYPE_CMYK_8;
    case KR_MODEL_RGB:
        break;
    }
    return wide ? TYPE_RGB_16 : TYPE_RGB_8;
}

static bool profile_fits(cmsHPROFILE profile, enum kr_model model)
{
    cmsColorSpaceSignature space = cmsGetColorSpace(profile);
    return space == (model == KR_MODEL_GRAY   ? cmsSigGrayData
                     : model == KR_MODEL_CMYK ? cmsSigCmykData
                                              : cmsSigRgbData);
}

// Most pictures carry some maker's copy of sRGB: they need no work at all.
static bool changes_little(cmsHTRANSFORM transform, bool wide_in, bool wide_out)
{
    for (int i = 0; i < 125; i++) {
        int v[3] = {i % 5 * 63, i / 5 % 5 * 63, i / 25 * 63};
        uint8_t in8[3], out8[3] = {0};
        uint16_t in16[3], out16[3] = {0};
        for (int c = 0; c < 3; c++) {
            in8[c] = (uint8_t)v[c];
            in16[c] = (uint16_t)(v[c] * 257);
        }
        cmsDoTransform(transform, wide_in ? (void *)in16 : in8, wide_out ? (void *)out16 : out8, 1);
        for (int c = 0; c < 3; c++) {
            int is = wide_out ? (out16[c] + 128) / 257 : out8[c];
            if (abs(is - v[c]) > 2)
                return false;
        }
    }
    return true;
}

static cmsHTRANSFORM transform_from(cmsHPROFILE from, const struct kr_colour_params *params)
{
    cmsHPROFILE srgb = cmsCreate_sRGBProfile();
    cmsHTRANSFORM transform = cmsCreateTransform(from, format_of(params->model, params->wide_in),
                                                 srgb, format_of(KR_MODEL_RGB, params->wide_out),
                                                 INTENT_PERCEPTUAL, cmsFLAGS_NOCACHE);
    cmsCloseProfile(srgb);
    if (transform && params->model == KR_MODEL_RGB &&
        changes_little(transform, params->wide_in, params->wide_out)) {
        cmsDeleteTransform(transform);
        return NULL;
    }
    return transform;
}

static cmsHPROFILE own_profile(const struct kr_colour_params *params)
{
    if (params->profile.n == 0 || params->profile.n > 16 << 20)
        return NULL;
    cmsHPROFILE profile =
        cmsOpenProfileFromMem(params->profile.at, (cmsUInt32Number)params->profile.n);
    if (profile && !profile_fits(profile, params->model)) {
        cmsCloseProfile(profile);
        profile = NULL;
    }
    return profile;
}

// libvips carries a press profile in its own memory: no file is opened.
static cmsHPROFILE usual_press(void)
{
    VipsBlob *blob = NULL;
    if (vips_profile_load("cmyk", &blob, NULL) != 0 || !blob) {
        vips_error_clear();
        return NULL;
    }
    size_t n;
    const void *bytes = vips_blob_get(blob, &n);
    cmsHPROFILE profile = cmsOpenProfileFromMem(bytes, (cmsUInt32Number)n); // copies
    vips_area_unref((VipsArea *)blob);
    return profile;
}

struct kr_colour *kr_colour_begin(const struct kr_colour_params *params)
{
    struct kr_colour *colour = kr_new(struct kr_colour);
    colour->params = *params;
    cmsHPROFILE profile = own_profile(params);
    if (profile) {
        colour->transform = transform_from(profile, params);
        cmsCloseProfile(profile);
    }
    if (!colour->transform && params->model == KR_MODEL_CMYK && (profile = usual_press())) {
        colour->transform = transform_from(profile, params);
        cmsCloseProfile(profile);
    }
    return colour;
}

void kr_colour_end(struct kr_colour **colour)
{
    if (!*colour)
        return;
    if ((*colour)->transform)
        cmsDeleteTransform((*colour)->transform);
    kr_free(colour);
}

static unsigned sample_of(const void *row, bool wide, int i)
{
    return wide ? ((const uint16_t *)row)[i] : ((const uint8_t *)row)[i] * 257U;
}

static void put(void *row, bool wide, int i, unsigned value)
{
    if (wide)
        ((uint16_t *)row)[i] = (uint16_t)value;
    else
        ((uint8_t *)row)[i] = (uint8_t)((value + 128) / 257);
}

static void plain_row(const struct kr_colour_params *p, const void *in, void *out, int n)
{
    if (p->model == KR_MODEL_RGB && p->wide_in == p->wide_out) {
        memcpy(out, in, (size_t)n * (p->wide_in ? 6 : 3));
        return;
    }
    for (int x = 0; x < n; x++)
        for (int c = 0; c < 3; c++) {
            unsigned v;
            if (p->model == KR_MODEL_GRAY) {
                v = sample_of(in, p->wide_in, x);
            } else if (p->model == KR_MODEL_RGB) {
                v = sample_of(in, p->wide_in, 3 * x + c);
            } else { // ink without any profile: multiply what paper and black let through
                unsigned ink = sample_of(in, p->wide_in, 4 * x + c);
                unsigned black = sample_of(in, p->wide_in, 4 * x + 3);
                v = (unsigned)((uint64_t)(65535 - ink) * (65535 - black) / 65535);
            }
            put(out, p->wide_out, 3 * x + c, v);
        }
}

void kr_colour_row(struct kr_colour *colour, const void *in, void *out, int n)
{
    if (colour->transform)
        cmsDoTransform(colour->transform, in, out, (cmsUInt32Number)n);
    else
        plain_row(&colour->params, in, out, n);
}
