// SPDX-License-Identifier: AGPL-3.0-or-later
#include "story/sayers.h"

#include "../archive/said_test.h"
#include "archive/door.h"
#include "archive/marks.h"
#include "archive/may.h"
#include "archive/say.h"

static json_t *named(struct kr_test *t, struct kr_store *store, const char *beat)
{
    json_t *story;
    const char *text = kr_arena_format(t->mem, "{\"title\":\"a\",\"beats\":[%s]}", beat);
    EXPECT_OK(kr_json_parse(kr_str_of(text), 1 << 16, &story, &t->err));
    EXPECT_OK(kr_story_name_sayers(store, t->mem, story, &t->err));
    return (json_t *)(uintptr_t)kr_json_lend(t->mem, story);
}

static const char *sayers(struct kr_test *t, const json_t *story)
{
    const json_t *list = kr_json_get(json_array_get(kr_json_get(story, "beats"), 0), "words_of");
    return list ? kr_json_text(t->mem, list) : "";
}

static void caption(struct kr_test *t, struct kr_store *store, const char *item, const char *text,
                    const char *who)
{
    KR_AUTO(kr_json_drop) json_t *value = json_string(text);
    EXPECT_OK(kr_say(store, item, "caption", value, who, 0.9, &t->err));
}

TEST(a_film_that_tells_a_caption_is_kept_back_while_who_wrote_it_rests)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg");
    const char *mei = test_person(t, store, "林梅");
    bool may;
    caption(t, store, item, "石榴树下", mei);
    caption(t, store, item, "门前", "owner");
    const char *beat = kr_arena_format(t->mem, "{\"media\":\"%s\",\"caption\":\"石榴树下\"}", item);
    const json_t *story = named(t, store, beat);
    EXPECT_STR(sayers(t, story), kr_arena_format(t->mem, "[\"%s\"]", mei));
    EXPECT_OK(kr_story_may(store, t->mem, story, &KR_VIEW_HOME, &may, &t->err));
    EXPECT(may);
    test_say(t, store, mei, "rest", json_true(), mei);
    EXPECT_OK(kr_story_may(store, t->mem, story, &KR_VIEW_HOME, &may, &t->err));
    EXPECT(!may);
    EXPECT_STR(sayers(t, named(t, store, beat)), sayers(t, story)); // written down by now, too
}

TEST(who_came_by_a_door_is_kept_as_that_door_until_it_is_known_whose_it_is)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg");
    const char *mei = test_person(t, store, "林梅");
    const struct kr_new_account owner = {.name = "owner", .role = KR_ROLE_OWNER, .person = ""};
    const struct kr_new_account teller = {.name = "mei", .role = KR_ROLE_TELLER, .person = ""};
    char door[KR_UUID_TEXT];
    bool may;
    EXPECT_OK(kr_door_add(store, &owner, door, &t->err));
    EXPECT_OK(kr_door_add(store, &teller, door, &t->err));
    caption(t, store, item, "石榴树下", door);
    const json_t *story = named(
        t, store, kr_arena_format(t->mem, "{\"media\":\"%s\",\"caption\":\"石榴树下\"}", item));
    EXPECT_STR(sayers(t, story), kr_arena_format(t->mem, "[\"%s\"]", door));
    test_say(t, store, mei, "rest", json_true(), mei);
    EXPECT_OK(kr_story_may(store, t->mem, story, &KR_VIEW_HOME, &may, &t->err));
    EXPECT(may);
    EXPECT_OK(kr_door_change(store, door, NULL, mei, &t->err));
    EXPECT_OK(kr_story_may(store, t->mem, story, &KR_VIEW_HOME, &may, &t->err));
    EXPECT(!may);
}

TEST(words_of_the_maker_are_nobody_elses)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg");
    const char *mei = test_person(t, store, "林梅");
    caption(t, store, item, "石榴树下", mei);
    caption(t, store, item, "门前", "owner"); // nobody's person
    static const char *const beats[] = {"{\"media\":\"%s\",\"caption\":\"我们家\"}",
                                        "{\"media\":\"%s\",\"caption\":\"门前\"}",
                                        "{\"media\":\"%s\"}"};
    for (size_t i = 0; i < KR_COUNT(beats); i++) {
        const char *place = strstr(beats[i], "%s");
        const char *beat =
            kr_arena_format(t->mem, "%.*s%s%s", (int)(place - beats[i]), beats[i], item, place + 2);
        EXPECT_STR(sayers(t, named(t, store, beat)), "");
    }
    EXPECT_STR(sayers(t, named(t, store, "{\"media\":\"a.jpg\",\"caption\":\"石榴树下\"}")), "");
}

TEST(the_years_of_a_thing_are_told_by_who_marked_it)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg");
    const char *mei = test_person(t, store, "林梅"), *bo = test_person(t, store, "林波");
    KR_AUTO(kr_json_drop) json_t *value = kr_json_new_object();
    const struct kr_era era = {0};
    char claim[KR_UUID_TEXT];
    kr_json_set_str(value, "thing", "收音机");
    EXPECT_OK(kr_mark_say(store, &era, item, value, mei, 0.9, claim, &t->err));
    const char *both = kr_arena_format(t->mem, "[\"%s\",\"%s\"]", bo, mei);
    const char *told = kr_arena_format(
        t->mem, "\"media\":\"%s\",\"era\":{\"mark\":\"%s\"},\"words_of\"", item, claim);
    const char *one = kr_arena_format(t->mem, "{%s:[\"%s\"]}", told, bo);
    EXPECT_STR(sayers(t, named(t, store, one)), both);
    const char *two = kr_arena_format(t->mem, "{%s:%s}", told, both);
    EXPECT_STR(sayers(t, named(t, store, two)), both); // nobody twice
}

MAIN(CASE(a_film_that_tells_a_caption_is_kept_back_while_who_wrote_it_rests),
     CASE(who_came_by_a_door_is_kept_as_that_door_until_it_is_known_whose_it_is),
     CASE(words_of_the_maker_are_nobody_elses),
     CASE(the_years_of_a_thing_are_told_by_who_marked_it))
