/* load: HTTP/1.1 keep-alive load on 127.0.0.1 from a file of ready requests, each sent once. Prints one JSON object.
 *
 *   load --port P --corpus FILE --connections N --count N [--start N] [--rate R] [--seconds S] [--log FILE]
 *
 * The corpus is { uint32 length, request }... Without --rate it is a closed loop: each connection sends its next request when it has its answer. With
 * --rate it is an open loop: request i is due at begin + i / R, goes out on a connection that is free, and its latency counts from when it was due, so
 * that a server that stalls is charged with everybody who had to wait. --seconds ends it early; what was then under way is not counted. --log writes a
 * line for each request: index in the corpus, due, sent, answered (CLOCK_MONOTONIC, ns; 0: never), code.
 */
#define _GNU_SOURCE
#include "http.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { INPUT = 8192, IDLE = -1, CODES = 600, EVENTS = 256 };

struct options {
    int port, connections;
    const char *corpus, *log;
    long count, start;
    double rate, seconds;
};

struct request {
    const char *bytes;
    uint32_t length;
    int code;
    uint64_t due, sent, answered;
};

struct connection {
    int fd;
    bool wants_output;
    long request; /* which one is under way, or IDLE */
    const char *unsent;
    size_t unsent_length;
    char input[INPUT];
    size_t input_length, skip; /* skip: bytes of an answer's body still to come */
};

static struct options options;
static struct request *requests;
static struct connection *connections;
static int poll_fd, timer_fd;
static int *idle; /* a ring of idle connections: the longest idle is taken first */
static int idle_first, idle_count;
static long next_request, answered, failed;
static uint64_t begun, last_answer;
static long codes[CODES];

static void fail(const char *message) {
    fprintf(stderr, "load: %s\n", message);
    exit(2);
}

static void read_options(int count, char **words) {
    static const struct option known[] = {
        {"port", 1, 0, 'p'}, {"corpus", 1, 0, 'c'}, {"connections", 1, 0, 'n'}, {"count", 1, 0, 'k'}, {"start", 1, 0, 's'},
        {"rate", 1, 0, 'r'}, {"seconds", 1, 0, 't'}, {"log", 1, 0, 'l'},        {0, 0, 0, 0},
    };
    options.seconds = 60;
    for (int option; (option = getopt_long(count, words, "", known, NULL)) != -1;) {
        switch (option) {
            case 'p': options.port = atoi(optarg); break;
            case 'c': options.corpus = optarg; break;
            case 'n': options.connections = atoi(optarg); break;
            case 'k': options.count = atol(optarg); break;
            case 's': options.start = atol(optarg); break;
            case 'r': options.rate = atof(optarg); break;
            case 't': options.seconds = atof(optarg); break;
            case 'l': options.log = optarg; break;
            default: exit(2);
        }
    }
    if (!options.port || !options.corpus || options.connections < 1 || options.count < 1 || options.start < 0) {
        fail("--port, --corpus, --connections and --count are needed; see the head of load.c");
    }
}

/* Finds the requests from --start on in the corpus. Nothing is copied. */
static void read_corpus(void) {
    int fd = open(options.corpus, O_RDONLY);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) < 0) die(options.corpus);
    size_t size = (size_t)status.st_size, at = 0;
    const char *bytes = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
    if (bytes == MAP_FAILED) die("mmap");
    requests = calloc((size_t)options.count, sizeof *requests);
    for (long index = 0; index < options.start + options.count; index++) {
        uint32_t length = 0;
        if (at + sizeof length <= size) memcpy(&length, bytes + at, sizeof length);
        if (length == 0 || at + sizeof length + length > size) fail("the corpus has fewer requests than are to be sent");
        if (index >= options.start) requests[index - options.start] = (struct request){.bytes = bytes + at + sizeof length, .length = length};
        at += sizeof length + length;
    }
    /* Read in before the clock runs: a page that is missing would be the server's latency. */
    const char *first = requests[0].bytes, *last = requests[options.count - 1].bytes;
    volatile char touched;
    for (const char *page = first; page <= last; page += 4096) touched = *page;
    (void)touched;
}

