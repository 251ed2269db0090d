// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/persons.h"

#include "archive/flags.h"
#include "archive/personshape.h"
#include "archive/search.h"
#include "said_test.h"
#include "store/door.h"

static bool say(struct kr_test *t, struct kr_store *store, const char *id, const char *predicate,
                json_t *value)
{
    KR_AUTO(kr_json_drop) json_t *own = value;
    t->err = (struct kr_err){0};
    return kr_person_say(store, id, predicate, own, "owner", 0.9, &t->err);
}

static json_t *new_name(const char *text, const char *kind)
{
    json_t *value = kr_json_new_object();
    kr_json_set_str(value, "text", text);
    kr_json_set_str(value, "kind", kind);
    return value;
}

static json_t *new_tie(const char *kind, const char *to)
{
    json_t *value = kr_json_new_object();
    kr_json_set_str(value, "kind", kind);
    kr_json_set_str(value, "to", to);
    return value;
}

static struct kr_person get(struct kr_test *t, struct kr_store *store, const char *id)
{
    struct kr_person person;
    EXPECT_OK(kr_person_get(store, t->mem, id, &person, &t->err));
    return person;
}

static size_t found(struct kr_test *t, struct kr_store *store, const char *question)
{
    struct kr_person *list;
    size_t n;
    EXPECT_OK(kr_persons_find(store, t->mem, question, &list, &n, &t->err));
    return n;
}

static int64_t pictures(struct kr_test *t, struct kr_store *store, const char *question)
{
    struct kr_search search = {0};
    struct kr_item_list list;
    kr_search_parse(t->mem, question, &search);
    search.cursor = "";
    search.limit = 100;
    EXPECT_OK(kr_items_search(store, t->mem, &search, &list, &t->err));
    return (int64_t)list.n;
}

static const char *claim_of(struct kr_test *t, struct kr_store *store, const char *subject,
                            const char *predicate)
{
    struct kr_claim_list claims;
    EXPECT_OK(kr_claims_of(store, t->mem, subject, &claims, &t->err));
    for (size_t i = claims.n; i-- > 0;)
        if (!claims.retracted[i] && strcmp(claims.at[i].predicate, predicate) == 0)
            return claims.at[i].id;
    return "";
}

TEST(a_person_is_found_by_every_name_as_written_and_as_it_sounds)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *id = test_person(t, store, "王秀兰");
    test_person(t, store, "李明");
    EXPECT_OK(say(t, store, id, "name", new_name("小秀", "milk")));
    EXPECT_OK(say(t, store, id, "name", new_name("Granny Lan", "nick")));
    EXPECT_STR(get(t, store, id).shown, "王秀兰");
    static const char *const questions[] = {"王秀兰", "秀兰", "小秀", "wangxiulan",
                                            "xiulan", "wxl",  "王",   "granny"};
    for (size_t i = 0; i < KR_COUNT(questions); i++)
        EXPECT_INT(found(t, store, questions[i]), 1);
    EXPECT_INT(found(t, store, ""), 2);
    EXPECT_INT(found(t, store, "zhang"), 0);
    EXPECT_INT(found(t, store, "%_\"'"), 0);
}

TEST(people_stand_in_the_order_of_their_sound)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    struct kr_person *all;
    size_t n;
    test_person(t, store, "张三");
    test_person(t, store, "Bob");
    test_person(t, store, "安娜");
    EXPECT_OK(kr_persons_all(store, t->mem, &all, &n, &t->err));
    EXPECT_INT(n, 3);
    EXPECT_STR(all[0].shown, "安娜");
    EXPECT_STR(all[1].shown, "Bob");
    EXPECT_STR(all[2].shown, "张三");
}

TEST(what_is_taken_back_no_longer_counts_but_stays)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *id = test_person(t, store, "王秀兰");
    EXPECT_OK(say(t, store, id, "born", json_string("1932~")));
    EXPECT_OK(say(t, store, id, "born", json_string("1935")));
    EXPECT_STR(get(t, store, id).born.edtf, "1935");
    EXPECT_OK(say(t, store, id, "retract", json_string(claim_of(t, store, id, "born"))));
    EXPECT_STR(get(t, store, id).born.edtf, "1932~");
    EXPECT_FAIL(say(t, store, id, "retract", json_string(claim_of(t, store, id, "name"))),
                KR_E_INVALID); // the last name
    EXPECT_FAIL(say(t, store, id, "retract", json_string("no such claim")), KR_E_NOT_FOUND);
    struct kr_claim_list claims;
    EXPECT_OK(kr_claims_of(store, t->mem, id, &claims, &t->err));
    EXPECT_INT(claims.n, 4);
}

