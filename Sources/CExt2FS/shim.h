#include <ext2fs/ext2fs.h>

// What Swift cannot use by itself: a variable that anybody may set.

/// The driver for ordinary files.
static inline io_manager cext2fs_file_driver(void) { return unix_io_manager; }
