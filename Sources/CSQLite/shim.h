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

/* The file of the main database as SQLite has it open: https://sqlite.org/c3ref/c_fcntl_begin_atomic_write.html#sqlitefcntlfilepointer */
static inline sqlite3_file *terima_sqlite3_file(sqlite3 *db) {
    sqlite3_file *file = 0;
    int result = sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    return result == SQLITE_OK && file && file->pMethods ? file : 0;
}

static inline int terima_sqlite3_read_file(sqlite3 *db, void *bytes, int count, sqlite3_int64 offset) {
    sqlite3_file *file = terima_sqlite3_file(db);
    return file ? file->pMethods->xRead(file, bytes, count, offset) : SQLITE_MISUSE;
}

static inline int terima_sqlite3_write_file(sqlite3 *db, const void *bytes, int count, sqlite3_int64 offset) {
    sqlite3_file *file = terima_sqlite3_file(db);
    return file ? file->pMethods->xWrite(file, bytes, count, offset) : SQLITE_MISUSE;
}

static inline int terima_sqlite3_sync_file(sqlite3 *db) {
    sqlite3_file *file = terima_sqlite3_file(db);
    return file ? file->pMethods->xSync(file, SQLITE_SYNC_FULL) : SQLITE_MISUSE;
}
