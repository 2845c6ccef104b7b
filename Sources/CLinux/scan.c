#define _GNU_SOURCE
#include "scan.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

enum {
  DEEPEST = 300,         // folders; more than any image may have
  LONGEST = 8192,        // bytes of a path
  ATTRIBUTES = 1 << 20,  // bytes of all attributes of a file
  BLOCK = 256 << 10,     // bytes of content that are written at once
};

struct scan {
  struct timespec since;
  char path[LONGEST];
  size_t length;
  char target[4096];
  unsigned char *attributes;
  char *block;
  char names[65536];
  char value[65536];
  // Inodes with several names whose content has been written.
  uint64_t *inodes;
  size_t inode_count, inode_room;
};

static int put(const void *bytes, size_t count) {
  const char *at = bytes;
  while (count > 0) {
    ssize_t done = write(1, at, count);
    if (done < 0) {
      if (errno == EINTR) continue;
      return -1;
    }
    at += done;
    count -= (size_t)done;
  }
  return 0;
}

static int fail(struct scan *scan, int error) {
  struct clinux_scan_record record = {.magic = CLINUX_SCAN_ERROR, .mode = (uint32_t)error, .path_length = (uint32_t)scan->length};
  if (put(&record, sizeof record) == 0) put(scan->path, scan->length);
  errno = error;
  return -1;
}

static size_t append(unsigned char *to, const void *bytes, uint32_t count) {
  memcpy(to, &count, 4);
  memcpy(to + 4, bytes, count);
  return 4 + (size_t)count;
}

// Attributes of what has the name in the working directory, of a link itself. Returns their length, or -1 with errno set.
static ssize_t read_attributes(struct scan *scan, const char *name) {
  ssize_t listed = llistxattr(name, scan->names, sizeof scan->names);
  if (listed < 0) return errno == ENOTSUP ? 0 : -1;
  size_t length = 0;
  for (char *key = scan->names; key < scan->names + listed; key += strlen(key) + 1) {
    ssize_t size = lgetxattr(name, key, scan->value, sizeof scan->value);
    if (size < 0) {
      if (errno == ENODATA) continue;
      return -1;
    }
    if (length + strlen(key) + (size_t)size + 8 > ATTRIBUTES) {
      errno = E2BIG;
      return -1;
    }
    length += append(scan->attributes + length, key, (uint32_t)strlen(key));
    length += append(scan->attributes + length, scan->value, (uint32_t)size);
  }
  return (ssize_t)length;
}

static int is_new(const struct scan *scan, const struct stat *status) {
  if (status->st_ctim.tv_sec != scan->since.tv_sec) return status->st_ctim.tv_sec > scan->since.tv_sec;
  return status->st_ctim.tv_nsec >= scan->since.tv_nsec;
}

static size_t slot(const struct scan *scan, uint64_t inode) {
  size_t at = (size_t)(inode * 0x9e3779b97f4a7c15ull) & (scan->inode_room - 1);
  while (scan->inodes[at] != 0 && scan->inodes[at] != inode) at = (at + 1) & (scan->inode_room - 1);
  return at;
}

// 1 where the inode was remembered before, 0 where it is from now on, -1 where there is no memory.
static int remember(struct scan *scan, uint64_t inode) {
  if (2 * (scan->inode_count + 1) > scan->inode_room) {
    struct scan larger = {.inode_room = scan->inode_room == 0 ? 1024 : 2 * scan->inode_room};
    larger.inodes = calloc(larger.inode_room, sizeof(uint64_t));
    if (larger.inodes == NULL) return -1;
    for (size_t index = 0; index < scan->inode_room; index++)
      if (scan->inodes[index] != 0) larger.inodes[slot(&larger, scan->inodes[index])] = scan->inodes[index];
    free(scan->inodes);
    scan->inodes = larger.inodes;
    scan->inode_room = larger.inode_room;
  }
  size_t at = slot(scan, inode);
  if (scan->inodes[at] == inode) return 1;
  scan->inodes[at] = inode;
  scan->inode_count++;
  return 0;
}

static int put_part(uint64_t offset, const char *bytes, uint32_t length) {
  char head[12];
  memcpy(head, &offset, 8);
  memcpy(head + 8, &length, 4);
  return put(head, sizeof head) != 0 || put(bytes, length) != 0 ? -1 : 0;
}

static int put_content(struct scan *scan, int file, off_t size) {
  off_t at = 0;
  while (at < size) {
    off_t start = lseek(file, at, SEEK_DATA);
    if (start < 0 && errno == ENXIO) break;
    off_t end = start < 0 ? size : lseek(file, start, SEEK_HOLE);
    if (start < 0) start = at;
    if (end < 0) return -1;
    while (start < end) {
      size_t wanted = end - start < BLOCK ? (size_t)(end - start) : BLOCK;
      ssize_t got = pread(file, scan->block, wanted, start);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return -1;
      if (got == 0) {
        // Shorter than it was said to be: nobody should write meanwhile.
        errno = EIO;
        return -1;
      }
      if (put_part((uint64_t)start, scan->block, (uint32_t)got) != 0) return -1;
      start += got;
    }
    at = end;
  }
  return put_part((uint64_t)size, NULL, 0);
}

