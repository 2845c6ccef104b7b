// Prototypes of Linux calls that Swift's Glibc module does not show, since they need _GNU_SOURCE or have no libc wrapper.
#ifndef INGOT_CLINUX_H
#define INGOT_CLINUX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// openat2(2). `resolve` takes RESOLVE_* bits. Returns a descriptor, or -1 with errno set.
int clinux_openat2(int dirfd, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve);

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

/// getrandom(2), whole. Returns 0, or -1 with errno set.
int clinux_random(void *buffer, size_t size);

#endif