TEST(what_cannot_be_said_is_refused_with_a_sentence)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *id = test_person(t, store, "王秀兰"), *other = test_person(t, store, "李明");
    KR_AUTO(kr_json_drop) json_t *empty = json_string("  ");
    KR_AUTO(kr_json_drop) json_t *number = json_integer(7);
    char made[KR_UUID_TEXT];
    EXPECT_FAIL(kr_person_add(store, empty, "owner", 0.9, made, &t->err), KR_E_INVALID);
    EXPECT_FAIL(kr_person_add(store, number, "owner", 0.9, made, &t->err), KR_E_INVALID);
    EXPECT_FAIL(kr_person_add(store, NULL, "owner", 0.9, made, &t->err), KR_E_INVALID);
    EXPECT_FAIL(say(t, store, id, "name", new_name("x", "royal")), KR_E_INVALID);
    EXPECT_FAIL(say(t, store, id, "born", json_string("when it snowed")), KR_E_INVALID);
    EXPECT_FAIL(say(t, store, id, "sex", json_string("female")), KR_E_INVALID);
    EXPECT_FAIL(say(t, store, id, "hobby", json_string("chess")), KR_E_INVALID);
    EXPECT_FAIL(say(t, store, id, "relation", new_tie("aunt", other)), KR_E_INVALID);
    EXPECT_FAIL(say(t, store, id, "relation", new_tie("parent", "nobody")), KR_E_INVALID);
    EXPECT_FAIL(say(t, store, id, "relation", new_tie("parent", id)), KR_E_INVALID);
    EXPECT_FAIL(
        say(t, store, other, "relation", new_tie("parent", "01900000-0000-7000-8000-000000000000")),
        KR_E_NOT_FOUND);
    EXPECT_FAIL(say(t, store, "01900000-0000-7000-8000-000000000000", "sex", json_string("f")),
                KR_E_NOT_FOUND);
    struct kr_claim_list claims;
    EXPECT_OK(kr_claims_of(store, t->mem, id, &claims, &t->err));
    EXPECT_INT(claims.n, 1); // nothing of all this was kept
}

TEST(nobody_becomes_their_own_ancestor)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *old = test_person(t, store, "奶奶"), *mid = test_person(t, store, "爸爸");
    const char *young = test_person(t, store, "小明");
    EXPECT_OK(say(t, store, mid, "relation", new_tie("parent", old)));
    EXPECT_OK(say(t, store, young, "relation", new_tie("adoptive_parent", mid)));
    EXPECT_FAIL(say(t, store, old, "relation", new_tie("parent", young)), KR_E_REFUSED);
    EXPECT_FAIL(say(t, store, old, "relation", new_tie("step_parent", mid)), KR_E_REFUSED);
    EXPECT_FAIL(say(t, store, mid, "relation", new_tie("parent", old)), KR_E_EXISTS);
    EXPECT_OK(say(t, store, old, "relation", new_tie("partner", young))); // odd, yet no cycle
}

static const char *word(struct kr_test *t, struct kr_store *store, const char *a, const char *b)
{
    KR_AUTO(kr_json_drop) json_t *kin = NULL;
    EXPECT_OK(kr_persons_kin_json(store, t->mem, KR_ZH, a, b, &kin, &t->err));
    return kr_arena_strdup(t->mem, kr_json_str(kin, "word", "?"));
}

TEST(kinship_follows_from_what_was_said_and_goes_when_it_is_taken_back)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *granny = test_person(t, store, "王秀兰"), *mother = test_person(t, store, "陈静");
    const char *child = test_person(t, store, "小明");
    EXPECT_OK(say(t, store, granny, "sex", json_string("f")));
    EXPECT_OK(say(t, store, mother, "relation", new_tie("parent", granny)));
    EXPECT_OK(say(t, store, child, "relation", new_tie("parent", mother)));
    EXPECT_STR(word(t, store, child, granny), "奶奶或外婆"); // nobody said what the parent is
    EXPECT_OK(say(t, store, mother, "sex", json_string("f")));
    EXPECT_STR(word(t, store, child, granny), "外婆");
    EXPECT_OK(say(t, store, child, "retract", json_string(claim_of(t, store, child, "relation"))));
    EXPECT_STR(word(t, store, child, granny), "");
}

