// System calls that another process is asked about before they happen (SECCOMP_RET_USER_NOTIF of seccomp(2)).
#ifndef INGOT_NOTICES_H
#define INGOT_NOTICES_H

#include <stdint.h>

/// Puts this process and all that it starts behind a filter, an array of `struct sock_filter` that is read from a descriptor, and sends
/// through `channel` (see door.h) the descriptor at which its notices arrive. Returns 0, or -1 with errno set.
int clinux_watch_calls(int program, int channel);

enum clinux_call {
  CLINUX_CALL_OTHER = 0,
  CLINUX_CALL_MOUNT,
  CLINUX_CALL_UNMOUNT,
  CLINUX_CALL_SYNC,
};

/// A call that waits for its answer.
struct clinux_notice {
  uint64_t id;
  /// As this process sees it.
  int32_t process;
  int32_t call;
  uint64_t arguments[6];
};

/// The next notice, after poll(2) said that there is one. Returns 0, or -1 with errno set: ENOENT where the caller is gone.
int clinux_next_notice(int listener, struct clinux_notice *notice);

/// Whether the caller still waits, so that its number is that of no other process.
int clinux_notice_is_valid(int listener, uint64_t id);

/// Ends a call with an error number, or with 0 as its result.
int clinux_answer_notice(int listener, uint64_t id, int32_t error);

/// Lets a call happen as if nobody had been asked.
int clinux_let_notice(int listener, uint64_t id);

#endif
