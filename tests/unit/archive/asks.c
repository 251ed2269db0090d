// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/asks.h"

#include "archive/say.h"
#include "archive/search.h"
#include "said_test.h"
#include "store/door.h"
#include "store/persons.h"

static const struct kr_listener keeper = {"", "owner"};

static bool try_ask(struct kr_test *t, struct kr_store *store, const char *json, char *id)
{
    KR_AUTO(kr_json_drop) json_t *value = NULL;
    t->err = (struct kr_err){0};
    EXPECT_OK(kr_json_parse(kr_str_of(json), 1 << 20, &value, &t->err));
    return kr_ask_say(store, value, "owner", id, &t->err);
}

static const char *ask(struct kr_test *t, struct kr_store *store, const char *item)
{
    char *id = kr_arena_alloc(t->mem, KR_UUID_TEXT);
    EXPECT_OK(try_ask(t, store,
                      kr_arena_format(t->mem, "{\"item\":\"%s\",\"text\":\"谁？\"}", item), id));
    return id;
}

static void answer(struct kr_test *t, struct kr_store *store, const char *id, const char *media,
                   const char *for_person, const char *who)
{
    KR_AUTO(kr_json_drop) json_t *value = kr_json_new_object();
    const struct kr_answerer by = {who, ""};
    char claim[KR_UUID_TEXT];
    kr_json_set_str(value, "media", media);
    kr_json_set_str(value, "text", *media ? "" : "二姐。");
    kr_json_set_str(value, "for", for_person);
    EXPECT_OK(kr_answer_say(store, id, value, &by, claim, &t->err));
}

static size_t told(struct kr_test *t, struct kr_store *store, const char *id, const char *as)
{
    const struct kr_listener to = {as, as};
    struct kr_reply *replies;
    struct kr_ask row;
    size_t n;
    t->err = (struct kr_err){0};
    if (!kr_ask_get(store, t->mem, id, &to, &row, &t->err))
        return SIZE_MAX;
    EXPECT_OK(kr_replies_of(store, t->mem, id, &to, &replies, &n, &t->err));
    EXPECT_INT(row.answers, (int64_t)n); // the count is of what is told
    return n;
}

static size_t listed(struct kr_test *t, struct kr_store *store, enum kr_ask_state state)
{
    struct kr_ask *asks;
    size_t n;
    EXPECT_OK(kr_asks_of_home(store, t->mem, state, &keeper, &asks, &n, &t->err));
    return n;
}

TEST(a_question_is_told_where_its_picture_is)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg");
    const char *id = ask(t, store, item);
    EXPECT_INT(listed(t, store, KR_ASKS_OPEN), 1);
    EXPECT_OK(kr_trash(store, item, "owner", &t->err));
    EXPECT(told(t, store, id, "owner") == SIZE_MAX);
    EXPECT_INT(listed(t, store, KR_ASKS_ALL), 0);
    EXPECT_OK(kr_untrash(store, item, "owner", &t->err));
    const char *who = test_person(t, store, "林梅");
    EXPECT_OK(kr_picture_has(store, item, who, "", true, "owner", 1, &t->err));
    KR_AUTO(kr_json_drop) json_t *yes = json_true();
    EXPECT_OK(kr_person_say(store, who, "rest", yes, "owner", 1, &t->err));
    EXPECT(told(t, store, id, "owner") == SIZE_MAX);
    EXPECT_INT(listed(t, store, KR_ASKS_ALL), 0);
}

TEST(an_answer_for_one_person_is_told_to_her_and_to_whoever_said_it)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg");
    const char *mother = test_person(t, store, "妈妈"), *child = test_person(t, store, "小宝");
    const char *id = ask(t, store, item);
    answer(t, store, id, "", mother, child);
    EXPECT_INT(told(t, store, id, mother), 1);
    EXPECT_INT(told(t, store, id, child), 1);
    EXPECT_INT(told(t, store, id, "owner"), 0);
    EXPECT_INT(listed(t, store, KR_ASKS_OPEN), 1); // to the owner it still waits
    answer(t, store, id, "", "", child);
    EXPECT_INT(listed(t, store, KR_ASKS_ANSWERED), 1);
}

TEST(an_answer_is_told_where_its_recording_is)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg");
    const char *voice = test_kept(t, store, "two", "audio", "a.wav");
    const char *id = ask(t, store, item);
    answer(t, store, id, voice, "", "owner");
    EXPECT_INT(told(t, store, id, "owner"), 1);
    EXPECT_OK(kr_trash(store, voice, "owner", &t->err));
    EXPECT_INT(told(t, store, id, "owner"), 0);
    EXPECT_INT(listed(t, store, KR_ASKS_OPEN), 1);
}

