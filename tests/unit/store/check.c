// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/clock.h"
#include "store/backup.h"
#include "store_test.h"
#include <fcntl.h>

struct heard {
    struct kr_arena *mem;
    const char *text; // "what whom\n" …
};

static void hear(void *context, const char *what, const char *whom)
{
    struct heard *heard = context;
    heard->text = kr_arena_format(heard->mem, "%s%s %s\n", heard->text, what, whom);
}

static struct kr_check_report check(struct kr_test *t, struct kr_store *store, const char **said)
{
    struct kr_check_report report = {0};
    struct heard heard = {t->mem, ""};
    EXPECT_OK(kr_check_archive(store, NULL, hear, &heard, &report, &t->err));
    *said = heard.text;
    return report;
}

static const char *hex_of(struct kr_test *t, const struct kr_blob_id *id)
{
    char hex[KR_SHA256_HEX];
    kr_blob_hex(id, hex);
    return kr_arena_strdup(t->mem, hex);
}

TEST(a_sound_archive_has_nothing_to_tell)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    const char *said;
    char subject[KR_UUID_TEXT];
    test_item(t, store, "one", subject);
    test_item(t, store, "two", subject);
    test_say(t, store, subject, "caption", "text", "二");
    EXPECT_INT(check(t, store, &said).blobs, 2);
    EXPECT_STR(said, "");
}

TEST(damaged_missing_and_extra_blobs_are_told_by_name)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    const char *said;
    char subject[KR_UUID_TEXT];
    struct kr_blob_id hurt = test_item(t, store, "grandmother", subject);
    struct kr_blob_id lost = test_item(t, store, "the house", subject);
    struct kr_blob_id extra = test_keep(t, store, "nobody speaks of it");
    test_damage(t, test_blob_path(t, "a", &hurt));
    EXPECT_OK(kr_blobs_forget(store->blobs, &lost, &t->err));
    struct kr_check_report report = check(t, store, &said);
    EXPECT_INT(report.damaged, 1);
    EXPECT_INT(report.missing, 1);
    EXPECT_INT(report.extra, 1);
    EXPECT(strstr(said, kr_arena_format(t->mem, "damaged %s\n", hex_of(t, &hurt))));
    EXPECT(strstr(said, kr_arena_format(t->mem, "missing %s\n", hex_of(t, &lost))));
    EXPECT(strstr(said, kr_arena_format(t->mem, "extra %s\n", hex_of(t, &extra))));
}

static const char *this_month(struct kr_test *t)
{
    char at[KR_TIME_TEXT];
    kr_time_text(kr_now_ms(), at);
    return kr_arena_format(t->mem, "claims/%.7s.jsonl", at);
}

TEST(a_line_that_tells_another_story_than_the_database_is_found)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    const char *said;
    char subject[KR_UUID_TEXT] = "";
    struct kr_str text;
    test_say(t, store, subject, "caption", "text", "one");
    test_say(t, store, subject, "caption", "text", "two");
    test_say(t, store, subject, "caption", "text", "six");
    EXPECT_OK(kr_claims_mirror(store, &t->err));
    const char *month = this_month(t);
    EXPECT_OK(kr_read_file(t->mem, store->dir, month, 1 << 20, &text, &t->err));
    KR_AUTO(kr_fd_close) int fd = openat(store->dir, month, O_RDWR);
    EXPECT(pwrite(fd, "tWo", 3, strstr(text.at, "two") - text.at) == 3);
    EXPECT_INT(check(t, store, &said).claims_missing_in_text, 1);
    EXPECT(pwrite(fd, "\x01", 1, strstr(text.at, "two") - text.at) == 1); // no JSON any more
    EXPECT_INT(check(t, store, &said).claims_missing_in_text, 1);
    EXPECT(strstr(said, ".jsonl:2\n"));
    EXPECT(pwrite(fd, text.at, text.n, 0) == (ssize_t)text.n);
    EXPECT_INT(check(t, store, &said).claims_missing_in_text, 0);
    EXPECT_STR(said, "");
}

TEST(a_line_nobody_said_is_told)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    const char *said;
    char subject[KR_UUID_TEXT] = "";
    struct kr_str text;
    test_say(t, store, subject, "caption", "text", "one");
    EXPECT_OK(kr_claims_mirror(store, &t->err));
    const char *month = this_month(t);
    EXPECT_OK(kr_read_file(t->mem, store->dir, month, 1 << 20, &text, &t->err));
    const char *ghost = kr_arena_format(t->mem, "{\"seq\":9%s", text.at + strlen("{\"seq\":1"));
    KR_AUTO(kr_fd_close) int fd = openat(store->dir, month, O_WRONLY | O_APPEND);
    EXPECT_OK(kr_write_all(fd, ghost, strlen(ghost), &t->err));
    check(t, store, &said);
    EXPECT(strstr(said, ".jsonl:2\n"));
}

static bool stop(void *context, double done)
{
    (void)context;
    return done < 0;
}

TEST(it_stops_when_told)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    struct kr_check_report report;
    char subject[KR_UUID_TEXT];
    test_item(t, store, "one", subject);
    EXPECT_FAIL(kr_check_archive(store, stop, NULL, NULL, &report, &t->err), KR_E_INTERRUPTED);
}

MAIN(CASE(a_sound_archive_has_nothing_to_tell),
     CASE(damaged_missing_and_extra_blobs_are_told_by_name),
     CASE(a_line_that_tells_another_story_than_the_database_is_found),
     CASE(a_line_nobody_said_is_told), CASE(it_stops_when_told))
