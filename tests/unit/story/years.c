// SPDX-License-Identifier: AGPL-3.0-or-later
#include "story/years.h"

#include "../archive/archive_test.h"
#include "archive/marks.h"
#include "story/shots.h"

static const char *marked(struct kr_test *t, struct kr_store *store, const char *item,
                          const char *date)
{
    KR_AUTO(kr_json_drop) json_t *value = kr_json_new_object();
    char *claim = kr_arena_alloc(t->mem, KR_UUID_TEXT);
    struct kr_era era;
    EXPECT_OK(kr_era_open(t->mem, store, &era, &t->err));
    kr_json_set_str(value, "thing", "永久牌自行车");
    kr_json_set_str(value, "date", date);
    EXPECT_OK(kr_mark_say(store, &era, item, value, "owner", 0.9, claim, &t->err));
    return claim;
}

static bool look_up(struct kr_test *t, struct kr_store *store, const char *lang, const char *era,
                    struct kr_story *story, json_t **json)
{
    const char *text =
        kr_arena_format(t->mem,
                        "{\"title\":\"家\",\"lang\":\"%s\",\"beats\":[{\"media\":\"a\","
                        "\"date\":\"1985\",\"era\":%s}]}",
                        lang, era);
    t->err = (struct kr_err){0};
    EXPECT_OK(kr_json_parse(kr_str_of(text), KR_STORY_MOST, json, &t->err));
    EXPECT_OK(kr_story_of_json(t->mem, *json, story, &t->err));
    return kr_story_look_up(store, t->mem, *json, story, &t->err);
}

static const char *said(struct kr_test *t, struct kr_store *store, const char *lang,
                        const char *era)
{
    KR_AUTO(kr_json_drop) json_t *json = NULL;
    struct kr_story story;
    EXPECT_OK(look_up(t, store, lang, era, &story, &json));
    const json_t *beat = json_array_get(kr_json_get(json, "beats"), 0);
    const json_t *told = kr_json_get(beat, "era");
    EXPECT_STR(json_is_string(told) ? json_string_value(told) : kr_json_str(told, "text", ""),
               story.beats[0].era.text); // the story itself holds it now
    return story.beats[0].era.text;
}

TEST(a_beat_that_names_a_mark_or_a_card_is_told_in_words)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg");
    const char *year = marked(t, store, item, "1978"), *decade = marked(t, store, item, "197X");
    EXPECT_STR(said(t, store, "zh-CN", kr_arena_format(t->mem, "{\"mark\":\"%s\"}", year)),
               "1978 年 · 永久牌自行车");
    EXPECT_STR(said(t, store, "en", kr_arena_format(t->mem, "{\"mark\":\"%s\"}", decade)),
               "the 1970s · 永久牌自行车");
    EXPECT_STR(said(t, store, "en", "{\"card\":\"china-daily.spring-gala\"}"),
               "1983 · The first Spring Festival gala");
    EXPECT_STR(said(t, store, "zh-CN", "{\"card\":\"china-daily.spring-gala\",\"text\":\"那年\"}"),
               "那年");
    EXPECT_STR(said(t, store, "zh-CN", "\"那年冬天\""), "那年冬天");
}

TEST(a_mark_or_card_that_nobody_knows_is_said_with_its_beat)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    KR_AUTO(kr_json_drop) json_t *first = NULL, *second = NULL;
    struct kr_story story;
    EXPECT_FAIL(look_up(t, store, "en", "{\"card\":\"no.such\"}", &story, &first), KR_E_INVALID);
    EXPECT(strstr(t->err.text, "beat 1") != NULL);
    EXPECT_FAIL(look_up(t, store, "en", "{\"mark\":\"no-such\"}", &story, &second), KR_E_INVALID);
}

TEST(it_stands_at_the_lower_edge_under_date_and_place)
{
    KR_AUTO(kr_shots_finish) struct kr_shots shots = {0};
    struct kr_story story;
    const char *text = "{\"title\":\"家\",\"beats\":[{\"media\":\"a\",\"date\":\"1985\",\"era\":"
                       "{\"text\":\"1978 · 永久牌自行车\",\"card\":\"china-daily.bicycle\"}},"
                       "{\"media\":\"b\",\"era\":\"1983 · 春晚\"}]}";
    EXPECT_OK(kr_story_parse(t->mem, kr_str_of(text), &story, &t->err));
    EXPECT_OK(kr_shots_make(t->mem, &story, &KR_SHOTS_DEFAULTS, &shots, &t->err));
    const json_t *list = kr_json_get(shots.list, "shots");
    EXPECT_STR(kr_json_str(json_array_get(list, 1), "small", ""), "1985\n1978 · 永久牌自行车");
    EXPECT_STR(kr_json_str(json_array_get(list, 2), "small", ""), "1983 · 春晚");
}

TEST(a_story_file_needs_the_words_themselves)
{
    static const char *const wrong[] = {
        "{\"media\":\"a\",\"era\":{\"card\":\"china-daily.bicycle\"}}",
        "{\"media\":\"a\",\"era\":{}}",
        "{\"media\":\"a\",\"era\":{\"mark\":\"m\",\"card\":\"c\",\"text\":\"x\"}}",
        "{\"media\":\"a\",\"era\":5}",
        "{\"media\":\"a\",\"era\":{\"year\":\"1978\"}}",
        "{\"text\":\"words\",\"era\":\"1978\"}",
    };
    struct kr_story story;
    for (size_t i = 0; i < KR_COUNT(wrong); i++) {
        const char *text = kr_arena_format(t->mem, "{\"title\":\"x\",\"beats\":[%s]}", wrong[i]);
        t->err = (struct kr_err){0};
        EXPECT_FAIL(kr_story_parse(t->mem, kr_str_of(text), &story, &t->err), KR_E_INVALID);
        EXPECT(strstr(t->err.text, "beat 1") != NULL);
    }
}

MAIN(CASE(a_beat_that_names_a_mark_or_a_card_is_told_in_words),
     CASE(a_mark_or_card_that_nobody_knows_is_said_with_its_beat),
     CASE(it_stands_at_the_lower_edge_under_date_and_place),
     CASE(a_story_file_needs_the_words_themselves))
