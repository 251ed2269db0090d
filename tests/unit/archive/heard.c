// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/heard.h"

#include "archive/acts.h"
#include "archive/batch.h"
#include "archive/door.h"
#include "archive/marks.h"
#include "archive/say.h"
#include "archive/search.h"
#include "said_test.h"

static void say(struct kr_test *t, struct kr_store *store, const char *item, const char *predicate,
                const char *text, const char *who)
{
    KR_AUTO(kr_json_drop) json_t *value = json_string(text);
    EXPECT_OK(kr_say(store, item, predicate, value, who, 0.9, &t->err));
}

static struct kr_item row(struct kr_test *t, struct kr_store *store, const char *item)
{
    struct kr_item out;
    EXPECT_OK(kr_item_get(store, t->mem, item, &out, &t->err));
    return out;
}

static size_t found(struct kr_test *t, struct kr_store *store, const char *words)
{
    struct kr_search search = {.limit = 10};
    struct kr_item_list list;
    kr_search_parse(t->mem, words, &search);
    EXPECT_OK(kr_items_search(store, t->mem, &search, &list, &t->err));
    return list.n;
}

static const struct kr_claim *said(struct kr_test *t, struct kr_store *store, const char *item,
                                   const char *predicate)
{
    struct kr_claim_list claims;
    EXPECT_OK(kr_claims_of(store, t->mem, item, &claims, &t->err));
    return kr_shown_claim(&claims, predicate);
}

static void rest(struct kr_test *t, struct kr_store *store, const char *person)
{
    test_say(t, store, person, "rest", json_true(), person);
}

static void rest_no_more(struct kr_test *t, struct kr_store *store, const char *person)
{
    test_say(t, store, person, "retract", json_string(said(t, store, person, "rest")->id), person);
}

TEST(what_somebody_wrote_rests_with_them_and_comes_back)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg");
    const char *mei = test_person(t, store, "林梅");
    say(t, store, item, "caption", "门前", "owner");
    say(t, store, item, "caption", "石榴树下", mei);
    say(t, store, item, "title", "那个夏天", mei);
    say(t, store, item, "keyword", "蝉声", mei);
    EXPECT_STR(row(t, store, item).caption, "石榴树下");
    rest(t, store, mei);
    EXPECT_STR(row(t, store, item).caption, "门前"); // what was said before, by others
    EXPECT_STR(row(t, store, item).title, "");
    EXPECT_INT(found(t, store, "石榴树") + found(t, store, "夏天") + found(t, store, "蝉声"), 0);
    EXPECT_INT(found(t, store, "门前"), 1);
    rest_no_more(t, store, mei);
    EXPECT_STR(row(t, store, item).caption, "石榴树下");
    EXPECT_STR(row(t, store, item).title, "那个夏天");
    EXPECT_INT(found(t, store, "石榴树") + found(t, store, "夏天") + found(t, store, "蝉声"), 3);
}

TEST(a_keyword_that_rests_is_neither_said_already_nor_taken_back_by_others)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg");
    const char *mei = test_person(t, store, "林梅");
    KR_AUTO(kr_json_drop) json_t *todo = kr_json_new_object(), *back = json_string("-蝉声");
    struct kr_batch batch = {.items = &item, .n = 1, .todo = todo, .who = "owner"};
    struct kr_batch_done done;
    say(t, store, item, "keyword", "蝉声", mei);
    rest(t, store, mei);
    EXPECT_FAIL(kr_say(store, item, "keyword", back, "owner", 0.9, &t->err), KR_E_NOT_FOUND);
    kr_json_set_str(todo, "keyword", "蝉声");
    EXPECT_OK(kr_batch_run(store, t->mem, &batch, &done, &t->err));
    EXPECT_INT(done.changed, 1);
    EXPECT_INT(found(t, store, "蝉声"), 1);
    EXPECT_OK(kr_say(store, item, "keyword", back, "owner", 0.9, &t->err)); // their own
    rest_no_more(t, store, mei);
    EXPECT_INT(found(t, store, "蝉声"), 1); // hers is still there
}