static void watch(struct connection *connection, bool output) {
    if (output == connection->wants_output) return;
    connection->wants_output = output;
    struct epoll_event event = {.events = EPOLLIN | (output ? EPOLLOUT : 0), .data.ptr = connection};
    epoll_ctl(poll_fd, EPOLL_CTL_MOD, connection->fd, &event);
}

static void open_connection(struct connection *connection) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = loopback(options.port);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) die("connect");
    send_at_once(fd);
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    connection->fd = fd;
    connection->request = IDLE;
    connection->wants_output = false;
    connection->unsent_length = connection->input_length = connection->skip = 0;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &event);
}

static void rest(struct connection *connection) {
    connection->request = IDLE;
    idle[(idle_first + idle_count++) % options.connections] = (int)(connection - connections);
}

/* The connection broke. A request that was under way has failed; an idle connection may be closed by the server. */
static void reopen(struct connection *connection) {
    close(connection->fd);
    bool was_busy = connection->request != IDLE;
    open_connection(connection);
    if (was_busy) {
        failed++;
        rest(connection);
    }
}

static void write_more(struct connection *connection) {
    while (connection->unsent_length) {
        ssize_t written = write(connection->fd, connection->unsent, connection->unsent_length);
        if (written < 0) {
            if (errno == EAGAIN) watch(connection, true);
            return; /* another error is met again when the answer is read */
        }
        connection->unsent += written;
        connection->unsent_length -= (size_t)written;
    }
    watch(connection, false);
}

static void start_request(struct connection *connection, uint64_t due) {
    struct request *request = &requests[next_request];
    connection->request = next_request++;
    connection->unsent = request->bytes;
    connection->unsent_length = request->length;
    request->sent = nanoseconds();
    request->due = due ? due : request->sent;
    write_more(connection);
}

static uint64_t due_time(long index) { return begun + (uint64_t)((double)index * 1e9 / options.rate); }

/* Starts what may be started now: in an open loop what is due, in a closed one whatever there is. Sets the timer for what comes next. */
static void start_requests(void) {
    uint64_t now = options.rate > 0 ? nanoseconds() : 0;
    while (idle_count && next_request < options.count) {
        uint64_t due = options.rate > 0 ? due_time(next_request) : 0;
        if (due > now) {
            struct itimerspec at = {.it_value = {.tv_sec = (time_t)(due / 1000000000u), .tv_nsec = (long)(due % 1000000000u)}};
            timerfd_settime(timer_fd, TFD_TIMER_ABSTIME, &at, NULL);
            return;
        }
        struct connection *connection = &connections[idle[idle_first]];
        idle_first = (idle_first + 1) % options.connections;
        idle_count--;
        start_request(connection, due);
    }
}

static void take_answer(struct connection *connection, int code) {
    struct request *request = &requests[connection->request];
    request->answered = last_answer = nanoseconds();
    request->code = code;
    codes[code > 0 && code < CODES ? code : 0]++;
    answered++;
    rest(connection);
}

/* Takes the answers that are complete as far as their heads; bodies are skipped. */
static void take_input(struct connection *connection) {
    size_t used = 0;
    for (;;) {
        size_t left = connection->input_length - used;
        size_t skipped = left < connection->skip ? left : connection->skip;
        used += skipped;
        left -= skipped;
        connection->skip -= skipped;
        const char *answer = connection->input + used;
        size_t head = connection->skip ? 0 : head_length(answer, left);
        if (!head || connection->request == IDLE) break;
        connection->skip = content_length(answer, head);
        take_answer(connection, atoi(answer + strlen("HTTP/1.1 ")));
        used += head;
    }
    memmove(connection->input, connection->input + used, connection->input_length - used);
    connection->input_length -= used;
}

