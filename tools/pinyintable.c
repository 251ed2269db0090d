// SPDX-License-Identifier: AGPL-3.0-or-later
// tools/pinyintable OUT: writes as C how Han characters sound, from ICU's Han-Latin and,
// for surnames, Han-Latin/Names. Run when kinreel is built: ICU is too slow to be asked
// while somebody searches.
#include "icutext.h"

enum { FIRST = 0x4E00, LAST = 0x9FFF }; // as in archive/searchtable_priv.h

static const UNormalizer2 *nfd;
static UTransliterator *latin, *names, *simplified;

static char syllables[1000][8];
static int syllable_count;
static uint16_t readings[LAST - FIRST + 1][2];

// Second readings that are common in captions and that ICU has no name for.
static const struct {
    uint16_t c;
    const char *reading;
} more[] = {{0x884C, "hang"},  {0x957F, "zhang"}, {0x9577, "zhang"}, {0x91CD, "chong"},
            {0x4E50, "yue"},   {0x6A02, "yue"},   {0x8FD8, "huan"},  {0x9084, "huan"},
            {0x90FD, "du"},    {0x671D, "zhao"},  {0x53C2, "shen"},  {0x53C3, "shen"},
            {0x8C03, "tiao"},  {0x8ABF, "tiao"},  {0x89C9, "jiao"},  {0x89BA, "jiao"},
            {0x85CF, "zang"},  {0x4F20, "zhuan"}, {0x50B3, "zhuan"}, {0x5927, "dai"},
            {0x5F97, "dei"},   {0x6B96, "shi"},   {0x8272, "shai"},  {0x4FBF, "pian"},
            {0x7387, "shuai"}, {0x964D, "xiang"}, {0x76DB, "cheng"}, {0x5708, "juan"}};

static uint16_t syllable(const char *text)
{
    int i = 0;
    while (i < syllable_count && strcmp(syllables[i], text) != 0)
        i++;
    if (i == syllable_count)
        snprintf(syllables[syllable_count++], sizeof *syllables, "%s", text);
    return (uint16_t)(i + 1);
}

static uint16_t reading(const UTransliterator *t, UChar32 c)
{
    UChar text[ROOM] = {(UChar)c};
    char ascii[8] = "";
    apply(t, text);
    normalise(nfd, text);
    strip_accents(text);
    for (int i = 0; text[i]; i++) {
        if (i > 6 || text[i] < 'a' || text[i] > 'z')
            return 0;
        ascii[i] = (char)text[i];
    }
    return ascii[0] ? syllable(ascii) : 0;
}

// The second reading: that of a surname, one of the list above, or whatever the simplified
// character has that this one has not.
static uint16_t second_reading(UChar32 c, uint16_t first)
{
    UChar simple[ROOM] = {(UChar)c};
    uint16_t r = reading(names, c);
    apply(simplified, simple);
    if (r == first)
        r = reading(names, simple[0]);
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        if (more[i].c == c && r == first)
            r = syllable(more[i].reading);
    if (r == first)
        r = reading(latin, simple[0]);
    return r == first ? 0 : r;
}

static void make_readings(void)
{
    for (UChar32 c = FIRST; c <= LAST; c++) {
        uint16_t *r = readings[c - FIRST];
        r[0] = reading(latin, c);
        r[1] = second_reading(c, r[0]);
    }
}

static void write_readings(FILE *out)
{
    fprintf(out, "const uint16_t kr_search_readings[][2] = {\n");
    for (int i = 0; i <= LAST - FIRST; i++)
        fprintf(out, "{%u,%u},%s", readings[i][0], readings[i][1], i % 16 == 15 ? "\n" : "");
    fprintf(out, "};\nconst char kr_search_syllables[][8] = {\"\",");
    for (int i = 0; i < syllable_count; i++)
        fprintf(out, "\"%s\",", syllables[i]);
    fprintf(out, "};\nconst int kr_search_syllable_count = %d;\n", syllable_count + 1);
}

int main(int argc, char **argv)
{
    FILE *out = argc == 2 ? fopen(argv[1], "w") : NULL;
    if (!out)
        return 1;
    nfd = unorm2_getNFDInstance(&status);
    check("open the normaliser");
    latin = transliterator("Han-Latin");
    names = transliterator("Han-Latin/Names");
    simplified = transliterator("Traditional-Simplified");
    make_readings();
    fprintf(out,
            "// Made by tools/pinyintable from ICU %s.\n#include \"archive/searchtable_priv.h\"\n",
            U_ICU_VERSION);
    write_readings(out);
    utrans_close(latin);
    utrans_close(names);
    utrans_close(simplified);
    return fclose(out) ? 1 : 0;
}
