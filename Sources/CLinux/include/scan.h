// A directory tree as a stream of records, for a reader that may not look at it himself.
#ifndef INGOT_SCAN_H
#define INGOT_SCAN_H

#include <stddef.h>
#include <stdint.h>

enum clinux_scan_content {
  /// No regular file, or one that did not change since the given time.
  CLINUX_SCAN_NONE = 0,
  /// The content follows: an offset (8 bytes), a length (4 bytes) and the bytes, again and again; the last length is zero.
  CLINUX_SCAN_FOLLOWS = 1,
  /// An earlier record of the same inode had the content.
  CLINUX_SCAN_EARLIER = 2,
};

/// One name. Behind it stand its path from the directory on (empty for the directory itself), the target of the link, and the
/// extended attributes, each as a length (4 bytes), the name, a length and the value; then the content. A directory comes before what is in it.
struct clinux_scan_record {
  /// `CLINUX_SCAN_MAGIC`; in the last record `CLINUX_SCAN_END`; where something failed `CLINUX_SCAN_ERROR`, with errno as `mode`
  /// and the path; that record is the last one.
  uint32_t magic;
  uint32_t mode;
  uint32_t uid;
  uint32_t gid;
  uint32_t major;
  uint32_t minor;
  uint32_t path_length;
  uint32_t target_length;
  uint32_t attributes_length;
  uint32_t content;
  uint64_t inode;
  uint64_t links;
  uint64_t size;
  uint64_t blocks;
  int64_t modified_seconds;
  int64_t changed_seconds;
  uint32_t modified_nanoseconds;
  uint32_t changed_nanoseconds;
};

#define CLINUX_SCAN_MAGIC 0x314e4353u
#define CLINUX_SCAN_END 0x30444e45u
#define CLINUX_SCAN_ERROR 0x30525245u

/// Writes the records of a directory and all below it to descriptor 1. The contents of regular files are in it that changed (ctime) at
/// or after the given time. Returns 0, or -1 with errno set where nothing more can be written.
int clinux_scan(const char *path, int64_t seconds, int64_t nanoseconds);

#endif
