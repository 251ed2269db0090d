// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/db.h"

#include "store/sql_text.h"
#include <assert.h>
#include <sqlite3.h>
#include <string.h>

enum { BUSY_MS = 10000 };

struct kr_rows {
    struct kr_db *db;
    sqlite3_stmt *statement; // owned by the db; busy until the rows end
};

struct kr_db {
    sqlite3 *sqlite;
    struct kr_rows prepared[KR_SQL_COUNT];
};

static bool fail(struct kr_db *db, int result, struct kr_err *err, const char *what)
{
    enum kr_code code = KR_E_IO;
    switch (result & 0xFF) {
    case SQLITE_FULL:
        code = KR_E_FULL;
        break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        code = KR_E_BUSY;
        break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        code = KR_E_DAMAGED;
        break;
    case SQLITE_CONSTRAINT:
        code = KR_E_EXISTS;
        break;
    case SQLITE_READONLY:
    case SQLITE_PERM:
        code = KR_E_REFUSED;
        break;
    case SQLITE_CANTOPEN:
        code = KR_E_NOT_FOUND;
        break;
    }
    return kr_fail(err, code, "database: %s: %s", what, sqlite3_errmsg(db->sqlite));
}

static bool run_text(struct kr_db *db, const char *sql, struct kr_err *err)
{
    int result = sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL);
    return result == SQLITE_OK || fail(db, result, err, "run");
}

// FULL: a commit that was acknowledged outlives a power cut.
static bool configure(struct kr_db *db, bool write, struct kr_err *err)
{
    sqlite3_extended_result_codes(db->sqlite, 1);
    sqlite3_busy_timeout(db->sqlite, BUSY_MS);
    sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    const char *common = "PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY;"
                         "PRAGMA mmap_size = 268435456; PRAGMA query_only = ";
    char text[256];
    kr_format(text, sizeof text, "%s%d;", common, !write);
    if (!run_text(db, text, err))
        return false;
    return !write || run_text(db,
                              "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                              "PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 2000;",
                              err);
}

bool kr_db_open(const char *path, bool write, struct kr_db **out, struct kr_err *err)
{
    KR_AUTO(kr_db_close) struct kr_db *db = kr_new(struct kr_db);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (write ? SQLITE_OPEN_CREATE : 0);
    int result = sqlite3_open_v2(path, &db->sqlite, flags, NULL);
    if (result != SQLITE_OK)
        return fail(db, result, err, "open");
    if (!configure(db, write, err))
        return false;
    *out = db;
    db = NULL;
    return true;
}

void kr_db_close(struct kr_db **db)
{
    if (*db) {
        for (int i = 0; i < KR_SQL_COUNT; i++)
            sqlite3_finalize((*db)->prepared[i].statement);
        sqlite3_close((*db)->sqlite);
    }
    kr_free(db);
}

static bool prepare(struct kr_db *db, enum kr_sql sql, struct kr_rows **out, struct kr_err *err)
{
    struct kr_rows *rows = &db->prepared[sql];
    if (!rows->statement) {
        int result = sqlite3_prepare_v3(db->sqlite, kr_sql_sqlite[sql], -1,
                                        SQLITE_PREPARE_PERSISTENT, &rows->statement, NULL);
        if (result != SQLITE_OK)
            return fail(db, result, err, kr_sql_names[sql]);
    }
    assert(!rows->db); // the rows of this query have not been ended
    rows->db = db;
    *out = rows;
    return true;
}

static int bind(sqlite3_stmt *statement, int index, const struct kr_value *value)
{
    switch (value->type) {
    case KR_V_INT:
        return sqlite3_bind_int64(statement, index, value->i);
    case KR_V_REAL:
        return sqlite3_bind_double(statement, index, value->r);
    case KR_V_TEXT:
        return sqlite3_bind_text64(statement, index, value->at, value->n, SQLITE_TRANSIENT,
                                   SQLITE_UTF8);
    case KR_V_BYTES:
        return sqlite3_bind_blob64(statement, index, value->at ? value->at : "", value->n,
                                   SQLITE_TRANSIENT);
    case KR_V_NULL:
        break;
    }
    return sqlite3_bind_null(statement, index);
}

