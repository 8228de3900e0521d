/* shop: a shop on 127.0.0.1 that is faster than whoever tells it. Every POST is answered with 200 at once.
 *
 *   shop --port P [--log FILE] [--refuse CODE] [--down]
 *
 * --log writes a line for each notification that was taken: when (CLOCK_MONOTONIC, ns), subject, version, id of the event that caused it; it is complete when
 * SIGTERM has ended the shop. SIGUSR1 makes the shop refuse with CODE (503), SIGUSR2 makes it take again; with --down it begins refusing.
 * GET answers with how many were taken and refused, as JSON.
 */
#define _GNU_SOURCE
#include "http.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { INPUT = 65536, EVENTS = 256, WORD = 64 };

struct connection {
    int fd;
    size_t length;
    char input[INPUT + 1];
};

static int port, refusal = 503;
static bool is_down;
static FILE *log_file;
static long taken, refused;
/* What tells the other two descriptors from a connection. */
static char listener_mark, signal_mark;

static void read_options(int count, char **words) {
    static const struct option known[] = {{"port", 1, 0, 'p'}, {"log", 1, 0, 'l'}, {"refuse", 1, 0, 'r'}, {"down", 0, 0, 'd'}, {0, 0, 0, 0}};
    for (int option; (option = getopt_long(count, words, "", known, NULL)) != -1;) {
        switch (option) {
            case 'p': port = atoi(optarg); break;
            case 'r': refusal = atoi(optarg); break;
            case 'd': is_down = true; break;
            case 'l':
                log_file = fopen(optarg, "w");
                if (!log_file) die(optarg);
                setvbuf(log_file, NULL, _IOFBF, 1 << 20);
                break;
            default: exit(2);
        }
    }
}

/* Copies what follows `name` in `text` up to a quote, comma or brace. The text is JSON that terima wrote: without white space, members in a known order. */
static void copy_member(const char *text, const char *name, char word[WORD]) {
    const char *value = text ? strstr(text, name) : NULL;
    size_t length = 0;
    if (value) {
        value += strlen(name);
        while (length < WORD - 1 && value[length] && !strchr("\",}", value[length])) length++;
        memcpy(word, value, length);
    }
    word[length] = 0;
}

static void note(const char *body) {
    char subject[WORD], version[WORD], cause[WORD];
    copy_member(body, "\"subject\":\"", subject);
    copy_member(strstr(body, "\"data\":"), "\"version\":", version);
    copy_member(strstr(body, "\"cause\":"), "\"id\":\"", cause);
    fprintf(log_file, "%llu,%s,%s,%s\n", (unsigned long long)nanoseconds(), subject, version, cause);
}

static void answer(struct connection *connection, const char *request, const char *body) {
    char text[256];
    int length;
    if (request[0] == 'G') {
        char counts[96];
        int size = snprintf(counts, sizeof counts, "{\"taken\": %ld, \"refused\": %ld}", taken, refused);
        length = snprintf(text, sizeof text, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", size, counts);
    } else if (is_down) {
        refused++;
        length = snprintf(text, sizeof text, "HTTP/1.1 %d Refused\r\nContent-Length: 0\r\n\r\n", refusal);
    } else {
        taken++;
        if (log_file) note(body);
        length = snprintf(text, sizeof text, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }
    /* An answer is so short that a socket whose other side reads takes it whole. */
    if (write(connection->fd, text, (size_t)length) != length) perror("answer");
}

static void close_connection(struct connection *connection) {
    close(connection->fd);
    free(connection);
}

/* Answers every request that is complete. */
static void take_input(struct connection *connection) {
    size_t used = 0;
    for (;;) {
        char *request = connection->input + used;
        size_t left = connection->length - used;
        size_t head = head_length(request, left);
        size_t whole = head ? head + content_length(request, head) : 0;
        if (!head || whole > left) break;
        char next = request[whole];
        request[whole] = 0;
        answer(connection, request, request + head);
        request[whole] = next;
        used += whole;
    }
    memmove(connection->input, connection->input + used, connection->length - used);
    connection->length -= used;
}

static void read_more(struct connection *connection) {
    ssize_t got = read(connection->fd, connection->input + connection->length, INPUT - connection->length);
    if (got > 0) {
        connection->length += (size_t)got;
        take_input(connection);
    } else if (got == 0 || errno != EAGAIN) {
        close_connection(connection);
    }
}

static void watch(int poll_fd, int fd, void *mark) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = mark};
    if (epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &event) < 0) die("epoll_ctl");
}

static void take_connection(int poll_fd, int listener) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    send_at_once(fd);
    struct connection *connection = malloc(sizeof *connection);
    connection->fd = fd;
    connection->length = 0;
    watch(poll_fd, fd, connection);
}

static int listening(void) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), one = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in address = loopback(port);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 512) < 0) die("listen");
    return fd;
}

static int signals(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC);
}

/* False when the shop is to end. */
static bool take_signal(int fd) {
    struct signalfd_siginfo info;
    if (read(fd, &info, sizeof info) != (ssize_t)sizeof info) return true;
    if (info.ssi_signo == SIGUSR1) is_down = true;
    if (info.ssi_signo == SIGUSR2) is_down = false;
    return info.ssi_signo == SIGUSR1 || info.ssi_signo == SIGUSR2;
}

int main(int count, char **words) {
    read_options(count, words);
    signal(SIGPIPE, SIG_IGN);
    int poll_fd = epoll_create1(EPOLL_CLOEXEC), signal_fd = signals(), listener = listening();
    watch(poll_fd, listener, &listener_mark);
    watch(poll_fd, signal_fd, &signal_mark);
    struct epoll_event events[EVENTS];
    for (;;) {
        int ready = epoll_wait(poll_fd, events, EVENTS, -1);
        for (int index = 0; index < ready; index++) {
            void *mark = events[index].data.ptr;
            if (mark == &listener_mark) {
                take_connection(poll_fd, listener);
            } else if (mark != &signal_mark) {
                read_more(mark);
            } else if (!take_signal(signal_fd)) {
                if (log_file && fclose(log_file)) die("log");
                return 0;
            }
        }
    }
}
