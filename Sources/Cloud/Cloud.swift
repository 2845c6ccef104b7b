// Cloud: the plane of regions with their images and snapshots, behind one protocol, and the embedded, simulated AWS plane.
//
// A region is a self-contained folder: `catalog.db` (images, snapshots, tags, parameters), `keys/` (what secure
// parameters are encrypted under) and `store/` (the packs, which `ImageStore` opens).
// Losing one region leaves every other whole. A catalogue row never names a tree that is not durable: an image is pending, without
// a root digest, until its content is on disk. All times are given by the caller.
