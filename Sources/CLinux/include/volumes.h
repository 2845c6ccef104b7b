// Mounts below a folder whose links lead nowhere else, and what is on a device made durable.
#ifndef INGOT_VOLUMES_H
#define INGOT_VOLUMES_H

/// Mounts the tree that is at `source` also at a folder, whose path is taken from `root` on as if that were the root directory: no link of
/// it leads out. `attributes` are MOUNT_ATTR_… of mount_setattr(2). A folder in one of `hidden`, paths from the root with a `:` between
/// them, is refused with EPERM. Returns 0, or -1 with errno set.
int clinux_graft(const char *source, const char *root, const char *path, unsigned long attributes, const char *hidden);

/// Unmounts the folder at `path` of `root`, where the file system of `source` is mounted there; any one where `source` is NULL. `flags` as of
/// umount2(2). EINVAL where it is none.
int clinux_prune(const char *source, const char *root, const char *path, int flags);

/// Keeps what is at `source`, a file or a folder, for `clinux_place`, also beyond the mount namespace. Returns 0, or -1 with errno set.
int clinux_hold(const char *source);

/// Mounts what is kept at a new name in a folder that is a mount of its own, if a read-only one. Returns 0, or -1 with errno set.
int clinux_place(const char *folder, const char *name);

/// Takes away what `clinux_place` has put there, also where it is in use. Returns 0, or -1 with errno set.
int clinux_displace(const char *folder, const char *name);

/// Makes what was written to a file system durable whose server does that for all of it when one file is synchronized: opens the first
/// regular file below `path` that it finds, and does that. Without a file there it does nothing. Returns 0, or -1 with errno set.
int clinux_flush(const char *path);

#endif
