// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/searchtext.h"
#include "archive/search.h"
#include "base/clock.h"
#include "harness.h"

#include <sqlite3.h>

static const char *tokens(struct kr_test *t, const char *text)
{
    struct kr_buf out = {0};
    kr_search_tokens(&out, "", text);
    const char *copy = kr_arena_copy(t->mem, out.at ? out.at : "", out.n);
    kr_buf_finish(&out);
    return copy;
}

TEST(text_becomes_tokens)
{
    static const char *const rows[][2] = {
        {"奶奶在老屋", "奶奶 奶在 在老 老屋 屋"},
        {"奶", "奶"},
        {"奶奶，老屋", "奶奶 奶 老屋 屋"}, // nothing across punctuation
        {"奶奶 老屋", "奶奶 奶 老屋 屋"},
        {"媽媽", "妈妈 妈"},
        {"1985年夏天", "1985 年夏 夏天 天"},
        {"IMG_0001", "img 0001"},
        {"Weiß Café ÉTÉ", "weiss cafe ete"},
        {"ＡＢＣ１２", "abc12"},
        {"Lin Mei's house", "lin mei s house"},

        {"おばあちゃん", "おば ばあ あち ちゃ ゃん ん"}, // ば is not は
        {"할머니 집", "할머니 집"},
        {"бабушка Ёлка", "бабушка елка"},
        {"👵🏽奶奶❤️", "奶奶 奶"},
        {"xi\xCC\x81 an", "xi an"}, // an accent of its own
        {"...", ""},
        {"", ""},
        {"a\xFF\xC4"
         "b",
         "a b"}, // bytes that are no text
    };
    for (size_t i = 0; i < KR_COUNT(rows); i++)
        EXPECT_STR(tokens(t, rows[i][0]), rows[i][1]);
}

TEST(no_written_word_collides_with_our_own_tokens)
{
    static const char *const ours[] = {KR_TOKEN_ALL,      KR_TOKEN_BREAK,  KR_TOKEN_SOUND,
                                       KR_TOKEN_INITIALS, KR_TOKEN_PERSON, KR_TOKEN_PLACE};
    for (size_t i = 0; i < KR_COUNT(ours); i++)
        EXPECT(strstr(tokens(t, ours[i]), ours[i]) == NULL);
}

// A house of pictures in a real FTS5 table --------------------------------------------

struct house {
    sqlite3 *db;
    int n;
};

static void close_house(struct house *house)
{
    sqlite3_close(house->db);
}

static void open_house(struct house *house, const char *tokenizer)
{
    char sql[160];
    EXPECT(sqlite3_open(":memory:", &house->db) == SQLITE_OK);
    house->n = 0;
    kr_format(sql, sizeof sql, "CREATE VIRTUAL TABLE s USING fts5(x, content='', tokenize='%s')",
              tokenizer);
    EXPECT(sqlite3_exec(house->db, sql, NULL, NULL, NULL) == SQLITE_OK);
}

static void keep_text(struct house *house, const char *text)
{
    sqlite3_stmt *insert;
    EXPECT(sqlite3_prepare_v2(house->db, "INSERT INTO s(rowid, x) VALUES (?, ?)", -1, &insert,
                              NULL) == SQLITE_OK);
    sqlite3_bind_int(insert, 1, ++house->n);
    sqlite3_bind_text(insert, 2, text, -1, SQLITE_TRANSIENT);
    EXPECT(sqlite3_step(insert) == SQLITE_DONE);
    sqlite3_finalize(insert);
}

// Picture 1, 2, … : what is said of it, who is in it, where it was.
static void keep(struct kr_test *t, struct house *house, const char *caption, const char *person,
                 const char *place)
{
    const struct kr_search_field fields[] = {
        {caption, "", true}, {person, KR_TOKEN_PERSON, true}, {place, KR_TOKEN_PLACE, true}};
    keep_text(house, kr_search_text(t->mem, fields, KR_COUNT(fields)));
}

// The numbers of what an FTS expression finds: "1 3".
static const char *matches(struct kr_test *t, struct house *house, const char *match)
{
    struct kr_buf out = {0};
    sqlite3_stmt *find;
    EXPECT(sqlite3_prepare_v2(house->db, "SELECT rowid FROM s WHERE s MATCH ? ORDER BY rowid", -1,
                              &find, NULL) == SQLITE_OK);
    sqlite3_bind_text(find, 1, match, -1, SQLITE_TRANSIENT);
    int step;
    while ((step = sqlite3_step(find)) == SQLITE_ROW)
        kr_buf_format(&out, "%s%d", out.n ? " " : "", sqlite3_column_int(find, 0));
    if (step != SQLITE_DONE)
        print_message("%s: %s\n", match, sqlite3_errmsg(house->db));
    EXPECT(step == SQLITE_DONE); // never a syntax error, whatever was typed
    sqlite3_finalize(find);
    const char *copy = kr_arena_copy(t->mem, out.at ? out.at : "", out.n);
    kr_buf_finish(&out);
    return copy;
}

