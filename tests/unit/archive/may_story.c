// SPDX-License-Identifier: AGPL-3.0-or-later
// Films: what may be told in one piece, and what is left of a story without what may not.
#include "archive/may.h"
#include "said_test.h"

static json_t *new_story(const char *picture, const char *voice)
{
    json_t *story = kr_json_new_object(), *beats = kr_json_new_array(),
           *beat = kr_json_new_object();
    kr_json_set_str(beat, "media", picture);
    kr_json_set_str(beat, "narration", voice);
    kr_json_append_take(beats, beat);
    kr_json_set_take(story, "beats", beats);
    return story;
}

TEST(a_film_is_withheld_while_anybody_in_it_rests)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *mei = test_person(t, store, "person 1");
    const char *picture = test_kept(t, store, "a", "photo", "/a.jpg");
    const char *voice = test_kept(t, store, "b", "audio", "/b.opus");
    KR_AUTO(kr_json_drop) json_t *story = new_story(picture, voice);
    struct kr_item item;
    bool may;
    EXPECT_OK(kr_picture_has(store, voice, mei, "", true, "owner", 1, &t->err));
    EXPECT_OK(kr_story_may(store, t->mem, story, &KR_VIEW_HOME, &may, &t->err));
    EXPECT(may);
    test_say(t, store, mei, "consent", test_consent("home", "picture", false, "self", NULL), mei);
    EXPECT_OK(kr_story_may(store, t->mem, story, &KR_VIEW_HOME, &may, &t->err));
    EXPECT(may); // only her voice is in it
    test_say(t, store, mei, "consent", test_consent("home", "story", false, "self", NULL), mei);
    EXPECT_OK(kr_story_may(store, t->mem, story, &KR_VIEW_HOME, &may, &t->err));
    EXPECT(!may);
    // Heard alone it still is.
    EXPECT_OK(kr_item_may_get(store, t->mem, voice, &KR_VIEW_HOME, &item, &t->err));
}

static bool story_may(struct kr_test *t, struct kr_store *store, const char *text,
                      const char *sitter)
{
    KR_AUTO(kr_json_drop) json_t *story = NULL;
    const struct kr_view view = {.audience = KR_TO_HOME, .sitter = sitter};
    bool may;
    EXPECT_OK(kr_json_parse(kr_str_of(text), 1 << 20, &story, &t->err));
    EXPECT_OK(kr_story_may(store, t->mem, story, &view, &may, &t->err));
    return may;
}

TEST(a_film_is_withheld_for_a_voice_with_words_and_for_words_alone)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *mei = test_person(t, store, "person 1");
    const char *voice = test_kept(t, store, "b", "audio", "/b.opus");
    const char *spoken = kr_arena_format(
        t->mem, "{\"beats\":[{\"text\":\"a\",\"narration\":{\"media\":\"%s\",\"text\":\"b\"}}]}",
        voice);
    const char *written = kr_arena_format(
        t->mem, "{\"beats\":[{\"text\":\"a\",\"caption\":\"b\",\"words_of\":[\"%s\"]}]}", mei);
    EXPECT_OK(kr_picture_has(store, voice, mei, "", true, "owner", 1, &t->err));
    EXPECT(story_may(t, store, spoken, NULL) && story_may(t, store, written, NULL));
    test_say(t, store, mei, "rest", json_true(), mei);
    EXPECT(!story_may(t, store, spoken, NULL));
    EXPECT(!story_may(t, store, written, NULL));
}

static bool words_may(struct kr_test *t, struct kr_store *store, const char *person,
                      enum kr_audience audience)
{
    const char *text =
        kr_arena_format(t->mem, "{\"beats\":[{\"text\":\"a\",\"words_of\":[\"%s\"]}]}", person);
    const struct kr_view view = {.audience = audience, .now_ms = 1000};
    KR_AUTO(kr_json_drop) json_t *story = NULL;
    bool may;
    EXPECT_OK(kr_json_parse(kr_str_of(text), 1 << 20, &story, &t->err));
    EXPECT_OK(kr_story_may(store, t->mem, story, &view, &may, &t->err));
    return may;
}

