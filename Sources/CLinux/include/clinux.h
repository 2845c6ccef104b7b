// Prototypes of Linux calls that Swift's Glibc module does not show, since they need _GNU_SOURCE or have no libc wrapper.
#ifndef INGOT_CLINUX_H
#define INGOT_CLINUX_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "door.h"
#include "loop.h"
#include "network.h"
#include "notices.h"
#include "scan.h"
#include "steps.h"
#include "volumes.h"

ssize_t clinux_lgetxattr(const char *path, const char *name, void *value, size_t size);
ssize_t clinux_llistxattr(const char *path, char *list, size_t size);
int clinux_lsetxattr(const char *path, const char *name, const void *value, size_t size);

/// renameat2(2) with RENAME_NOREPLACE: fails with EEXIST where the target exists.
int clinux_rename_noreplace(const char *from, const char *to);

/// major, minor and makedev of a device number, which are macros in libc.
unsigned int clinux_major(uint64_t device);
unsigned int clinux_minor(uint64_t device);
uint64_t clinux_makedev(unsigned int major, unsigned int minor);

/// sync_file_range(2) with SYNC_FILE_RANGE_WRITE: starts write-back and does not wait for it.
int clinux_start_writeback(int fd, int64_t offset, int64_t count);

/// The number of processors in this process's affinity mask.
int clinux_available_processors(void);

/// pthread_create(3) for a thread that begins on another processor than the caller's, where there is one, and may then run on all that the
/// caller may run on. The kernel often leaves a new thread beside its maker, also while other processors idle, and there it does nothing
/// before that one waits.
int clinux_start_thread(pthread_t *thread, void *(*body)(void *), void *argument);

/// The variables of this process, `NAME=value` each, and NULL at the end.
char *const *clinux_environment(void);

/// getrandom(2), whole. Returns 0, or -1 with errno set.
int clinux_random(void *buffer, size_t size);

/// pipe2(2) with O_CLOEXEC: the reading end, which does not block, then the writing one.
int clinux_pipe(int ends[2]);

/// memfd_create(2) with MFD_CLOEXEC: a file in memory, without a name anywhere.
int clinux_memory_file(const char *name);

/// pidfd_open(2): a descriptor that is readable once the process has ended.
int clinux_pidfd(pid_t process);

/// posix_spawn(3) of a program as the leader of a new process group, with default signals, none of them blocked, in `folder` (NULL:
/// the caller's), with `streams` as descriptors 0 to 2 and no other one open. Returns 0, or the error.
int clinux_spawn(pid_t *process, const char *program, char *const arguments[], char *const environment[], const char *folder,
                 const int streams[3]);

#endif
