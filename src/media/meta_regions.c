// SPDX-License-Identifier: AGPL-3.0-or-later
// Faces and other marked places: Metadata Working Group regions (MWG guidelines
// 2.0, 5.9) and Microsoft's people tags.
#include "media/meta_priv.h"
#include "media/turn_priv.h"

#include <math.h>

enum { REGIONS_MOST = 200 };
#define MWG "Xmp.mwg-rs.Regions/mwg-rs:"

static char *item(GExiv2Metadata *from, const char *list, int i, const char *rest)
{
    char tag[200];
    kr_format(tag, sizeof tag, "%s[%d]/%s", list, i, rest);
    return kr_exif_text(from, tag);
}

static double real(GExiv2Metadata *from, const char *list, int i, const char *rest)
{
    char *text = item(from, list, i, rest);
    char *end = text;
    double value = text ? g_ascii_strtod(text, &end) : NAN;
    value = end == text ? NAN : value;
    g_free(text);
    return value;
}

static bool same_place(const json_t *a, const struct kr_part *b)
{
    double x = kr_json_real(a, "x", 0), y = kr_json_real(a, "y", 0);
    double w = kr_json_real(a, "w", 0), h = kr_json_real(a, "h", 0);
    double wide = fmin(x + w, b->x + b->w) - fmax(x, b->x);
    double high = fmin(y + h, b->y + b->h) - fmax(y, b->y);
    double both = wide > 0 && high > 0 ? wide * high : 0;
    return both > 0.5 * (w * h + b->w * b->h - both);
}

static double inside(double value)
{
    return value < 0 ? 0 : value > 1 ? 1 : value;
}

static void add(struct kr_meta *meta, struct kr_part part, const char *kind, struct kr_str name)
{
    double right = inside(part.x + part.w), bottom = inside(part.y + part.h);
    part.x = inside(part.x);
    part.y = inside(part.y);
    part.w = right - part.x;
    part.h = bottom - part.y;
    if (!(part.w > 0.0005 && part.h > 0.0005)) // also not a number
        return;
    json_t *all = json_object_get(meta->out, "regions");
    if (!all) {
        all = kr_json_new_array();
        kr_json_set_take(meta->out, "regions", all);
    }
    if (json_array_size(all) >= REGIONS_MOST)
        return;
    for (size_t i = 0; i < json_array_size(all); i++)
        if (same_place(json_array_get(all, i), &part))
            return; // the same face in the other program's words
    json_t *region = kr_json_new_object();
    struct kr_meta inner = {meta->mem, region, 1};
    kr_meta_text(&inner, "name", name, KR_KEYWORD_MOST);
    kr_json_set_str(region, "kind", kind);
    kr_json_set_real(region, "x", part.x);
    kr_json_set_real(region, "y", part.y);
    kr_json_set_real(region, "w", part.w);
    kr_json_set_real(region, "h", part.h);
    kr_json_append_take(all, region);
}

static const char *kind_of(const char *type)
{
    return !type                            ? "other"
           : strcasecmp(type, "Face") == 0  ? "face"
           : strcasecmp(type, "Pet") == 0   ? "pet"
           : strcasecmp(type, "Focus") == 0 ? "focus"
                                            : "other";
}

static double dimension(GExiv2Metadata *from, const char *tag)
{
    char *text = kr_exif_text(from, tag);
    double value = text ? g_ascii_strtod(text, NULL) : 0;
    g_free(text);
    return value;
}

// Some programs write regions of the picture as shown: the sizes they name tell.
static bool is_turned_already(GExiv2Metadata *from, int orientation, int width, int height)
{
    double w = dimension(from, MWG "AppliedToDimensions/stDim:w");
    double h = dimension(from, MWG "AppliedToDimensions/stDim:h");
    return orientation >= 5 && width > 0 && width != height && w > 0 && h > 0 &&
           (w > h) != (width > height);
}

static void add_mwg(struct kr_meta *meta, GExiv2Metadata *from, int width, int height)
{
    const char *list = MWG "RegionList";
    int turn = is_turned_already(from, meta->orientation, width, height) ? 1 : meta->orientation;
    for (int i = 1; i <= REGIONS_MOST; i++) {
        double x = real(from, list, i, "mwg-rs:Area/stArea:x");
        double y = real(from, list, i, "mwg-rs:Area/stArea:y");
        double w = real(from, list, i, "mwg-rs:Area/stArea:w");
        double h = real(from, list, i, "mwg-rs:Area/stArea:h");
        double d = real(from, list, i, "mwg-rs:Area/stArea:d"); // a circle
        if (isnan(x) || isnan(y))
            return;
        w = isnan(w) ? d : w;
        h = isnan(h) ? d : h;
        char *name = item(from, list, i, "mwg-rs:Name");
        char *type = item(from, list, i, "mwg-rs:Type");
        add(meta, kr_turn_part((struct kr_part){x - w / 2, y - h / 2, w, h}, turn), kind_of(type),
            kr_str_of(name));
        g_free(name);
        g_free(type);
    }
}

static void add_people(struct kr_meta *meta, GExiv2Metadata *from)
{
    const char *list = "Xmp.MP.RegionInfo/MPRI:Regions";
    for (int i = 1; i <= REGIONS_MOST; i++) {
        char *name = item(from, list, i, "MPReg:PersonDisplayName");
        char *area = item(from, list, i, "MPReg:Rectangle");
        double v[4] = {NAN, NAN, NAN, NAN};
        char *at = area;
        for (int k = 0; at && k < 4; k++) {
            v[k] = g_ascii_strtod(at, &at);
            at += strspn(at, ", ");
        }
        if (area && !isnan(v[3]))
            add(meta, kr_turn_part((struct kr_part){v[0], v[1], v[2], v[3]}, meta->orientation),
                "face", kr_str_of(name));
        bool over = !name && !area;
        g_free(name);
        g_free(area);
        if (over)
            return;
    }
}

void kr_meta_regions(struct kr_meta *meta, GExiv2Metadata *from, int width, int height)
{
    add_mwg(meta, from, width, height);
    add_people(meta, from);
}
