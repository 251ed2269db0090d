// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/db.h"
#include "harness.h"
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *path(struct kr_test *t, const char *name)
{
    return kr_arena_format(t->mem, "%s/%s", t->dir, name);
}

static struct kr_db *open_db(struct kr_test *t, const char *name)
{
    struct kr_db *db = NULL;
    EXPECT_OK(kr_db_open(path(t, name), true, &db, &t->err));
    EXPECT_OK(kr_db_migrate(db, &t->err));
    return db;
}

static const char *value_of(struct kr_test *t, struct kr_db *db, const char *key)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more = false;
    EXPECT_OK(kr_db_query(db, KR_SQL_SETTING_GET, &rows, &t->err, KR_TEXT(key)));
    EXPECT_OK(kr_rows_next(rows, &more, &t->err));
    return more ? kr_arena_strdup(t->mem, kr_row_text(rows, 0)) : NULL;
}

static void set(struct kr_test *t, struct kr_db *db, const char *key, const char *value)
{
    EXPECT_OK(kr_db_run(db, KR_SQL_SETTING_SET, &t->err, KR_TEXT(key), KR_TEXT(value)));
    EXPECT_INT(kr_db_changes(db), 1);
}

TEST(a_transaction_is_whole_or_was_never_there)
{
    KR_AUTO(kr_db_close) struct kr_db *db = open_db(t, "db");
    {
        KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
        EXPECT_OK(kr_tx_begin(db, &tx, &t->err));
        set(t, db, "a", "1");
        EXPECT_STR(value_of(t, db, "a"), "1");
    } // left without a commit
    EXPECT(!value_of(t, db, "a"));
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    EXPECT_OK(kr_tx_begin(db, &tx, &t->err));
    set(t, db, "a", "2");
    EXPECT_OK(kr_tx_commit(&tx, &t->err));
    kr_tx_undo(&tx);
    EXPECT_STR(value_of(t, db, "a"), "2");
}

TEST(text_with_quotes_and_no_end_is_only_a_value)
{
    KR_AUTO(kr_db_close) struct kr_db *db = open_db(t, "db");
    static const char nasty[] = "'); DROP TABLE setting; -- \"奶奶\" $1 %s";
    set(t, db, "a", nasty);
    EXPECT_STR(value_of(t, db, "a"), nasty);
}

TEST(another_connection_sees_a_commit_and_the_version_tells)
{
    KR_AUTO(kr_db_close) struct kr_db *writer = open_db(t, "db");
    KR_AUTO(kr_db_close) struct kr_db *reader = NULL;
    int64_t before = 0, after = 0;
    EXPECT_OK(kr_db_open(path(t, "db"), false, &reader, &t->err));
    EXPECT_OK(kr_db_version(reader, &before, &t->err));
    set(t, writer, "a", "1");
    EXPECT_OK(kr_db_version(reader, &after, &t->err));
    EXPECT(after != before);
    EXPECT_STR(value_of(t, reader, "a"), "1");
    EXPECT_FAIL(kr_db_run(reader, KR_SQL_SETTING_SET, &t->err, KR_TEXT("b"), KR_TEXT("1")),
                KR_E_REFUSED);
}

TEST(migrating_twice_changes_nothing_and_a_newer_archive_is_left_alone)
{
    KR_AUTO(kr_db_close) struct kr_db *db = open_db(t, "db");
    sqlite3 *raw = NULL;
    set(t, db, "a", "1");
    EXPECT_OK(kr_db_migrate(db, &t->err));
    EXPECT_STR(value_of(t, db, "a"), "1");
    EXPECT(sqlite3_open(path(t, "db"), &raw) == SQLITE_OK);
    EXPECT(sqlite3_exec(raw, "PRAGMA user_version = 9000", NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_close(raw);
    EXPECT_FAIL(kr_db_migrate(db, &t->err), KR_E_UNSUPPORTED);
}

TEST(a_copy_is_whole_while_somebody_writes)
{
    KR_AUTO(kr_db_close) struct kr_db *db = open_db(t, "db");
    KR_AUTO(kr_db_close) struct kr_db *copy = NULL;
    set(t, db, "a", "1");
    EXPECT_OK(kr_db_copy(db, path(t, "copy"), &t->err));
    set(t, db, "a", "2");
    EXPECT_OK(kr_db_open(path(t, "copy"), false, &copy, &t->err));
    EXPECT_OK(kr_db_check(copy, &t->err));
    EXPECT_STR(value_of(t, copy, "a"), "1");
}

TEST(damage_is_found)
{
    KR_AUTO(kr_db_close) struct kr_db *db = open_db(t, "db");
    for (int i = 0; i < 300; i++)
        set(t, db, kr_arena_format(t->mem, "key %d", i), "a value of some length to fill pages");
    EXPECT_OK(kr_db_check(db, &t->err));
    EXPECT_OK(kr_db_copy(db, path(t, "copy"), &t->err)); // one file, no log beside it
    KR_AUTO(kr_fd_close) int fd = openat(t->folder, "copy", O_RDWR);
    char rot[4096];
    memset(rot, 0x5A, sizeof rot);
    off_t size = lseek(fd, 0, SEEK_END);
    for (off_t at = 4096; at + 4096 <= size; at += 4096) // all but the first page
        EXPECT(pwrite(fd, rot, 2000, at) == 2000);
    KR_AUTO(kr_db_close) struct kr_db *hurt = NULL;
    bool found = !kr_db_open(path(t, "copy"), false, &hurt, &t->err) || !kr_db_check(hurt, &t->err);
    EXPECT(found && t->err.code == KR_E_DAMAGED);
}

// Writes of several processes wait for one another and all arrive.
TEST(writers_take_turns)
{
    enum { WRITERS = 3, EACH = 30 };
    KR_AUTO(kr_db_close) struct kr_db *db = open_db(t, "db");
    pid_t child[WRITERS];
    for (int i = 0; i < WRITERS; i++) {
        child[i] = fork();
        if (child[i] != 0)
            continue;
        KR_AUTO(kr_db_close) struct kr_db *own = open_db(t, "db");
        for (int j = 0; j < EACH; j++) {
            KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
            EXPECT_OK(kr_tx_begin(own, &tx, &t->err));
            set(t, own, kr_arena_format(t->mem, "%d-%d", i, j), "x");
            EXPECT_OK(kr_tx_commit(&tx, &t->err));
        }
        _exit(0);
    }
    for (int i = 0; i < WRITERS; i++) {
        int status = 1;
        EXPECT(waitpid(child[i], &status, 0) == child[i] && status == 0);
        EXPECT(value_of(t, db, kr_arena_format(t->mem, "%d-%d", i, EACH - 1)));
    }
}

MAIN(CASE(a_transaction_is_whole_or_was_never_there),
     CASE(text_with_quotes_and_no_end_is_only_a_value),
     CASE(another_connection_sees_a_commit_and_the_version_tells),
     CASE(migrating_twice_changes_nothing_and_a_newer_archive_is_left_alone),
     CASE(a_copy_is_whole_while_somebody_writes), CASE(damage_is_found), CASE(writers_take_turns))
