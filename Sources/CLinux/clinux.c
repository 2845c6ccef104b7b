#define _GNU_SOURCE
#include "clinux.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

ssize_t clinux_lgetxattr(const char *path, const char *name, void *value, size_t size) {
  return lgetxattr(path, name, value, size);
}

ssize_t clinux_llistxattr(const char *path, char *list, size_t size) { return llistxattr(path, list, size); }

int clinux_lsetxattr(const char *path, const char *name, const void *value, size_t size) {
  return lsetxattr(path, name, value, size, 0);
}

int clinux_rename_noreplace(const char *from, const char *to) {
  return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
}

unsigned int clinux_major(uint64_t device) { return major((dev_t)device); }
unsigned int clinux_minor(uint64_t device) { return minor((dev_t)device); }
uint64_t clinux_makedev(unsigned int major, unsigned int minor) { return (uint64_t)makedev(major, minor); }

int clinux_start_writeback(int fd, int64_t offset, int64_t count) {
  return sync_file_range(fd, offset, count, SYNC_FILE_RANGE_WRITE);
}

int clinux_available_processors(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return (int)sysconf(_SC_NPROCESSORS_ONLN);
  return CPU_COUNT(&set);
}

struct beginning {
  void *(*body)(void *);
  void *argument;
  cpu_set_t all;
};

static void *begin(void *argument) {
  struct beginning beginning = *(struct beginning *)argument;
  free(argument);
  pthread_setaffinity_np(pthread_self(), sizeof beginning.all, &beginning.all);
  return beginning.body(beginning.argument);
}

// Begins on one of the processors that the caller is not on; 0 where it did.
static int start_elsewhere(pthread_t *thread, void *(*body)(void *), void *argument) {
  cpu_set_t all;
  int here = sched_getcpu();
  if (here < 0 || here >= CPU_SETSIZE || sched_getaffinity(0, sizeof all, &all) != 0) return -1;
  cpu_set_t others = all;
  CPU_CLR(here, &others);
  if (CPU_COUNT(&others) == 0) return -1;
  struct beginning *beginning = malloc(sizeof *beginning);
  if (beginning == NULL) return -1;
  *beginning = (struct beginning){.body = body, .argument = argument, .all = all};
  pthread_attr_t attributes;
  int status = pthread_attr_init(&attributes);
  if (status == 0) {
    status = pthread_attr_setaffinity_np(&attributes, sizeof others, &others);
    if (status == 0) status = pthread_create(thread, &attributes, begin, beginning);
    pthread_attr_destroy(&attributes);
  }
  if (status != 0) free(beginning);
  return status;
}

int clinux_start_thread(pthread_t *thread, void *(*body)(void *), void *argument) {
  return start_elsewhere(thread, body, argument) == 0 ? 0 : pthread_create(thread, NULL, body, argument);
}

int clinux_random(void *buffer, size_t size) {
  unsigned char *at = buffer;
  while (size > 0) {
    ssize_t got = getrandom(at, size, 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      return -1;
    }
    at += got;
    size -= (size_t)got;
  }
  return 0;
}

int clinux_pipe(int ends[2]) {
  if (pipe2(ends, O_CLOEXEC) != 0) return -1;
  return fcntl(ends[0], F_SETFL, O_NONBLOCK);
}

int clinux_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

int clinux_pidfd(pid_t process) { return (int)syscall(SYS_pidfd_open, process, 0); }

// All in one place, so that no step is forgotten between init and destroy.
static int add_actions(posix_spawn_file_actions_t *actions, const char *folder, const int streams[3]) {
  int error = 0;
  for (int stream = 0; stream < 3 && error == 0; stream++)
    error = posix_spawn_file_actions_adddup2(actions, streams[stream], stream);
  if (error == 0 && folder != NULL) error = posix_spawn_file_actions_addchdir_np(actions, folder);
  if (error == 0) error = posix_spawn_file_actions_addclosefrom_np(actions, 3);
  return error;
}

int clinux_spawn(pid_t *process, const char *program, char *const arguments[], char *const environment[], const char *folder,
                 const int streams[3]) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int error = posix_spawn_file_actions_init(&actions);
  if (error != 0) return error;
  error = posix_spawnattr_init(&attributes);
  if (error == 0) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setpgroup(&attributes, 0);
    error = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (error == 0) error = add_actions(&actions, folder, streams);
    if (error == 0) error = posix_spawn(process, program, &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

char *const *clinux_environment(void) { return environ; }
