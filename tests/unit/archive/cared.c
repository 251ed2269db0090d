// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/cared.h"

#include "archive/persons.h"
#include "archive/personshape.h"
#include "said_test.h"
#include <string.h>

static bool say_line(struct kr_test *t, struct kr_store *store, const char *person,
                     const char *part, const char *text)
{
    KR_AUTO(kr_json_drop) json_t *value = kr_json_new_object();
    kr_json_set_str(value, "part", part);
    kr_json_set_str(value, "text", text);
    return kr_person_say(store, person, "about_me", value, "owner", 1, &t->err);
}

TEST(the_card_holds_three_short_lines_of_each_part_and_no_more)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    KR_AUTO(kr_json_drop) json_t *card = NULL;
    const char *person = test_person(t, store, "王秀兰");
    char *long_line = kr_arena_alloc(t->mem, KR_ABOUT_TEXT_MOST + 2);
    memset(long_line, 'a', KR_ABOUT_TEXT_MOST + 1);
    long_line[KR_ABOUT_TEXT_MOST + 1] = '\0';
    EXPECT_FAIL(say_line(t, store, person, "likes", long_line), KR_E_INVALID);
    EXPECT_FAIL(say_line(t, store, person, "secrets", "x"), KR_E_INVALID);
    EXPECT_FAIL(say_line(t, store, person, "likes", "two\nlines"), KR_E_INVALID);
    EXPECT_FAIL(say_line(t, store, person, "people", "Mary"), KR_E_INVALID);
    for (int i = 0; i < 5; i++)
        EXPECT_OK(say_line(t, store, person, "likes", kr_arena_format(t->mem, "tea %d", i)));
    EXPECT_OK(kr_about_json(store, t->mem, person, &card, &t->err));
    const json_t *likes = kr_json_get(json_array_get(kr_json_get(card, "parts"), 1), "lines");
    EXPECT_INT((int64_t)json_array_size(likes), KR_ABOUT_LINES_MOST);
    EXPECT_STR(kr_json_str(json_array_get(likes, 0), "text", ""), "tea 2"); // the last three
    EXPECT_STR(kr_json_str(json_array_get(likes, 2), "text", ""), "tea 4");
}

TEST(what_lit_up_and_what_is_avoided_is_not_among_what_everybody_is_told)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    KR_AUTO(kr_json_drop) json_t *lit = json_string("card:china-daily.bicycle"), *whole = NULL;
    KR_AUTO(kr_json_drop) json_t *avoid = kr_json_new_object(), *wrong = json_string("item:../x");
    const char *person = test_person(t, store, "王秀兰");
    kr_json_set_str(avoid, "kind", "theme");
    kr_json_set_str(avoid, "value", "fire");
    EXPECT_OK(kr_person_say(store, person, "lit_up", lit, "owner", 1, &t->err));
    EXPECT_FAIL(kr_person_say(store, person, "lit_up", wrong, "owner", 1, &t->err), KR_E_INVALID);
    EXPECT_OK(kr_person_say(store, person, "avoid", avoid, "owner", 1, &t->err));
    EXPECT_OK(say_line(t, store, person, "upsets", "loud voices"));
    EXPECT_OK(kr_person_whole(store, t->mem, KR_EN, person, &whole, &t->err));
    const char *told = kr_json_text(t->mem, whole);
    EXPECT(!strstr(told, "bicycle") && !strstr(told, "fire") && !strstr(told, "loud"));
}

MAIN(CASE(the_card_holds_three_short_lines_of_each_part_and_no_more),
     CASE(what_lit_up_and_what_is_avoided_is_not_among_what_everybody_is_told))
