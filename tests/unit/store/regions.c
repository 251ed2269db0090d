// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/regions.h"

#include "store/sql_text.h"
#include "store_test.h"
#include <sqlite3.h>

static struct kr_region region(int number)
{
    struct kr_region out = {.kind = "face", .name = "", .w = 0.1, .h = 0.1, .pixels = number};
    kr_format(out.claim, sizeof out.claim, "01900000-0000-7000-8000-0000000000%02d", number);
    return out;
}

static const char *put_item(struct kr_test *t, struct kr_store *store, int number)
{
    struct kr_item item = {.kind = "photo",
                           .mime = "image/jpeg",
                           .damaged = "",
                           .width = 4,
                           .height = 3,
                           .date_edtf = "",
                           .date_source = "none",
                           .section = "none",
                           .title = "",
                           .caption = "",
                           .place = "",
                           .camera = "",
                           .names = "",
                           .stack = "",
                           .stack_n = 1,
                           .near = "",
                           .preview = "",
                           .extra = "{}"};
    kr_format(item.id, sizeof item.id, "01900000-0000-7000-8000-0000000001%02d", number);
    item.blob.sha256[0] = (uint8_t)number;
    EXPECT_OK(kr_item_put(store, &item, "", &t->err));
    return kr_arena_strdup(t->mem, item.id);
}

// Pages begin where the one before ended: newest picture first, none twice, whatever was named
// meanwhile.
TEST(unnamed_faces_come_in_pages)
{
    enum { PICTURES = 5, EACH = 3, PAGE = 4 };
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    struct kr_region_list page;
    char cursor[KR_REGION_CURSOR] = "", last[KR_UUID_TEXT] = "z";
    size_t seen = 0;
    for (int i = 0; i < PICTURES; i++) {
        struct kr_region three[EACH + 2];
        for (int k = 0; k < EACH + 2; k++)
            three[k] = region(i * 10 + k);
        three[EACH].kind = "pet";
        kr_format(three[EACH + 1].person, KR_UUID_TEXT, "someone");
        EXPECT_OK(kr_regions_put(store, put_item(t, store, i), three, EACH + 2, &t->err));
    }
    do {
        EXPECT_OK(kr_regions_open(store, t->mem, cursor, PAGE, &page, &t->err));
        for (size_t i = 0; i < page.n; i++) {
            EXPECT(strcmp(page.at[i].item, last) <= 0);
            kr_format(last, sizeof last, "%s", page.at[i].item);
        }
        seen += page.n;
        kr_format(cursor, sizeof cursor, "%s", page.next);
    } while (*cursor);
    EXPECT_INT(seen, PICTURES * EACH);
    EXPECT_FAIL(kr_regions_open(store, t->mem, "nonsense", 1, &page, &t->err), KR_E_INVALID);
    EXPECT_FAIL(kr_regions_open(store, t->mem, "a_b", 1, &page, &t->err), KR_E_INVALID);
    int64_t count;
    EXPECT_OK(kr_regions_open_count(store, 7, &count, &t->err));
    EXPECT_INT(count, 7); // no further than asked
    struct kr_region *of;
    size_t n;
    EXPECT_OK(kr_regions_of_person(store, t->mem, "someone", &of, &n, &t->err));
    EXPECT_INT(n, PICTURES);
    EXPECT_INT(of[0].pixels, 44); // the largest
    EXPECT_OK(kr_item_drop(store, of[0].item, &t->err));
    EXPECT_OK(kr_regions_of_person(store, t->mem, "someone", &of, &n, &t->err));
    EXPECT_INT(n, PICTURES - 1); // forgotten with its picture
}

static void run(struct kr_test *t, sqlite3 *db, const char *sql)
{
    char *why = NULL;
    (void)t;
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
        print_error("%s\n", why);
    EXPECT(!why);
}

static size_t migration_of_regions(void)
{
    size_t i = 0;
    while (!strstr(kr_migrations_sqlite[i], "CREATE TABLE region"))
        i++;
    return i;
}

static const char *row(struct kr_test *t, sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    EXPECT(sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK);
    EXPECT(sqlite3_step(statement) == SQLITE_ROW);
    const char *text = kr_arena_strdup(t->mem, (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    return text;
}

// An archive that is older than the table finds its frames in it: each once, those taken back not.
TEST(an_older_archive_brings_its_frames_along)
{
    sqlite3 *db = NULL;
    size_t at = migration_of_regions();
    EXPECT(sqlite3_open(":memory:", &db) == SQLITE_OK);
    for (size_t i = 0; i < at; i++)
        run(t, db, kr_migrations_sqlite[i]);
    run(t, db,
        "INSERT INTO item VALUES (1, 'i', 'h', x'00', 5, 'photo', 'image/jpeg', '', 40, 30, 0, 0,"
        " '1985', 5479, 5843, 'owner', 0.9, 0, '1985', '', '', '', '', '', NULL, NULL, 0, 0,"
        " '', 1, '', 0, '', '{}', 1);");
    static const char *const claims[][4] = {
        {"r1", "region", "{\"kind\":\"face\",\"name\":\"A\",\"x\":0.1,\"y\":0,\"w\":0.5,\"h\":0.5}",
         ""},
        {"r2", "region", "{\"kind\":\"face\",\"name\":\"A\",\"x\":0.1,\"y\":0,\"w\":0.5,\"h\":0.5}",
         ""},
        {"r3", "region", "{\"kind\":\"face\",\"name\":\"\",\"x\":0,\"y\":0,\"w\":0.1,\"h\":0.1}",
         ""},
        {"r4", "region", "{\"kind\":\"face\",\"x\":0.5,\"y\":0,\"w\":0.1,\"h\":0.1}", ""},
        {"b", "retract", "null", "r3"},
        {"p1", "region_person", "{\"region\":\"r1\",\"person\":\"first\"}", ""},
        {"p2", "region_person", "{\"region\":\"r1\",\"person\":\"second\"}", ""},
        {"p3", "region_person", "{\"region\":\"r4\",\"person\":\"third\"}", ""},
        {"c", "retract", "null", "p3"},
    };
    for (size_t i = 0; i < KR_COUNT(claims); i++)
        run(t, db,
            kr_arena_format(
                t->mem,
                "INSERT INTO claim (id, home, subject, predicate, value, who, certain,"
                " at_ms, retracts) VALUES ('%s', 'h', 'i', '%s', '%s', 'xmp', 1, 7, '%s')",
                claims[i][0], claims[i][1], claims[i][2], claims[i][3]));
    for (size_t i = at; i < kr_migration_count; i++)
        run(t, db, kr_migrations_sqlite[i]);
    EXPECT_STR(
        row(t, db,
            "SELECT group_concat(claim || ':' || name || ':' || person || ':' || pixels, ' ')"
            " FROM (SELECT * FROM region ORDER BY claim)"),
        "r1:A:second:300 r4:::12");
    sqlite3_close(db);
}

MAIN(CASE(unnamed_faces_come_in_pages), CASE(an_older_archive_brings_its_frames_along))
