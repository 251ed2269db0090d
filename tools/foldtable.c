// SPDX-License-Identifier: AGPL-3.0-or-later
// tools/foldtable OUT: writes as C how archive/searchtext folds each character, and what
// kind of character it is, from ICU. Run when kinreel is built.
#include "icutext.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

enum { END = 0x30000, BLOCK = 256, BLOCKS = END / BLOCK };
enum { SEPARATOR, WORD, HAN, KANA, MARK, SKIP, CLASSES = 8 }; // as in archive/searchtable_priv.h

static const UNormalizer2 *casefold, *nfd, *nfc;
static UTransliterator *simplified;

// Compatibility forms and case, then accents, then traditional to simplified.
static void fold(UChar32 c, UChar *out)
{
    int32_t n = 0;
    U16_APPEND_UNSAFE(out, n, c);
    out[n] = 0;
    if (c >= 0xD800 && c <= 0xDFFF)
        return;
    for (int i = 0; i < 3; i++) { // until it stays as it is
        normalise(casefold, out);
        normalise(nfd, out);
        strip_accents(out);
        normalise(nfc, out);
        apply(simplified, out);
    }
    if (out[0] == 0x82E7) // ICU turns these two into one another for ever
        out[0] = 0x82CE;
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
        int32_t n = 0;
        char utf8[ROOM * 3];
        U16_APPEND_UNSAFE(self, n, c);
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
    make_folds();
    fprintf(out,
            "// Made by tools/foldtable from ICU %s.\n#include \"archive/searchtable_priv.h\"\n",
            U_ICU_VERSION);
    write_folds(out);
    utrans_close(simplified);
    return fclose(out) ? 1 : 0;
}