// "$3" is a named parameter to SQLite, numbered by where it first stands.
static bool bind_all(struct kr_rows *rows, enum kr_sql sql, const struct kr_value *values, size_t n,
                     struct kr_err *err)
{
    for (size_t i = 0; i < n; i++) {
        char name[12];
        kr_format(name, sizeof name, "$%zu", i + 1);
        int index = sqlite3_bind_parameter_index(rows->statement, name);
        assert(index > 0); // every value has its place
        int result = bind(rows->statement, index, &values[i]);
        if (result != SQLITE_OK)
            return fail(rows->db, result, err, kr_sql_names[sql]);
    }
    assert(sqlite3_bind_parameter_count(rows->statement) == (int)n);
    return true;
}

struct kr_value kr_value_text(const char *text)
{
    return text ? (struct kr_value){.type = KR_V_TEXT, .at = text, .n = strlen(text)} : KR_NULL;
}

bool kr_db_query_values(struct kr_db *db, enum kr_sql sql, const struct kr_value *values, size_t n,
                        struct kr_rows **out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    if (!prepare(db, sql, &rows, err) || !bind_all(rows, sql, values, n, err))
        return false;
    *out = rows;
    rows = NULL;
    return true;
}

void kr_rows_end(struct kr_rows **rows)
{
    if (*rows) {
        sqlite3_reset((*rows)->statement);
        sqlite3_clear_bindings((*rows)->statement);
        (*rows)->db = NULL;
    }
    *rows = NULL;
}

bool kr_rows_next(struct kr_rows *rows, bool *more, struct kr_err *err)
{
    int result = sqlite3_step(rows->statement);
    if (result != SQLITE_ROW && result != SQLITE_DONE)
        return fail(rows->db, result, err, "step");
    *more = result == SQLITE_ROW;
    return true;
}

const char *kr_row_keep(const struct kr_rows *rows, struct kr_arena *mem, int column)
{
    return kr_arena_strdup(mem, kr_row_text(rows, column));
}

bool kr_rows_take(struct kr_rows **rows, struct kr_arena *mem, size_t size,
                  void (*take)(const struct kr_rows *rows, struct kr_arena *mem, void *out),
                  void **out, size_t *n, struct kr_err *err)
{
    KR_AUTO(kr_buf_finish) struct kr_buf list = {0};
    void *one = kr_arena_alloc(mem, size);
    for (bool more = true;;) {
        if (!kr_rows_next(*rows, &more, err))
            return false;
        if (!more)
            break;
        take(*rows, mem, one);
        kr_buf_add(&list, one, size);
    }
    kr_rows_end(rows);
    *n = list.n / size;
    *out = kr_arena_copy(mem, list.at, list.n);
    return true;
}

static void take_text(const struct kr_rows *rows, struct kr_arena *mem, void *out)
{
    *(const char **)out = kr_row_keep(rows, mem, 0);
}

bool kr_rows_texts(struct kr_rows **rows, struct kr_arena *mem, const char *const **out, size_t *n,
                   struct kr_err *err)
{
    void *list;
    if (!kr_rows_take(rows, mem, sizeof **out, take_text, &list, n, err))
        return false;
    *out = list;
    return true;
}

bool kr_db_run_values(struct kr_db *db, enum kr_sql sql, const struct kr_value *values, size_t n,
                      struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more;
    return kr_db_query_values(db, sql, values, n, &rows, err) && kr_rows_next(rows, &more, err);
}

int64_t kr_db_changes(const struct kr_db *db)
{
    return sqlite3_changes64(db->sqlite);
}

int64_t kr_db_touched(const struct kr_db *db)
{
    return sqlite3_total_changes64(db->sqlite);
}

bool kr_row_null(const struct kr_rows *rows, int column)
{
    return sqlite3_column_type(rows->statement, column) == SQLITE_NULL;
}

int64_t kr_row_int(const struct kr_rows *rows, int column)
{
    return sqlite3_column_int64(rows->statement, column);
}

double kr_row_real(const struct kr_rows *rows, int column)
{
    return sqlite3_column_double(rows->statement, column);
}

const char *kr_row_text(const struct kr_rows *rows, int column)
{
    const char *text = (const char *)sqlite3_column_text(rows->statement, column);
    return text ? text : "";
}

struct kr_str kr_row_bytes(const struct kr_rows *rows, int column)
{
    const char *at = sqlite3_column_blob(rows->statement, column);
    return (struct kr_str){at, (size_t)sqlite3_column_bytes(rows->statement, column)};
}

