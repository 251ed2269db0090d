// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/persons.h"

#include "store/sql_text.h"
#include "store_test.h"
#include <sqlite3.h>

static const char *const nobody = "01900000-0000-7000-8000-000000000000";

static void run(struct kr_test *t, sqlite3 *db, const char *sql)
{
    char *why = NULL;
    (void)t;
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
        print_error("%s\n", why);
    EXPECT(!why);
}

// An archive as the first kinreel wrote it, with an item and what was said of it.
static const char *first_archive(struct kr_test *t)
{
    const char *path = kr_arena_format(t->mem, "%s/old", t->dir);
    sqlite3 *db = NULL;
    EXPECT(sqlite3_open(path, &db) == SQLITE_OK);
    run(t, db, kr_migrations_sqlite[0]);
    run(t, db,
        "INSERT INTO home VALUES ('h', '家');"
        "INSERT INTO claim (id, home, subject, predicate, value, who, certain, at_ms)"
        " VALUES ('c', 'h', 'i', 'caption', '\"老屋\"', 'owner', 0.9, 7);"
        "INSERT INTO item VALUES (1, 'i', 'h', x'00', 5, 'photo', 'image/jpeg', '', 4, 3, 0, 0,"
        " '1985', 5479, 5843, 'owner', 0.9, 0, '1985', '', '老屋', '', '', '', NULL, NULL, 0, 0,"
        " '', 1, '', 0, '', '{}', 1);"
        "PRAGMA user_version = 1;");
    sqlite3_close(db);
    return path;
}

