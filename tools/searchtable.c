// SPDX-License-Identifier: AGPL-3.0-or-later
// tools/searchtable OUT: writes the tables of archive/searchtext as C, from ICU.
// Run when kinreel is built, so that kinreel itself starts without them: ICU
// reads about ten thousand Han characters a second.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

enum { END = 0x30000, BLOCK = 256, BLOCKS = END / BLOCK, ROOM = 64, FIRST = 0x4E00, LAST = 0x9FFF };
enum { SEPARATOR, WORD, HAN, KANA, MARK, SKIP, CLASSES = 8 }; // as in archive/searchtable.h

static UErrorCode status;

static void check(const char *what)
{
    if (U_FAILURE(status)) {
        fprintf(stderr, "searchtable: %s: %s\n", what, u_errorName(status));
        exit(1);
    }
}

static UTransliterator *transliterator(const char *id)
{
    UChar name[ROOM];
    u_charsToUChars(id, name, (int32_t)strlen(id) + 1);
    UTransliterator *t = utrans_openU(name, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
    check(id);
    return t;
}

static void apply(const UTransliterator *t, UChar *text)
{
    int32_t n = u_strlen(text), limit = n;
    utrans_transUChars(t, text, &n, ROOM - 1, 0, &limit, &status);
    text[n] = 0;
    check("transliterate");
}

static void strip_accents(UChar *text)
{
    int32_t to = 0;
    for (int32_t i = 0; text[i]; i++)
        if (text[i] < 0x300 || text[i] > 0x36F)
            text[to++] = text[i];
    text[to] = 0;
}

static void normalise(const UNormalizer2 *how, UChar *text)
{
    UChar from[ROOM];
    u_strcpy(from, text);
    int32_t n = unorm2_normalize(how, from, -1, text, ROOM - 1, &status);
    check("normalise");
    text[n] = 0;
}

static const UNormalizer2 *casefold, *nfd, *nfc;
static UTransliterator *simplified, *latin, *names;

// Compatibility forms and case, then accents, then traditional to simplified.
static void fold(UChar32 c, UChar *out)
{
    UBool failed = 0;
    int32_t n = 0;
    U16_APPEND(out, n, ROOM, c, failed);
    out[n] = 0;
    if (failed || (c >= 0xD800 && c <= 0xDFFF))
        return;
    for (int i = 0; i < 3; i++) { // until it stays as it is
        normalise(casefold, out);
        normalise(nfd, out);
        strip_accents(out);
        normalise(nfc, out);
        apply(simplified, out);
    }
}

static int class_of(UChar32 c)
{
    UErrorCode ignored = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript(c, &ignored);
    uint32_t mask = U_MASK(u_charType(c));
    if ((c >= 0x300 && c <= 0x36F) || u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT))
        return SKIP;
    if (c == 0x3005 || c == 0x3007 || (script == USCRIPT_HAN && (mask & U_GC_L_MASK)))
        return HAN;
    if (c == 0x30FC ||
        ((script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA) && (mask & U_GC_L_MASK)))
        return KANA;
    if (mask & (U_GC_L_MASK | U_GC_N_MASK))
        return WORD;
    return mask & U_GC_M_MASK ? MARK : SEPARATOR;
}

static uint16_t values[END];
static char pool[1 << 18];
static uint32_t pool_n, fold_at[60000];
static unsigned folds;

static void make_folds(void)
{
    for (UChar32 c = 0; c < END; c++) {
        UChar self[4] = {0}, to[ROOM];
        UBool failed = 0;
        int32_t n = 0;
        char utf8[ROOM * 3];
        U16_APPEND(self, n, 4, c, failed);
        fold(c, to);
        values[c] = (uint16_t)class_of(c);
        if ((c >= 0xD800 && c <= 0xDFFF) || values[c] == SKIP || u_strcmp(self, to) == 0)
            continue;
        u_strToUTF8(utf8, sizeof utf8, &n, to, -1, &status);
        check("encode");
        values[c] = (uint16_t)(CLASSES + folds);
        fold_at[folds++] = pool_n;
        memcpy(pool + pool_n, utf8, (size_t)n + 1);
        pool_n += (uint32_t)n + 1;
    }
}

