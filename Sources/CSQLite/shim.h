#pragma once

#include <sqlite3.h>

/* What Swift cannot import: a variadic function, and SQLITE_STATIC and SQLITE_TRANSIENT, which are casts. */

static inline int terima_sqlite3_set_flag(sqlite3 *db, int option, int on, int *now) {
    return sqlite3_db_config(db, option, on, now);
}

/* SQLite keeps count of its memory behind a mutex that every allocation takes. Nobody reads the count. To be called before SQLite is first used. */
static inline int terima_sqlite3_stop_counting_memory(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* The bytes stay where they are until the bindings are cleared. */
static inline int terima_sqlite3_bind_text(sqlite3_stmt *statement, int position, const void *utf8, sqlite3_uint64 length) {
    return sqlite3_bind_text64(statement, position, (const char *)utf8, length, SQLITE_STATIC, SQLITE_UTF8);
}

static inline int terima_sqlite3_bind_blob(sqlite3_stmt *statement, int position, const void *bytes, sqlite3_uint64 length) {
    return sqlite3_bind_blob64(statement, position, bytes, length, SQLITE_STATIC);
}

static inline int terima_sqlite3_bind_copied_text(sqlite3_stmt *statement, int position, const void *utf8, sqlite3_uint64 length) {
    return sqlite3_bind_text64(statement, position, (const char *)utf8, length, SQLITE_TRANSIENT, SQLITE_UTF8);
}
