// Cloud: the plane of regions with their images and snapshots, behind one protocol, and the embedded, simulated AWS plane.
//
// A region is a self-contained folder: `catalog.db` (images, snapshots, instances, keys, parameters and all else that has a row), `keys/` (what
// secure parameters and the material of keys are encrypted under), `store/` (the packs, which `ImageStore` opens, one folder for each key that
// images are encrypted under), `blocks/` (snapshots that are being written) and `instances/` (locks and consoles).
// Losing one region leaves every other whole. A catalogue row never names a tree that is not durable: an image is pending, without
// a root digest, until its content is on disk. All times are given by the caller.
