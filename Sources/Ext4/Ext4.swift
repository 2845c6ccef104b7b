// Ext4 writes ext4 file systems into ordinary files with libext2fs: in process, without a mount and without privilege. It knows files,
// folders and attributes, and no images.
