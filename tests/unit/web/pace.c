// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/pace.h"
#include "harness.h"

static int wrong_until_refused(struct kr_pace *pace, const char *key, int64_t now)
{
    int n = 0, wait_s;
    for (; n < 100 && kr_pace_may(pace, key, now, &wait_s); n++)
        kr_pace_failed(pace, key, now);
    return n;
}

TEST(ten_may_be_wrong_at_once_then_one_for_each_half_minute)
{
    (void)t;
    struct kr_pace *pace = kr_pace_create(10, 30000);
    int wait_s;
    EXPECT_INT(wrong_until_refused(pace, "name:anna", 1000), 10);
    EXPECT(!kr_pace_may(pace, "name:anna", 30000, &wait_s));
    EXPECT_INT(wait_s, 2);
    EXPECT_INT(wrong_until_refused(pace, "name:anna", 31001), 1);
    EXPECT(kr_pace_may(pace, "name:bao", 31001, &wait_s)); // another is not to blame
    EXPECT_INT(wrong_until_refused(pace, "name:anna", 31001 + 300001), 10);
    kr_pace_destroy(&pace);
}

TEST(who_fails_for_ever_is_still_forgiven_after_a_while)
{
    (void)t;
    struct kr_pace *pace = kr_pace_create(3, 1000);
    int wait_s;
    for (int i = 0; i < 1000; i++)
        kr_pace_failed(pace, "from:10.0.0.1", 5000);
    EXPECT(kr_pace_may(pace, "from:10.0.0.1", 5000 + 3001, &wait_s));
    kr_pace_destroy(&pace);
}

TEST(many_keys_push_out_the_oldest_never_the_memory)
{
    struct kr_pace *pace = kr_pace_create(3, 1000);
    int wait_s;
    for (int i = 0; i < 20000; i++)
        kr_pace_failed(pace, kr_arena_format(t->mem, "from:%d", i), i);
    EXPECT_INT(wrong_until_refused(pace, "from:new", 20000), 3);
    EXPECT(!kr_pace_may(pace, "from:new", 20000, &wait_s));
    kr_pace_destroy(&pace);
}

MAIN(CASE(ten_may_be_wrong_at_once_then_one_for_each_half_minute),
     CASE(who_fails_for_ever_is_still_forgiven_after_a_while),
     CASE(many_keys_push_out_the_oldest_never_the_memory))
