#define _GNU_SOURCE
#include "network.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/// Returns the length of the socket address, or 0 where the text is no numeric address.
static socklen_t parse(const char *address, uint16_t port, struct sockaddr_storage *result) {
  memset(result, 0, sizeof *result);
  struct sockaddr_in *v4 = (struct sockaddr_in *)result;
  if (inet_pton(AF_INET, address, &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    return sizeof *v4;
  }
  struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)result;
  if (inet_pton(AF_INET6, address, &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    return sizeof *v6;
  }
  return 0;
}

static int fail(int socket) {
  int error = errno;
  close(socket);
  errno = error;
  return -1;
}

int clinux_listen(const char *address, uint16_t *port, int backlog) {
  struct sockaddr_storage place;
  socklen_t size = parse(address, *port, &place);
  if (size == 0) {
    errno = EINVAL;
    return -1;
  }
  int listener = socket(place.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (listener < 0) return -1;
  int on = 1;
  if (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0) return fail(listener);
  if (bind(listener, (struct sockaddr *)&place, size) != 0 || listen(listener, backlog) != 0) return fail(listener);
  size = sizeof place;
  if (getsockname(listener, (struct sockaddr *)&place, &size) != 0) return fail(listener);
  *port = ntohs(place.ss_family == AF_INET ? ((struct sockaddr_in *)&place)->sin_port
                                           : ((struct sockaddr_in6 *)&place)->sin6_port);
  return listener;
}

int clinux_accept(int listener) {
  int connection = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (connection < 0) return -1;
  int on = 1;
  setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return connection;
}

ssize_t clinux_send(int socket, const void *bytes, size_t count, int more) {
  return send(socket, bytes, count, MSG_NOSIGNAL | (more ? MSG_MORE : 0));
}

int clinux_poll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

int clinux_poll_watch(int poll, int socket, uint64_t id, int interest, int is_new) {
  struct epoll_event event = {.events = EPOLLONESHOT, .data.u64 = id};
  if (interest & CLINUX_POLL_READABLE) event.events |= EPOLLIN | EPOLLRDHUP;
  if (interest & CLINUX_POLL_WRITABLE) event.events |= EPOLLOUT;
  return epoll_ctl(poll, is_new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event);
}

int clinux_poll_wait(int poll, int milliseconds, uint64_t *id) {
  struct epoll_event event;
  int count = epoll_wait(poll, &event, 1, milliseconds);
  if (count == 1) *id = event.data.u64;
  return count;
}

int64_t clinux_raise_descriptor_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -1;
  if (limit.rlim_cur < limit.rlim_max) {
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return (int64_t)before;
  }
  return limit.rlim_cur == RLIM_INFINITY ? INT64_MAX : (int64_t)limit.rlim_cur;
}
