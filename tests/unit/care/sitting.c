// SPDX-License-Identifier: AGPL-3.0-or-later
// Sittings by chance, with lists to be kept away from.
#include "care/sitting.h"

#include "../archive/said_test.h"
#include "archive/cared.h"
#include "archive/say.h"
#include "base/clock.h"
#include "care/book.h"
#include "care/prompt.h"
#include <stdlib.h>
#include <string.h>

enum { SITTINGS = 1000, STEPS = 3 };

static const char *const captions[] = {"The house by the bridge",
                                       "Who is this?",
                                       "还记得这座桥吗？",
                                       "火灾以后的老屋",
                                       "Uncle Pavel at the lake",
                                       "A day at sea",
                                       "Do you remember 1976?",
                                       "大伯在门口",
                                       "Wedding at Ningbo",
                                       "The new bicycle",
                                       "",
                                       "桂花开了，满院子香。"};
static const char *const places[] = {"Ningbo", "Tangshan", "", "Lake Bled"};
static const char *const dates[] = {"1955", "1976-07", "", "1983~"};

struct home {
    struct kr_store *store;
    const char *sitter, *loved, *feared;
    const char *items[24];
    struct kr_era era;
};

static void say(struct kr_test *t, struct kr_store *store, const char *id, const char *predicate,
                const char *text)
{
    if (!*text)
        return;
    test_claim(t, store, id, predicate,
               strcmp(predicate, "date") == 0 ? test_date(text, NULL) : json_string(text), "owner",
               1);
}

static void open_era(struct kr_test *t, struct home *home)
{
    EXPECT(setenv("KINREEL_ERA", KR_ERA_SOURCE, 1) == 0);
    EXPECT_OK(kr_era_open(t->mem, home->store, &home->era, &t->err));
}

static void make_home(struct kr_test *t, struct home *home)
{
    static const char *const kinds[] = {"photo", "photo", "video", "audio"};
    home->store = test_store(t, "home");
    home->sitter = test_person(t, home->store, "王秀兰");
    home->loved = test_person(t, home->store, "Mary Lin");
    home->feared = test_person(t, home->store, "Pavel");
    for (size_t i = 0; i < KR_COUNT(home->items); i++) {
        const char *id = test_kept(t, home->store, kr_arena_format(t->mem, "bytes %zu", i),
                                   kinds[i % 4], kr_arena_format(t->mem, "/a/p%zu.jpg", i));
        home->items[i] = id;
        say(t, home->store, id, "caption", captions[i % KR_COUNT(captions)]);
        say(t, home->store, id, "place", places[i % 5 % 4]);
        say(t, home->store, id, "date", dates[i % 7 % 4]);
        test_shown(t, home->store, id);
        if (i % 3 == 0)
            EXPECT_OK(kr_picture_has(home->store, id, home->loved, "", true, "owner", 1, &t->err));
        if (i % 6 == 5)
            EXPECT_OK(kr_picture_has(home->store, id, home->feared, "", true, "owner", 1, &t->err));
    }
    open_era(t, home);
}

static void make_list(struct kr_test *t, const struct home *home)
{
    test_avoid(t, home->store, home->sitter, "person", home->feared);
    test_avoid(t, home->store, home->sitter, "place", "Tangshan");
    test_avoid(t, home->store, home->sitter, "date", "1976");
    test_avoid(t, home->store, home->sitter, "item", home->items[0]);
    test_avoid(t, home->store, home->sitter, "song", "东方红");
    test_avoid(t, home->store, home->sitter, "theme", "火");
    test_avoid(t, home->store, home->sitter, "theme", "bicycle");
    test_avoid(t, home->store, home->sitter, "theme", "school");
}

static bool holds(const char *text, const char *word)
{
    return strcasestr(text, word) != NULL;
}

static void check_words(struct kr_test *t, const struct kr_sitting_choice *choice)
{
    const char *const said[] = {choice->title, choice->say, choice->feel};
    for (size_t i = 0; i < KR_COUNT(said); i++) {
        struct kr_prompt prompt;
        if (!*said[i])
            continue;
        EXPECT_OK(kr_prompt_lint(t->mem, kr_str_of(said[i]), &prompt, &t->err));
        if (prompt.finding != KR_PROMPT_FINE || prompt.is_long)
            print_message("%s: %s\n", choice->thing, said[i]);
        EXPECT_INT(prompt.finding, KR_PROMPT_FINE);
        EXPECT(!prompt.is_long);
        EXPECT(!kr_starts_with(said[i], "sit.")); // a key nobody wrote shows as itself
    }
}

