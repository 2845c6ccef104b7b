// Ext4 writes ext4 file systems into ordinary files, and reads those of others: in process, without a mount and without privilege. It knows
// files, folders and attributes, and no images.
//
// libext2fs makes the frame: superblock, groups, bitmaps, inodes, attributes and hashes of names. What is many or large is laid out
// here, in runs as long as they get: contents of files, their extent trees, and directories. A file system is meant to be mounted
// read-only: it has no journal, no spare superblocks and no free space. Equal calls give equal files.
//
// The disk format is described in the kernel's Documentation/filesystems/ext4.
