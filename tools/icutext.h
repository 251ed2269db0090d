// SPDX-License-Identifier: AGPL-3.0-or-later
// icutext.h: what the makers of tables ask of ICU. They run when kinreel is built and have no
// one to hand an error to: what fails ends them, and the build.
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

enum { ROOM = 64 }; // of one text, with its end

static UErrorCode status;

static void check(const char *what)
{
    if (U_FAILURE(status)) {
        fprintf(stderr, "%s: %s\n", what, u_errorName(status));
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
