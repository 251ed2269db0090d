// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/say.h"
#include "archive/groups.h"
#include "archive_test.h"

static const char *kept(struct kr_test *t, struct kr_store *store)
{
    return test_kept(t, store, "bytes", "photo", "/home/lin/a.jpg");
}

// Says it, and tells the item as it is shown then.
static struct kr_item say(struct kr_test *t, struct kr_store *store, const char *id,
                          const char *predicate, json_t *value)
{
    struct kr_item item;
    EXPECT_OK(kr_say(store, id, predicate, value, "owner", 0.9, &t->err));
    EXPECT_OK(kr_item_get(store, t->mem, id, &item, &t->err));
    kr_json_drop(&value);
    return item;
}

static void refused(struct kr_test *t, struct kr_store *store, const char *id,
                    const char *predicate, json_t *value, enum kr_code code)
{
    struct kr_claim_list before, after;
    EXPECT_OK(kr_claims_of(store, t->mem, id, &before, &t->err));
    EXPECT_FAIL(kr_say(store, id, predicate, value, "owner", 0.9, &t->err), code);
    EXPECT_OK(kr_claims_of(store, t->mem, id, &after, &t->err));
    EXPECT_INT(after.n, before.n);
    kr_json_drop(&value);
}

TEST(what_a_person_says_is_shown_and_lies_in_the_text)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *id = kept(t, store);
    EXPECT_STR(say(t, store, id, "caption", json_string("奶奶在老屋门前")).caption,
               "奶奶在老屋门前");
    EXPECT_STR(say(t, store, id, "title", json_string("e\u0301\a")).title, "é ");
    EXPECT_STR(say(t, store, id, "place", json_string("北京")).place, "北京");
    EXPECT(say(t, store, id, "favourite", json_string("yes")).favourite);
    EXPECT(!say(t, store, id, "favourite", json_false()).favourite);
    EXPECT(strstr(say(t, store, id, "rating", json_integer(5)).extra, "\"rating\":5"));
    EXPECT(strstr(say(t, store, id, "person", json_string("奶奶")).extra, "奶奶"));
    KR_AUTO(kr_fd_close) int claims = -1;
    EXPECT_OK(kr_open_folder(store->dir, "claims", false, &claims, &t->err));
    time_t now = time(NULL);
    struct tm utc;
    struct kr_str text;
    gmtime_r(&now, &utc);
    const char *file =
        kr_arena_format(t->mem, "%04d-%02d.jsonl", utc.tm_year + 1900, utc.tm_mon + 1);
    EXPECT_OK(kr_read_file(t->mem, claims, file, 1 << 20, &text, &t->err));
    EXPECT(strstr(text.at, "奶奶在老屋门前"));
}

TEST(dates_are_said_in_many_ways)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *id = kept(t, store);
    EXPECT_STR(say(t, store, id, "date", json_string("1985~")).date_edtf, "1985~");
    EXPECT_STR(say(t, store, id, "date", json_string("八十年代初")).date_edtf, "1980~/1983~");
    struct kr_item item = say(t, store, id, "date", json_pack("{s:s}", "edtf", "1976-21"));
    EXPECT_STR(item.date_edtf, "1976-21");
    EXPECT_STR(item.date_source, "person");
    EXPECT_STR(say(t, store, id, "date", json_pack("{s:s}", "phrase", "June 1985")).date_edtf,
               "1985-06");
}

