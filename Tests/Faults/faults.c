// Loaded into terima with LD_PRELOAD: counts the calls that matter on the database's files, and makes the chosen one fail, wait, or kill the process.
//
// FAULT_CONTROL  a file of one struct control, shared with whoever runs the campaign: the plan goes in, the counts come out
// FAULT_CALLS    names, with commas: fdatasync fsync pwrite64 ftruncate fallocate openat statement
// FAULT_PATH     only files whose path begins with this; and fsync of the directory that it lies in
// FAULT_SQL      run on the writer's connection when it has its settings
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { NOTHING, FAIL, KILL_BEFORE, KILL_AFTER, WAIT, SKIP };

struct control {
    _Atomic int64_t count, fired, at, is_sticky, action, argument;
};

static struct control *control;
static const char *calls = "", *path = "", *sql;
static char directory[4096];

__attribute__((constructor)) static void begin(void) {
    const char *file = getenv("FAULT_CONTROL");
    if (!file) return;
    int descriptor = open(file, O_RDWR | O_CLOEXEC);
    if (descriptor < 0) abort();
    struct control *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (shared == MAP_FAILED) abort();
    close(descriptor);
    if (getenv("FAULT_CALLS")) calls = getenv("FAULT_CALLS");
    if (getenv("FAULT_PATH")) path = getenv("FAULT_PATH");
    sql = getenv("FAULT_SQL");
    char copy[4096];
    snprintf(copy, sizeof copy, "%s", path);
    snprintf(directory, sizeof directory, "%s", dirname(copy));
    control = shared;
}

static int is_chosen(const char *call) {
    size_t length = strlen(call);
    for (const char *at = strstr(calls, call); at; at = strstr(at + 1, call))
        if ((at == calls || at[-1] == ',') && (at[length] == 0 || at[length] == ',')) return 1;
    return 0;
}

// What is to be done at this call.
static int decide(void) {
    int64_t number = atomic_fetch_add(&control->count, 1) + 1, at = control->at;
    if (at == 0 || number < at || (number > at && !control->is_sticky)) return NOTHING;
    atomic_fetch_add(&control->fired, 1);
    if (control->action == KILL_BEFORE) kill(getpid(), SIGKILL);
    if (control->action == WAIT) {
        struct timespec time = {control->argument / 1000, control->argument % 1000 * 1000000};
        nanosleep(&time, NULL);
    }
    return (int)control->action;
}

static int decide_for_path(const char *call, const char *name) {
    if (!control || !is_chosen(call)) return NOTHING;
    if (strncmp(name, path, strlen(path)) != 0 && !(strcmp(call, "fsync") == 0 && strcmp(name, directory) == 0)) return NOTHING;
    return decide();
}

static int decide_for_file(const char *call, int descriptor) {
    if (!control || !is_chosen(call)) return NOTHING;
    char link[64], name[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, name, sizeof name - 1);
    if (length < 0) return NOTHING;
    name[length] = 0;
    return decide_for_path(call, name);
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define FAULTY(call, descriptor, failed, skipped, real)      \
    do {                                                     \
        int what = decide_for_file(call, descriptor);        \
        if (what == FAIL) {                                  \
            errno = (int)control->argument;                  \
            return failed;                                   \
        }                                                    \
        if (what == SKIP) return skipped;                    \
        __typeof__(real) result = real;                      \
        if (what == KILL_AFTER) kill(getpid(), SIGKILL);     \
        return result;                                       \
    } while (0)

int fdatasync(int file) { FAULTY("fdatasync", file, -1, 0, NEXT(fdatasync)(file)); }
int fsync(int file) { FAULTY("fsync", file, -1, 0, NEXT(fsync)(file)); }
ssize_t pwrite(int file, const void *from, size_t count, off_t at) { FAULTY("pwrite64", file, -1, (ssize_t)count, NEXT(pwrite)(file, from, count, at)); }
ssize_t pwrite64(int file, const void *from, size_t count, off64_t at) { FAULTY("pwrite64", file, -1, (ssize_t)count, NEXT(pwrite64)(file, from, count, at)); }
int ftruncate(int file, off_t length) { FAULTY("ftruncate", file, -1, 0, NEXT(ftruncate)(file, length)); }
int ftruncate64(int file, off64_t length) { FAULTY("ftruncate", file, -1, 0, NEXT(ftruncate64)(file, length)); }
int fallocate(int file, int mode, off_t at, off_t length) { FAULTY("fallocate", file, -1, 0, NEXT(fallocate)(file, mode, at, length)); }
// This one returns its error.
int posix_fallocate(int file, off_t at, off_t length) { FAULTY("fallocate", file, (int)control->argument, 0, NEXT(posix_fallocate)(file, at, length)); }
int posix_fallocate64(int file, off64_t at, off64_t length) { FAULTY("fallocate", file, (int)control->argument, 0, NEXT(posix_fallocate64)(file, at, length)); }

#define OPEN(name)                                                             \
    int name(const char *file, int flags, ...) {                               \
        va_list rest;                                                          \
        va_start(rest, flags);                                                 \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
        va_end(rest);                                                          \
        int what = decide_for_path("openat", file);                            \
        if (what == FAIL) {                                                    \
            errno = (int)control->argument;                                    \
            return -1;                                                         \
        }                                                                      \
        int result = NEXT(name)(file, flags, mode);                            \
        if (what == KILL_AFTER) kill(getpid(), SIGKILL);                       \
        return result;                                                         \
    }
OPEN(open)
OPEN(open64)

// SQLite, from the outside: every statement that begins (and, being killed after it, ends) on the connection that may write.
typedef struct sqlite3 sqlite3;
typedef int (*traced)(unsigned, void *, void *, void *);
enum { OPEN_READWRITE = 2, TRACE_STATEMENT = 1, TRACE_PROFILE = 2 };
static _Atomic int dies_at_end;

static int trace(unsigned event, void *context, void *statement, void *text) {
    if (event == TRACE_STATEMENT) {
        if (decide() == KILL_AFTER) dies_at_end = 1;
    } else if (dies_at_end) {
        kill(getpid(), SIGKILL);
    }
    return 0;
}

int sqlite3_open_v2(const char *name, sqlite3 **connection, int flags, const char *vfs) {
    int result = ((int (*)(const char *, sqlite3 **, int, const char *))dlsym(RTLD_NEXT, "sqlite3_open_v2"))(name, connection, flags, vfs);
    if (control && result == 0 && flags & OPEN_READWRITE && is_chosen("statement"))
        ((int (*)(sqlite3 *, unsigned, traced, void *))dlsym(RTLD_NEXT, "sqlite3_trace_v2"))(*connection, TRACE_STATEMENT | TRACE_PROFILE, trace, NULL);
    return result;
}

int sqlite3_exec(sqlite3 *connection, const char *text, int (*row)(void *, int, char **, char **), void *context, char **error) {
    int (*real)(sqlite3 *, const char *, int (*)(void *, int, char **, char **), void *, char **) = dlsym(RTLD_NEXT, "sqlite3_exec");
    int result = real(connection, text, row, context, error);
    // The BEGIN of the migration or of the first write comes after the last setting.
    if (control && sql && strstr(text, "journal_size_limit")) real(connection, sql, NULL, NULL, NULL);
    return result;
}