static void check_avoided(struct kr_test *t, const struct home *home,
                          const struct kr_sitting_choice *choice)
{
    static const char *const words[] = {"Pavel",  "Tangshan", "火",     "bicycle",
                                        "东方红", "自行车",   "school", "1976"};
    const char *all = kr_arena_format(t->mem, "%s %s %s %s", choice->title, choice->say,
                                      choice->feel, choice->item ? choice->item->caption : "");
    for (size_t i = 0; i < KR_COUNT(words); i++) {
        if (holds(all, words[i]))
            print_message("%s is told: %s\n", words[i], all);
        EXPECT(!holds(all, words[i]));
    }
    EXPECT(!choice->card || choice->card->care);
    if (choice->card) {
        EXPECT(choice->card->date.from > kr_days_of(1976, 12, 31) ||
               choice->card->date.to < kr_days_of(1976, 1, 1));
        EXPECT(!holds(choice->card->text[KR_EN], "bicycle"));
    }
    if (!choice->item)
        return;
    const struct kr_item *item = choice->item;
    EXPECT(strcmp(item->id, home->items[0]) != 0);
    EXPECT(strcmp(item->place, "Tangshan") != 0);
    EXPECT(!*item->date_edtf || item->date_from > kr_days_of(1976, 12, 31) ||
           item->date_to < kr_days_of(1976, 1, 1));
    const char *const *persons;
    size_t n;
    EXPECT_OK(kr_pictured_of(home->store, t->mem, item->id, &persons, &n, &t->err));
    for (size_t i = 0; i < n; i++)
        EXPECT(strcmp(persons[i], home->feared) != 0);
}

static size_t offer(struct kr_test *t, struct kr_arena *mem, const struct home *home,
                    const struct kr_sitting_ask *ask, struct kr_sitting_choice *out)
{
    size_t n;
    EXPECT_OK(kr_sitting_offer(home->store, mem, &home->era, ask, out, &n, &t->err));
    EXPECT(n <= KR_SITTING_CHOICES);
    return n;
}

TEST(nothing_on_the_list_is_reached_in_a_thousand_sittings)
{
    struct home home;
    make_home(t, &home);
    make_list(t, &home);
    for (uint64_t seed = 0; seed < SITTINGS; seed++) {
        KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
        struct kr_sitting_choice choices[KR_SITTING_CHOICES];
        struct kr_sitting_ask ask = {.sitter = home.sitter,
                                     .seed = seed,
                                     .after = "",
                                     .lang = seed % 2 ? KR_EN : KR_ZH,
                                     .now_ms = kr_now_ms(),
                                     .pictures = seed % 10 == 9};
        for (ask.step = 0; ask.step < STEPS; ask.step++) {
            size_t n = offer(t, mem, &home, &ask, choices);
            EXPECT(n > 0);
            for (size_t i = 0; i < n; i++) {
                check_avoided(t, &home, &choices[i]);
                check_words(t, &choices[i]);
            }
            ask.after = choices[seed % n].thing;
        }
    }
    kr_store_close(&home.store);
}

TEST(what_is_asked_alike_is_answered_alike_and_nothing_comes_twice)
{
    struct home home;
    struct kr_sitting_choice one[KR_SITTING_CHOICES], other[KR_SITTING_CHOICES];
    const char *seen[60];
    make_home(t, &home);
    struct kr_sitting_ask ask = {.sitter = home.sitter,
                                 .seed = 42,
                                 .after = "",
                                 .seen = seen,
                                 .lang = KR_EN,
                                 .now_ms = kr_now_ms()};
    for (ask.step = 0; ask.step < 15; ask.step++) {
        size_t n = offer(t, t->mem, &home, &ask, one);
        EXPECT_INT(n, 3);
        EXPECT_INT(offer(t, t->mem, &home, &ask, other), 3);
        for (size_t i = 0; i < n; i++) {
            EXPECT_STR(one[i].thing, other[i].thing);
            EXPECT_STR(one[i].say, other[i].say);
            for (size_t k = 0; k < ask.seen_count; k++)
                EXPECT(strcmp(seen[k], one[i].thing) != 0);
        }
        for (size_t i = 0; i < n; i++)
            seen[ask.seen_count++] = one[i].thing;
        ask.after = one[0].thing;
    }
    kr_store_close(&home.store);
}

