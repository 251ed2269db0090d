// SPDX-License-Identifier: AGPL-3.0-or-later
// Consent over families made by chance, against the rules said once more in the plainest way.
#include "archive/may.h"
#include "archive/asks.h"
#include "archive/search.h"
#include "base/clock.h"
#include "said_test.h"
#include <stdlib.h>

#define DAY INT64_C(86400000)
enum { PERSONS = 6, ITEMS = 24, ROUNDS = 60 };

static const char *const audiences[] = {"home", "kin", "public"};
static const char *const purposes[] = {"picture", "voice", "story"};
static const char *const kinds[] = {"photo", "video", "audio"};

// What a test knows of a family, beside what it told the archive.
struct family {
    struct kr_test *t;
    struct kr_store *store;
    unsigned seed;
    const char *persons[PERSONS], *items[ITEMS];
    int kind[ITEMS];
    bool in[ITEMS][PERSONS], rest[PERSONS];
    int word[PERSONS][3][3]; // audience, purpose: 0 none, 1 yes, 2 no
    int64_t until[PERSONS][3][3];
    int out[ITEMS][3]; // let out: 0 none, 1 yes, 2 no
    int delay[PERSONS];
    const char *ask[ITEMS]; // of each item one question, with one answer in words
    int asker[ITEMS], replier[ITEMS];
};

static unsigned chance(struct family *family, unsigned n)
{
    family->seed = family->seed * 1103515245u + 12345u;
    return (family->seed >> 16) % n;
}

static void ask(struct family *family, int item)
{
    struct kr_test *t = family->t;
    KR_AUTO(kr_json_drop) json_t *question = kr_json_new_object(), *answer = kr_json_new_object();
    char *id = kr_arena_alloc(t->mem, KR_UUID_TEXT), claim[KR_UUID_TEXT];
    family->asker[item] = (int)chance(family, PERSONS);
    family->replier[item] = (int)chance(family, PERSONS);
    const char *replier = family->persons[family->replier[item]];
    const struct kr_answerer by = {replier, replier};
    kr_json_set_str(question, "item", family->items[item]);
    kr_json_set_str(question, "text", kr_arena_format(t->mem, "asked%d", item));
    kr_json_set_str(answer, "text", kr_arena_format(t->mem, "replied%d", item));
    EXPECT_OK(
        kr_ask_say(family->store, question, family->persons[family->asker[item]], id, &t->err));
    EXPECT_OK(kr_answer_say(family->store, id, answer, &by, claim, &t->err));
    family->ask[item] = id;
}

static void make(struct family *family)
{
    struct kr_test *t = family->t;
    family->store = test_store(t, kr_arena_format(t->mem, "family-%u", family->seed));
    for (int i = 0; i < PERSONS; i++)
        family->persons[i] = test_person(t, family->store, kr_arena_format(t->mem, "person %d", i));
    for (int i = 0; i < ITEMS; i++) {
        family->kind[i] = (int)chance(family, 3);
        family->items[i] =
            test_kept(t, family->store, kr_arena_format(t->mem, "bytes %d", i),
                      kinds[family->kind[i]], kr_arena_format(t->mem, "/a/thing%d.jpg", i));
        for (int k = 0; k < PERSONS; k++)
            if (chance(family, 4) == 0) {
                family->in[i][k] = true;
                EXPECT_OK(kr_picture_has(family->store, family->items[i], family->persons[k], "",
                                         true, "owner", 1, &t->err));
            }
        ask(family, i);
    }
}

// "Not now", or the end of it.
static void turn_rest(struct family *family, int person)
{
    struct kr_test *t = family->t;
    const char *id = family->persons[person];
    struct kr_claim_list claims;
    family->rest[person] = !family->rest[person];
    if (family->rest[person]) {
        test_say(t, family->store, id, "rest", json_true(), id);
        return;
    }
    EXPECT_OK(kr_claims_of(family->store, t->mem, id, &claims, &t->err));
    for (size_t i = 0; i < claims.n; i++)
        if (!claims.retracted[i] && strcmp(claims.at[i].predicate, "rest") == 0)
            test_say(t, family->store, id, "retract", json_string(claims.at[i].id), id);
}

// The last word on an audience rules the nearer ones for a yes, the farther ones for a no.
static void note_word(struct family *family, int person, int audience, int purpose, bool allow,
                      int64_t until)
{
    for (int a = 0; a < 3; a++)
        for (int p = 0; p < 3; p++)
            if ((purpose == 3 || purpose == p) && (allow ? a <= audience : a >= audience)) {
                family->word[person][a][p] = allow ? 1 : 2;
                family->until[person][a][p] = allow ? until : INT64_MAX;
            }
}

