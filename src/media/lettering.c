// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/lettering.h"

#include "media/lettering_priv.h"
#include <assert.h>
#include <pango/pangocairo.h>

enum { TEXT_MOST = 20000, SIZE_MOST = 2000, WIDTH_MOST = 16384 }; // bytes, px, px

// Families in the order they are asked for; what is there was found at start.
#define SERIF "Noto Serif CJK SC, Source Han Serif SC, Noto Serif, serif"
#define SERIF_TC "Noto Serif CJK TC, " SERIF
#define SANS "Noto Sans CJK SC, Source Han Sans SC, Noto Sans, sans-serif"
#define SANS_TC "Noto Sans CJK TC, " SANS

static const char *families(const struct kr_lettering *lettering)
{
    const char *lang = lettering->lang ? lettering->lang : "";
    bool traditional = strcasecmp(lang, "zh-TW") == 0 || strcasecmp(lang, "zh-HK") == 0 ||
                       strcasecmp(lang, "zh-MO") == 0 || strncasecmp(lang, "zh-Hant", 7) == 0;
    return lettering->serif ? (traditional ? SERIF_TC : SERIF) : (traditional ? SANS_TC : SANS);
}

static PangoLayout *layout_of(const struct kr_lettering *lettering)
{
    PangoContext *context = pango_font_map_create_context(kr_fonts());
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family(font, families(lettering));
    // Film frames move under the letters: exact shapes, not shapes bent to a grid.
    cairo_font_options_t *exact = cairo_font_options_create();
    cairo_font_options_set_antialias(exact, CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(exact, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(exact, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context, exact);
    cairo_font_options_destroy(exact);
    pango_font_description_set_weight(font,
                                      lettering->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_absolute_size(font, lettering->size_px * PANGO_SCALE);
    if (lettering->lang)
        pango_context_set_language(context, pango_language_from_string(lettering->lang));
    PangoLayout *layout = pango_layout_new(context);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_text(layout, lettering->text, -1);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    if (lettering->width_px > 0)
        pango_layout_set_width(layout, lettering->width_px * PANGO_SCALE);
    pango_layout_set_alignment(layout, lettering->centred ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT);
    pango_font_description_free(font);
    g_object_unref(context);
    return layout;
}

// The ink and the lines together, with room for the shadow around them.
struct box {
    int x, y, width, height, margin;
};

static struct box box_of(PangoLayout *layout, const struct kr_lettering *lettering)
{
    PangoRectangle ink, lines;
    pango_layout_get_pixel_extents(layout, &ink, &lines);
    int left = ink.x < lines.x ? ink.x : lines.x, top = ink.y < lines.y ? ink.y : lines.y;
    int right =
        ink.x + ink.width > lines.x + lines.width ? ink.x + ink.width : lines.x + lines.width;
    int bottom =
        ink.y + ink.height > lines.y + lines.height ? ink.y + ink.height : lines.y + lines.height;
    int margin = lettering->shadow > 0 ? (int)(lettering->size_px * 0.35) + 2 : 1;
    return (struct box){left - margin, top - margin, right - left + 2 * margin,
                        bottom - top + 2 * margin, margin};
}

// The coverage of the letters, as an 8 bit surface. NULL when there is no memory.
static cairo_surface_t *cover(PangoLayout *layout, const struct box *box)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, box->width, box->height);
    cairo_t *pen = cairo_create(surface);
    cairo_translate(pen, -box->x, -box->y);
    pango_cairo_show_layout(pen, layout);
    bool ok = cairo_status(pen) == CAIRO_STATUS_SUCCESS;
    cairo_destroy(pen);
    cairo_surface_flush(surface);
    if (!ok) {
        cairo_surface_destroy(surface);
        return NULL;
    }
    return surface;
}

// Running mean of 2 r + 1 along a line of `n` values `step` apart.
static void blur_line(uint8_t *line, int n, ptrdiff_t step, int r, uint8_t *copy)
{
    unsigned sum = 0, window = 2 * (unsigned)r + 1;
    for (int i = 0; i < n; i++)
        copy[i] = line[i * step];
    for (int i = 0; i < r && i < n; i++)
        sum += copy[i];
    for (int i = 0; i < n; i++) {
        if (i + r < n)
            sum += copy[i + r];
        if (i - r - 1 >= 0)
            sum -= copy[i - r - 1];
        line[i * step] = (uint8_t)(sum / window);
    }
}

// Three running means are nearly a Gaussian (the central limit theorem).
static void blur(uint8_t *at, int width, int height, ptrdiff_t stride, int r)
{
    int longest = width > height ? width : height;
    uint8_t *copy = kr_new_array(uint8_t, (size_t)longest);
    for (int pass = 0; pass < 3; pass++) {
        for (int y = 0; y < height; y++)
            blur_line(at + y * stride, width, 1, r, copy);
        for (int x = 0; x < width; x++)
            blur_line(at + x, height, stride, r, copy);
    }
    kr_free(&copy);
}

// Letters over their shadow (Porter and Duff, 1984, "over"; not premultiplied).
static void ink_in(const struct kr_lettering *lettering, const uint8_t *letters,
                   const uint8_t *shade, ptrdiff_t stride, struct kr_frame *out)
{
    unsigned rgb[3] = {lettering->colour >> 16 & 255, lettering->colour >> 8 & 255,
                       lettering->colour & 255};
    for (int y = 0; y < out->height; y++) {
        uint8_t *to = out->plane[0] + y * out->stride[0];
        for (int x = 0; x < out->width; x++, to += 4) {
            unsigned a = letters[y * stride + x];
            double dark = shade ? shade[y * stride + x] * 1.8 : 0;
            unsigned s = (unsigned)(lettering->shadow * (dark > 255 ? 255 : dark));
            unsigned all = a + s * (255 - a) / 255;
            for (int c = 0; c < 3; c++)
                to[c] = (uint8_t)(all ? rgb[c] * a / all : 0);
            to[3] = (uint8_t)all;
        }
    }
}

static bool draw(const struct kr_lettering *lettering, PangoLayout *layout, struct kr_frame **out,
                 struct kr_err *err)
{
    struct box box = box_of(layout, lettering);
    if (!kr_frame_create(KR_RGBA8, box.width, box.height, out, err))
        return false;
    cairo_surface_t *letters = cover(layout, &box);
    if (!letters) {
        kr_frame_destroy(out);
        return kr_fail(err, KR_E_TOO_BIG, "no memory for %d x %d of letters", box.width,
                       box.height);
    }
    ptrdiff_t stride = cairo_image_surface_get_stride(letters);
    const uint8_t *ink = cairo_image_surface_get_data(letters);
    uint8_t *shade = NULL;
    if (lettering->shadow > 0) {
        size_t n = (size_t)stride * (size_t)box.height;
        shade = kr_new_array(uint8_t, n);
        memcpy(shade, ink, n);
        int r = (int)(lettering->size_px * 0.06) + 1;
        blur(shade, box.width, box.height, stride, r);
    }
    ink_in(lettering, ink, shade, stride, *out);
    kr_free(&shade);
    cairo_surface_destroy(letters);
    return true;
}

bool kr_lettering_set(const struct kr_lettering *lettering, struct kr_frame **out,
                      struct kr_err *err)
{
    assert(lettering->shadow >= 0 && lettering->shadow <= 1);
    if (strlen(lettering->text) > TEXT_MOST || !(lettering->size_px >= 1) ||
        lettering->size_px > SIZE_MOST || lettering->width_px > WIDTH_MOST)
        return kr_fail(err, KR_E_TOO_BIG, "letters of %.0f px on %d px", lettering->size_px,
                       lettering->width_px);
    if (!kr_fonts() && !kr_lettering_start(err))
        return false;
    if (!kr_fonts())
        return kr_fail(err, KR_E_NOT_FOUND, "no font is installed");
    PangoLayout *layout = layout_of(lettering);
    bool ok = draw(lettering, layout, out, err);
    g_object_unref(layout);
    return ok ? true : kr_within(err, "set letters");
}