static const char *found(struct kr_test *t, struct house *house, const char *question)
{
    struct kr_search search;
    kr_search_parse(t->mem, question, &search);
    return search.match[0] ? matches(t, house, search.match) : "all";
}

static void furnish(struct kr_test *t, struct house *house)
{
    open_house(house, "unicode61");
    keep(t, house, "奶奶在老屋门前，1985年夏天", "林美", "北京");           // 1
    keep(t, house, "外婆和媽媽在重庆", "曾小红", "重庆");                   // 2
    keep(t, house, "Grandma's wedding, café in Paris", "Lin Mei", "Paris"); // 3
    keep(t, house, "家庭聚会", "單国强", "上海");                           // 4
    keep(t, house, "大奶，奶牛", "", "");                                   // 5: no 奶奶 here
    keep(t, house, "绿色的吕家院子 nn", "仇先生", "女儿国");                // 6
}

TEST(what_was_said_is_found)
{
    static const char *const rows[][2] = {
        {"奶奶", "1"}, // two characters exactly: not 大奶，奶牛
        {"奶", "1 5"}, // one character: wherever it stands
        {"牛", "5"},   // also at an end
        {"家", "4 6"},
        {"老屋 1985", "1"},
        {"老屋 1986", ""},
        {"1985年", "1"},
        {"夏天", "1"},
        {"門前", "1"}, // traditional finds simplified
        {"妈妈", "2"}, // and simplified traditional
        {"媽媽", "2"},
        {"奶奶在老屋", "1"},
        {"奶奶老屋", ""},
        {"奶奶？", "1"},
        {"wedding", "3"},
        {"CAFE", "3"},
        {"café", "3"},
        {"wed", ""}, // words are found whole
        {"wed*", "3"},
        {"\"grandma s wedding\"", "3"},
        {"\"wedding grandma\"", ""},
        {"nainai", "1"}, // as it sounds
        {"nn", "1 5 6"}, // its initials (奶牛 has them too), and those very letters
        {"laowu", "1"},
        {"lwmq", "1"},
        {"chongqing", "2"},    // the second reading
        {"zengxiaohong", "2"}, // a surname's own reading
        {"shan", "4"},
        {"qiu", "6"},
        {"lvse", "6"}, // ü is typed v
        {"beijing", "1"},
        {"bei'jing", "1"},
        {"person:林美", "1"},
        {"person:linmei", "1"}, // but not "Lin Mei", which is written with a blank
        {"person:\"Lin Mei\"", "3"},
        {"人物：曾", "2"},
        {"place:重庆", "2"},
        {"place:paris", "3"},
        {"地点:北京", "1"},
        {"person:北京", ""},
        {"person:奶奶", ""}, // said of, not in it
        {"奶 -奶奶", "5"},
        {"-奶 -家 -grandma", "2"},
        {"\"老屋 门前\" OR", ""},
    };
    KR_AUTO(close_house) struct house house;
    furnish(t, &house);
    for (size_t i = 0; i < KR_COUNT(rows); i++) {
        if (strcmp(found(t, &house, rows[i][0]), rows[i][1]) != 0) {
            struct kr_search search;
            kr_search_parse(t->mem, rows[i][0], &search);
            print_message("%s: %s\n", rows[i][0], search.match);
        }
        EXPECT_STR(found(t, &house, rows[i][0]), rows[i][1]);
    }
}

TEST(bounds_are_read_from_the_question)
{
    struct kr_search search;
    kr_search_parse(t->mem, "奶奶 year:1980s type:照片", &search);
    EXPECT_STR(search.match, "\"奶奶\"");
    EXPECT_STR(search.kind, "photo");
    EXPECT_INT(search.from, kr_days_of(1980, 1, 1));
    EXPECT_INT(search.to, kr_days_of(1989, 12, 31));
    kr_search_parse(t->mem, "年份：八十年代初", &search);
    EXPECT_STR(search.match, "");
    EXPECT_INT(search.to, kr_days_of(1983, 12, 31));
    kr_search_parse(t->mem, "year:1976-1978", &search);
    EXPECT_INT(search.from, kr_days_of(1976, 1, 1));
    EXPECT_INT(search.to, kr_days_of(1978, 12, 31));
    kr_search_parse(t->mem, "year:\"before 1949\"", &search);
    EXPECT_INT(search.to, kr_days_of(1948, 12, 31));
    kr_search_parse(t->mem, "undated: 奶奶", &search);
    EXPECT(search.undated && search.from > search.to);
    EXPECT_STR(search.match, "\"奶奶\"");
    kr_search_parse(t->mem, "", &search);
    EXPECT(!search.match[0] && !search.kind && !search.undated && search.from > search.to);
    kr_search_parse(t->mem, "year:someday", &search); // not understood: a word to look for
    EXPECT(search.from > search.to && strstr(search.match, "someday"));
}