TEST(a_picture_that_rests_is_not_marked_and_its_act_is_not_told)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg");
    const char *mei = test_person(t, store, "林梅");
    KR_AUTO(kr_json_drop) json_t *todo = kr_json_new_object(), *value = kr_json_new_object();
    struct kr_batch batch = {.items = &item, .n = 1, .todo = todo, .who = "owner"};
    struct kr_batch_done done, none;
    const struct kr_era era = {0};
    char claim[KR_UUID_TEXT];
    struct kr_act *acts;
    size_t n;
    kr_json_set_str(todo, "caption", "石榴树下");
    kr_json_set_str(value, "thing", "收音机");
    EXPECT_OK(kr_batch_run(store, t->mem, &batch, &done, &t->err));
    EXPECT_OK(kr_picture_has(store, item, mei, "", true, "owner", 1, &t->err));
    rest(t, store, mei);
    EXPECT_FAIL(kr_mark_say(store, &era, item, value, "owner", 0.9, claim, &t->err),
                KR_E_NOT_FOUND);
    EXPECT_OK(kr_acts_last(store, t->mem, KR_ZH, NULL, 1, &acts, &n, &t->err));
    EXPECT_INT(n, 0);
    EXPECT_FAIL(kr_batch_undo(store, t->mem, done.act, "owner", NULL, NULL, &none, &t->err),
                KR_E_NOT_FOUND);
    EXPECT_OK(kr_batch_run(store, t->mem, &batch, &none, &t->err));
    EXPECT_INT(none.changed, 0);
    rest_no_more(t, store, mei);
    EXPECT_OK(kr_batch_undo(store, t->mem, done.act, "owner", NULL, NULL, &none, &t->err));
    EXPECT_STR(row(t, store, item).caption, "");
}

TEST(a_fact_stands_and_nobody_is_named_for_it)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg");
    const char *mei = test_person(t, store, "林梅");
    say(t, store, item, "date", "1962", mei);
    say(t, store, item, "place", "北海", mei);
    EXPECT_STR(kr_heard_who(said(t, store, item, "date")), mei);
    rest(t, store, mei);
    EXPECT_STR(row(t, store, item).date_edtf, "1962");
    EXPECT_STR(row(t, store, item).place, "北海");
    EXPECT_STR(kr_heard_who(said(t, store, item, "date")), "");
    EXPECT_STR(kr_heard_who(said(t, store, item, "place")), "");
    EXPECT_STR(kr_heard_who(said(t, store, mei, "rest")), mei); // what it rests on
    rest_no_more(t, store, mei);
    EXPECT_STR(kr_heard_who(said(t, store, item, "date")), mei);
}

static size_t marks(struct kr_test *t, struct kr_store *store, const char *item, json_t **out)
{
    KR_AUTO(kr_json_drop) json_t *extra = NULL;
    EXPECT_OK(kr_json_parse(kr_str_of(row(t, store, item).extra), 1 << 20, &extra, &t->err));
    *out = kr_marks_new_list(store, t->mem, KR_EN, extra);
    return json_array_size(*out);
}

TEST(a_mark_rests_with_who_set_it_and_its_voice_with_who_speaks)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg");
    const char *voice = test_kept(t, store, "told", "audio", "a.flac");
    const char *mei = test_person(t, store, "林梅"), *bo = test_person(t, store, "林波");
    KR_AUTO(kr_json_drop) json_t *with = NULL, *without = NULL, *none = NULL;
    KR_AUTO(kr_json_drop) json_t *value = kr_json_new_object();
    const struct kr_era era = {0};
    struct kr_mark mark;
    char claim[KR_UUID_TEXT];
    kr_json_set_str(value, "thing", "收音机");
    kr_json_set_str(value, "sentence", "每晚七点");
    kr_json_set_str(value, "voice", voice);
    EXPECT_OK(kr_picture_has(store, voice, bo, "", true, "owner", 1, &t->err));
    EXPECT_OK(kr_mark_say(store, &era, item, value, mei, 0.9, claim, &t->err));
    EXPECT_INT(marks(t, store, item, &with), 1);
    EXPECT_STR(kr_json_str(json_array_get(with, 0), "voice", ""), voice);
    rest(t, store, bo);
    EXPECT_INT(marks(t, store, item, &without), 1);
    EXPECT_STR(kr_json_str(json_array_get(without, 0), "voice", ""), "");
    json_t *told = kr_heard_new_value(store, said(t, store, item, "mark"));
    EXPECT(!kr_json_get(kr_json_lend(t->mem, told), "voice"));
    rest(t, store, mei);
    EXPECT_INT(marks(t, store, item, &none), 0);
    EXPECT_INT(found(t, store, "收音机") + found(t, store, "每晚七点"), 0);
    EXPECT_FAIL(kr_mark_get(store, t->mem, claim, &mark, &t->err), KR_E_NOT_FOUND);
}