static void read_more(struct connection *connection) {
    ssize_t got = read(connection->fd, connection->input + connection->input_length, INPUT - connection->input_length);
    if (got > 0) {
        connection->input_length += (size_t)got;
        take_input(connection);
    } else if (got == 0 || errno != EAGAIN) {
        reopen(connection);
    }
}

static void run(void) {
    struct epoll_event events[EVENTS];
    begun = last_answer = nanoseconds();
    uint64_t end = begun + (uint64_t)(options.seconds * 1e9);
    start_requests();
    while (answered + failed < options.count && nanoseconds() < end) {
        int count = epoll_wait(poll_fd, events, EVENTS, 100);
        for (int index = 0; index < count; index++) {
            struct connection *connection = events[index].data.ptr;
            if (!connection) {
                uint64_t expirations;
                if (read(timer_fd, &expirations, sizeof expirations) < 0 && errno != EAGAIN) die("timer");
                continue;
            }
            if (events[index].events & EPOLLOUT) write_more(connection);
            if (events[index].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) read_more(connection);
            if (options.rate == 0) start_requests();
        }
        start_requests();
    }
}

static int ascending(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

static double quantile_ms(const uint64_t *sorted, long count, double part) {
    long index = (long)((double)count * part);
    return count ? (double)sorted[index < count ? index : count - 1] / 1e6 : 0;
}

static void print_result(void) {
    uint64_t *latencies = calloc((size_t)options.count, sizeof *latencies);
    long count = 0;
    for (long index = 0; index < next_request; index++) {
        if (requests[index].answered) latencies[count++] = requests[index].answered - requests[index].due;
    }
    qsort(latencies, (size_t)count, sizeof *latencies, ascending);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double seconds = (double)(last_answer - begun) / 1e9;
    double cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    printf("{\"rate\": %.1f, \"answered\": %ld, \"seconds\": %.4f, \"errors\": %ld, \"unanswered\": %ld, ", seconds > 0 ? (double)count / seconds : 0,
           count, seconds, failed, options.count - answered - failed);
    printf("\"p50_ms\": %.4f, \"p90_ms\": %.4f, \"p99_ms\": %.4f, \"p999_ms\": %.4f, \"max_ms\": %.4f, ", quantile_ms(latencies, count, 0.5),
           quantile_ms(latencies, count, 0.9), quantile_ms(latencies, count, 0.99), quantile_ms(latencies, count, 0.999), quantile_ms(latencies, count, 1));
    printf("\"begun_ns\": %llu, \"load_cores\": %.3f, \"codes\": {", (unsigned long long)begun, seconds > 0 ? cpu / seconds : 0);
    const char *separator = "";
    for (int code = 0; code < CODES; code++) {
        if (codes[code]) printf("%s\"%d\": %ld", separator, code, codes[code]), separator = ", ";
    }
    printf("}}\n");
    free(latencies);
}

static void write_log(void) {
    FILE *file = fopen(options.log, "w");
    if (!file) die(options.log);
    for (long index = 0; index < next_request; index++) {
        const struct request *request = &requests[index];
        fprintf(file, "%ld,%llu,%llu,%llu,%d\n", options.start + index, (unsigned long long)request->due, (unsigned long long)request->sent,
                (unsigned long long)request->answered, request->code);
    }
    if (fclose(file)) die(options.log);
}

int main(int count, char **words) {
    read_options(count, words);
    read_corpus();
    poll_fd = epoll_create1(EPOLL_CLOEXEC);
    timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(poll_fd, EPOLL_CTL_ADD, timer_fd, &event);
    connections = calloc((size_t)options.connections, sizeof *connections);
    idle = calloc((size_t)options.connections, sizeof *idle);
    for (int index = 0; index < options.connections; index++) {
        open_connection(&connections[index]);
        rest(&connections[index]);
    }
    run();
    print_result();
    if (options.log) write_log();
    return 0;
}
