// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/era.h"

#include "archive_test.h"
#include "base/clock.h"
#include <stdlib.h>

// A pack of one card, in which `change` takes the place of a member (or is none).
static const char *pack_with(struct kr_test *t, const char *member, const char *value)
{
    static const char *const members[][2] = {
        {"id", "\"lamp\""},
        {"kind", "\"thing\""},
        {"date", "\"1930/1979\""},
        {"title", "{\"zh\":\"煤油灯\",\"en\":\"The lamp\"}"},
        {"text", "{\"zh\":\"亮。\",\"en\":\"It shone.\"}"},
        {"words", "[\"油灯\",\"oil lamp\"]"},
        {"sources", "[\"a book\"]"},
        {"licence", "\"CC0-1.0\""},
    };
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    kr_buf_text(&out, "{\"title\":{\"zh\":\"包\",\"en\":\"Pack\"},\"cards\":[{");
    bool told = false, first = true;
    for (size_t i = 0; i < KR_COUNT(members); i++) {
        bool this_one = strcmp(members[i][0], member) == 0;
        told |= this_one;
        if (this_one && !*value)
            continue;
        kr_buf_format(&out, "%s\"%s\":%s", first ? "" : ",", members[i][0],
                      this_one ? value : members[i][1]);
        first = false;
    }
    if (!told && *member)
        kr_buf_format(&out, ",\"%s\":%s", member, value);
    kr_buf_text(&out, "}]}");
    return kr_arena_copy(t->mem, out.at, out.n);
}

static struct kr_era parsed(struct kr_test *t, const char *text)
{
    struct kr_era era;
    EXPECT_OK(kr_era_parse(t->mem, "home", kr_str_of(text), &era, &t->err));
    return era;
}

static const char *why_not(struct kr_test *t, const char *member, const char *value)
{
    struct kr_era era = parsed(t, pack_with(t, member, value));
    EXPECT_INT(era.count, 0);
    EXPECT_INT(era.refusal_count, 1);
    return era.refusals[0].why;
}

TEST(a_whole_card_loads_with_all_it_says)
{
    struct kr_era era = parsed(t, pack_with(t, "region", "\"CN-SH\""));
    EXPECT_INT(era.refusal_count, 0);
    EXPECT_INT(era.count, 1);
    EXPECT_STR(era.cards[0].id, "home.lamp");
    EXPECT_STR(era.cards[0].region, "CN-SH");
    EXPECT_STR(era.cards[0].title[KR_EN], "The lamp");
    EXPECT_INT(kr_era_year(&era.cards[0]), 1930);
    EXPECT(era.cards[0].care);
    EXPECT(!parsed(t, pack_with(t, "care", "false")).cards[0].care);
}

TEST(no_card_without_date_source_or_licence_and_the_reason_is_said)
{
    EXPECT_STR(why_not(t, "date", ""), "no 'date'");
    EXPECT_STR(why_not(t, "sources", ""), "no 'sources'");
    EXPECT_STR(why_not(t, "sources", "[]"), "no 'sources'");
    EXPECT_STR(why_not(t, "licence", ""), "no 'licence'");
    EXPECT_STR(why_not(t, "licence", "\" \""), "'licence' must be one line of text");
}

TEST(what_is_not_as_it_must_be_is_refused)
{
    static const char *const wrong[][2] = {
        {"date", "\"long ago\""},
        {"date", "\"../1980\""},
        {"date", "1980"},
        {"id", "\"../lamp\""},
        {"id", "\"Lamp\""},
        {"id", "\"\""},
        {"kind", "\"war\""},
        {"title", "{\"zh\":\"灯\"}"},
        {"text", "{\"zh\":\"亮。\\n亮。\",\"en\":\"x\"}"},
        {"words", "[1]"},
        {"region", "\"China\""},
        {"care", "\"no\""},
        {"media", "\"../../secret.jpg\""},
        {"media", "\"/etc/passwd.jpg\""},
        {"media", "\".hidden.jpg\""},
        {"media", "\"page.html\""},
        {"colour", "\"red\""},
    };
    for (size_t i = 0; i < KR_COUNT(wrong); i++)
        EXPECT(*why_not(t, wrong[i][0], wrong[i][1]));
    const char *large = kr_arena_format(t->mem, "\"%0300d\"", 0);
    EXPECT(strstr(why_not(t, "licence", large), "at most"));
    EXPECT_INT(parsed(t, pack_with(t, "x-ours", "1")).count, 1);
}