TEST(what_cannot_be_said_is_refused_and_leaves_no_claim)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *id = kept(t, store);
    refused(t, store, id, "kept", json_string("x"), KR_E_INVALID);
    refused(t, store, id, "trashed", json_true(), KR_E_INVALID);
    refused(t, store, id, "date", json_string("1985-13"), KR_E_INVALID);
    refused(t, store, id, "date", json_integer(1985), KR_E_INVALID);
    refused(t, store, id, "caption", json_integer(7), KR_E_INVALID);
    refused(t, store, id, "rating", json_integer(6), KR_E_INVALID);
    refused(t, store, id, "favourite", json_string("perhaps"), KR_E_INVALID);
    refused(t, store, id, "keyword", json_string(""), KR_E_INVALID);
    char *long_text = kr_arena_alloc(t->mem, 70000);
    memset(long_text, 'x', 69999);
    refused(t, store, id, "caption", json_string(long_text), KR_E_INVALID);
    KR_AUTO(kr_json_drop) json_t *word = json_string("x");
    EXPECT_FAIL(kr_say(store, id, "title", word, "owner", 1.5, &t->err), KR_E_INVALID);
    EXPECT_FAIL(kr_say(store, "nobody", "title", word, "owner", 1, &t->err), KR_E_NOT_FOUND);
}

TEST(a_keyword_is_taken_back_whoever_said_it)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *id = kept(t, store);
    test_claim(t, store, id, "keyword", json_string("老屋"), "xmp", 0.8);
    test_claim(t, store, id, "keyword", json_string("老屋"), "sidecar", 0.8);
    EXPECT(strstr(say(t, store, id, "keyword", json_string("桥")).extra, "老屋"));
    struct kr_item item = say(t, store, id, "keyword", json_string("-老屋"));
    EXPECT(!strstr(item.extra, "老屋") && strstr(item.extra, "桥"));
    refused(t, store, id, "keyword", json_string("-老屋"), KR_E_NOT_FOUND);
    EXPECT(strstr(say(t, store, id, "keyword", json_string("老屋")).extra, "老屋"));
}

static size_t in_trash(struct kr_test *t, struct kr_store *store)
{
    struct kr_item_list list;
    struct kr_items_query query = {.trashed = true, .limit = 500};
    EXPECT_OK(kr_items_page(store, t->mem, &query, &list, &t->err));
    return list.n;
}

TEST(what_is_in_the_trash_is_out_of_sight_and_comes_back)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *id = kept(t, store);
    struct kr_claim_list before, after;
    EXPECT_OK(kr_trash(store, id, "owner", &t->err));
    EXPECT_OK(kr_claims_of(store, t->mem, id, &before, &t->err));
    EXPECT_OK(kr_trash(store, id, "owner", &t->err)); // twice says nothing new
    EXPECT_OK(kr_claims_of(store, t->mem, id, &after, &t->err));
    EXPECT_INT(after.n, before.n);
    EXPECT(test_line(t, store).n == 0 && in_trash(t, store) == 1);
    EXPECT_OK(kr_untrash(store, id, "owner", &t->err));
    EXPECT(test_line(t, store).n == 1 && in_trash(t, store) == 0);
    EXPECT_FAIL(kr_trash(store, "nobody", "owner", &t->err), KR_E_NOT_FOUND);
}

// A still and its clip: behind the still in the trash, the clip must not vanish.
TEST(when_a_cover_goes_to_the_trash_the_others_are_seen)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *still = test_kept(t, store, "still", "photo", "/p/IMG_1.JPG");
    const char *clip = test_kept(t, store, "clip", "video", "/p/IMG_1.MOV");
    const char *const both[] = {still, clip};
    for (int i = 0; i < 2; i++) {
        test_claim(t, store, both[i], "date", test_date("2019-03-21", "2019-03-21T11:04:22"),
                   "exif", 0.9);
        test_shown(t, store, both[i]);
    }
    EXPECT_OK(kr_groups_refresh(store, &t->err));
    EXPECT_INT(test_line(t, store).n, 1);
    EXPECT_OK(kr_trash(store, still, "owner", &t->err));
    EXPECT_INT(test_line(t, store).n, 1);
    EXPECT_STR(test_line(t, store).at[0].id, clip);
    EXPECT_OK(kr_groups_if_due(store, 0, &t->err));
    EXPECT_STR(test_line(t, store).at[0].stack, "");
    EXPECT_OK(kr_untrash(store, still, "owner", &t->err));
    EXPECT_INT(test_line(t, store).n, 2); // at once, before anyone finds the stack again
    EXPECT_OK(kr_groups_if_due(store, 0, &t->err));
    EXPECT_INT(test_line(t, store).n, 1);
    EXPECT_STR(test_line(t, store).at[0].id, still);
    EXPECT_INT(test_line(t, store).at[0].stack_n, 2);
}

