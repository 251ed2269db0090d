// SPDX-License-Identifier: AGPL-3.0-or-later
#include "care/starter.h"

const struct kr_starter_theme kr_starter_themes[] = {
    {"animals", "sit.theme.animals", 6}, {"festivals", "sit.theme.festivals", 6},
    {"kitchen", "sit.theme.kitchen", 6}, {"market", "sit.theme.market", 6},
    {"school", "sit.theme.school", 6},   {"sewing", "sit.theme.sewing", 6},
    {"songs", "sit.theme.songs", 6},     {"streets", "sit.theme.streets", 6},
    {"weather", "sit.theme.weather", 6}, {"work", "sit.theme.work", 6},
};
const size_t kr_starter_themes_count = KR_COUNT(kr_starter_themes);

const char *kr_starter_prompt(enum kr_lang lang, const struct kr_starter_theme *theme, size_t nth)
{
    char key[64];
    kr_format(key, sizeof key, "sit.%s.%d", theme->name, (int)(nth % (size_t)theme->count) + 1);
    return kr_word(lang, key);
}