static void speak(struct family *family)
{
    struct kr_test *t = family->t;
    int person = (int)chance(family, PERSONS), item = (int)chance(family, ITEMS);
    int audience = (int)chance(family, 3), purpose = (int)chance(family, 4);
    bool allow = chance(family, 3) != 0, ends = chance(family, 3) == 0;
    const char *id = family->persons[person];
    switch (chance(family, 5)) {
    case 0:
    case 1:
        test_say(t, family->store, id, "consent",
                 test_consent(audiences[audience], purpose == 3 ? "all" : purposes[purpose], allow,
                              "self", allow && ends ? "2030-05-01" : NULL),
                 "owner");
        note_word(family, person, audience, purpose, allow,
                  ends ? (kr_days_of(2030, 5, 1) + 1) * DAY : INT64_MAX);
        break;
    case 2:
        audience = 1 + (int)chance(family, 2);
        EXPECT_OK(kr_release_say(family->store, family->items[item], audiences[audience], allow,
                                 "owner", &t->err));
        family->out[item][audience] = allow ? 1 : 2;
        break;
    case 3:
        family->delay[person] = (int)chance(family, 3) * 100;
        test_say(t, family->store, id, "delay", json_integer(family->delay[person]), id);
        break;
    case 4:
        turn_rest(family, person);
        break;
    }
}

static bool is_willing(const struct family *family, int person, int audience, int purpose,
                       int64_t now, int64_t added)
{
    int word = family->word[person][audience][purpose];
    if (family->rest[person])
        return false;
    if (audience == 0)
        return word != 2;
    return word == 1 && now < family->until[person][audience][purpose] &&
           (!family->delay[person] || added + family->delay[person] * DAY <= now);
}

// The rules, said once more.
static bool should(const struct family *family, int item, int audience, int64_t now, int64_t added)
{
    if (audience > 0 && family->out[item][audience] != 1)
        return false;
    for (int k = 0; k < PERSONS; k++) {
        if (!family->in[item][k])
            continue;
        if (family->kind[item] != 2 && !is_willing(family, k, audience, 0, now, added))
            return false;
        if (family->kind[item] != 0 && !is_willing(family, k, audience, 1, now, added))
            return false;
    }
    return true;
}

static bool is_in(const struct kr_item_list *list, const char *id)
{
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->at[i].id, id) == 0)
            return true;
    return false;
}

static int64_t sum_of_sections(struct kr_test *t, struct kr_store *store)
{
    struct kr_section *sections;
    int64_t sum = 0;
    size_t n;
    EXPECT_OK(kr_sections(store, t->mem, &sections, &n, &t->err));
    for (size_t i = 0; i < n; i++)
        sum += sections[i].count;
    return sum;
}

static void check_lists(const struct family *family, int64_t now)
{
    struct kr_test *t = family->t;
    struct kr_item_list line = test_line(t, family->store), found;
    struct kr_search search = {.limit = 500, .cursor = ""};
    struct kr_totals totals;
    int64_t open = 0;
    kr_search_parse(t->mem, "thing*", &search);
    EXPECT_OK(kr_items_search(family->store, t->mem, &search, &found, &t->err));
    for (int i = 0; i < ITEMS; i++) {
        bool may = should(family, i, 0, now, now);
        open += may;
        EXPECT(is_in(&line, family->items[i]) == may);
        EXPECT(is_in(&found, family->items[i]) == may);
    }
    EXPECT_INT(found.total, open);
    EXPECT_INT(sum_of_sections(t, family->store), open);
    EXPECT_OK(kr_items_totals(family->store, &totals, &t->err));
    EXPECT_INT(totals.items, open);
    for (int k = 0; k < PERSONS; k++) {
        struct kr_item_list of;
        EXPECT_OK(
            kr_items_of_person(family->store, t->mem, family->persons[k], "", 500, &of, &t->err));
        EXPECT_INT(of.total, (int64_t)of.n);
        for (size_t i = 0; i < of.n; i++)
            EXPECT(is_in(&line, of.at[i].id));
    }
}

static bool is_found(const struct family *family, const char *word, const char *item)
{
    struct kr_test *t = family->t;
    struct kr_search search = {.limit = 500, .cursor = ""};
    struct kr_item_list found;
    kr_search_parse(t->mem, word, &search);
    EXPECT_OK(kr_items_search(family->store, t->mem, &search, &found, &t->err));
    return is_in(&found, item);
}

