/// An inode, by its number.
package typealias Ext4InodeNumber = UInt32

/// What a name in a directory stands for, by the numbers of EXT2_FT_….
package enum Ext4FileType: UInt8, Sendable {
    case file = 1
    case directory = 2
    case characterDevice = 3
    case blockDevice = 4
    case fifo = 5
    case socket = 6
    case symlink = 7
}

/// A name in a directory: 1 to 255 bytes without `/` and NUL.
package struct Ext4DirectoryEntry: Sendable {
    package let name: [UInt8]
    package let inode: Ext4InodeNumber
    package let type: Ext4FileType

    package init(name: [UInt8], inode: Ext4InodeNumber, type: Ext4FileType) {
        self.name = name
        self.inode = inode
        self.type = type
    }

    var size: Int { Self.size(nameLength: name.count) }
    static func size(nameLength: Int) -> Int { (8 + nameLength + 3) & ~3 }
}

/// The blocks of a directory, one entry behind the other.
struct DirectoryBlocks {
    private(set) var bytes: [UInt8] = []
    /// Where the last entry of the open block begins.
    private var last: Int?
    private var used = Ext4Format.blockSize

    var count: Int { bytes.count / Ext4Format.blockSize }

    /// A block that needs an index is not read often: directories up to this many blocks have none.
    static let mostUnindexed = 8

    /// At least as many as the directory will take, with an index or without.
    static func mostBlocks(nameLengths: some Sequence<Int>) -> UInt64 {
        var size = 24
        for length in nameLengths { size += Ext4DirectoryEntry.size(nameLength: length) }
        let leaves = UInt64(size / (Ext4Format.blockSize - Ext4DirectoryEntry.size(nameLength: 255)) + 1)
        return leaves + leaves / UInt64(DirectoryIndex.inNode) + 2
    }

    /// Whether the entry goes into the open block.
    func fits(_ entry: Ext4DirectoryEntry) -> Bool { used + entry.size <= Ext4Format.blockSize }

    mutating func append(_ entry: Ext4DirectoryEntry) {
        if !fits(entry) { startBlock() }
        let start = bytes.count - Ext4Format.blockSize + used
        if let last { bytes.put(UInt16(start - last), at: last + 4) }
        bytes.put(entry.inode, at: start)
        // The last entry of a block reaches to its end.
        bytes.put(UInt16(Ext4Format.blockSize - used), at: start + 4)
        bytes[start + 6] = UInt8(entry.name.count)
        bytes[start + 7] = entry.type.rawValue
        bytes.replaceSubrange(start + 8..<start + 8 + entry.name.count, with: entry.name)
        last = start
        used += entry.size
    }

    mutating func startBlock() {
        bytes += Ext4Format.zeroBlock
        last = nil
        used = 0
    }

    static func dots(_ directory: Ext4InodeNumber, parent: Ext4InodeNumber) -> [Ext4DirectoryEntry] {
        [
            Ext4DirectoryEntry(name: [0x2E], inode: directory, type: .directory),
            Ext4DirectoryEntry(name: [0x2E, 0x2E], inode: parent, type: .directory),
        ]
    }
}
