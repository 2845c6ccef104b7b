#define _GNU_SOURCE
#include "volumes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// The names of headers that exclude each other.
enum {
  CLONE_TREE = 1,
  FROM_DESCRIPTOR = 4,
  TO_DESCRIPTOR = 0x40,
  READ_ONLY = 1,
};

/// `struct mount_attr` of mount_setattr(2).
struct attributes {
  uint64_t set, clear, propagation, users;
};

static void close_quietly(int descriptor) {
  int error = errno;
  if (descriptor >= 0) close(descriptor);
  errno = error;
}

/// Opens what a path leads to that is taken from `root` on.
static int open_in(const char *root, const char *path, int flags) {
  struct open_how how = {.flags = (uint64_t)(O_PATH | O_CLOEXEC | flags), .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};
  int folder = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return -1;
  int found = (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
  close_quietly(folder);
  return found;
}

/// Whether a descriptor is in one of the folders of `root` that `hidden` lists.
static int is_hidden(int descriptor, const char *root, const char *hidden) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0 || length == sizeof path - 1) return 1;
  path[length] = 0;
  if (strncmp(path, root, strlen(root)) != 0) return 1;
  const char *inside = path + strlen(root);
  if (*inside != '/') return 1;
  while (*hidden != 0) {
    size_t count = strcspn(hidden, ":");
    if (strncmp(inside, hidden, count) == 0 && (inside[count] == 0 || inside[count] == '/')) return 1;
    hidden += count;
    if (*hidden == ':') hidden++;
  }
  return 0;
}

static int move_tree(const char *source, int target, unsigned long flags) {
  struct attributes attributes = {.set = flags};
  int tree = (int)syscall(SYS_open_tree, AT_FDCWD, source, CLONE_TREE | O_CLOEXEC);
  if (tree < 0) return -1;
  int status = (int)syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &attributes, sizeof attributes);
  if (status == 0) status = (int)syscall(SYS_move_mount, tree, "", target, "", FROM_DESCRIPTOR | TO_DESCRIPTOR);
  close_quietly(tree);
  return status;
}

int clinux_graft(const char *source, const char *root, const char *path, unsigned long attributes, const char *hidden) {
  int target = open_in(root, path, O_DIRECTORY);
  if (target < 0) return -1;
  int status = -1;
  if (is_hidden(target, root, hidden)) errno = EPERM;
  else status = move_tree(source, target, attributes);
  close_quietly(target);
  return status;
}

/// Whether the name in a folder is where a file system is mounted, that of `source` if that is given.
static int is_mount(int folder, const char *name, const char *source) {
  struct statx here, wanted;
  if (statx(folder, name, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &here) != 0) return 0;
  if (!(here.stx_attributes & STATX_ATTR_MOUNT_ROOT)) return 0;
  if (statx(AT_FDCWD, source, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &wanted) != 0) return 0;
  return here.stx_dev_major == wanted.stx_dev_major && here.stx_dev_minor == wanted.stx_dev_minor;
}

int clinux_prune(const char *source, const char *root, const char *path, int flags) {
  char parent[PATH_MAX];
  size_t length = strlen(path);
  while (length > 1 && path[length - 1] == '/') length--;
  if (length >= sizeof parent) {
    errno = ENAMETOOLONG;
    return -1;
  }
  memcpy(parent, path, length);
  parent[length] = 0;
  char *slash = strrchr(parent, '/');
  if (slash == NULL || slash[1] == 0) {
    errno = EINVAL;
    return -1;
  }
  const char *name = slash + 1;
  *slash = 0;
  int folder = open_in(root, *parent == 0 ? "/" : parent, O_DIRECTORY);
  if (folder < 0) return -1;
  int status = -1;
  if (source != NULL && !is_mount(folder, name, source)) errno = EINVAL;
  // umount2 takes no descriptor, and an open one of the mount itself would keep it busy.
  else if (fchdir(folder) == 0) status = umount2(name, flags | UMOUNT_NOFOLLOW);
  close_quietly(folder);
  return status;
}

static int held = -1;

int clinux_hold(const char *source) {
  held = (int)syscall(SYS_open_tree, AT_FDCWD, source, CLONE_TREE | O_CLOEXEC);
  return held < 0 ? -1 : 0;
}

/// A second mount of what is mounted at a folder, which can be written to and is nowhere.
static int writable_copy(const char *folder) {
  struct attributes attributes = {.clear = READ_ONLY};
  int tree = (int)syscall(SYS_open_tree, AT_FDCWD, folder, CLONE_TREE | O_CLOEXEC);
  if (tree < 0) return -1;
  if (syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &attributes, sizeof attributes) == 0) return tree;
  close_quietly(tree);
  return -1;
}

/// Opens a name in what is mounted at a folder now.
static int open_name(const char *folder, const char *name) {
  int place = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (place < 0) return -1;
  int found = openat(place, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  close_quietly(place);
  return found;
}

int clinux_place(const char *folder, const char *name) {
  int copy = writable_copy(folder);
  if (copy < 0) return -1;
  int file = openat(copy, name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0444);
  close_quietly(copy);
  if (file < 0) return -1;
  close(file);
  int target = open_name(folder, name);
  if (target < 0) return -1;
  int status = (int)syscall(SYS_move_mount, held, "", target, "", FROM_DESCRIPTOR | TO_DESCRIPTOR);
  close_quietly(target);
  return status;
}

int clinux_displace(const char *folder, const char *name) {
  if (chdir(folder) != 0 || umount2(name, MNT_DETACH | UMOUNT_NOFOLLOW) != 0) return -1;
  int copy = writable_copy(folder);
  if (copy < 0) return -1;
  int status = unlinkat(copy, name, 0);
  close_quietly(copy);
  return status;
}

/// How many names are looked at, and how deep.
enum { MOST_NAMES = 100000, MOST_FOLDERS = 64 };

/// 1 where a file was synchronized, 0 where there is none, -1 with errno set.
static int flush_below(int folder, int depth, int *left) {
  DIR *names = fdopendir(folder);
  if (names == NULL) {
    close_quietly(folder);
    return -1;
  }
  int result = 0;
  struct dirent *entry;
  while (result == 0 && *left > 0 && (entry = readdir(names)) != NULL) {
    --*left;
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    struct stat status;
    if (fstatat(folder, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (S_ISREG(status.st_mode)) {
      int file = openat(folder, entry->d_name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
      // A program that runs cannot be opened for writing.
      if (file < 0) continue;
      result = fsync(file) == 0 ? 1 : -1;
      close_quietly(file);
    } else if (S_ISDIR(status.st_mode) && depth < MOST_FOLDERS) {
      int next = openat(folder, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      if (next >= 0) result = flush_below(next, depth + 1, left);
    }
  }
  int error = errno;
  closedir(names);
  errno = error;
  return result;
}

int clinux_flush(const char *path) {
  int left = MOST_NAMES;
  int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return -1;
  return flush_below(folder, 0, &left) < 0 ? -1 : 0;
}
