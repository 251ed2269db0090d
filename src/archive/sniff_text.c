// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/sniff_priv.h"

static bool holds(const struct kr_sniff_bytes *b, const char *what)
{
    return memmem(b->at, b->n, what, strlen(what));
}

// Text has no zero bytes and next to no control characters. A character cut in two at
// the end of the first bytes is not held against it.
static bool is_text(const struct kr_sniff_bytes *b, bool *utf8)
{
    size_t controls = 0, n = b->n;
    for (size_t i = 0; i < n; i++) {
        uint8_t c = b->at[i];
        if (!c)
            return false;
        controls += (c < 32 && !(c >= 7 && c <= 13) && c != 27) || c == 127;
    }
    *utf8 = false;
    for (size_t cut = 0; cut < 4 && cut < n && !*utf8; cut++) {
        *utf8 = kr_is_utf8((struct kr_str){(const char *)b->at, n - cut});
        if (b->n == b->size)
            break;
    }
    return controls * 50 <= n;
}

// Case does not matter in the names that HTML begins with.
static bool begins(const struct kr_sniff_bytes *b, size_t at, const char *word)
{
    size_t n = strlen(word);
    return at <= b->n && b->n - at >= n && strncasecmp((const char *)b->at + at, word, n) == 0;
}

static bool is_xmp(const struct kr_sniff_bytes *b)
{
    return holds(b, "<x:xmpmeta") || holds(b, "adobe:ns:meta") ||
           (holds(b, "<rdf:RDF") && holds(b, "ns.adobe.com/"));
}

// A note of one picture, or of a folder.
static bool is_takeout(const struct kr_sniff_bytes *b)
{
    return holds(b, "\"photoTakenTime\"") || holds(b, "\"albumData\"") ||
           (holds(b, "\"title\"") && holds(b, "\"geoData\"")) ||
           (holds(b, "\"title\"") && holds(b, "\"access\"") && holds(b, "\"date\""));
}

static const struct {
    const char *start, *mime, *ending, *name;
} kinds[] = {
    {"<!doctype html", "text/html", "html", "web page"},
    {"<html", "text/html", "html", "web page"},
    {"<svg", "image/svg+xml", "svg", "SVG drawing"},
    {"WEBVTT", "text/vtt", "vtt", "subtitles"},
    {"0 HEAD", "text/vnd.familysearch.gedcom", "ged", "family tree (GEDCOM)"},
    {"BEGIN:VCARD", "text/vcard", "vcf", "address card"},
    {"BEGIN:VCALENDAR", "text/calendar", "ics", "calendar"},
    {"#!", "text/x-script", "", "script"},
};

static void which_text(const struct kr_sniff_bytes *b, struct kr_sniff *out)
{
    size_t at = HAS(b, 0, "\xEF\xBB\xBF") ? 3 : 0;
    while (at < b->n && (b->at[at] == ' ' || (b->at[at] >= '\t' && b->at[at] <= '\r')))
        at++;
    for (size_t i = 0; i < KR_COUNT(kinds); i++) {
        if (begins(b, at, kinds[i].start)) {
            *out = (struct kr_sniff){KR_SNIFF_TEXT, kinds[i].mime, kinds[i].ending, kinds[i].name};
            return;
        }
    }
    uint8_t first = at < b->n ? b->at[at] : 0;
    if (first == '<' && is_xmp(b))
        *out = (struct kr_sniff){KR_SNIFF_XMP, "application/rdf+xml", "xmp", "XMP side-car"};
    else if (first == '{' && is_takeout(b))
        *out = (struct kr_sniff){KR_SNIFF_TAKEOUT, "application/json", "json",
                                 "Google Takeout side-car"};
    else if (first == '{' || first == '[')
        *out = (struct kr_sniff){KR_SNIFF_TEXT, "application/json", "json", "JSON text"};
    else if (begins(b, at, "<?xml") && holds(b, "<svg"))
        *out = (struct kr_sniff){KR_SNIFF_TEXT, "image/svg+xml", "svg", "SVG drawing"};
    else if (begins(b, at, "<?xml"))
        *out = (struct kr_sniff){KR_SNIFF_TEXT, "application/xml", "xml", "XML text"};
    else
        *out = (struct kr_sniff){KR_SNIFF_TEXT, "text/plain", "txt", "text"};
}

bool kr_sniff_text(const struct kr_sniff_bytes *b, struct kr_sniff *out)
{
    bool utf8;
    if (HAS(b, 0, "\xFF\xFE") || HAS(b, 0, "\xFE\xFF")) {
        *out = (struct kr_sniff){KR_SNIFF_TEXT, "text/plain", "txt", "text in UTF-16"};
        return true;
    }
    if (!is_text(b, &utf8))
        return false;
    which_text(b, out);
    if (!utf8 && strcmp(out->name, "text") == 0)
        out->name = "text in an older encoding";
    return true;
}