TEST(a_pack_that_is_no_pack_is_told_as_one_refusal)
{
    static const char *const wrong[] = {"",
                                        "[]",
                                        "{}",
                                        "{\"title\":{\"zh\":\"a\",\"en\":\"b\"}}",
                                        "{\"cards\":[]}",
                                        "{\"title\":1,\"cards\":[],\"more\":2}"};
    for (size_t i = 0; i < KR_COUNT(wrong); i++) {
        struct kr_era era = parsed(t, wrong[i]);
        EXPECT_INT(era.pack_count, 0);
        EXPECT_INT(era.refusal_count, 1);
        EXPECT_STR(era.refusals[0].card, "");
    }
    struct kr_era era;
    EXPECT_FAIL(kr_era_parse(t->mem, "../home", KR_STR("{}"), &era, &t->err), KR_E_INVALID);
}

static struct kr_era shipped(struct kr_test *t)
{
    struct kr_era era;
    EXPECT_OK(kr_era_open(t->mem, NULL, &era, &t->err));
    return era;
}

static size_t found(struct kr_test *t, const struct kr_era *era, const char *q)
{
    const struct kr_era_query query = {.q = q, .pack = "", .from = 1};
    const struct kr_era_card **cards;
    return kr_era_find(t->mem, era, &query, &cards);
}

static size_t letters(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

static size_t sentences(const char *text)
{
    static const char *const ends[] = {"。", "！", "？", ". ", "! ", "? "};
    size_t n = kr_ends_with(text, ".") || kr_ends_with(text, ".\"");
    for (size_t i = 0; i < KR_COUNT(ends); i++)
        for (const char *at = text; (at = strstr(at, ends[i])); at += strlen(ends[i]))
            n++;
    return n;
}

TEST(the_hundred_cards_that_come_with_the_program_are_whole)
{
    struct kr_era era = shipped(t);
    size_t calm = 0;
    EXPECT_INT(era.refusal_count, 0);
    EXPECT_INT(era.pack_count, 2);
    EXPECT_INT(era.count, 100);
    for (size_t i = 0; i < era.count; i++) {
        const struct kr_era_card *card = &era.cards[i];
        print_message("%s\n", card->id);
        EXPECT(letters(card->title[KR_ZH]) <= 16 && letters(card->title[KR_EN]) <= 48);
        EXPECT(letters(card->text[KR_ZH]) <= 90 && letters(card->text[KR_EN]) <= 260);
        EXPECT(sentences(card->text[KR_ZH]) >= 2 && sentences(card->text[KR_ZH]) <= 3);
        EXPECT(sentences(card->text[KR_EN]) >= 2 && sentences(card->text[KR_EN]) <= 3);
        EXPECT_STR(card->licence, "CC0-1.0");
        EXPECT(kr_era_year(card) >= 1880 && kr_era_year(card) <= 2019);
        EXPECT(card->word_count >= 2);
        calm += card->care;
    }
    EXPECT(calm >= 95 && calm < 100);
}

TEST(no_two_cards_are_alike)
{
    struct kr_era era = shipped(t);
    for (size_t i = 0; i < era.count; i++)
        for (size_t k = 0; k < i; k++) {
            const struct kr_era_card *a = &era.cards[i], *b = &era.cards[k];
            EXPECT(strcmp(a->id, b->id) != 0);
            for (int lang = 0; lang < KR_LANG_COUNT; lang++) {
                EXPECT(strcmp(a->title[lang], b->title[lang]) != 0);
                EXPECT(strcmp(a->text[lang], b->text[lang]) != 0);
            }
        }
}

TEST(a_card_is_found_in_both_languages_by_its_sound_and_while_it_is_typed)
{
    struct kr_era era = shipped(t);
    static const char *const words[] = {"自行车", "單車", "bicycle", "Bicyc", "zixingche", "zxc"};
    for (size_t i = 0; i < KR_COUNT(words); i++) {
        const struct kr_era_query query = {.q = words[i], .pack = "", .from = 1};
        const struct kr_era_card **cards;
        size_t n = kr_era_find(t->mem, &era, &query, &cards);
        bool there = false;
        for (size_t k = 0; k < n; k++)
            there |= strcmp(cards[k]->id, "china-daily.bicycle") == 0;
        EXPECT(there);
    }
    EXPECT_INT(found(t, &era, "nothing of the kind"), 0);
    EXPECT_INT(found(t, &era, "\"%*"), 0);
    EXPECT_INT(found(t, &era, ""), 100);
    EXPECT_STR(kr_era_called(t->mem, &era, "凤凰牌自行车")->id, "china-daily.bicycle");
    EXPECT_STR(kr_era_called(t->mem, &era, "BICYCLE")->id, "china-daily.bicycle");
    EXPECT(!kr_era_called(t->mem, &era, "bicyc"));
}

TEST(years_packs_and_a_calm_hand_choose_among_them)
{
    struct kr_era era = shipped(t);
    const struct kr_era_card **cards;
    struct kr_era_query query = {.q = "", .pack = "", .from = 1983, .to = 1983, .line = true};
    EXPECT_INT(kr_era_find(t->mem, &era, &query, &cards), 1);
    EXPECT_STR(cards[0]->id, "china-daily.spring-gala");
    query = (struct kr_era_query){.q = "", .pack = "general", .from = 1};
    EXPECT_INT(kr_era_find(t->mem, &era, &query, &cards), 30);
    query = (struct kr_era_query){.q = "地震", .pack = "", .from = 1, .calm = true};
    EXPECT_INT(kr_era_find(t->mem, &era, &query, &cards), 0);
    query.calm = false;
    EXPECT_INT(kr_era_find(t->mem, &era, &query, &cards), 1);
    query = (struct kr_era_query){.q = "", .pack = "", .from = 1975, .to = 1975};
    size_t n = kr_era_find(t->mem, &era, &query, &cards);
    EXPECT(n > 10);
    for (size_t i = 0; i < n; i++)
        EXPECT(cards[i]->date.from < kr_days_of(1976, 1, 1) &&
               cards[i]->date.to >= kr_days_of(1975, 1, 1));
}

static const char *folder(struct kr_test *t, const char *name, const char *text)
{
    const char *path = kr_arena_format(t->mem, "%s/cards.json", name);
    test_write(t, path, text, strlen(text));
    return test_path(t, name);
}

TEST(a_family_adds_its_own_pack_with_its_pictures)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const struct kr_era_card *card;
    const char *mime, *path = folder(t, "village", pack_with(t, "media", "\"lamp.jpg\""));
    struct kr_era era;
    KR_AUTO(kr_fd_close) int fd = -1;
    EXPECT_FAIL(kr_era_add(store, path, &t->err), KR_E_INVALID); // no such picture yet
    t->err = (struct kr_err){0};
    test_write(t, "village/lamp.jpg", "light", 5);
    test_write(t, "village/other.txt", "not ours", 8);
    EXPECT_OK(kr_era_add(store, path, &t->err));
    EXPECT_OK(kr_era_add(store, path, &t->err)); // in its own place
    EXPECT_OK(kr_era_open(t->mem, store, &era, &t->err));
    EXPECT_INT(era.count, 101);
    EXPECT_OK(kr_era_card(&era, "village.lamp", &card, &t->err));
    EXPECT_OK(kr_era_media(store, card, &fd, &mime, &t->err));
    EXPECT_STR(mime, "image/jpeg");
    EXPECT(faccessat(store->dir, "era/village/other.txt", F_OK, 0) != 0);
}

