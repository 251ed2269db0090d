// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/claims.h"
#include "base/clock.h"
#include "store_test.h"
#include <fcntl.h>

TEST(what_was_said_comes_back_in_order_and_retractions_are_marked)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    struct kr_claim_list list;
    char subject[KR_UUID_TEXT] = "";
    test_say(t, store, subject, "caption", "text", "门前");
    test_say(t, store, subject, "caption", "text", "老屋门前");
    EXPECT_OK(kr_claims_of(store, t->mem, subject, &list, &t->err));
    KR_AUTO(kr_json_drop) json_t *nothing = json_null();
    struct kr_claim back = {.predicate = "retract",
                            .value = nothing,
                            .who = "owner",
                            .certain = 1,
                            .retracts = list.at[0].id};
    kr_format(back.subject, sizeof back.subject, "%s", subject);
    EXPECT_OK(kr_claim_add(store, &back, &t->err));
    EXPECT_OK(kr_claims_of(store, t->mem, subject, &list, &t->err));
    EXPECT_INT(list.n, 3);
    EXPECT_STR(kr_json_str(list.at[1].value, "text", ""), "老屋门前");
    EXPECT_STR(list.at[1].who, "owner");
    EXPECT_NEAR(list.at[1].certain, 0.9, 1e-12);
    EXPECT(list.at[0].seq < list.at[1].seq && list.at[1].seq < list.at[2].seq);
    EXPECT(list.retracted[0] && !list.retracted[1] && !list.retracted[2]);
    EXPECT(kr_now_ms() - list.at[0].at_ms < 60000);
}

struct hearing {
    struct kr_store *store;
    int n;
    char last[KR_UUID_TEXT];
    bool sorted;
};

static bool hear(void *context, const struct kr_claim *claim, struct kr_err *err)
{
    struct hearing *hearing = context;
    hearing->sorted = hearing->sorted && strcmp(hearing->last, claim->subject) < 0;
    kr_format(hearing->last, KR_UUID_TEXT, "%s", claim->subject);
    hearing->n++;
    // It may write while it hears, as a rebuild does.
    return kr_store_set_setting(hearing->store, "trash.days", "30", err);
}

TEST(each_subject_is_heard_once_however_many_there_are)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    struct hearing hearing = {.store = store, .sorted = true};
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    EXPECT_OK(kr_tx_begin(store->db, &tx, &t->err));
    for (int i = 0; i < 1203; i++) { // more than two pages
        char subject[KR_UUID_TEXT] = "";
        test_say(t, store, subject, "found", "path", "a");
        test_say(t, store, subject, "found", "path", "b");
        test_say(t, store, subject, "caption", "text", "c");
    }
    EXPECT_OK(kr_claims_each(store, "found", hear, &hearing, &t->err));
    EXPECT_INT(hearing.n, 1203);
    EXPECT(hearing.sorted);
}

// Lines of all files of claims/, one after the other.
static const char *text_of(struct kr_test *t, struct kr_store *store, const char *month)
{
    struct kr_str text = {"", 0};
    EXPECT_OK(kr_read_file(t->mem, store->dir, kr_arena_format(t->mem, "claims/%s.jsonl", month),
                           1 << 20, &text, &t->err));
    return text.at;
}

static int lines_of(const char *text)
{
    int n = 0;
    for (; (text = strchr(text, '\n')); text++)
        n++;
    return n;
}

static void say_at(struct kr_test *t, struct kr_store *store, char subject[static KR_UUID_TEXT],
                   const char *when)
{
    KR_AUTO(kr_json_drop) json_t *value = json_string(when);
    struct kr_claim claim = {.predicate = "caption", .value = value, .who = "owner", .certain = 1};
    if (!subject[0])
        kr_uuid_new_text(subject);
    kr_format(claim.subject, KR_UUID_TEXT, "%s", subject);
    EXPECT(kr_time_parse(when, &claim.at_ms));
    EXPECT_OK(kr_claim_add(store, &claim, &t->err));
}

TEST(each_claim_becomes_one_line_of_its_month)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    char subject[KR_UUID_TEXT] = "";
    say_at(t, store, subject, "2026-10-31T23:59:59.500Z");
    say_at(t, store, subject, "2026-11-01T00:00:00Z");
    EXPECT_OK(kr_claims_mirror(store, &t->err));
    EXPECT_OK(kr_claims_mirror(store, &t->err)); // once is enough
    EXPECT_INT(lines_of(text_of(t, store, "2026-10")), 1);
    EXPECT_INT(lines_of(text_of(t, store, "2026-11")), 1);
    EXPECT(strstr(text_of(t, store, "2026-10"), "\"at\":\"2026-10-31T23:59:59.500Z\""));
    EXPECT(strstr(text_of(t, store, "2026-10"), "{\"seq\":1,\"id\":\""));
    say_at(t, store, subject, "2026-10-31T00:00:00Z"); // a clock that went back
    EXPECT_OK(kr_claims_mirror(store, &t->err));
    EXPECT_OK(kr_claims_mirror(store, &t->err));
    EXPECT_INT(lines_of(text_of(t, store, "2026-10")), 1);
    EXPECT_INT(lines_of(text_of(t, store, "2026-11")), 2);
}