TEST(words_go_beyond_home_where_those_who_said_them_let_them)
{
    static const char *const purposes[] = {"voice", "story"};
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *mei = test_person(t, store, "person 1");
    EXPECT(words_may(t, store, mei, KR_TO_HOME) && !words_may(t, store, mei, KR_TO_KIN));
    for (size_t i = 0; i < KR_COUNT(purposes); i++) {
        EXPECT(!words_may(t, store, mei, KR_TO_KIN)); // one of the two is not enough
        test_say(t, store, mei, "consent", test_consent("kin", purposes[i], true, "self", NULL),
                 mei);
    }
    EXPECT(words_may(t, store, mei, KR_TO_KIN) && !words_may(t, store, mei, KR_TO_PUBLIC));
    test_say(t, store, mei, "delay", json_integer(30), mei);
    EXPECT(words_may(t, store, mei, KR_TO_HOME) && !words_may(t, store, mei, KR_TO_KIN));
}

TEST(no_word_of_a_film_is_on_the_avoid_list_of_who_sits)
{
    static const char *const stories[] = {"{\"subtitle\":\"the flood\",\"beats\":[]}",
                                          "{\"credits\":[\"the flood\"],\"beats\":[]}",
                                          "{\"beats\":[{\"text\":\"the flood\"}]}",
                                          "{\"beats\":[{\"chapter\":\"the flood\"}]}",
                                          "{\"beats\":[{\"era\":{\"text\":\"the flood\"}}]}",
                                          "{\"beats\":[{\"narration\":{\"text\":\"the flood\"}}]}"};
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *mei = test_person(t, store, "person 1");
    test_avoid(t, store, mei, "theme", "flood");
    for (size_t i = 0; i < KR_COUNT(stories); i++) {
        EXPECT(story_may(t, store, stories[i], NULL));
        EXPECT(!story_may(t, store, stories[i], mei));
    }
}

static void add_beat(json_t *story, const char *picture, const char *chapter)
{
    json_t *beat = kr_json_new_object();
    kr_json_set_str(beat, "media", picture);
    if (chapter)
        kr_json_set_str(beat, "chapter", chapter);
    json_array_append_new(json_object_get(story, "beats"), beat);
}

TEST(a_story_is_left_without_what_may_not_be_shown_and_keeps_its_chapters)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    KR_AUTO(kr_json_drop) json_t *story = kr_json_new_object(), *left = NULL;
    const char *mei = test_person(t, store, "person 1");
    const char *with = test_kept(t, store, "a", "photo", "/a.jpg");
    const char *without = test_kept(t, store, "b", "photo", "/b.jpg");
    size_t left_out;
    kr_json_set_take(story, "beats", kr_json_new_array());
    add_beat(story, with, "the bridge");
    add_beat(story, without, NULL);
    add_beat(story, without, NULL);
    EXPECT_OK(kr_picture_has(store, with, mei, "", true, "owner", 1, &t->err));
    test_say(t, store, mei, "rest", json_true(), mei);
    EXPECT_OK(kr_story_without(store, t->mem, story, &KR_VIEW_HOME, &left, &left_out, &t->err));
    const json_t *beats = kr_json_get(left, "beats");
    EXPECT(left_out == 1 && json_array_size(beats) == 2);
    EXPECT_STR(kr_json_str(json_array_get(beats, 0), "media", ""), without);
    EXPECT_STR(kr_json_str(json_array_get(beats, 0), "chapter", ""), "the bridge");
    EXPECT(!kr_json_get(json_array_get(beats, 1), "chapter"));
    EXPECT(json_array_size(kr_json_get(story, "beats")) == 3); // the old one is as it was
}

MAIN(CASE(words_go_beyond_home_where_those_who_said_them_let_them),
     CASE(a_film_is_withheld_while_anybody_in_it_rests),
     CASE(a_film_is_withheld_for_a_voice_with_words_and_for_words_alone),
     CASE(no_word_of_a_film_is_on_the_avoid_list_of_who_sits),
     CASE(a_story_is_left_without_what_may_not_be_shown_and_keeps_its_chapters))