TEST(an_act_tells_neither_what_rests_nor_whose_it_was)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *const items[] = {test_kept(t, store, "one", "photo", "a.jpg"),
                                 test_kept(t, store, "two", "photo", "b.jpg")};
    const char *mei = test_person(t, store, "林梅");
    KR_AUTO(kr_json_drop) json_t *todo = kr_json_new_object();
    struct kr_batch batch = {.items = items, .n = 2, .todo = todo, .who = mei};
    struct kr_batch_done done;
    struct kr_act *acts;
    size_t n;
    kr_json_set_str(todo, "caption", "石榴树下");
    EXPECT_OK(kr_batch_run(store, t->mem, &batch, &done, &t->err));
    rest(t, store, mei);
    EXPECT_OK(kr_acts_last(store, t->mem, KR_ZH, NULL, 10, &acts, &n, &t->err));
    EXPECT_INT(n, 1);
    EXPECT(!strstr(acts[0].text, "石榴树下") && !strstr(acts[0].text, "林梅"));
    EXPECT_STR(acts[0].who, "");
}

TEST(words_rest_from_when_a_door_is_known_to_be_theirs)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "a.jpg");
    const char *mei = test_person(t, store, "林梅"), *nobody = "";
    const struct kr_new_account owner = {.name = "owner", .role = KR_ROLE_OWNER, .person = ""};
    const struct kr_new_account teller = {.name = "mei", .role = KR_ROLE_TELLER, .person = ""};
    char id[KR_UUID_TEXT];
    EXPECT_OK(kr_door_add(store, &owner, id, &t->err));
    EXPECT_OK(kr_door_add(store, &teller, id, &t->err));
    say(t, store, item, "caption", "石榴树下", id);
    rest(t, store, mei);
    EXPECT_STR(row(t, store, item).caption, "石榴树下"); // nobody knows whose it is
    EXPECT_OK(kr_door_change(store, id, NULL, mei, &t->err));
    EXPECT_STR(row(t, store, item).caption, "");
    EXPECT_OK(kr_door_change(store, id, NULL, nobody, &t->err));
    EXPECT_STR(row(t, store, item).caption, "石榴树下");
}

TEST(what_an_older_archive_still_shows_is_taken_out_by_the_worker)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *items[] = {test_kept(t, store, "one", "photo", "a.jpg"),
                           test_kept(t, store, "two", "photo", "b.jpg")};
    const char *const persons[] = {test_person(t, store, "林梅"), test_person(t, store, "林波")};
    for (size_t i = 0; i < KR_COUNT(items); i++) {
        rest(t, store, persons[i]);
        test_claim(t, store, items[i], "caption", json_string("石榴树下"), persons[i], 1);
        struct kr_item old = row(t, store, items[i]);
        old.caption = "石榴树下"; // as it was shown before words could rest
        EXPECT_OK(kr_item_put(store, &old, "", &t->err));
    }
    EXPECT_OK(kr_persons_note(store, "*", &t->err));
    EXPECT_OK(kr_persons_note(store, persons[0], &t->err)); // and what is said meanwhile
    EXPECT_OK(kr_persons_tend(store, &t->err));
    for (size_t i = 0; i < KR_COUNT(items); i++)
        EXPECT_STR(row(t, store, items[i]).caption, "");
}

MAIN(CASE(what_somebody_wrote_rests_with_them_and_comes_back),
     CASE(a_keyword_that_rests_is_neither_said_already_nor_taken_back_by_others),
     CASE(a_picture_that_rests_is_not_marked_and_its_act_is_not_told),
     CASE(a_fact_stands_and_nobody_is_named_for_it),
     CASE(a_mark_rests_with_who_set_it_and_its_voice_with_who_speaks),
     CASE(an_act_tells_neither_what_rests_nor_whose_it_was),
     CASE(words_rest_from_when_a_door_is_known_to_be_theirs),
     CASE(what_an_older_archive_still_shows_is_taken_out_by_the_worker))
