// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/again.h"
#include "harness.h"

static struct kr_again_key key_of(const char *key, const char *body)
{
    return kr_again_key_of(key, KR_STR("/api/v1/jobs"), kr_str_of(body));
}

TEST(the_second_asker_gets_the_first_answer)
{
    KR_AUTO(kr_again_destroy) struct kr_again *again = kr_again_create();
    struct kr_again_key key = key_of("k", "{}"), other = key_of("k", "{\"a\":1}"),
                        elsewhere = kr_again_key_of("k", KR_STR("/api/v1/films"), KR_STR("{}"));
    struct kr_str text;
    int status;
    EXPECT_INT(kr_again_ask(again, &key, t->mem, &status, &text), KR_AGAIN_NEW);
    EXPECT_INT(kr_again_ask(again, &key, t->mem, &status, &text), KR_AGAIN_BUSY);
    kr_again_tell(again, &key, 202, KR_STR("{\"id\":1}"));
    EXPECT_INT(kr_again_ask(again, &key, t->mem, &status, &text), KR_AGAIN_KNOWN);
    EXPECT_INT(status, 202);
    EXPECT_STR(text.at, "{\"id\":1}");
    EXPECT_INT(kr_again_ask(again, &other, t->mem, &status, &text), KR_AGAIN_OTHER);
    EXPECT_INT(kr_again_ask(again, &elsewhere, t->mem, &status, &text), KR_AGAIN_NEW);
}

TEST(what_failed_may_be_tried_again)
{
    KR_AUTO(kr_again_destroy) struct kr_again *again = kr_again_create();
    struct kr_again_key key = key_of("k", "{}");
    struct kr_str text;
    int status;
    EXPECT_INT(kr_again_ask(again, &key, t->mem, &status, &text), KR_AGAIN_NEW);
    kr_again_tell(again, &key, 0, KR_STR(""));
    EXPECT_INT(kr_again_ask(again, &key, t->mem, &status, &text), KR_AGAIN_NEW);
}

TEST(the_oldest_answer_makes_room)
{
    KR_AUTO(kr_again_destroy) struct kr_again *again = kr_again_create();
    struct kr_str text;
    int status;
    for (int i = 0; i < 300; i++) {
        struct kr_again_key key = key_of(kr_arena_format(t->mem, "%d", i), "");
        EXPECT_INT(kr_again_ask(again, &key, t->mem, &status, &text), KR_AGAIN_NEW);
        kr_again_tell(again, &key, 200, KR_STR("x"));
    }
    struct kr_again_key last = key_of("299", ""), first = key_of("0", "");
    EXPECT_INT(kr_again_ask(again, &last, t->mem, &status, &text), KR_AGAIN_KNOWN);
    EXPECT_INT(kr_again_ask(again, &first, t->mem, &status, &text), KR_AGAIN_NEW);
}

MAIN(CASE(the_second_asker_gets_the_first_answer), CASE(what_failed_may_be_tried_again),
     CASE(the_oldest_answer_makes_room))