static json_t *new_region(const char *name)
{
    json_t *region = kr_json_new_object();
    kr_json_set_str(region, "name", name);
    kr_json_set_str(region, "kind", "face");
    kr_json_set_real(region, "x", 0.1);
    return region;
}

TEST(a_named_region_shows_the_person_and_every_name_finds_the_picture)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "/p/1.jpg");
    const char *id = test_person(t, store, "王秀兰");
    EXPECT_OK(say(t, store, id, "name", new_name("小秀", "milk")));
    test_claim(t, store, item, "region", new_region("Face 3"), "sidecar", 0.9);
    const char *region = claim_of(t, store, item, "region");
    EXPECT_OK(kr_region_is(store, item, region, id, "owner", 0.9, &t->err));
    struct kr_item shown = test_shown(t, store, item);
    EXPECT(strstr(shown.extra, "\"name\":\"王秀兰\"") && !strstr(shown.extra, "Face 3"));
    static const char *const questions[] = {"person:王秀兰", "person:小秀", "person:xiulan",
                                            "person:wxl",    "秀兰",        "person:\"Face 3\""};
    for (size_t i = 0; i < KR_COUNT(questions); i++)
        EXPECT_INT(pictures(t, store, questions[i]), 1);
    EXPECT_OK(say(t, store, id, "name", new_name("兰兰", "nick"))); // a name of tomorrow
    EXPECT_INT(pictures(t, store, "person:兰兰"), 1);
    EXPECT_OK(kr_region_is(store, item, region, "", "owner", 0.9, &t->err));
    EXPECT_INT(pictures(t, store, "person:王秀兰"), 0);
    EXPECT(strstr(test_shown(t, store, item).extra, "Face 3"));
    EXPECT_FAIL(kr_region_is(store, item, region, "", "owner", 0.9, &t->err), KR_E_NOT_FOUND);
    EXPECT_FAIL(kr_region_is(store, item, item, id, "owner", 0.9, &t->err), KR_E_NOT_FOUND);
}

TEST(a_keyword_that_meant_a_person_becomes_that_person)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "/p/1.jpg");
    const char *id = test_person(t, store, "王秀兰");
    test_claim(t, store, item, "person", json_string("奶奶"), "xmp", 0.9);
    EXPECT_OK(kr_picture_has(store, item, id, "奶奶", true, "owner", 0.9, &t->err));
    EXPECT_OK(kr_picture_has(store, item, id, "奶奶", true, "owner", 0.9, &t->err)); // said twice
    EXPECT(strstr(test_shown(t, store, item).extra, "\"people\":[\"王秀兰\"]"));
    EXPECT_INT(pictures(t, store, "person:奶奶"), 1);
    EXPECT_INT(pictures(t, store, "person:王秀兰"), 1);
    EXPECT_OK(kr_picture_has(store, item, id, "", false, "owner", 0.9, &t->err));
    EXPECT(strstr(test_shown(t, store, item).extra, "\"people\":[\"奶奶\"]"));
    EXPECT_INT(pictures(t, store, "person:王秀兰"), 0);
    EXPECT_FAIL(kr_picture_has(store, item, id, "", false, "owner", 0.9, &t->err), KR_E_NOT_FOUND);
}

TEST(rebuild_gives_the_same_people)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "/p/1.jpg");
    const char *id = test_person(t, store, "王秀兰"), *child = test_person(t, store, "小明");
    EXPECT_OK(say(t, store, child, "relation", new_tie("parent", id)));
    EXPECT_OK(say(t, store, id, "born", json_string("1932")));
    EXPECT_OK(kr_picture_has(store, item, id, "", true, "owner", 0.9, &t->err));
    KR_AUTO(kr_json_drop) json_t *before = NULL, *after = NULL;
    EXPECT_OK(kr_person_whole(store, t->mem, KR_ZH, id, &before, &t->err));
    {
        KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE; // an index that lost its way
        struct kr_person stray = {.shown = "x",
                                  .sort = "x",
                                  .sex = "",
                                  .born = {"", 0, 0, "", ""},
                                  .died = {"", 0, 0, "", ""}};
        kr_uuid_new_text(stray.id);
        EXPECT_OK(kr_tx_begin(store->db, &tx, &t->err));
        EXPECT_OK(kr_person_drop(store, id, &t->err));
        EXPECT_OK(kr_pictured_put(store, item, NULL, 0, &t->err));
        EXPECT_OK(kr_person_put(store, &stray, NULL, 0, NULL, 0, &t->err));
        EXPECT_OK(kr_tx_commit(&tx, &t->err));
    }
    EXPECT_OK(kr_rebuild(store, NULL, NULL, &t->err));
    EXPECT_OK(kr_person_whole(store, t->mem, KR_ZH, id, &after, &t->err));
    EXPECT(json_equal(before, after));
    EXPECT_INT(found(t, store, ""), 2);
    EXPECT_INT(pictures(t, store, "person:王秀兰"), 1);
}

