// SPDX-License-Identifier: AGPL-3.0-or-later
// sql_text.h: what tools/sqlnames makes of sql/*.sql; for db.c and the tests.
#pragma once
#include "store/sql_names.h"
#include <stddef.h>

extern const char *const kr_sql_sqlite[KR_SQL_COUNT];
extern const char *const kr_sql_postgresql[KR_SQL_COUNT];
extern const char *const kr_migrations_sqlite[];
extern const char *const kr_migrations_postgresql[];
extern const size_t kr_migration_count;
extern const char *const kr_sql_names[KR_SQL_COUNT];
