// Sockets of a server, and waiting for many of them at once: epoll(7), which Swift's Glibc module does not show.
#ifndef INGOT_NETWORK_H
#define INGOT_NETWORK_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// A listening TCP socket that does not block, at a numeric address (IPv4 or IPv6). Port 0 takes a free one. `port` gets the one that
/// was taken. Returns the socket, or -1 with errno set; EINVAL where the address is not numeric.
int clinux_listen(const char *address, uint16_t *port, int backlog);

/// accept4(2): a connection that does not block, and sends what it is given at once.
int clinux_accept(int listener);

/// send(2) without SIGPIPE. `more` says that more follows directly.
ssize_t clinux_send(int socket, const void *bytes, size_t count, int more);

int clinux_poll_create(void);

/// What a socket is watched for. A watch fires once and is then silent until it is set again.
enum clinux_poll_interest {
  CLINUX_POLL_READABLE = 1,
  CLINUX_POLL_WRITABLE = 2,
};

/// Watches a socket; `is_new` the first time.
int clinux_poll_watch(int poll, int socket, uint64_t id, int interest, int is_new);

/// Waits for one watch to fire. Returns 1 and the id, 0 when the time is over, or -1 with errno set.
int clinux_poll_wait(int poll, int milliseconds, uint64_t *id);

/// Raises the limit of open descriptors as far as it goes, and returns it.
int64_t clinux_raise_descriptor_limit(void);

#endif