static int put_record(struct scan *scan, const char *name, const struct stat *status, int file, uint32_t content) {
  ssize_t target = 0, attributes = read_attributes(scan, name);
  if (attributes < 0) return -1;
  if (S_ISLNK(status->st_mode) && (target = readlink(name, scan->target, sizeof scan->target)) < 0) return -1;
  struct clinux_scan_record record = {
      .magic = CLINUX_SCAN_MAGIC,
      .mode = status->st_mode,
      .uid = status->st_uid,
      .gid = status->st_gid,
      .major = major(status->st_rdev),
      .minor = minor(status->st_rdev),
      .path_length = (uint32_t)scan->length,
      .target_length = (uint32_t)target,
      .attributes_length = (uint32_t)attributes,
      .content = content,
      .inode = status->st_ino,
      .links = status->st_nlink,
      .size = (uint64_t)status->st_size,
      .blocks = (uint64_t)status->st_blocks,
      .modified_seconds = status->st_mtim.tv_sec,
      .changed_seconds = status->st_ctim.tv_sec,
      .modified_nanoseconds = (uint32_t)status->st_mtim.tv_nsec,
      .changed_nanoseconds = (uint32_t)status->st_ctim.tv_nsec,
  };
  if (put(&record, sizeof record) != 0 || put(scan->path, scan->length) != 0) return -1;
  if (put(scan->target, (size_t)target) != 0 || put(scan->attributes, (size_t)attributes) != 0) return -1;
  return content == CLINUX_SCAN_FOLLOWS ? put_content(scan, file, status->st_size) : 0;
}

static int put_file(struct scan *scan, const char *name, const struct stat *status) {
  if (!is_new(scan, status)) return put_record(scan, name, status, -1, CLINUX_SCAN_NONE);
  int known = status->st_nlink > 1 ? remember(scan, status->st_ino) : 0;
  if (known < 0) return -1;
  if (known == 1) return put_record(scan, name, status, -1, CLINUX_SCAN_EARLIER);
  int file = open(name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOATIME);
  if (file < 0 && errno == EPERM) file = open(name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (file < 0) return -1;
  int result = put_record(scan, name, status, file, CLINUX_SCAN_FOLLOWS);
  int error = errno;
  close(file);
  errno = error;
  return result;
}

static int walk(struct scan *scan, int folder, int depth);

// Goes into a directory of the working directory and comes back.
static int enter(struct scan *scan, const char *name, int folder, int depth) {
  if (depth >= DEEPEST) return fail(scan, ELOOP);
  int next = open(name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (next < 0 || fchdir(next) != 0) return fail(scan, errno);
  int result = walk(scan, next, depth + 1);
  if (result == 0 && fchdir(folder) != 0) return fail(scan, errno);
  return result;
}

static int visit(struct scan *scan, const char *name, int folder, int depth) {
  struct stat status;
  size_t length = scan->length, added = strlen(name);
  if (length + added + 2 > LONGEST) return fail(scan, ENAMETOOLONG);
  if (length > 0) scan->path[scan->length++] = '/';
  memcpy(scan->path + scan->length, name, added);
  scan->length += added;
  if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0) return fail(scan, errno);
  int result = S_ISREG(status.st_mode) ? put_file(scan, name, &status)
                                       : put_record(scan, name, &status, -1, CLINUX_SCAN_NONE);
  if (result != 0) return fail(scan, errno);
  if (S_ISDIR(status.st_mode) && enter(scan, name, folder, depth) != 0) return -1;
  scan->length = length;
  return 0;
}

// What is in the working directory, which `folder` is. Takes the descriptor over.
static int walk(struct scan *scan, int folder, int depth) {
  DIR *stream = fdopendir(folder);
  if (stream == NULL) return fail(scan, errno);
  int result = 0;
  struct dirent *entry;
  while (result == 0) {
    errno = 0;
    if ((entry = readdir(stream)) == NULL) {
      if (errno != 0) result = fail(scan, errno);
      break;
    }
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    result = visit(scan, entry->d_name, folder, depth);
  }
  closedir(stream);
  return result;
}

int clinux_scan(const char *path, int64_t seconds, int64_t nanoseconds) {
  struct stat status;
  struct clinux_scan_record end = {.magic = CLINUX_SCAN_END};
  struct scan *scan = calloc(1, sizeof *scan);
  if (scan == NULL || (scan->attributes = malloc(ATTRIBUTES)) == NULL || (scan->block = malloc(BLOCK)) == NULL) return -1;
  scan->since = (struct timespec){seconds, nanoseconds};
  int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0 || fchdir(folder) != 0 || fstat(folder, &status) != 0) return -1;
  if (put_record(scan, ".", &status, -1, CLINUX_SCAN_NONE) != 0) return fail(scan, errno);
  if (walk(scan, folder, 0) != 0) return 0;
  return put(&end, sizeof end);
}
