// SPDX-License-Identifier: AGPL-3.0-or-later
// Every query against the real schema: it must prepare, and must not read a big
// table from end to end. With --postgresql it prints the other engine's schema
// and queries as a script for tests/unit/store/on-postgresql.
#include "harness.h"
#include "store/sql_text.h"
#include <sqlite3.h>

// These read all there is, on purpose.
static const char *const may_scan[] = {
    "claims_any", // one row is enough
};

static sqlite3 *schema(void)
{
    sqlite3 *db = NULL;
    EXPECT(sqlite3_open(":memory:", &db) == SQLITE_OK);
    for (size_t i = 0; i < kr_migration_count; i++)
        EXPECT(sqlite3_exec(db, kr_migrations_sqlite[i], NULL, NULL, NULL) == SQLITE_OK);
    return db;
}

static void close_db(sqlite3 **db)
{
    sqlite3_close(*db);
}

static void finish(sqlite3_stmt **statement)
{
    sqlite3_finalize(*statement);
}

TEST(every_query_is_one_statement_of_this_schema)
{
    KR_AUTO(close_db) sqlite3 *db = schema();
    (void)t;
    for (int i = 0; i < KR_SQL_COUNT; i++) {
        KR_AUTO(finish) sqlite3_stmt *statement = NULL;
        const char *rest = "";
        if (sqlite3_prepare_v2(db, kr_sql_sqlite[i], -1, &statement, &rest) != SQLITE_OK)
            print_error("%s: %s\n", kr_sql_names[i], sqlite3_errmsg(db));
        EXPECT(statement);
        EXPECT(strspn(rest, " \n;") == strlen(rest));
    }
}

static bool is_allowed(const char *name)
{
    for (size_t i = 0; i < KR_COUNT(may_scan); i++)
        if (strcmp(may_scan[i], name) == 0)
            return true;
    return false;
}

// "SCAN item" and not "SCAN item USING INDEX …": the latter walks in order.
static bool scans_big(const char *step)
{
    static const char *const big[] = {
        "SCAN item",     "SCAN claim",    "SCAN found",  "SCAN rendition", "SCAN job",
        "SCAN c",        "SCAN search",   "SCAN person", "SCAN p",         "SCAN person_name",
        "SCAN relation", "SCAN pictured", "SCAN region", "SCAN r"};
    for (size_t i = 0; i < KR_COUNT(big); i++)
        if (strcmp(step, big[i]) == 0)
            return true;
    return false;
}

TEST(no_query_reads_a_big_table_from_end_to_end)
{
    KR_AUTO(close_db) sqlite3 *db = schema();
    int scans = 0;
    for (int i = 0; i < KR_SQL_COUNT; i++) {
        KR_AUTO(finish) sqlite3_stmt *plan = NULL;
        const char *sql = kr_arena_format(t->mem, "EXPLAIN QUERY PLAN %s", kr_sql_sqlite[i]);
        EXPECT(sqlite3_prepare_v2(db, sql, -1, &plan, NULL) == SQLITE_OK);
        while (sqlite3_step(plan) == SQLITE_ROW) {
            const char *step = (const char *)sqlite3_column_text(plan, 3);
            if (!scans_big(step) || is_allowed(kr_sql_names[i]))
                continue;
            print_error("%s: %s\n", kr_sql_names[i], step);
            scans++;
        }
    }
    EXPECT_INT(scans, 0);
}

static int print_postgresql(void)
{
    puts("\\set ON_ERROR_STOP on");
    for (size_t i = 0; i < kr_migration_count; i++) {
        puts(kr_migrations_postgresql[i]);
        if (i == 0) // an archive of the first schema, with something in it
            puts("INSERT INTO claim (id, home, subject, predicate, value, who, certain, at_ms) "
                 "VALUES ('c', 'h', 'i', 'caption', '\"x\"', 'owner', 0.9, 7);");
    }
    puts("SELECT 1 / count(*) FROM claim WHERE id = 'c';"); // it came along
    for (int i = 0; i < KR_SQL_COUNT; i++)
        printf("PREPARE %s AS %s\n", kr_sql_names[i], kr_sql_postgresql[i]);
    printf("\\echo %d queries\n", KR_SQL_COUNT);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct kr_case cases[] = {CASE(every_query_is_one_statement_of_this_schema),
                                           CASE(no_query_reads_a_big_table_from_end_to_end)};
    if (argc > 1 && strcmp(argv[1], "--postgresql") == 0)
        return print_postgresql();
    return kr_run_cases(__FILE__, cases, KR_COUNT(cases));
}