static char syllables[1000][8];
static int syllable_count;
static uint16_t readings[LAST - FIRST + 1][2];

// Second readings that are common in captions and that ICU has no name for.
static const struct {
    uint16_t c;
    const char *reading;
} more[] = {{0x884C, "hang"}, {0x957F, "zhang"}, {0x9577, "zhang"}, {0x91CD, "chong"},
            {0x4E50, "yue"},  {0x6A02, "yue"},   {0x8FD8, "huan"},  {0x9084, "huan"},
            {0x90FD, "du"},   {0x671D, "zhao"},  {0x53C2, "shen"},  {0x53C3, "shen"},
            {0x8C03, "tiao"}, {0x8ABF, "tiao"},  {0x89C9, "jiao"},  {0x89BA, "jiao"},
            {0x85CF, "zang"}, {0x4F20, "zhuan"}, {0x50B3, "zhuan"}, {0x5927, "dai"},
            {0x5F97, "dei"},  {0x6B96, "shi"},   {0x8272, "shai"},  {0x4FBF, "pian"},
            {0x5382, "han"},  {0x964D, "xiang"}, {0x76DB, "cheng"}, {0x5708, "juan"}};

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

static void make_readings(void)
{
    for (UChar32 c = FIRST; c <= LAST; c++) {
        uint16_t *r = readings[c - FIRST];
        r[0] = reading(latin, c);
        r[1] = reading(names, c);
        for (size_t i = 0; i < sizeof more / sizeof *more; i++)
            if (more[i].c == c && r[1] == r[0])
                r[1] = syllable(more[i].reading);
        r[1] = r[1] == r[0] ? 0 : r[1];
    }
}

static void write_folds(FILE *out)
{
    static int at[BLOCKS];
    int count = 0;
    fprintf(out, "const uint16_t kr_search_values[][%d] = {\n", BLOCK);
    for (int i = 0; i < BLOCKS; i++) {
        int same = 0;
        while (same < i && memcmp(values + same * BLOCK, values + i * BLOCK, BLOCK * 2) != 0)
            same++;
        at[i] = same < i ? at[same] : count++;
        if (same < i)
            continue;
        fprintf(out, "{");
        for (int j = 0; j < BLOCK; j++)
            fprintf(out, "%u,", values[i * BLOCK + j]);
        fprintf(out, "},\n");
    }
    fprintf(out, "};\nconst uint16_t kr_search_blocks[%d] = {", BLOCKS);
    for (int i = 0; i < BLOCKS; i++)
        fprintf(out, "%d,", at[i]);
    fprintf(out, "};\nconst uint32_t kr_search_fold_at[] = {");
    for (unsigned i = 0; i < folds; i++)
        fprintf(out, "%u,", fold_at[i]);
    fprintf(out, "};\nconst char kr_search_folds[] = {");
    for (uint32_t i = 0; i < pool_n; i++)
        fprintf(out, "%d,", (signed char)pool[i]);
    fprintf(out, "};\n");
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
    casefold = unorm2_getNFKCCasefoldInstance(&status);
    nfd = unorm2_getNFDInstance(&status);
    nfc = unorm2_getNFCInstance(&status);
    check("open the normalisers");
    simplified = transliterator("Traditional-Simplified");
    latin = transliterator("Han-Latin");
    names = transliterator("Han-Latin/Names");
    make_folds();
    make_readings();
    fprintf(out, "// Made by tools/searchtable from ICU %s.\n#include \"archive/searchtable.h\"\n",
            U_ICU_VERSION);
    write_folds(out);
    write_readings(out);
    utrans_close(simplified);
    utrans_close(latin);
    utrans_close(names);
    return fclose(out) ? 1 : 0;
}
