#define _GNU_SOURCE
#include "notices.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "door.h"

/// Once an answer is being made, no signal but one that kills takes the caller away (Linux 5.19).
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

static int install(struct sock_fprog *program, unsigned long flags) {
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER | flags, program);
}

int clinux_watch_calls(int program, int channel) {
  static struct sock_filter filter[4096];
  ssize_t got = read(program, filter, sizeof filter);
  if (got <= 0 || got % (ssize_t)sizeof filter[0] != 0) {
    if (got >= 0) errno = EINVAL;
    return -1;
  }
  struct sock_fprog whole = {(unsigned short)((size_t)got / sizeof filter[0]), filter};
  int listener = install(&whole, SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
  if (listener < 0 && errno == EINVAL) listener = install(&whole, 0);
  if (listener < 0) return -1;
  int status = clinux_send_descriptor(channel, listener);
  close(listener);
  close(program);
  close(channel);
  return status;
}

static int32_t kind(int number) {
  switch (number) {
  case SYS_mount: return CLINUX_CALL_MOUNT;
  case SYS_umount2: return CLINUX_CALL_UNMOUNT;
  case SYS_sync:
  case SYS_syncfs: return CLINUX_CALL_SYNC;
  default: return CLINUX_CALL_OTHER;
  }
}

/// With room for what later kernels add.
union request {
  struct seccomp_notif notice;
  char room[512];
};
union response {
  struct seccomp_notif_resp answer;
  char room[512];
};

int clinux_next_notice(int listener, struct clinux_notice *notice) {
  union request request;
  memset(&request, 0, sizeof request);
  if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &request) != 0) return -1;
  notice->id = request.notice.id;
  notice->process = (int32_t)request.notice.pid;
  notice->call = kind(request.notice.data.nr);
  for (int index = 0; index < 6; index++) notice->arguments[index] = request.notice.data.args[index];
  return 0;
}

int clinux_notice_is_valid(int listener, uint64_t id) { return ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0; }

static int respond(int listener, uint64_t id, int32_t error, uint32_t flags) {
  union response response;
  memset(&response, 0, sizeof response);
  response.answer.id = id;
  response.answer.error = -error;
  response.answer.flags = flags;
  return ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

int clinux_answer_notice(int listener, uint64_t id, int32_t error) { return respond(listener, id, error, 0); }

int clinux_let_notice(int listener, uint64_t id) { return respond(listener, id, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE); }