TEST(a_recording_answers_once_and_the_whole_takes_the_place_of_its_part)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg");
    const char *part = test_kept(t, store, "two", "audio", "a.wav");
    const char *whole = test_kept(t, store, "three", "audio", "b.wav");
    const char *id = ask(t, store, item);
    KR_AUTO(kr_json_drop) json_t *cause = kr_json_new_object();
    struct kr_reply *replies;
    size_t n;
    kr_json_set_str(cause, "ask", id);
    EXPECT_OK(kr_answer_recorded(store, cause, part, "", &t->err)); // nobody says who
    EXPECT_INT(told(t, store, id, "owner"), 0);
    kr_json_set_str(cause, "who", "owner");
    for (int i = 0; i < 2; i++)
        EXPECT_OK(kr_answer_recorded(store, cause, part, "", &t->err));
    EXPECT_INT(told(t, store, id, "owner"), 1);
    EXPECT_OK(kr_answer_recorded(store, cause, whole, part, &t->err));
    EXPECT_OK(kr_replies_of(store, t->mem, id, &keeper, &replies, &n, &t->err));
    EXPECT_INT(n, 1);
    EXPECT_STR(replies[0].media, whole);
    EXPECT_OK(kr_answer_take_back(store, id, replies[0].claim, &keeper, &t->err));
    EXPECT_OK(kr_answer_recorded(store, cause, whole, "", &t->err)); // what was taken back stays so
    EXPECT_INT(told(t, store, id, "owner"), 0);
    kr_json_set_str(cause, "ask", item);
    EXPECT_OK(kr_answer_recorded(store, cause, whole, "", &t->err)); // no question: no harm
}

TEST(what_is_no_question_is_refused)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg");
    char id[KR_UUID_TEXT];
    static const char *const wrong[] = {
        "{\"text\":\"a\"}",
        "{\"item\":\"%s\"}",
        "{\"item\":\"%s\",\"text\":\" \\n \"}",
        "{\"item\":\"%s\",\"text\":7}",
        "{\"item\":\"%s\",\"text\":\"a\",\"region\":{\"x\":0.9,\"y\":0,\"w\":0.2,\"h\":0.2}}",
        "{\"item\":\"%s\",\"text\":\"a\",\"region\":{\"x\":0.1,\"y\":0,\"w\":0,\"h\":0.2}}",
        "{\"item\":\"%s\",\"text\":\"a\",\"region\":[0,0,1,1]}",
        "{\"item\":\"%s\",\"text\":\"a\",\"span\":{\"from_ms\":0,\"to_ms\":9}}",
        "{\"item\":\"%s\",\"text\":\"a\",\"to\":\"mother\"}",
        "{\"item\":\"%s\",\"text\":\"a\",\"voice\":\"../../etc\"}",
        "{\"item\":\"%s\",\"text\":\"a\",\"lang\":\"zh\\nen\"}",
    };
    for (size_t i = 0; i < KR_COUNT(wrong); i++) {
        const char *json = wrong[i], *place = strstr(json, "%s");
        if (place)
            json = kr_arena_format(t->mem, "%.*s%s%s", (int)(place - json), json, item, place + 2);
        EXPECT_FAIL(try_ask(t, store, json, id), KR_E_INVALID);
    }
    EXPECT_INT(listed(t, store, KR_ASKS_ALL), 0);
}

TEST(rebuild_makes_the_same_rows_from_the_claims)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg");
    const char *id = ask(t, store, item), *gone = ask(t, store, item);
    answer(t, store, id, "", "", "owner");
    EXPECT_OK(kr_ask_take_back(store, gone, "owner", &t->err));
    EXPECT_OK(kr_ask_put(store, id, NULL, NULL, 0, &t->err));
    EXPECT(told(t, store, id, "owner") == SIZE_MAX);
    EXPECT_OK(kr_asks_rebuild(store, &t->err));
    EXPECT_INT(told(t, store, id, "owner"), 1);
    EXPECT(told(t, store, gone, "owner") == SIZE_MAX);
}

// A question and its answers as a page of annotations.
static const json_t *page_of(struct kr_test *t, struct kr_store *store, const char *id)
{
    struct kr_ask row;
    json_t *page;
    EXPECT_OK(kr_ask_get(store, t->mem, id, &keeper, &row, &t->err));
    EXPECT_OK(kr_ask_annotation(store, t->mem, &row, &keeper, &page, &t->err));
    return kr_json_lend(t->mem, page);
}

TEST(a_question_whose_voice_was_forgotten_is_still_told)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg");
    const char *voice = test_kept(t, store, "two", "audio", "a.wav");
    char id[KR_UUID_TEXT];
    int64_t gone;
    EXPECT_OK(try_ask(
        t, store, kr_arena_format(t->mem, "{\"item\":\"%s\",\"voice\":\"%s\"}", item, voice), id));
    EXPECT(kr_json_get(json_array_get(kr_json_get(page_of(t, store, id), "items"), 0), "body"));
    EXPECT_OK(kr_trash(store, voice, "owner", &t->err));
    EXPECT_OK(kr_trash_empty(store, 0, &gone, &t->err));
    const json_t *items = kr_json_get(page_of(t, store, id), "items");
    EXPECT_INT(json_array_size(items), 1);
    EXPECT(!kr_json_get(json_array_get(items, 0), "body"));
}