// Nobody moves in with the neighbours because a table was made again.
TEST(rebuild_leaves_everybody_in_their_home)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *here = kr_arena_strdup(t->mem, store->home);
    char there[KR_UUID_TEXT];
    test_person(t, store, "王秀兰");
    test_kept(t, store, "one", "photo", "/p/1.jpg");
    EXPECT_OK(kr_home_add(store, "另一家", there, &t->err));
    kr_store_enter(store, there);
    const char *id = test_person(t, store, "许小雨");
    const char *item = test_kept(t, store, "two", "photo", "/p/2.jpg");
    EXPECT_OK(kr_picture_has(store, item, id, "", true, "owner", 0.9, &t->err));
    kr_store_enter(store, here);
    EXPECT_OK(kr_rebuild(store, NULL, NULL, &t->err));
    EXPECT_STR(store->home, here);
    EXPECT(found(t, store, "王秀兰") == 1 && found(t, store, "许小雨") == 0);
    EXPECT_INT(pictures(t, store, ""), 1);
    kr_store_enter(store, there);
    EXPECT(found(t, store, "王秀兰") == 0 && found(t, store, "许小雨") == 1);
    EXPECT_INT(pictures(t, store, "person:许小雨"), 1);
}

// Stopped between a new name and the pictures that show it: the next saying ends the work.
TEST(a_half_shown_name_is_shown_by_the_next_word)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "/p/1.jpg");
    const char *id = test_person(t, store, "王秀兰"), *other = test_person(t, store, "小明");
    EXPECT_OK(kr_picture_has(store, item, id, "", true, "owner", 0.9, &t->err));
    test_claim(t, store, id, "name", new_name("兰兰", "nick"), "owner", 0.9);
    {
        KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
        EXPECT_OK(kr_tx_begin(store->db, &tx, &t->err));
        EXPECT_OK(kr_person_refresh(store, id, &t->err));
        char key[KR_NOTE_KEY];
        EXPECT_OK(kr_store_note(store, kr_store_own_key(store, "persons", key), id, &t->err));
        EXPECT_OK(kr_tx_commit(&tx, &t->err));
    }
    EXPECT_INT(pictures(t, store, "person:兰兰"), 0);
    EXPECT_OK(say(t, store, other, "sex", json_string("m")));
    EXPECT_INT(pictures(t, store, "person:兰兰"), 1);
}

static const char *flags(struct kr_test *t, struct kr_store *store, const char *person)
{
    KR_AUTO(kr_buf_finish) struct kr_buf all = {0};
    struct kr_finding *list;
    size_t n;
    EXPECT_OK(kr_person_findings(store, t->mem, person, &list, &n, &t->err));
    for (size_t i = 0; i < n; i++) {
        KR_AUTO(kr_json_drop) json_t *line = kr_finding_new_json(t->mem, KR_EN, &list[i]);
        EXPECT(*kr_json_str(line, "text", "") && list[i].claims[0]);
        EXPECT(!strchr(kr_json_str(line, "text", ""), '{'));
        kr_buf_format(&all, "%s ", list[i].what);
    }
    return kr_arena_copy(t->mem, all.at, all.n);
}

