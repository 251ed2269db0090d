// SPDX-License-Identifier: AGPL-3.0-or-later
// db.h: the thin layer over the database: named queries, bound values, rows.
//
// Queries live in store/sql/*.sql under a name; tools/sqlnames makes the enum
// kr_sql of them. They use $1, $2 … so that PostgreSQL can run the same text.
// Only store/ includes this header. Threads: a kr_db belongs to one thread.

#pragma once
#include "base/text.h"
#include "store/sql_names.h" // generated: enum kr_sql { KR_SQL_CLAIM_ADD, … }

struct kr_db;
KR_CHECK bool kr_db_open(const char *path, bool write, struct kr_db **out, struct kr_err *err);
void kr_db_close(struct kr_db **db);

// Runs the migrations this database has not seen, under an exclusive lock.
KR_CHECK bool kr_db_migrate(struct kr_db *db, struct kr_err *err);
// Whether it has seen them all; KR_E_UNSUPPORTED when a newer kinreel wrote it.
KR_CHECK bool kr_db_is_current(struct kr_db *db, bool *out, struct kr_err *err);

struct kr_value {
    enum { KR_V_NULL, KR_V_INT, KR_V_REAL, KR_V_TEXT, KR_V_BYTES } type;
    int64_t i;
    double r;
    const void *at;
    size_t n;
};
#define KR_INT(x) ((struct kr_value){.type = KR_V_INT, .i = (x)})
#define KR_REAL(x) ((struct kr_value){.type = KR_V_REAL, .r = (x)})
#define KR_TEXT(x) kr_value_text(x) // NULL gives null
#define KR_BYTES(p, len) ((struct kr_value){.type = KR_V_BYTES, .at = (p), .n = (len)})
#define KR_NULL ((struct kr_value){.type = KR_V_NULL})
struct kr_value kr_value_text(const char *text);

// A list of values that may be empty: a null stands before the first.
#define KR_VALUES(...) ((const struct kr_value[]){KR_NULL, __VA_ARGS__} + 1)
#define KR_VALUE_COUNT(...)                                                                        \
    (sizeof((const struct kr_value[]){KR_NULL, __VA_ARGS__}) / sizeof(struct kr_value) - 1)

// Runs a query that gives no rows: kr_db_run(db, KR_SQL_X, err, KR_INT(1), KR_TEXT("a")).
#define kr_db_run(db, sql, err, ...)                                                               \
    kr_db_run_values((db), (sql), KR_VALUES(__VA_ARGS__), KR_VALUE_COUNT(__VA_ARGS__), (err))
KR_CHECK bool kr_db_run_values(struct kr_db *db, enum kr_sql sql, const struct kr_value *values,
                               size_t n, struct kr_err *err);
int64_t kr_db_changes(const struct kr_db *db); // rows the last run touched
int64_t kr_db_touched(const struct kr_db *db); // rows this connection ever touched

// Starts a query; *out is the caller's to end, before the next use of the same query.
struct kr_rows;
#define kr_db_query(db, sql, out, err, ...)                                                        \
    kr_db_query_values((db), (sql), KR_VALUES(__VA_ARGS__), KR_VALUE_COUNT(__VA_ARGS__), (out),    \
                       (err))
KR_CHECK bool kr_db_query_values(struct kr_db *db, enum kr_sql sql, const struct kr_value *values,
                                 size_t n, struct kr_rows **out, struct kr_err *err);
void kr_rows_end(struct kr_rows **rows);
KR_CHECK bool kr_rows_next(struct kr_rows *rows, bool *more, struct kr_err *err);
// Columns count from 0. Text and bytes are borrowed until the next row.
bool kr_row_null(const struct kr_rows *rows, int column);
int64_t kr_row_int(const struct kr_rows *rows, int column);
double kr_row_real(const struct kr_rows *rows, int column);
const char *kr_row_text(const struct kr_rows *rows, int column); // "" for null
struct kr_str kr_row_bytes(const struct kr_rows *rows, int column);
// The text of a column, to stay.
const char *kr_row_keep(const struct kr_rows *rows, struct kr_arena *mem, int column);
// All rows left as an array of structs of `size` bytes, each filled by `take`; ends the query.
KR_CHECK bool kr_rows_take(struct kr_rows **rows, struct kr_arena *mem, size_t size,
                           void (*take)(const struct kr_rows *rows, struct kr_arena *mem,
                                        void *out),
                           void **out, size_t *n, struct kr_err *err);
// The first column of all rows left, as texts; ends the query.
KR_CHECK bool kr_rows_texts(struct kr_rows **rows, struct kr_arena *mem, const char *const **out,
                            size_t *n, struct kr_err *err);

// Writers take turns: begin waits up to 10 s, then KR_E_BUSY. Keep it under
// 50 ms and never across a decode. A transaction not committed is undone.
struct kr_tx {
    struct kr_db *db; // NULL: none
};
#define KR_TX_NONE ((struct kr_tx){NULL})
KR_CHECK bool kr_tx_begin(struct kr_db *db, struct kr_tx *out, struct kr_err *err);
KR_CHECK bool kr_tx_commit(struct kr_tx *tx, struct kr_err *err);
void kr_tx_undo(struct kr_tx *tx); // for KR_AUTO; fine after commit

// A number that changes whenever another connection has written (PRAGMA data_version).
KR_CHECK bool kr_db_version(struct kr_db *db, int64_t *out, struct kr_err *err);
// Moves the write-ahead log into the database and empties it, where nobody reads it just now.
KR_CHECK bool kr_db_empty_log(struct kr_db *db, struct kr_err *err);
// Integrity of the database file itself: KR_E_DAMAGED with what the engine says.
KR_CHECK bool kr_db_check(struct kr_db *db, struct kr_err *err);
// A consistent copy of the whole database into the file `path` (online backup).
KR_CHECK bool kr_db_copy(struct kr_db *db, const char *path, struct kr_err *err);