// What was said in words is told, and found, where its picture is and while who said it may be
// heard.
static void check_told(const struct family *family, int64_t now)
{
    struct kr_test *t = family->t;
    const struct kr_listener to = {"", "owner"};
    for (int i = 0; i < ITEMS; i++) {
        bool may = should(family, i, 0, now, now);
        bool asks = may && is_willing(family, family->asker[i], 0, 1, now, now);
        bool replies = may && is_willing(family, family->replier[i], 0, 1, now, now);
        struct kr_reply *heard;
        struct kr_ask told = {.id = ""};
        size_t n;
        EXPECT(kr_ask_get(family->store, t->mem, family->ask[i], &to, &told, NULL) == may);
        EXPECT(!may || (*kr_json_str(told.value, "text", "") && *told.who) == asks);
        EXPECT(!may || told.rests != asks);
        EXPECT_OK(kr_replies_of(family->store, t->mem, family->ask[i], &to, &heard, &n, &t->err));
        EXPECT(!may || (told.answers == replies && (n == 1) == replies));
        const char *item = family->items[i];
        EXPECT(is_found(family, kr_arena_format(t->mem, "asked%d", i), item) == asks);
        EXPECT(is_found(family, kr_arena_format(t->mem, "replied%d", i), item) == replies);
    }
}

static void check_each(const struct family *family, int64_t now)
{
    struct kr_test *t = family->t;
    for (int i = 0; i < ITEMS; i++)
        for (int audience = 0; audience < 3; audience++) {
            const struct kr_view view = {.audience = (enum kr_audience)audience, .now_ms = now};
            struct kr_item item;
            bool may;
            EXPECT_OK(kr_item_get(family->store, t->mem, family->items[i], &item, &t->err));
            EXPECT_OK(kr_may(family->store, t->mem, &item, &view, &may, &t->err));
            EXPECT(may == should(family, i, audience, now, item.added_ms));
            EXPECT(kr_item_may_get(family->store, t->mem, item.id, &view, &item, NULL) == may);
        }
}

TEST(no_way_of_reading_returns_what_may_not_be_shown)
{
    static const unsigned seeds[] = {11, 4242, 977};
    int64_t now = kr_now_ms();
    for (size_t s = 0; s < KR_COUNT(seeds); s++) {
        struct family family = {.t = t, .seed = seeds[s]};
        print_message("seed %u\n", seeds[s]);
        make(&family);
        for (int round = 0; round < ROUNDS; round++) {
            speak(&family);
            if (round % 10 == 9) {
                check_lists(&family, now);
                check_told(&family, now);
                check_each(&family, now);
                check_each(&family, now + 150 * DAY);              // delays are over
                check_each(&family, kr_days_of(2031, 1, 1) * DAY); // and so are some consents
            }
        }
        kr_store_close(&family.store);
    }
}

static bool may_at(struct kr_test *t, struct kr_store *store, const char *id,
                   enum kr_audience audience, int64_t now)
{
    const struct kr_view view = {.audience = audience, .now_ms = now};
    struct kr_item item;
    bool may;
    EXPECT_OK(kr_item_get(store, t->mem, id, &item, &t->err));
    EXPECT_OK(kr_may(store, t->mem, &item, &view, &may, &t->err));
    return may;
}

TEST(not_now_hides_at_once_and_only_they_undo_it)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *bao = test_person(t, store, "person 1");
    const char *item = test_kept(t, store, "a", "photo", "/a.jpg");
    EXPECT_OK(kr_picture_has(store, item, bao, "", true, "owner", 1, &t->err));
    test_say(t, store, bao, "rest", json_true(), bao);
    EXPECT(!may_at(t, store, item, KR_TO_HOME, 0));
    EXPECT_INT(test_line(t, store).n, 0);
    struct kr_claim_list claims;
    EXPECT_OK(kr_claims_of(store, t->mem, bao, &claims, &t->err));
    KR_AUTO(kr_json_drop) json_t *back = json_string(claims.at[claims.n - 1].id);
    EXPECT(!kr_person_say(store, bao, "retract", back, "owner", 1, &t->err));
    EXPECT_INT(t->err.code, KR_E_REFUSED);
    t->err = (struct kr_err){0};
    EXPECT_OK(kr_rebuild(store, NULL, NULL, &t->err)); // it follows from claims alone
    EXPECT_INT(test_line(t, store).n, 0);
    EXPECT_OK(kr_person_say(store, bao, "retract", back, bao, 1, &t->err));
    EXPECT_INT(test_line(t, store).n, 1);
}

