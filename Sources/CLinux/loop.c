#define _GNU_SOURCE
#include "loop.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

int clinux_loop_attach(int image, int is_writable, int *number) {
  struct loop_config configuration = {
      .fd = (unsigned)image, .info = {.lo_flags = LO_FLAGS_AUTOCLEAR | (is_writable ? 0 : LO_FLAGS_READ_ONLY)}};
  int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
  if (control < 0) return -1;
  int device = -1, error = EBUSY;
  // Between the question for a free one and its use another process may have taken it.
  for (int attempt = 0; attempt < 64 && device < 0 && error == EBUSY; attempt++) {
    char path[32];
    *number = ioctl(control, LOOP_CTL_GET_FREE);
    error = errno;
    if (*number < 0) break;
    snprintf(path, sizeof path, "/dev/loop%d", *number);
    device = open(path, (is_writable ? O_RDWR : O_RDONLY) | O_CLOEXEC);
    error = errno;
    if (device < 0) break;
    if (ioctl(device, LOOP_CONFIGURE, &configuration) == 0) break;
    error = errno;
    close(device);
    device = -1;
  }
  close(control);
  errno = error;
  return device;
}
