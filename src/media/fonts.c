// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/lettering_priv.h"

#include "base/mem.h"
#include <fontconfig/fontconfig.h>

enum { FACES_MOST = 24 };

// Declared here: their headers bring FreeType's, which names what banned.h forbids.
void *cairo_ft_scaled_font_lock_face(cairo_scaled_font_t *scaled);
void pango_fc_font_map_set_config(void *map, FcConfig *config);
PangoFontDescription *pango_fc_font_description_from_pattern(FcPattern *pattern, int with_size);

static PangoFontMap *map; // kept for good: its faces are open, and none can be opened later

// What must be found, by name first; for other scripts whatever speaks the language.
static const struct {
    const char *family, *lang;
    bool bold;
} wanted[] = {
    {"Noto Serif CJK SC,serif", "zh-cn", false},
    {"Noto Serif CJK SC,serif", "zh-cn", true},
    {"Noto Sans CJK SC,sans-serif", "zh-cn", false},
    {"Noto Sans CJK SC,sans-serif", "zh-cn", true},
    {"Noto Serif CJK TC,serif", "zh-tw", false},
    {"Noto Serif CJK TC,serif", "zh-tw", true},
    {"Noto Sans CJK TC,sans-serif", "zh-tw", false},
    {"Noto Sans CJK TC,sans-serif", "zh-tw", true},
    {"Noto Serif,serif", "en", false},
    {"Noto Sans,sans-serif", "en", false},
    {"sans-serif", "ar", false},
    {"sans-serif", "hi", false},
    {"sans-serif", "th", false},
    {"sans-serif", "bo", false},
    {"sans-serif", "mn-cn", false},
    {"Noto Emoji,Symbola,DejaVu Sans,sans-serif", "en", false},
};

static FcPattern *find(FcConfig *config, size_t i)
{
    FcPattern *ask = FcNameParse((const FcChar8 *)wanted[i].family);
    if (!ask)
        return NULL;
    FcPatternAddString(ask, FC_LANG, (const FcChar8 *)wanted[i].lang);
    FcPatternAddInteger(ask, FC_WEIGHT, wanted[i].bold ? FC_WEIGHT_BOLD : FC_WEIGHT_REGULAR);
    FcConfigSubstitute(config, ask, FcMatchPattern);
    FcDefaultSubstitute(ask);
    FcResult result;
    FcPattern *found = FcFontMatch(config, ask, &result);
    FcPatternDestroy(ask);
    return found;
}

static bool same_face(const FcPattern *a, const FcPattern *b)
{
    FcChar8 *file_a = NULL, *file_b = NULL;
    int index_a = 0, index_b = 0;
    FcPatternGetString(a, FC_FILE, 0, &file_a);
    FcPatternGetString(b, FC_FILE, 0, &file_b);
    FcPatternGetInteger(a, FC_INDEX, 0, &index_a);
    FcPatternGetInteger(b, FC_INDEX, 0, &index_b);
    return file_a && file_b && index_a == index_b &&
           strcmp((const char *)file_a, (const char *)file_b) == 0;
}

static bool is_chosen(const FcFontSet *chosen, const FcPattern *face)
{
    for (int i = 0; i < chosen->nfont; i++)
        if (same_face(chosen->fonts[i], face))
            return true;
    return false;
}

// Puts the faces wanted (not the matches, which carry sizes) out of the system's
// fonts into `chosen`.
static void choose(FcConfig *all, FcFontSet *chosen)
{
    const FcFontSet *there = FcConfigGetFonts(all, FcSetSystem);
    for (size_t i = 0; there && i < KR_COUNT(wanted); i++) {
        FcPattern *match = find(all, i);
        for (int k = 0; match && k < there->nfont && chosen->nfont < FACES_MOST; k++)
            if (same_face(match, there->fonts[k]) && !is_chosen(chosen, match))
                FcFontSetAdd(chosen, FcPatternDuplicate(there->fonts[k]));
        if (match)
            FcPatternDestroy(match);
    }
}

// A configuration that knows nothing but the chosen faces: an empty one is
// built, and its set of fonts is filled by hand.
static FcConfig *own_config(void)
{
    FcConfig *all = FcInitLoadConfigAndFonts(), *own = FcConfigCreate();
    if (all && own && FcConfigBuildFonts(own))
        choose(all, FcConfigGetFonts(own, FcSetSystem));
    if (all)
        FcConfigDestroy(all);
    return own;
}

// Opens a face for good: a locked face is never closed by Cairo.
static void hold(PangoContext *context, const PangoFontDescription *name)
{
    PangoFont *font = pango_font_map_load_font(map, context, name);
    cairo_scaled_font_t *scaled =
        font ? pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(font)) : NULL;
    if (scaled && cairo_scaled_font_status(scaled) == CAIRO_STATUS_SUCCESS)
        cairo_ft_scaled_font_lock_face(cairo_scaled_font_reference(scaled));
    if (font)
        pango_font_get_hb_font(font); // HarfBuzz opens the file a second time: now, not later
    // `font` stays ours on purpose: the map keeps only the fonts lately used
}

static void hold_all(const FcFontSet *faces)
{
    PangoContext *context = pango_font_map_create_context(map);
    for (int i = 0; i < faces->nfont; i++) {
        PangoFontDescription *name = pango_fc_font_description_from_pattern(faces->fonts[i], FALSE);
        pango_font_description_set_absolute_size(name, 24 * PANGO_SCALE);
        hold(context, name);
        pango_font_description_free(name);
    }
    // The box for a missing letter is labelled in a font of its own.
    PangoLayout *layout = pango_layout_new(context);
    pango_layout_set_text(layout, "家影 Kinreel 0123 \xF3\xB0\x80\x80", -1);
    int width, height;
    pango_layout_get_pixel_size(layout, &width, &height);
    g_object_unref(layout);
    g_object_unref(context);
}

PangoFontMap *kr_fonts(void)
{
    return map;
}

bool kr_lettering_start(struct kr_err *err)
{
    if (map)
        return true;
    FcConfig *config = own_config();
    const FcFontSet *faces = config ? FcConfigGetFonts(config, FcSetSystem) : NULL;
    if (!faces || faces->nfont == 0) {
        if (config)
            FcConfigDestroy(config);
        return true; // a house without fonts still keeps its pictures
    }
    map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    if (!map) {
        FcConfigDestroy(config);
        return kr_fail(err, KR_E_INTERNAL, "letters without FreeType");
    }
    pango_fc_font_map_set_config(map, config);
    hold_all(faces);
    FcConfigDestroy(config); // the map keeps it
    return true;
}