TEST(nobody_undoes_a_no_that_somebody_said_themselves)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *mei = test_person(t, store, "person 1");
    const char *item = test_kept(t, store, "a", "photo", "/a.jpg");
    EXPECT_OK(kr_picture_has(store, item, mei, "", true, "owner", 1, &t->err));
    EXPECT_OK(kr_release_say(store, item, "public", true, "owner", &t->err));
    test_say(t, store, mei, "consent", test_consent("public", "all", true, "self", NULL), "owner");
    EXPECT(may_at(t, store, item, KR_TO_PUBLIC, 1));
    test_say(t, store, mei, "consent", test_consent("kin", "all", false, "self", NULL), mei);
    EXPECT(!may_at(t, store, item, KR_TO_PUBLIC, 1));
    test_say(t, store, mei, "consent", test_consent("public", "all", true, "self", NULL), "owner");
    EXPECT(!may_at(t, store, item, KR_TO_PUBLIC, 1));
    EXPECT(!may_at(t, store, item, KR_TO_KIN, 1));
    EXPECT(may_at(t, store, item, KR_TO_HOME, 1));
}

TEST(a_guardians_yes_ends_when_the_child_may_speak)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *bao = test_person(t, store, "person 1");
    const char *item = test_kept(t, store, "a", "photo", "/a.jpg");
    int64_t before = kr_days_of(2029, 12, 31) * DAY, after = kr_days_of(2030, 1, 2) * DAY;
    EXPECT_OK(kr_picture_has(store, item, bao, "", true, "owner", 1, &t->err));
    EXPECT_OK(kr_release_say(store, item, "kin", true, "owner", &t->err));
    test_say(t, store, bao, "born", json_string("2016"),
             "owner"); // 14 in 2030, at the earliest in January
    test_say(t, store, bao, "consent", test_consent("kin", "all", true, "guardian", NULL), "owner");
    EXPECT(may_at(t, store, item, KR_TO_KIN, before));
    EXPECT(!may_at(t, store, item, KR_TO_KIN, after));
    EXPECT(may_at(t, store, item, KR_TO_HOME, after));
    test_say(t, store, bao, "consent", test_consent("kin", "all", true, "self", NULL), bao);
    EXPECT(may_at(t, store, item, KR_TO_KIN, after));
    test_say(t, store, bao, "consent", test_consent("public", "all", true, "guardian", NULL),
             "owner");
    EXPECT(!may_at(t, store, item, KR_TO_PUBLIC, before)); // nobody let it out to the public
}

TEST(whom_somebody_wants_asked_first_is_asked)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *mei = test_person(t, store, "person 1"), *son = test_person(t, store, "person 2");
    const char *item = test_kept(t, store, "a", "photo", "/a.jpg");
    EXPECT_OK(kr_picture_has(store, item, mei, "", true, "owner", 1, &t->err));
    EXPECT_OK(kr_release_say(store, item, "kin", true, "owner", &t->err));
    test_say(t, store, mei, "consent", test_consent("kin", "all", true, "self", NULL), mei);
    EXPECT(may_at(t, store, item, KR_TO_KIN, 1));
    test_say(t, store, mei, "ask_first", json_string(son), mei);
    EXPECT(!may_at(t, store, item, KR_TO_KIN, 1));
    EXPECT_OK(kr_release_say(store, item, "kin", true, son, &t->err));
    EXPECT(may_at(t, store, item, KR_TO_KIN, 1));
    EXPECT_OK(kr_release_say(store, item, "kin", false, son, &t->err));
    EXPECT(!may_at(t, store, item, KR_TO_KIN, 1));
    KR_AUTO(kr_json_drop) json_t *days = json_integer(30);
    EXPECT(!kr_person_say(store, mei, "delay", days, "owner", 1, NULL)); // only she herself
}

static bool may_sit(struct kr_test *t, struct kr_store *store, const char *id, const char *sitter)
{
    const struct kr_view view = {.audience = KR_TO_HOME, .sitter = sitter};
    struct kr_item item;
    bool may;
    EXPECT_OK(kr_item_get(store, t->mem, id, &item, &t->err));
    EXPECT_OK(kr_may(store, t->mem, &item, &view, &may, &t->err));
    return may;
}

static void caption(struct kr_test *t, struct kr_store *store, const char *id, const char *text)
{
    test_claim(t, store, id, "caption", json_string(text), "owner", 0.9);
    test_claim(t, store, id, "place", json_string("苏州平江路"), "owner", 0.9);
    test_claim(t, store, id, "date", test_date("1962-05", NULL), "owner", 0.9);
    test_shown(t, store, id);
}