TEST(the_trash_has_pages_without_gap_or_double)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    for (int i = 0; i < 7; i++) {
        const char *id =
            test_kept(t, store, kr_arena_format(t->mem, "%d", i), "photo", "/home/a.jpg");
        EXPECT_OK(kr_trash(store, id, "owner", &t->err));
    }
    const char *seen = "";
    char cursor[64] = "";
    int n = 0;
    do {
        struct kr_item_list list;
        struct kr_items_query query = {.trashed = true, .limit = 3, .cursor = cursor};
        EXPECT_OK(kr_items_page(store, t->mem, &query, &list, &t->err));
        for (size_t i = 0; i < list.n; i++, n++) {
            EXPECT(!strstr(seen, list.at[i].id));
            seen = kr_arena_format(t->mem, "%s %s", seen, list.at[i].id);
        }
        kr_format(cursor, sizeof cursor, "%s", list.next);
        EXPECT(n <= 7);
    } while (*cursor);
    EXPECT_INT(n, 7);
}

TEST(what_is_forgotten_leaves_only_a_nameless_mark)
{
    static const char secret[] = "forgottenforgotten";
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *id = kept(t, store), *other = test_kept(t, store, "other", "photo", "/b.jpg");
    struct kr_item item = say(t, store, id, "caption", json_string(secret));
    EXPECT_OK(kr_trash(store, id, "owner", &t->err));
    EXPECT_OK(kr_trash(store, other, "owner", &t->err));
    EXPECT_OK(kr_untrash(store, other, "owner", &t->err));
    int64_t count = -1;
    EXPECT_OK(kr_trash_empty(store, 1, &count, &t->err));
    EXPECT_INT(count, 0); // it has not lain there for a day
    EXPECT_OK(kr_trash_empty(store, 0, &count, &t->err));
    EXPECT_INT(count, 1);
    struct kr_claim_list claims;
    bool known = false;
    EXPECT_OK(kr_claims_of(store, t->mem, id, &claims, &t->err));
    EXPECT_INT(claims.n, 0);
    EXPECT(!kr_blobs_has(store->blobs, &item.blob));
    EXPECT_OK(kr_tombstone_known(store, &item.blob, &known, &t->err));
    EXPECT(known);
    EXPECT_INT(test_line(t, store).n, 1);
    struct kr_search search = {.match = secret, .from = 1, .limit = 10};
    struct kr_item_list found;
    EXPECT_OK(kr_items_search(store, t->mem, &search, &found, &t->err));
    EXPECT_INT(found.n, 0);
    kr_store_close(&store);
    struct kr_str db;
    EXPECT_OK(kr_read_file(t->mem, t->folder, "a/kinreel.db", 1 << 26, &db, &t->err));
    EXPECT(!memmem(db.at, db.n, secret, sizeof secret - 1));
    EXPECT(!memmem(db.at, db.n, id, strlen(id)));
}

MAIN(CASE(what_a_person_says_is_shown_and_lies_in_the_text), CASE(dates_are_said_in_many_ways),
     CASE(what_cannot_be_said_is_refused_and_leaves_no_claim),
     CASE(a_keyword_is_taken_back_whoever_said_it),
     CASE(what_is_in_the_trash_is_out_of_sight_and_comes_back),
     CASE(when_a_cover_goes_to_the_trash_the_others_are_seen),
     CASE(the_trash_has_pages_without_gap_or_double),
     CASE(what_is_forgotten_leaves_only_a_nameless_mark))
