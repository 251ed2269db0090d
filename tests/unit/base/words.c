// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/words.h"
#include "base/json.h"
#include "base/settings.h"
#include "harness.h"
#include <stdlib.h>
#include <string.h>

TEST(every_code_and_setting_has_its_sentence_in_both_languages)
{
    for (int code = 0; code < KR_CODE_COUNT; code++)
        EXPECT(kr_word_exists(kr_code_key((enum kr_code)code)));
    for (size_t i = 0; i < kr_settings_count; i++) {
        EXPECT(kr_word_exists(kr_settings[i].words_key));
        EXPECT_OK(kr_setting_accepts(&kr_settings[i], kr_settings[i].fallback, &t->err));
        EXPECT(kr_setting_of(kr_settings[i].key) == &kr_settings[i]); // the table is sorted
    }
    EXPECT_STR(kr_word(KR_ZH, "app.name"), "家影");
    EXPECT_STR(kr_word(KR_EN, "app.name"), "kinreel");
}

TEST(the_catalogue_for_the_browser_is_json)
{
    for (int lang = 0; lang < KR_LANG_COUNT; lang++) {
        KR_AUTO(kr_json_drop) json_t *words = NULL;
        EXPECT_OK(kr_json_parse(kr_words_json((enum kr_lang)lang), 1 << 24, &words, &t->err));
        EXPECT_STR(kr_json_str(words, "error.full", ""), kr_word((enum kr_lang)lang, "error.full"));
    }
}

TEST(the_first_language_we_speak_is_taken)
{
    EXPECT(kr_lang_of("zh-TW,zh;q=0.9,en;q=0.8") == KR_ZH);
    EXPECT(kr_lang_of("en-GB,zh;q=0.5") == KR_EN);
    EXPECT(kr_lang_of("fr") == KR_EN);
    (void)t;
}

TEST(the_environment_comes_before_the_archive)
{
    enum kr_setting_from from;
    const struct kr_setting *days = kr_setting_of("trash.days");
    EXPECT_STR(kr_setting_value(t->mem, days, NULL, &from), "30");
    EXPECT(from == KR_FROM_DEFAULT);
    EXPECT_STR(kr_setting_value(t->mem, days, "12", &from), "12");
    EXPECT_STR(kr_setting_value(t->mem, days, "nonsense", &from), "30");
    setenv("KINREEL_TRASH_DAYS", "7", 1);
    EXPECT_STR(kr_setting_value(t->mem, days, "12", &from), "7");
    EXPECT(from == KR_FROM_ENVIRONMENT);
    unsetenv("KINREEL_TRASH_DAYS");
}

MAIN(CASE(every_code_and_setting_has_its_sentence_in_both_languages),
     CASE(the_catalogue_for_the_browser_is_json), CASE(the_first_language_we_speak_is_taken),
     CASE(the_environment_comes_before_the_archive))
