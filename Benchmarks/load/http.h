/* What the load generator and the shop share: a clock, and as much HTTP/1.1 as it takes between programs that know each other. */
#ifndef BENCH_HTTP_H
#define BENCH_HTTP_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>

/* CLOCK_MONOTONIC, which every process of the machine reads alike: the logs of both programs can be joined. */
static inline uint64_t nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static inline void die(const char *what) {
    perror(what);
    exit(2);
}

static inline struct sockaddr_in loopback(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static inline void send_at_once(int fd) {
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

/* The length of a message's head with its empty line, or 0 while that has not come. */
static inline size_t head_length(const char *input, size_t length) {
    const char *end = memmem(input, length, "\r\n\r\n", 4);
    return end ? (size_t)(end - input) + 4 : 0;
}

/* Content-Length of the head, or 0. */
static inline size_t content_length(const char *head, size_t length) {
    static const char name[] = "content-length:";
    const char *line = head, *end = head + length;
    while (line < end) {
        if ((size_t)(end - line) > sizeof name && !strncasecmp(line, name, sizeof name - 1)) {
            return strtoul(line + sizeof name - 1, NULL, 10);
        }
        line = memchr(line, '\n', (size_t)(end - line));
        if (!line) break;
        line++;
    }
    return 0;
}

#endif
