import CExt2FS

/// A run of blocks of a file that lie one behind the other on the disk, too.
struct BlockRun: Sendable, Hashable {
    let logical: UInt64
    let physical: UInt64
    let count: UInt64
}

/// Where the blocks of a file are, as ext4 stores it: up to four entries stand in the inode, more of them in a tree of blocks.
struct ExtentTree {
    /// The 60 bytes of `i_block`.
    let root: [UInt8]
    let blocks: [(address: UInt64, bytes: [UInt8])]

    private static let entrySize = 12
    private static let inInode = 4
    private static let inBlock = (Ext4Format.blockSize - entrySize) / entrySize
    /// EXT_INIT_MAX_LEN.
    private static let longest: UInt64 = 1 << 15

    /// Blocks that the tree of so many entries takes.
    static func blockCount(entries: UInt64) -> UInt64 {
        var level = entries
        var total: UInt64 = 0
        while level > UInt64(inInode) {
            level = (level + UInt64(inBlock) - 1) / UInt64(inBlock)
            total += level
        }
        return total
    }

    /// The runs stand in logical order. `allocate` gives a free block.
    init(_ runs: [BlockRun], allocate: () throws(Ext4Error) -> UInt64) throws(Ext4Error) {
        var entries: [(logical: UInt64, bytes: [UInt8])] = []
        for run in runs { Self.append(run, to: &entries) }
        var blocks: [(address: UInt64, bytes: [UInt8])] = []
        var depth: UInt16 = 0
        while entries.count > Self.inInode {
            var above: [(logical: UInt64, bytes: [UInt8])] = []
            for start in stride(from: 0, to: entries.count, by: Self.inBlock) {
                let part = entries[start..<min(start + Self.inBlock, entries.count)]
                let address = try allocate()
                blocks.append((address, Self.node(part, depth, capacity: Self.inBlock, size: Ext4Format.blockSize)))
                above.append((part[start].logical, Self.index(part[start].logical, address)))
            }
            entries = above
            depth += 1
        }
        root = Self.node(entries[...], depth, capacity: Self.inInode, size: Self.entrySize * (Self.inInode + 1))
        self.blocks = blocks
    }

    private static func append(_ run: BlockRun, to entries: inout [(logical: UInt64, bytes: [UInt8])]) {
        var done: UInt64 = 0
        while done < run.count {
            let count = min(longest, run.count - done)
            var bytes = [UInt8](repeating: 0, count: entrySize)
            bytes.put(UInt32(truncatingIfNeeded: run.logical + done), at: 0)
            bytes.put(UInt16(count), at: 4)
            bytes.put(UInt16(truncatingIfNeeded: (run.physical + done) >> 32), at: 6)
            bytes.put(UInt32(truncatingIfNeeded: run.physical + done), at: 8)
            entries.append((run.logical + done, bytes))
            done += count
        }
    }

    private static func index(_ logical: UInt64, _ address: UInt64) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: entrySize)
        bytes.put(UInt32(truncatingIfNeeded: logical), at: 0)
        bytes.put(UInt32(truncatingIfNeeded: address), at: 4)
        bytes.put(UInt16(truncatingIfNeeded: address >> 32), at: 8)
        return bytes
    }

    private static func node(
        _ entries: ArraySlice<(logical: UInt64, bytes: [UInt8])>, _ depth: UInt16, capacity: Int, size: Int
    ) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: size)
        bytes.put(UInt16(EXT3_EXT_MAGIC), at: 0)
        bytes.put(UInt16(entries.count), at: 2)
        bytes.put(UInt16(capacity), at: 4)
        bytes.put(depth, at: 6)
        for (position, entry) in entries.enumerated() {
            let start = entrySize * (position + 1)
            bytes.replaceSubrange(start..<start + entrySize, with: entry.bytes)
        }
        return bytes
    }
}