TEST(a_region_is_kept_inside_its_picture)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg");
    char id[KR_UUID_TEXT];
    struct kr_ask row;
    EXPECT_OK(try_ask(t, store,
                      kr_arena_format(t->mem,
                                      "{\"item\":\"%s\",\"text\":\"a\",\"region\":{\"x\":0.5000005,"
                                      "\"y\":0.25,\"w\":0.5000005,\"h\":0.5}}",
                                      item),
                      id));
    EXPECT_OK(kr_ask_get(store, t->mem, id, &keeper, &row, &t->err));
    const json_t *region = kr_json_get(row.value, "region");
    EXPECT(kr_json_real(region, "x", 9) + kr_json_real(region, "w", 9) <= 1 + 1e-9);
}

static int64_t found(struct kr_test *t, struct kr_store *store, const char *question)
{
    struct kr_search search = {.limit = 10};
    struct kr_item_list list;
    kr_search_parse(t->mem, question, &search);
    search.cursor = "";
    EXPECT_OK(kr_items_search(store, t->mem, &search, &list, &t->err));
    return (int64_t)list.n;
}

TEST(a_picture_is_found_by_what_is_asked_and_answered_about_it)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg");
    const char *mother = test_person(t, store, "妈妈");
    char id[KR_UUID_TEXT];
    EXPECT_OK(try_ask(t, store,
                      kr_arena_format(t->mem, "{\"item\":\"%s\",\"text\":\"那座石榴树？\"}", item),
                      id));
    EXPECT_INT(found(t, store, "石榴树"), 1);
    EXPECT_INT(found(t, store, "二姐"), 0);
    answer(t, store, id, "", mother, "owner"); // for her alone: nobody finds it
    EXPECT_INT(found(t, store, "二姐"), 0);
    answer(t, store, id, "", "", "owner");
    EXPECT_INT(found(t, store, "二姐"), 1);
    EXPECT_OK(kr_asks_rebuild(store, &t->err));
    EXPECT_INT(found(t, store, "二姐"), 1);
    EXPECT_OK(kr_ask_take_back(store, id, "owner", &t->err));
    EXPECT_INT(found(t, store, "石榴树") + found(t, store, "二姐"), 0);
}

TEST(words_rest_by_whichever_door_they_were_said)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg");
    const char *mei = test_person(t, store, "林梅");
    const char *id = ask(t, store, item);
    struct kr_account account = {.name = "mei", .role = "teller", .person = "", .password = ""};
    kr_uuid_new_text(account.id);
    kr_format(account.home, sizeof account.home, "%s", store->home);
    EXPECT_OK(kr_account_add(store, &account, "mei", &t->err));
    answer(t, store, id, "", "", account.id); // before anybody said who that is
    test_say(t, store, mei, "rest", json_true(), mei);
    EXPECT_INT(told(t, store, id, "owner"), 1);
    account.person = mei;
    EXPECT_OK(kr_account_put(store, &account, 0, &t->err));
    EXPECT_INT(told(t, store, id, "owner"), 0);
}

TEST(who_sends_a_picture_is_not_in_it_and_who_speaks_is)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg");
    const char *old = test_kept(t, store, "two", "photo", "b.jpg");
    const char *voice = test_kept(t, store, "three", "audio", "c.wav");
    const char *mei = test_person(t, store, "林梅"), *id = ask(t, store, item);
    const char *const media[] = {old, voice};
    const struct kr_answerer by = {mei, mei};
    for (size_t i = 0; i < KR_COUNT(media); i++) {
        KR_AUTO(kr_json_drop) json_t *value = kr_json_new_object();
        const char *const *persons;
        char claim[KR_UUID_TEXT];
        size_t n;
        kr_json_set_str(value, "media", media[i]);
        EXPECT_OK(kr_answer_say(store, id, value, &by, claim, &t->err));
        EXPECT_OK(kr_pictured_of(store, t->mem, media[i], &persons, &n, &t->err));
        EXPECT_INT(n, i);
    }
}

MAIN(CASE(words_rest_by_whichever_door_they_were_said),
     CASE(who_sends_a_picture_is_not_in_it_and_who_speaks_is),
     CASE(a_picture_is_found_by_what_is_asked_and_answered_about_it),
     CASE(a_question_is_told_where_its_picture_is),
     CASE(an_answer_for_one_person_is_told_to_her_and_to_whoever_said_it),
     CASE(an_answer_is_told_where_its_recording_is),
     CASE(a_recording_answers_once_and_the_whole_takes_the_place_of_its_part),
     CASE(what_is_no_question_is_refused), CASE(rebuild_makes_the_same_rows_from_the_claims),
     CASE(a_question_whose_voice_was_forgotten_is_still_told),
     CASE(a_region_is_kept_inside_its_picture))