TEST(an_empty_archive_sits_for_twenty_minutes)
{
    struct home home = {.store = test_store(t, "empty")};
    struct kr_sitting_choice choices[KR_SITTING_CHOICES];
    const char *seen[60];
    open_era(t, &home);
    EXPECT(home.era.count > 0);
    struct kr_sitting_ask ask = {
        .seed = 3, .after = "", .seen = seen, .lang = KR_ZH, .now_ms = kr_now_ms()};
    for (ask.step = 0; ask.step < 20; ask.step++) { // a minute with each
        EXPECT_INT(offer(t, t->mem, &home, &ask, choices), 3);
        for (int i = 0; i < KR_SITTING_CHOICES; i++) {
            check_words(t, &choices[i]);
            seen[ask.seen_count++] = choices[i].thing;
        }
        ask.after = choices[ask.step % 3].thing;
    }
    kr_store_close(&home.store);
}

TEST(what_one_can_look_at_comes_before_words_alone)
{
    struct home home = {.store = test_store(t, "empty")};
    struct kr_sitting_choice choices[KR_SITTING_CHOICES];
    size_t drawn = 0, cards = 0, in_pack = 0;
    open_era(t, &home);
    for (size_t i = 0; i < home.era.count; i++)
        in_pack += *home.era.cards[i].media != 0;
    EXPECT(in_pack > home.era.count / 2);
    struct kr_sitting_ask ask = {.after = "", .lang = KR_ZH, .now_ms = kr_now_ms()};
    for (ask.seed = 1; ask.seed <= 40; ask.seed++) {
        size_t n = offer(t, t->mem, &home, &ask, choices);
        for (size_t i = 0; i < n; i++) {
            cards += choices[i].card != NULL;
            drawn += choices[i].card && *choices[i].card->media;
        }
    }
    EXPECT(cards > 40 && drawn * 100 >= cards * 95);
    kr_store_close(&home.store);
}

TEST(every_card_and_every_caption_is_told_gently)
{
    struct home home;
    make_home(t, &home);
    for (int lang = 0; lang < KR_LANG_COUNT; lang++) {
        const struct kr_sitting_ask ask = {
            .after = "", .lang = (enum kr_lang)lang, .now_ms = kr_now_ms(), .sitter = home.sitter};
        struct kr_sitting_choice choice;
        for (size_t i = 0; i < home.era.count; i++) {
            const char *thing = kr_arena_format(t->mem, "card:%s", home.era.cards[i].id);
            bool there =
                kr_sitting_one(home.store, t->mem, &home.era, &ask, thing, &choice, &t->err);
            EXPECT(there == home.era.cards[i].care);
            if (there)
                check_words(t, &choice);
        }
        for (size_t i = 0; i < KR_COUNT(home.items); i++) {
            const char *thing = kr_arena_format(t->mem, "item:%s", home.items[i]);
            EXPECT_OK(kr_sitting_one(home.store, t->mem, &home.era, &ask, thing, &choice, &t->err));
            check_words(t, &choice);
        }
    }
    kr_store_close(&home.store);
}