TEST(a_torn_last_line_is_cut_and_said_again)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    char subject[KR_UUID_TEXT] = "";
    say_at(t, store, subject, "2026-11-01T00:00:00Z");
    say_at(t, store, subject, "2026-11-02T00:00:00Z");
    EXPECT_OK(kr_claims_mirror(store, &t->err));
    const char *whole = text_of(t, store, "2026-11");
    for (size_t cut = 1; cut <= strlen(whole); cut += 7) {
        KR_AUTO(kr_fd_close) int fd = openat(store->dir, "claims/2026-11.jsonl", O_RDWR);
        EXPECT(ftruncate(fd, (off_t)(strlen(whole) - cut)) == 0);
        EXPECT_OK(kr_claims_mirror(store, &t->err));
        EXPECT_STR(text_of(t, store, "2026-11"), whole);
    }
}

TEST(a_damaged_last_line_does_not_stop_the_text)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    char subject[KR_UUID_TEXT] = "";
    say_at(t, store, subject, "2026-11-01T00:00:00Z");
    say_at(t, store, subject, "2026-11-02T00:00:00Z");
    EXPECT_OK(kr_claims_mirror(store, &t->err));
    KR_AUTO(kr_fd_close) int fd = openat(store->dir, "claims/2026-11.jsonl", O_RDWR);
    off_t second = (off_t)strcspn(text_of(t, store, "2026-11"), "\n") + 1;
    EXPECT(pwrite(fd, "#", 1, second) == 1);
    EXPECT_OK(kr_claims_mirror(store, &t->err));
    EXPECT_INT(lines_of(text_of(t, store, "2026-11")), 3); // the second stands again below
    EXPECT(strstr(text_of(t, store, "2026-11"), "\n{\"seq\":2,"));
}

static void same_claims(struct kr_test *t, struct kr_store *a, struct kr_store *b,
                        const char *subject)
{
    struct kr_claim_list one, two;
    EXPECT_OK(kr_claims_of(a, t->mem, subject, &one, &t->err));
    EXPECT_OK(kr_claims_of(b, t->mem, subject, &two, &t->err));
    EXPECT_INT(two.n, one.n);
    for (size_t i = 0; i < one.n; i++) {
        EXPECT(one.at[i].seq == two.at[i].seq && one.at[i].at_ms == two.at[i].at_ms);
        EXPECT(one.at[i].certain == two.at[i].certain);
        EXPECT_STR(two.at[i].id, one.at[i].id);
        EXPECT_STR(two.at[i].home, one.at[i].home);
        EXPECT_STR(two.at[i].predicate, one.at[i].predicate);
        EXPECT_STR(two.at[i].who, one.at[i].who);
        EXPECT_STR(two.at[i].retracts, one.at[i].retracts);
        EXPECT(json_equal(one.at[i].value, two.at[i].value));
        EXPECT(one.retracted[i] == two.retracted[i]);
    }
}

// What a person has left when the database is gone.
static struct kr_store *only_text_of(struct kr_test *t, struct kr_store *store, const char *name)
{
    struct kr_store *copy = test_archive(t, name);
    KR_AUTO(kr_fd_close) int from = openat(store->dir, "claims/2026-11.jsonl", O_RDONLY);
    KR_AUTO(kr_fd_close)
    int to = openat(copy->dir, "claims/2026-11.jsonl", O_WRONLY | O_CREAT, 0644);
    EXPECT_OK(kr_copy(from, to, 1 << 20, NULL, &t->err));
    return copy;
}

TEST(the_database_is_made_again_from_text)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    KR_AUTO(kr_json_drop) json_t *gps = kr_json_new_object();
    struct kr_claim_list list;
    char subject[KR_UUID_TEXT] = "";
    int64_t count = 0;
    say_at(t, store, subject, "2026-11-01T00:00:00.123Z");
    kr_json_set_real(gps, "lat", 39.9042);
    kr_json_set_str(gps, "note", "行\n\"引号\"\t\\");
    EXPECT_OK(kr_claims_of(store, t->mem, subject, &list, &t->err));
    struct kr_claim claim = {.predicate = "gps",
                             .value = gps,
                             .who = "exif",
                             .certain = 0.3,
                             .at_ms = list.at[0].at_ms,
                             .retracts = list.at[0].id};
    kr_format(claim.subject, KR_UUID_TEXT, "%s", subject);
    EXPECT_OK(kr_claim_add(store, &claim, &t->err));
    EXPECT_OK(kr_claims_mirror(store, &t->err));
    EXPECT(strstr(text_of(t, store, "2026-11"), "\"lat\":39.9042,")); // no 39.904200000000003
    KR_AUTO(kr_store_close) struct kr_store *copy = only_text_of(t, store, "b");
    EXPECT_OK(kr_claims_from_text(copy, &count, &t->err));
    EXPECT_INT(count, 2);
    same_claims(t, store, copy, subject);
    EXPECT_FAIL(kr_claims_from_text(copy, &count, &t->err), KR_E_EXISTS);
    say_at(t, copy, subject, "2026-11-05T00:00:00Z"); // and it goes on behind the old ones
    EXPECT_OK(kr_claims_mirror(copy, &t->err));
    EXPECT_INT(lines_of(text_of(t, copy, "2026-11")), 3);
}