TEST(nothing_on_the_avoid_list_comes_before_the_one_who_sits)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    static const char *const avoided[][2] = {
        {"place", "平江路"}, {"date", "1960s"}, {"theme", "葬礼"},     {"theme", "FUNERAL"},
        {"theme", "公"},     {"place", "平江"}, {"song", "summer day"}};
    const char *grandmother = test_person(t, store, "person 1"),
               *other = test_person(t, store, "person 2");
    const char *item = test_kept(t, store, "a", "photo", "/a.jpg");
    caption(t, store, item, "外公的葬禮, the funeral: Summer Day was sung");
    EXPECT(may_sit(t, store, item, grandmother));
    for (size_t i = 0; i < KR_COUNT(avoided); i++) {
        struct kr_claim_list claims;
        test_avoid(t, store, grandmother, avoided[i][0], avoided[i][1]);
        print_message("%s %s\n", avoided[i][0], avoided[i][1]);
        EXPECT(!may_sit(t, store, item, grandmother));
        EXPECT(may_sit(t, store, item, other));
        EXPECT_OK(kr_claims_of(store, t->mem, grandmother, &claims, &t->err));
        test_say(t, store, grandmother, "retract", json_string(claims.at[claims.n - 1].id),
                 "owner");
        EXPECT(may_sit(t, store, item, grandmother));
    }
    EXPECT_OK(kr_picture_has(store, item, other, "", true, "owner", 1, &t->err));
    test_avoid(t, store, grandmother, "person", other);
    EXPECT(!may_sit(t, store, item, grandmother));
}

static size_t in_the_way(struct kr_test *t, struct kr_store *store, const char *item,
                         enum kr_audience audience, const char *const **persons)
{
    const struct kr_view view = {.audience = audience, .now_ms = kr_now_ms()};
    struct kr_item whole;
    size_t n = 99;
    EXPECT_OK(kr_item_get(store, t->mem, item, &whole, &t->err));
    EXPECT_OK(kr_in_the_way(store, t->mem, &whole, &view, persons, &n, &t->err));
    return n;
}

TEST(whoever_stands_in_the_way_is_named_and_a_word_is_taken_back)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *mei = test_person(t, store, "person 1"), *bao = test_person(t, store, "person 2");
    const char *item = test_kept(t, store, "a", "video", "/a.mp4");
    const char *const *persons;
    EXPECT_OK(kr_picture_has(store, item, mei, "", true, "owner", 1, &t->err));
    EXPECT_OK(kr_picture_has(store, item, bao, "", true, "owner", 1, &t->err));
    EXPECT_OK(kr_release_say(store, item, "kin", true, "owner", &t->err));
    EXPECT(in_the_way(t, store, item, KR_TO_HOME, &persons) == 0);
    EXPECT(in_the_way(t, store, item, KR_TO_KIN, &persons) == 2);
    test_say(t, store, mei, "consent", test_consent("kin", "all", true, "self", NULL), mei);
    test_say(t, store, bao, "consent", test_consent("kin", "picture", true, "self", NULL), bao);
    EXPECT(in_the_way(t, store, item, KR_TO_KIN, &persons) == 1); // seen yes, heard not
    EXPECT_STR(persons[0], bao);
    test_say(t, store, bao, "consent", test_consent("kin", "all", true, "self", NULL), bao);
    EXPECT(in_the_way(t, store, item, KR_TO_KIN, &persons) == 0);
    EXPECT_OK(kr_release_say(store, item, "kin", false, mei, &t->err));
    EXPECT(in_the_way(t, store, item, KR_TO_KIN, &persons) == 1);
    EXPECT_STR(persons[0], mei);
    EXPECT_OK(kr_release_take_back(store, item, "kin", bao, &t->err)); // hers alone to take back
    EXPECT(!may_at(t, store, item, KR_TO_KIN, kr_now_ms()));
    EXPECT_OK(kr_release_take_back(store, item, "kin", mei, &t->err));
    EXPECT(may_at(t, store, item, KR_TO_KIN, kr_now_ms()));
}

MAIN(CASE(no_way_of_reading_returns_what_may_not_be_shown),
     CASE(not_now_hides_at_once_and_only_they_undo_it),
     CASE(nobody_undoes_a_no_that_somebody_said_themselves),
     CASE(a_guardians_yes_ends_when_the_child_may_speak),
     CASE(whom_somebody_wants_asked_first_is_asked),
     CASE(nothing_on_the_avoid_list_comes_before_the_one_who_sits),
     CASE(whoever_stands_in_the_way_is_named_and_a_word_is_taken_back))
