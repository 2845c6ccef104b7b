import CExt2FS

/// A large directory: blocks of entries sorted by the hash of their names, and above them an index of one or two levels, so that a
/// name is found in three blocks however many there are (ext4's htree).
///
///     block 0      `.`, `..`, and the root of the index
///     then         with two levels, the nodes between
///     then         the entries
struct DirectoryIndex {
    let bytes: [UInt8]

    /// Entries of the root and of a node.
    private static let inRoot = (Ext4Format.blockSize - 32) / 8
    static let inNode = (Ext4Format.blockSize - 8) / 8
    /// EXT2_HASH_HALF_MD4; with the superblock's flag for signed characters, on every processor.
    static let hashVersion: Int32 = 1

    private struct Reference {
        let hash: UInt32
        let block: UInt32
    }

    /// Nil where two levels are not enough: beyond 250,000 blocks a directory is better without than not there.
    init?(
        _ entries: [Ext4DirectoryEntry], directory: Ext4InodeNumber, parent: Ext4InodeNumber, seed: [UInt32]
    ) throws(Ext4Error) {
        var hashed: [(hash: UInt32, minor: UInt32, entry: Ext4DirectoryEntry)] = []
        hashed.reserveCapacity(entries.count)
        for entry in entries {
            let (hash, minor) = try Self.hash(entry.name, seed)
            hashed.append((hash, minor, entry))
        }
        hashed.sort { ($0.hash, $0.minor) < ($1.hash, $1.minor) }
        var leaves = DirectoryBlocks()
        var first: [UInt32] = []
        var previous: UInt32?
        for item in hashed {
            if !leaves.fits(item.entry) {
                // The lowest bit says that names of this hash stand in the block before, too.
                first.append(first.isEmpty ? 0 : item.hash == previous ? item.hash | 1 : item.hash)
            }
            leaves.append(item.entry)
            previous = item.hash
        }
        guard first.count <= Self.inRoot * Self.inNode else { return nil }
        let nodes = first.count <= Self.inRoot ? 0 : (first.count + Self.inNode - 1) / Self.inNode
        let references = first.enumerated().map { Reference(hash: $1, block: UInt32(1 + nodes + $0)) }
        var bytes: [UInt8]
        if nodes == 0 {
            bytes = Self.root(references, levels: 0, directory, parent)
        } else {
            let groups = (0..<nodes).map { Array(references.dropFirst($0 * Self.inNode).prefix(Self.inNode)) }
            let above = groups.enumerated().map { Reference(hash: $1[0].hash, block: UInt32(1 + $0)) }
            bytes = Self.root(above, levels: 1, directory, parent)
            for group in groups { bytes += Self.node(group) }
        }
        self.bytes = bytes + leaves.bytes
    }

    private static func hash(_ name: [UInt8], _ seed: [UInt32]) throws(Ext4Error) -> (hash: UInt32, minor: UInt32) {
        var hash: ext2_dirhash_t = 0
        var minor: ext2_dirhash_t = 0
        let text = name.map { CChar(bitPattern: $0) }
        try checked("ext2fs_dirhash2") {
            unsafe ext2fs_dirhash2(hashVersion, text, Int32(text.count), nil, 0, seed, &hash, &minor)
        }
        return (hash & ~1, minor)
    }

    private static func root(
        _ references: [Reference], levels: UInt8, _ directory: Ext4InodeNumber, _ parent: Ext4InodeNumber
    ) -> [UInt8] {
        var dots = DirectoryBlocks()
        for entry in DirectoryBlocks.dots(directory, parent: parent) { dots.append(entry) }
        var bytes = dots.bytes
        bytes[28] = UInt8(hashVersion)
        bytes[29] = 8
        bytes[30] = levels
        put(references, limit: inRoot, at: 32, in: &bytes)
        return bytes
    }

    private static func node(_ references: [Reference]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Ext4Format.blockSize)
        bytes.put(UInt16(Ext4Format.blockSize), at: 4)
        put(references, limit: inNode, at: 8, in: &bytes)
        return bytes
    }

    /// The limit and the count stand where the first hash would, which is known.
    private static func put(_ references: [Reference], limit: Int, at start: Int, in bytes: inout [UInt8]) {
        for (position, reference) in references.enumerated() {
            bytes.put(reference.hash, at: start + 8 * position)
            bytes.put(reference.block, at: start + 8 * position + 4)
        }
        bytes.put(UInt16(limit), at: start)
        bytes.put(UInt16(references.count), at: start + 2)
    }
}