TEST(a_damaged_line_costs_one_claim_and_is_told)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    char subject[KR_UUID_TEXT] = "";
    int64_t count = 0;
    for (int day = 1; day <= 3; day++)
        say_at(t, store, subject, kr_arena_format(t->mem, "2026-11-0%dT00:00:00Z", day));
    EXPECT_OK(kr_claims_mirror(store, &t->err));
    KR_AUTO(kr_store_close) struct kr_store *copy = only_text_of(t, store, "b");
    KR_AUTO(kr_fd_close) int fd = openat(copy->dir, "claims/2026-11.jsonl", O_RDWR);
    EXPECT(pwrite(fd, "\xff", 1, (off_t)strcspn(text_of(t, store, "2026-11"), "\n") + 9) == 1);
    EXPECT_FAIL(kr_claims_from_text(copy, &count, &t->err), KR_E_DAMAGED);
    EXPECT(strstr(t->err.text, "2026-11.jsonl:2"));
    EXPECT_INT(count, 2);
}

TEST(forgetting_leaves_a_bare_number_and_nothing_else)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    struct kr_claim_list list;
    char other[KR_UUID_TEXT] = "", subject[KR_UUID_TEXT] = "";
    int64_t count = 0;
    say_at(t, store, subject, "2026-10-01T00:00:00Z");
    say_at(t, store, other, "2026-11-01T00:00:00Z");
    say_at(t, store, subject, "2026-11-02T00:00:00Z");
    EXPECT_OK(kr_claims_mirror(store, &t->err));
    EXPECT_OK(kr_claims_forget(store, subject, &t->err));
    EXPECT_OK(kr_claims_of(store, t->mem, subject, &list, &t->err));
    EXPECT_INT(list.n, 0);
    EXPECT(!strstr(text_of(t, store, "2026-10"), subject));
    EXPECT(!strstr(text_of(t, store, "2026-11"), subject));
    EXPECT(strstr(text_of(t, store, "2026-11"), other));
    EXPECT(strstr(text_of(t, store, "2026-11"), "\n{\"seq\":3,\"forgotten\":true}\n"));
    EXPECT_OK(kr_claims_mirror(store, &t->err));
    EXPECT(!strstr(text_of(t, store, "2026-11"), subject));
    // A database made again must not hand out numbers the text has seen.
    KR_AUTO(kr_store_close) struct kr_store *copy = only_text_of(t, store, "b");
    EXPECT_OK(kr_claims_from_text(copy, &count, &t->err));
    EXPECT_INT(count, 1);
    say_at(t, copy, other, "2026-11-06T00:00:00Z");
    EXPECT_OK(kr_claims_mirror(copy, &t->err));
    EXPECT(strstr(text_of(t, copy, "2026-11"), "{\"seq\":4,"));
}

TEST(a_database_older_than_its_text_takes_no_number_twice)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    char subject[KR_UUID_TEXT] = "";
    for (int day = 1; day <= 3; day++)
        say_at(t, store, subject, kr_arena_format(t->mem, "2026-11-0%dT00:00:00Z", day));
    EXPECT_OK(kr_claims_mirror(store, &t->err));
    KR_AUTO(kr_store_close) struct kr_store *old = only_text_of(t, store, "b");
    EXPECT_OK(kr_claims_mirror(old, &t->err));
    say_at(t, old, subject, "2026-11-09T00:00:00Z");
    EXPECT_OK(kr_claims_mirror(old, &t->err));
    EXPECT_INT(lines_of(text_of(t, old, "2026-11")), 4);
    EXPECT(strstr(text_of(t, old, "2026-11"), "\n{\"seq\":4,"));
}

MAIN(CASE(a_database_older_than_its_text_takes_no_number_twice),
     CASE(what_was_said_comes_back_in_order_and_retractions_are_marked),
     CASE(each_subject_is_heard_once_however_many_there_are),
     CASE(each_claim_becomes_one_line_of_its_month), CASE(a_torn_last_line_is_cut_and_said_again),
     CASE(a_damaged_last_line_does_not_stop_the_text), CASE(the_database_is_made_again_from_text),
     CASE(a_damaged_line_costs_one_claim_and_is_told),
     CASE(forgetting_leaves_a_bare_number_and_nothing_else))