TEST(days_that_cannot_be_are_told_and_those_that_could_are_not)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *mother = test_person(t, store, "Mother"), *child = test_person(t, store, "Child");
    EXPECT_OK(say(t, store, mother, "sex", json_string("f")));
    EXPECT_OK(say(t, store, child, "relation", new_tie("parent", mother)));
    EXPECT_OK(say(t, store, child, "born", json_string("1950")));
    static const struct {
        const char *born, *died, *flags;
    } rows[] = {
        {"1925", "1990", ""},
        {"1938", "", ""},                  // twelve at most: it could be
        {"1939", "", "parent_too_young "}, // eleven at most
        {"1938~", "", ""},
        {"1960", "", "parent_too_young "}, // after her child
        {"1889", "", ""},                  // between sixty and sixty-one
        {"1888", "", "mother_too_old "},
        {"1925", "1949", "parent_dead "},
        {"1925", "1950", ""},
        {"1925", "194X", "parent_dead "},
        {"1925", "1920", "died_before_born parent_dead "},
        {"1800", "1990", "too_old mother_too_old "},
    };
    for (size_t i = 0; i < KR_COUNT(rows); i++) {
        EXPECT_OK(say(t, store, mother, "born", json_string(rows[i].born)));
        if (*rows[i].died)
            EXPECT_OK(say(t, store, mother, "died", json_string(rows[i].died)));
        print_message("%s %s\n", rows[i].born, rows[i].died);
        EXPECT_STR(flags(t, store, mother), rows[i].flags);
        const char *said = claim_of(t, store, mother, "died");
        if (*said)
            EXPECT_OK(say(t, store, mother, "retract", json_string(said)));
    }
}

TEST(three_birth_parents_are_told)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *child = test_person(t, store, "Child");
    for (int i = 0; i < 3; i++) {
        EXPECT_STR(flags(t, store, child), "");
        EXPECT_OK(say(t, store, child, "relation",
                      new_tie("parent", test_person(t, store, kr_arena_format(t->mem, "P%d", i)))));
    }
    EXPECT_STR(flags(t, store, child), "too_many_parents ");
}

TEST(a_picture_outside_a_life_is_told_for_the_person_and_for_the_picture)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "photo", "/p/1.jpg");
    const char *id = test_person(t, store, "王秀兰");
    struct kr_finding *list;
    size_t n;
    test_claim(t, store, item, "date", test_date("1976", NULL), "owner", 0.9);
    EXPECT_OK(kr_picture_has(store, item, id, "", true, "owner", 0.9, &t->err));
    EXPECT_OK(say(t, store, id, "born", json_string("1970")));
    EXPECT_STR(flags(t, store, id), "");
    KR_AUTO(kr_json_drop) json_t *in = NULL;
    struct kr_item shown = test_shown(t, store, item);
    EXPECT_OK(kr_persons_in(store, t->mem, KR_ZH, &shown, &in, &t->err));
    EXPECT_STR(kr_json_str(json_array_get(in, 0), "age", ""), "五六岁");
    EXPECT_OK(say(t, store, id, "born", json_string("1980")));
    EXPECT_STR(flags(t, store, id), "born_after_picture ");
    EXPECT_OK(kr_item_findings(store, t->mem, item, &list, &n, &t->err));
    EXPECT_INT(n, 1);
    EXPECT_STR(list[0].item, item);
    EXPECT_STR(list[0].claims[1], claim_of(t, store, item, "date"));
    EXPECT_OK(say(t, store, id, "born", json_string("1900")));
    EXPECT_OK(say(t, store, id, "died", json_string("1975")));
    EXPECT_STR(flags(t, store, NULL), "died_before_picture ");
    EXPECT_OK(say(t, store, id, "died", json_string("1975~"))); // could be
    EXPECT_STR(flags(t, store, id), "");
}

MAIN(CASE(a_person_is_found_by_every_name_as_written_and_as_it_sounds),
     CASE(people_stand_in_the_order_of_their_sound),
     CASE(what_is_taken_back_no_longer_counts_but_stays),
     CASE(what_cannot_be_said_is_refused_with_a_sentence), CASE(nobody_becomes_their_own_ancestor),
     CASE(kinship_follows_from_what_was_said_and_goes_when_it_is_taken_back),
     CASE(a_named_region_shows_the_person_and_every_name_finds_the_picture),
     CASE(a_keyword_that_meant_a_person_becomes_that_person), CASE(rebuild_gives_the_same_people),
     CASE(rebuild_leaves_everybody_in_their_home),
     CASE(a_half_shown_name_is_shown_by_the_next_word),
     CASE(days_that_cannot_be_are_told_and_those_that_could_are_not),
     CASE(three_birth_parents_are_told),
     CASE(a_picture_outside_a_life_is_told_for_the_person_and_for_the_picture))
