// ImageStore: the filesystem image as a value.
//
// An image is a Merkle tree of directories over content-addressed blobs; its root digest names every byte, mode, owner and
// attribute in it. Objects live in immutable packs, which become visible by one rename after fsync.