bool kr_tx_begin(struct kr_db *db, struct kr_tx *out, struct kr_err *err)
{
    if (!run_text(db, "BEGIN IMMEDIATE", err))
        return kr_within(err, "wait for one's turn to write");
    out->db = db;
    return true;
}

bool kr_tx_commit(struct kr_tx *tx, struct kr_err *err)
{
    if (!run_text(tx->db, "COMMIT", err))
        return kr_within(err, "commit");
    tx->db = NULL;
    return true;
}

void kr_tx_undo(struct kr_tx *tx)
{
    if (tx->db)
        sqlite3_exec(tx->db->sqlite, "ROLLBACK", NULL, NULL, NULL);
    tx->db = NULL;
}

static bool one_number(struct kr_db *db, const char *sql, int64_t *out, struct kr_err *err)
{
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(db->sqlite, sql, -1, &statement, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_step(statement);
    bool got = result == SQLITE_ROW;
    if (got)
        *out = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return got || fail(db, result, err, "ask");
}

bool kr_db_version(struct kr_db *db, int64_t *out, struct kr_err *err)
{
    return one_number(db, "PRAGMA data_version", out, err);
}

static bool migrate_from(struct kr_db *db, size_t version, struct kr_err *err)
{
    for (size_t i = version; i < kr_migration_count; i++)
        if (!run_text(db, kr_migrations_sqlite[i], err))
            return kr_within(err, "migration %zu", i + 1);
    char text[40];
    kr_format(text, sizeof text, "PRAGMA user_version = %zu", kr_migration_count);
    return run_text(db, text, err);
}

static bool newer(int64_t version, struct kr_err *err)
{
    return kr_fail(err, KR_E_UNSUPPORTED, "a newer kinreel (schema %jd) wrote this archive",
                   (intmax_t)version);
}

bool kr_db_migrate(struct kr_db *db, struct kr_err *err)
{
    int64_t version = 0;
    if (!one_number(db, "PRAGMA user_version", &version, err))
        return false;
    if (version == (int64_t)kr_migration_count)
        return true;
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    if (!run_text(db, "BEGIN EXCLUSIVE", err))
        return kr_within(err, "bring the database up to date");
    tx.db = db;
    if (!one_number(db, "PRAGMA user_version", &version, err)) // another may have been first
        return false;
    if (version > (int64_t)kr_migration_count)
        return newer(version, err);
    return migrate_from(db, (size_t)version, err) && kr_tx_commit(&tx, err);
}

bool kr_db_empty_log(struct kr_db *db, struct kr_err *err)
{
    int64_t busy;
    return one_number(db, "PRAGMA wal_checkpoint(TRUNCATE)", &busy, err);
}

bool kr_db_is_current(struct kr_db *db, bool *out, struct kr_err *err)
{
    int64_t version = 0;
    if (!one_number(db, "PRAGMA user_version", &version, err))
        return false;
    *out = version == (int64_t)kr_migration_count;
    return version <= (int64_t)kr_migration_count || newer(version, err);
}

bool kr_db_check(struct kr_db *db, struct kr_err *err)
{
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(db->sqlite, "PRAGMA integrity_check(1)", -1, &statement, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_step(statement);
    const char *says =
        result == SQLITE_ROW ? (const char *)sqlite3_column_text(statement, 0) : NULL;
    bool fine = says && strcmp(says, "ok") == 0;
    if (!fine && says)
        kr_fail(err, KR_E_DAMAGED, "database: %.200s", says);
    else if (!fine)
        fail(db, result, err, "check");
    sqlite3_finalize(statement);
    return fine;
}

bool kr_db_copy(struct kr_db *db, const char *path, struct kr_err *err)
{
    KR_AUTO(kr_db_close) struct kr_db *to = kr_new(struct kr_db);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int result = sqlite3_open_v2(path, &to->sqlite, flags, NULL);
    if (result != SQLITE_OK)
        return fail(to, result, err, "open the copy");
    sqlite3_backup *backup = sqlite3_backup_init(to->sqlite, "main", db->sqlite, "main");
    if (!backup)
        return fail(to, sqlite3_errcode(to->sqlite), err, "begin the copy");
    result = sqlite3_backup_step(backup, -1);
    int finished = sqlite3_backup_finish(backup);
    if (result != SQLITE_DONE || finished != SQLITE_OK)
        return fail(to, result != SQLITE_DONE ? result : finished, err, "copy");
    return true;
}