static const char *one_text(struct kr_test *t, const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    EXPECT(sqlite3_open(path, &db) == SQLITE_OK);
    EXPECT(sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK);
    EXPECT(sqlite3_step(statement) == SQLITE_ROW);
    const char *text = kr_arena_strdup(t->mem, (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return text;
}

TEST(an_archive_of_the_first_schema_comes_along_with_all_it_holds)
{
    KR_AUTO(kr_db_close) struct kr_db *db = NULL;
    const char *path = first_archive(t);
    bool current = true;
    EXPECT_OK(kr_db_open(path, true, &db, &t->err));
    EXPECT_OK(kr_db_is_current(db, &current, &t->err));
    EXPECT(!current);
    EXPECT_OK(kr_db_migrate(db, &t->err));
    EXPECT_OK(kr_db_is_current(db, &current, &t->err));
    EXPECT(current);
    EXPECT_OK(kr_db_check(db, &t->err));
    EXPECT_STR(one_text(t, path, "SELECT value FROM claim WHERE id = 'c'"), "\"老屋\"");
    EXPECT_STR(one_text(t, path, "SELECT caption FROM item WHERE id = 'i'"), "老屋");
    EXPECT_STR(one_text(t, path, "SELECT count(*) FROM person"), "0");
    EXPECT_OK(kr_db_run(db, KR_SQL_PICTURED_PUT, &t->err, KR_TEXT("i"), KR_TEXT(nobody)));
}

static struct kr_person person(const char *id, const char *shown)
{
    struct kr_life_day unknown = {.edtf = "", .place = "", .claim = ""};
    struct kr_person out = {
        .shown = shown, .sort = shown, .sex = "f", .born = unknown, .died = unknown};
    kr_format(out.id, sizeof out.id, "%s", id);
    return out;
}

TEST(a_row_is_put_whole_and_put_again_in_its_place)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    struct kr_person granny = person(nobody, "王秀兰"), read;
    struct kr_person_name names[] = {
        {.claim = "n1", .kind = "full", .lang = "zh", .text = "王秀兰", .body = " 王秀 秀兰 "},
        {.claim = "n2", .kind = "milk", .lang = "", .text = "小秀", .body = " 小秀 "}};
    struct kr_relation relation = {.claim = "r", .kind = "sibling", .order = "elder"};
    struct kr_person_name *read_names;
    struct kr_relation *read_relations;
    size_t n, relation_count;
    kr_format(relation.other, sizeof relation.other, "%s", nobody);
    granny.born = (struct kr_life_day){"1932~", -13880, -13515, "苏州", "b"};
    EXPECT_OK(kr_person_put(store, &granny, names, 2, &relation, 1, &t->err));
    EXPECT_OK(kr_person_put(store, &granny, names, 2, &relation, 1, &t->err));
    EXPECT_OK(kr_person_get(store, t->mem, nobody, &read, &t->err));
    EXPECT_STR(read.born.place, "苏州");
    EXPECT_INT(read.born.from, -13880);
    EXPECT_OK(kr_person_names(store, t->mem, nobody, &read_names, &n, &t->err));
    EXPECT_INT(n, 2);
    EXPECT_STR(read_names[1].text, "小秀");
    EXPECT_OK(kr_relations_all(store, t->mem, &read_relations, &relation_count, &t->err));
    EXPECT_INT(relation_count, 1);
    EXPECT_STR(read_relations[0].order, "elder");
    EXPECT_OK(kr_person_drop(store, nobody, &t->err));
    EXPECT_FAIL(kr_person_get(store, t->mem, nobody, &read, &t->err), KR_E_NOT_FOUND);
    EXPECT_OK(kr_person_names(store, t->mem, NULL, &read_names, &n, &t->err));
    EXPECT_INT(n, 0);
}

// Ids of pictures come in pages, and none is told twice.
TEST(pictures_of_a_person_come_in_pages)
{
    enum { PICTURES = 7, PAGE = 3 };
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    const char *const both[] = {nobody, "someone"};
    char after[KR_UUID_TEXT] = "";
    size_t seen = 0;
    for (int i = 0; i < PICTURES; i++)
        EXPECT_OK(kr_pictured_put(store, kr_arena_format(t->mem, "item %d", i), both, 2, &t->err));
    EXPECT_OK(kr_pictured_put(store, "item 3", &both[1], 1, &t->err)); // not in it after all
    for (size_t n = PAGE; n == PAGE; seen += n) {
        const char *const *items;
        EXPECT_OK(kr_pictured_after(store, t->mem, nobody, after, PAGE, &items, &n, &t->err));
        if (n)
            kr_format(after, sizeof after, "%s", items[n - 1]);
    }
    EXPECT_INT(seen, PICTURES - 1);
}

// What an older kinreel noted for the whole house is noted for each home; and whose words rest is
// taken out of the search.
TEST(what_was_still_to_be_done_is_still_noted)
{
    const char *path = kr_arena_format(t->mem, "%s/noted", t->dir);
    sqlite3 *db = NULL;
    size_t at = 0;
    EXPECT(sqlite3_open(path, &db) == SQLITE_OK);
    for (; at < kr_migration_count && !strstr(kr_migrations_sqlite[at], "'groups '"); at++)
        run(t, db, kr_migrations_sqlite[at]);
    run(t, db,
        "INSERT INTO home VALUES ('h', '家'), ('h2', '另一家');"
        "INSERT INTO person VALUES ('p', 'h2', '林梅', 'lin', '', '', 0, 0, '', '', '', 0, 0, '',"
        " '');"
        "INSERT INTO shut VALUES ('p', 'h2', 1, 1, 1);"
        "INSERT INTO meta VALUES ('groups', 'x'), ('backup', 'kept');");
    run(t, db, kr_migrations_sqlite[at]);
    sqlite3_close(db);
    EXPECT_STR(one_text(t, path,
                        "SELECT group_concat(key || '=' || value, ' ') FROM (SELECT * FROM meta"
                        " WHERE key LIKE 'groups%' OR key LIKE 'persons%' OR key = 'backup'"
                        " ORDER BY key)"),
               "backup=kept groups h=due groups h2=due persons h2=p");
}

// What was said of a body by whoever has no account held in every home without an owner's account.
TEST(what_was_said_of_a_body_goes_on_to_hold_where_it_held)
{
    const char *path = kr_arena_format(t->mem, "%s/bodies", t->dir);
    sqlite3 *db = NULL;
    size_t at = 0;
    EXPECT(sqlite3_open(path, &db) == SQLITE_OK);
    for (; at < kr_migration_count && !strstr(kr_migrations_sqlite[at], "FROM body"); at++)
        run(t, db, kr_migrations_sqlite[at]);
    run(t, db,
        "INSERT INTO home VALUES ('h', '家'), ('h2', '另一家'), ('h3', '第三家');"
        "INSERT INTO account (id, home, name, folded, role, person, password, made_ms, ended_ms)"
        " VALUES ('a', 'h', 'mei', 'mei', 'owner', '', '', 1, 0),"
        " ('b', 'h2', 'an', 'an', 'owner', '', '', 1, 2);"
        "INSERT INTO body VALUES ('owner', 'rolls'), ('a', 'one-hand');");
    run(t, db, kr_migrations_sqlite[at]);
    sqlite3_close(db);
    EXPECT_STR(one_text(t, path,
                        "SELECT group_concat(door || '=' || cannot, ' ') FROM"
                        " (SELECT * FROM body ORDER BY door)"),
               "a=one-hand h2=rolls h3=rolls");
}

MAIN(CASE(what_was_still_to_be_done_is_still_noted),
     CASE(what_was_said_of_a_body_goes_on_to_hold_where_it_held),
     CASE(an_archive_of_the_first_schema_comes_along_with_all_it_holds),
     CASE(a_row_is_put_whole_and_put_again_in_its_place), CASE(pictures_of_a_person_come_in_pages))
