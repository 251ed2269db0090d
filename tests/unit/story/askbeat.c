// SPDX-License-Identifier: AGPL-3.0-or-later
#include "story/askbeat.h"

#include "../archive/said_test.h"
#include "story/shots.h"

static bool holds(const struct kr_rect *view, const struct kr_rect *part)
{
    const double hair = 1e-9;
    return view->x <= part->x + hair && view->y <= part->y + hair &&
           view->x + view->w >= part->x + part->w - hair &&
           view->y + view->h >= part->y + part->h - hair;
}

TEST(the_camera_comes_to_the_region_and_keeps_the_shape_of_the_picture)
{
    (void)t;
    static const struct kr_rect regions[] = {
        {0.4, 0.3, 0.1, 0.2}, {0, 0, 0.05, 0.05},       {0.9, 0.95, 0.1, 0.05},
        {0, 0.4, 1, 0.1},     {0.5, 0.5, 0.005, 0.005}, {0, 0, 1, 1},
    };
    static const int sides[] = {0, 600, 1600, 4000, 30000};
    for (size_t i = 0; i < KR_COUNT(regions); i++)
        for (size_t k = 0; k < KR_COUNT(sides); k++) {
            const struct kr_rect whole = {0, 0, 1, 1};
            struct kr_rect view = kr_ask_closeness(&regions[i], sides[k]);
            EXPECT(view.w == view.h);
            EXPECT(holds(&whole, &view) && holds(&view, &regions[i]));
        }
}

TEST(it_comes_no_closer_than_the_picture_is_sharp)
{
    (void)t;
    const struct kr_rect eye = {0.5, 0.5, 0.01, 0.01};
    EXPECT_NEAR(kr_ask_closeness(&eye, 1920).w, 0.5, 1e-9);
    EXPECT_NEAR(kr_ask_closeness(&eye, 3840).w, 0.25, 1e-9);
    EXPECT_NEAR(kr_ask_closeness(&eye, 40000).w, 0.15, 1e-9); // a moth is not the story
    EXPECT_NEAR(kr_ask_closeness(&eye, 500).w, 0.75, 1e-9);   // a small one only a step
}

static struct kr_ask asked(struct kr_test *t, struct kr_store *store, const char *item)
{
    KR_AUTO(kr_json_drop) json_t *value = NULL;
    const struct kr_listener nobody = {"", "owner"};
    struct kr_ask ask;
    char id[KR_UUID_TEXT];
    const char *text = kr_arena_format(t->mem,
                                       "{\"item\":\"%s\",\"text\":\"这是谁？\",\"region\":{\"x\":0."
                                       "4,\"y\":0.3,\"w\":0.1,\"h\":0.1}}",
                                       item);
    EXPECT_OK(kr_json_parse(kr_str_of(text), 4096, &value, &t->err));
    EXPECT_OK(kr_ask_say(store, value, "owner", id, &t->err));
    EXPECT_OK(kr_ask_get(store, t->mem, id, &nobody, &ask, &t->err));
    return ask;
}

static void answer(struct kr_test *t, struct kr_store *store, const struct kr_ask *ask,
                   const char *media, const char *text)
{
    KR_AUTO(kr_json_drop) json_t *value = kr_json_new_object();
    const struct kr_answerer by = {"owner", ""};
    char claim[KR_UUID_TEXT];
    kr_json_set_str(value, "media", media);
    kr_json_set_str(value, "text", text);
    EXPECT_OK(kr_answer_say(store, ask->id, value, &by, claim, &t->err));
}

TEST(an_answered_question_is_a_beat_that_a_story_takes)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg");
    const char *voice = test_kept(t, store, "two", "audio", "a.wav");
    const char *clip = test_kept(t, store, "three", "video", "a.mp4");
    const struct kr_listener nobody = {"", "owner"};
    struct kr_ask ask = asked(t, store, item);
    json_t *beats = NULL;
    EXPECT_FAIL(kr_ask_beats(store, t->mem, &ask, &nobody, "", &beats, &t->err), KR_E_NOT_FOUND);
    t->err = (struct kr_err){0};
    answer(t, store, &ask, voice, "");
    answer(t, store, &ask, "", "二姐。");
    answer(t, store, &ask, clip, "");
    struct kr_reply *replies;
    size_t n;
    EXPECT_OK(kr_replies_of(store, t->mem, ask.id, &nobody, &replies, &n, &t->err));
    EXPECT_INT(n, 3);
    for (size_t i = 0; i < n; i++) {
        KR_AUTO(kr_json_drop) json_t *story = kr_json_new_object();
        struct kr_story read;
        EXPECT_OK(kr_ask_beats(store, t->mem, &ask, &nobody, replies[i].claim, &beats, &t->err));
        kr_json_set_str(story, "title", "家");
        kr_json_set_take(story, "beats", beats);
        EXPECT_OK(kr_story_of_json(t->mem, story, &read, &t->err));
        EXPECT_INT(read.beat_count, i == 2 ? 2 : 1);
        EXPECT_STR(read.beats[0].media, item);
        EXPECT_STR(read.beats[0].caption, "这是谁？");
        EXPECT(read.beats[0].move == KR_MOVE_TOLD && read.beats[0].to.w < 1);
        if (i == 0)
            EXPECT_STR(read.beats[0].narration, voice);
        if (i == 1)
            EXPECT_STR(read.beats[0].narration_text, "二姐。");
        if (i == 2)
            EXPECT_STR(read.beats[1].media, clip);
    }
}

TEST(a_beat_says_whose_words_are_in_it)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg");
    const char *mei = test_person(t, store, "林梅");
    const struct kr_listener nobody = {"", "owner"};
    const struct kr_answerer by = {mei, mei};
    KR_AUTO(kr_json_drop) json_t *value = kr_json_new_object(), *story = kr_json_new_object();
    struct kr_ask ask = asked(t, store, item);
    char claim[KR_UUID_TEXT];
    struct kr_story read;
    json_t *beats;
    kr_json_set_str(value, "text", "二姐。");
    EXPECT_OK(kr_answer_say(store, ask.id, value, &by, claim, &t->err));
    EXPECT_OK(kr_ask_beats(store, t->mem, &ask, &nobody, claim, &beats, &t->err));
    const json_t *words_of = kr_json_get(json_array_get(beats, 0), "words_of");
    EXPECT_INT(json_array_size(words_of), 1); // the keeper of the house is nobody's person
    EXPECT_STR(json_string_value(json_array_get(words_of, 0)), mei);
    kr_json_set_str(story, "title", "一个");
    kr_json_set_take(story, "beats", beats);
    EXPECT_OK(kr_story_of_json(t->mem, story, &read, &t->err));
}

MAIN(CASE(the_camera_comes_to_the_region_and_keeps_the_shape_of_the_picture),
     CASE(it_comes_no_closer_than_the_picture_is_sharp),
     CASE(an_answered_question_is_a_beat_that_a_story_takes),
     CASE(a_beat_says_whose_words_are_in_it))