TEST(what_lit_up_opens_next_time_until_it_is_taken_back)
{
    struct home home;
    struct kr_sitting_choice choices[KR_SITTING_CHOICES];
    struct kr_sitting sitting;
    struct kr_lit *lit;
    size_t n;
    make_home(t, &home);
    const struct kr_new_sitting params = {.person = home.sitter, .company = "Anna", .logged = true};
    const char *thing = kr_arena_format(t->mem, "item:%s", home.items[3]);
    EXPECT_OK(kr_sitting_begin(home.store, t->mem, &params, &sitting, &t->err));
    EXPECT_OK(kr_sitting_again(home.store, t->mem, &sitting, thing, true, "owner", &t->err));
    EXPECT_OK(kr_sitting_again(home.store, t->mem, &sitting, thing, true, "owner", &t->err));
    EXPECT_OK(kr_lit_up_of(home.store, t->mem, home.sitter, &lit, &n, &t->err));
    EXPECT_INT(n, 1);
    struct kr_sitting_ask ask = {
        .sitter = home.sitter, .seed = 8, .after = "", .lang = KR_EN, .now_ms = kr_now_ms()};
    EXPECT_INT(offer(t, t->mem, &home, &ask, choices), 3);
    EXPECT_STR(choices[0].thing, thing);
    EXPECT_STR(choices[0].why, "again");
    test_avoid(t, home.store, home.sitter, "item", home.items[3]); // the list binds here too
    offer(t, t->mem, &home, &ask, choices);
    EXPECT(strcmp(choices[0].thing, thing) != 0);
    EXPECT_OK(kr_sitting_again(home.store, t->mem, &sitting, thing, false, "owner", &t->err));
    EXPECT_OK(kr_lit_up_of(home.store, t->mem, home.sitter, &lit, &n, &t->err));
    EXPECT_INT(n, 0);
    kr_store_close(&home.store);
}

TEST(a_thread_leads_to_the_same_person)
{
    struct home home;
    struct kr_sitting_choice choices[KR_SITTING_CHOICES];
    const char *const *persons;
    size_t n;
    make_home(t, &home);
    struct kr_sitting_ask ask = {.seed = 5,
                                 .step = 1,
                                 .after = kr_arena_format(t->mem, "item:%s", home.items[3]),
                                 .lang = KR_EN,
                                 .now_ms = kr_now_ms()};
    EXPECT_INT(offer(t, t->mem, &home, &ask, choices), 3);
    EXPECT_STR(choices[0].why, "person");
    EXPECT_OK(kr_pictured_of(home.store, t->mem, choices[0].item->id, &persons, &n, &t->err));
    EXPECT(n > 0);
    kr_store_close(&home.store);
}

TEST(the_book_holds_minutes_and_moods_and_nothing_of_what_was_seen)
{
    struct home home;
    struct kr_sitting sitting, unwanted, *book;
    size_t n;
    make_home(t, &home);
    const struct kr_new_sitting yes = {
        .person = home.sitter, .company = "=cmd()\"", .logged = true};
    const struct kr_new_sitting no = {.person = "", .company = ""};
    EXPECT_OK(kr_sitting_begin(home.store, t->mem, &yes, &sitting, &t->err));
    EXPECT_OK(kr_sitting_begin(home.store, t->mem, &no, &unwanted, &t->err));
    EXPECT_OK(kr_sitting_again(home.store, t->mem, &sitting, "card:china-daily.bicycle", true,
                               "owner", &t->err));
    EXPECT_OK(kr_sitting_mood(home.store, &sitting, "quiet", &t->err));
    EXPECT_FAIL(kr_sitting_mood(home.store, &sitting, "correct", &t->err), KR_E_INVALID);
    EXPECT_OK(kr_sitting_end(home.store, &sitting, &t->err));
    EXPECT_OK(kr_sitting_end(home.store, &unwanted, &t->err));
    EXPECT_FAIL(kr_sitting_get(home.store, t->mem, unwanted.id, &sitting, &t->err), KR_E_NOT_FOUND);
    EXPECT_OK(kr_sittings_logged(home.store, t->mem, 10, &book, &n, &t->err));
    EXPECT_INT(n, 1);
    EXPECT_INT(book[0].quiet, 1);
    EXPECT_INT(book[0].kept, 1);
    const char *csv = kr_book_csv(t->mem, book, n);
    EXPECT(!holds(csv, "bicycle"));
    EXPECT(holds(csv, "\"'=cmd()\"\"\"")); // no formula for a spreadsheet
    kr_store_close(&home.store);
}

MAIN(CASE(nothing_on_the_list_is_reached_in_a_thousand_sittings),
     CASE(what_is_asked_alike_is_answered_alike_and_nothing_comes_twice),
     CASE(an_empty_archive_sits_for_twenty_minutes),
     CASE(what_one_can_look_at_comes_before_words_alone),
     CASE(every_card_and_every_caption_is_told_gently),
     CASE(what_lit_up_opens_next_time_until_it_is_taken_back),
     CASE(a_thread_leads_to_the_same_person),
     CASE(the_book_holds_minutes_and_moods_and_nothing_of_what_was_seen))
