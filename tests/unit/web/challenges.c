// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/challenges.h"
#include "harness.h"
#include <string.h>

TEST(a_challenge_is_taken_once_in_time_and_for_its_purpose)
{
    (void)t;
    KR_AUTO(kr_challenges_destroy) struct kr_challenges *all = kr_challenges_create();
    char one[KR_TOKEN_TEXT], two[KR_TOKEN_TEXT];
    kr_challenge_new(all, "enter", "from:10.0.0.1", 1000, one);
    kr_challenge_new(all, "know:a", "know:a", 1000, two);
    EXPECT(strcmp(one, two) != 0);
    EXPECT(!kr_challenge_take(all, "know:a", one, 1000));
    EXPECT(!kr_challenge_take(all, "know:b", two, 1000));
    EXPECT(kr_challenge_take(all, "enter", one, 1000 + KR_CHALLENGE_MS - 1));
    EXPECT(!kr_challenge_take(all, "enter", one, 1000));
    EXPECT(!kr_challenge_take(all, "know:a", two, 1000 + KR_CHALLENGE_MS));
    EXPECT(!kr_challenge_take(all, "enter", "", 1000));
}

TEST(a_guess_of_any_length_is_none)
{
    KR_AUTO(kr_challenges_destroy) struct kr_challenges *all = kr_challenges_create();
    char one[KR_TOKEN_TEXT];
    kr_challenge_new(all, "enter", "from:10.0.0.1", 1000, one);
    char *longer = kr_arena_format(t->mem, "%s%01000d", one, 0);
    EXPECT(!kr_challenge_take(all, "enter", longer, 1000));
    longer[KR_TOKEN_TEXT - 2] = '\0';
    EXPECT(!kr_challenge_take(all, "enter", longer, 1000));
    EXPECT(kr_challenge_take(all, "enter", one, 1000));
}

TEST(who_asks_without_end_pushes_out_only_what_is_their_own)
{
    KR_AUTO(kr_challenges_destroy) struct kr_challenges *all = kr_challenges_create();
    char honest[KR_TOKEN_TEXT], last[KR_TOKEN_TEXT];
    kr_challenge_new(all, "enter", "from:10.0.0.1", 1000, honest);
    for (int i = 0; i < 20000; i++)
        kr_challenge_new(all, "enter", "from:10.0.0.66", 1001 + i, last);
    EXPECT(kr_challenge_take(all, "enter", last, 21002));
    EXPECT(kr_challenge_take(all, "enter", honest, 21002));
    // And of very many together the newest always stands.
    for (int i = 0; i < 5000; i++)
        kr_challenge_new(all, "enter", kr_arena_format(t->mem, "from:%d", i), 22000 + i, last);
    EXPECT(kr_challenge_take(all, "enter", last, 28000));
}

MAIN(CASE(a_challenge_is_taken_once_in_time_and_for_its_purpose),
     CASE(a_guess_of_any_length_is_none),
     CASE(who_asks_without_end_pushes_out_only_what_is_their_own))