TEST(nothing_typed_is_ever_a_command)
{
    static const char *const nasty[] = {"\"",         "\"\"",
                                        "*",          "奶*",
                                        "AND",        "NOT",
                                        "a AND",      "x:y",
                                        "(",          ")",
                                        "a NEAR(b)",  "{a b}:c",
                                        "^a",         "+ +",
                                        "- -",        "-",
                                        "'; DROP",    "person:",
                                        "person:\"",  "\"a OR b",
                                        "a\"b\"c",    "NEAR(a b, 2)",
                                        "💛",          "-💛",
                                        "\xFF\xFE",   "a*b*c",
                                        "**",         "讀nai",
                                        "總",         "-總",
                                        "type:",      "::",
                                        "-person:\"", "undated:undated:",
                                        "*:*",        "\"*\"",
                                        "\"奶\"*",    "year:",
                                        "斷"};
    KR_AUTO(close_house) struct house house;
    furnish(t, &house);
    for (size_t i = 0; i < KR_COUNT(nasty); i++)
        found(t, &house, nasty[i]);
    EXPECT_STR(found(t, &house, "讀nai"), ""); // our own tokens cannot be asked for
    char *endless = kr_arena_alloc(t->mem, 100000);
    for (int i = 0; i < 99999; i++)
        endless[i] = "an \"奶-"[i % 8];
    found(t, &house, endless);
    memset(endless, 'a', 99999);
    found(t, &house, endless);
}

TEST(han_tokens_survive_and_trigrams_would_not_find_them)
{
    KR_AUTO(close_house) struct house plain = {0}, trigrams = {0};
    open_house(&plain, "unicode61");
    open_house(&trigrams, "trigram");
    keep_text(&plain, "奶奶 奶在 在老 老屋 屋");
    keep_text(&trigrams, "奶奶在老屋");
    EXPECT_STR(matches(t, &plain, "\"奶在\""), "1");
    EXPECT_STR(matches(t, &plain, "\"奶\""), ""); // a bigram stays one token
    EXPECT_STR(matches(t, &trigrams, "\"奶奶在\""), "1");
    EXPECT_STR(matches(t, &trigrams, "\"奶奶\""), ""); // why we make bigrams ourselves
}

TEST(every_han_token_survives_unicode61)
{
    KR_AUTO(close_house) struct house house;
    char text[16];
    int lost = 0;
    open_house(&house, "unicode61");
    for (int c = 0x4E00; c <= 0x9FA5; c += 7) {
        kr_format(text, sizeof text, "%c%c%c", 0xE0 | c >> 12, 0x80 | (c >> 6 & 63),
                  0x80 | (c & 63));
        keep_text(&house, tokens(t, text));
        kr_format(text, sizeof text, "\"%s\"", tokens(t, text));
        lost += !strstr(kr_arena_format(t->mem, " %s ", matches(t, &house, text)),
                        kr_arena_format(t->mem, " %d ", house.n));
    }
    EXPECT_INT(lost, 0);
}

TEST(indexing_is_quick)
{
    static const char line[] =
        "奶奶在老屋门前等爷爷回家，那是1985年的夏天。Grandma waits at the gate. ";
    struct kr_buf text = {0}, out = {0};
    int64_t chars = 0;
    while (text.n < 60000) {
        kr_buf_text(&text, line);
        chars += 70;
    }
    int64_t start = kr_monotonic_ms();
    for (int i = 0; i < 20; i++) {
        out.n = 0;
        kr_search_tokens(&out, "", text.at);
    }
    int64_t took = kr_monotonic_ms() - start + 1;
    print_message("%.1f million characters a second\n", (double)chars * 20 / (double)took / 1000);
    EXPECT(took < 20000); // a loaded machine under a sanitizer, not a promise
    kr_buf_finish(&text);
    kr_buf_finish(&out);
    (void)t;
}

TEST(a_long_text_is_cut_between_characters)
{
    char *endless = kr_arena_alloc(t->mem, 300001);
    for (int i = 0; i < 300000; i += 3)
        memcpy(endless + i, "奶", 3);
    const struct kr_search_field field = {endless, "", true};
    const char *text = kr_search_text(t->mem, &field, 1);
    EXPECT(kr_is_utf8(kr_str_of(text)));
    EXPECT(strlen(text) < 400000);
}

MAIN(CASE(text_becomes_tokens), CASE(no_written_word_collides_with_our_own_tokens),
     CASE(what_was_said_is_found), CASE(bounds_are_read_from_the_question),
     CASE(nothing_typed_is_ever_a_command),
     CASE(han_tokens_survive_and_trigrams_would_not_find_them),
     CASE(every_han_token_survives_unicode61), CASE(indexing_is_quick),
     CASE(a_long_text_is_cut_between_characters))
