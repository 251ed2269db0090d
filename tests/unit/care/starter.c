// SPDX-License-Identifier: AGPL-3.0-or-later
#include "care/starter.h"

#include "care/prompt.h"
#include "harness.h"
#include <string.h>

// Every prompt of the starter set, of one language.
static size_t all_prompts(struct kr_test *t, enum kr_lang lang, const char **out, size_t room)
{
    size_t n = 0;
    (void)t;
    for (size_t i = 0; i < kr_starter_themes_count; i++)
        for (int k = 0; k < kr_starter_themes[i].count && n < room; k++)
            out[n++] = kr_starter_prompt(lang, &kr_starter_themes[i], (size_t)k);
    return n;
}

TEST(sixty_prompts_in_each_language_are_gentle_and_short)
{
    for (int lang = 0; lang < KR_LANG_COUNT; lang++) {
        const char *prompts[100];
        size_t n = all_prompts(t, (enum kr_lang)lang, prompts, KR_COUNT(prompts));
        EXPECT_INT(n, 60);
        for (size_t i = 0; i < n; i++) {
            struct kr_prompt prompt;
            EXPECT_OK(kr_prompt_lint(t->mem, kr_str_of(prompts[i]), &prompt, &t->err));
            if (prompt.finding != KR_PROMPT_FINE || prompt.is_long)
                print_message("%s: %s, %d\n", prompts[i], prompt.words ? prompt.words : "long",
                              prompt.longest);
            EXPECT_INT(prompt.finding, KR_PROMPT_FINE);
            EXPECT(!prompt.is_long);
        }
    }
}

TEST(no_prompt_is_said_twice_and_none_is_missing)
{
    for (int lang = 0; lang < KR_LANG_COUNT; lang++) {
        const char *prompts[100];
        size_t n = all_prompts(t, (enum kr_lang)lang, prompts, KR_COUNT(prompts));
        for (size_t i = 0; i < n; i++) {
            EXPECT(!kr_starts_with(prompts[i], "sit.")); // a key nobody wrote shows as itself
            for (size_t k = 0; k < i; k++)
                EXPECT(strcmp(prompts[i], prompts[k]) != 0);
        }
    }
}

TEST(themes_are_sorted_named_and_complete)
{
    for (size_t i = 0; i < kr_starter_themes_count; i++) {
        const struct kr_starter_theme *theme = &kr_starter_themes[i];
        char beyond[64];
        kr_format(beyond, sizeof beyond, "sit.%s.%d", theme->name, theme->count + 1);
        EXPECT(!kr_word_exists(beyond)); // a sentence somebody wrote is also shown
        EXPECT(kr_word_exists(theme->words_key));
        EXPECT(i == 0 || strcmp(kr_starter_themes[i - 1].name, theme->name) < 0);
    }
}

TEST(a_theme_begins_again_after_its_last_prompt)
{
    const struct kr_starter_theme *theme = &kr_starter_themes[0];
    EXPECT_STR(kr_starter_prompt(KR_EN, theme, (size_t)theme->count),
               kr_starter_prompt(KR_EN, theme, 0));
}

MAIN(CASE(sixty_prompts_in_each_language_are_gentle_and_short),
     CASE(no_prompt_is_said_twice_and_none_is_missing), CASE(themes_are_sorted_named_and_complete),
     CASE(a_theme_begins_again_after_its_last_prompt))