TEST(no_way_leads_out_of_a_pack)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    struct kr_era era;
    test_write(t, "secret.jpg", "secret", 6);
    const char *path = folder(t, "village", pack_with(t, "media", "\"lamp.jpg\""));
    EXPECT(symlink("../secret.jpg", test_path(t, "village/lamp.jpg")) == 0);
    EXPECT_FAIL(kr_era_add(store, path, &t->err), KR_E_INVALID);
    t->err = (struct kr_err){0};
    test_write(t, "far/cards.json", "{}", 2);
    EXPECT(mkdir(test_path(t, "linked"), 0755) == 0);
    EXPECT(symlink("../far/cards.json", test_path(t, "linked/cards.json")) == 0);
    EXPECT_OK(kr_era_open_folder(t->mem, test_path(t, "linked"), &era, &t->err));
    EXPECT_INT(era.refusal_count, 1);
    EXPECT_FAIL(kr_era_open_folder(t->mem, test_path(t, "No Name"), &era, &t->err), KR_E_INVALID);
    EXPECT(mkfifo(test_path(t, "far/pipe"), 0600) == 0);
    EXPECT(mkdir(test_path(t, "piped"), 0755) == 0);
    EXPECT(rename(test_path(t, "far/pipe"), test_path(t, "piped/cards.json")) == 0);
    EXPECT_OK(kr_era_open_folder(t->mem, test_path(t, "piped/"), &era, &t->err));
    EXPECT_STR(era.refusals[0].why, "'cards.json' is no file");
}

TEST(what_came_with_the_program_is_not_replaced_by_a_name)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    EXPECT_FAIL(kr_era_add(store, folder(t, "general", pack_with(t, "", "")), &t->err),
                KR_E_EXISTS);
}

MAIN(CASE(a_whole_card_loads_with_all_it_says),
     CASE(no_card_without_date_source_or_licence_and_the_reason_is_said),
     CASE(what_is_not_as_it_must_be_is_refused),
     CASE(a_pack_that_is_no_pack_is_told_as_one_refusal),
     CASE(the_hundred_cards_that_come_with_the_program_are_whole), CASE(no_two_cards_are_alike),
     CASE(a_card_is_found_in_both_languages_by_its_sound_and_while_it_is_typed),
     CASE(years_packs_and_a_calm_hand_choose_among_them),
     CASE(a_family_adds_its_own_pack_with_its_pictures), CASE(no_way_leads_out_of_a_pack),
     CASE(what_came_with_the_program_is_not_replaced_by_a_name))
