/// What a file system will hold, counted before it is made: its size and its number of inodes cannot change later.
///
/// The counts are upper bounds. What is not used stays a hole of the file.
package struct Ext4Demand: Sendable {
    package private(set) var inodes: UInt64 = 0
    package private(set) var blocks: UInt64 = 0

    package init() {}

    /// A file whose data lies in these ranges of bytes, which are ascending and disjoint.
    package mutating func addFile(dataRanges: [Range<UInt64>], attributes: Int) {
        add(attributes)
        let data = FileBlocks.ranges(dataRanges)
        let count = data.reduce(0) { $0 + UInt64($1.count) }
        blocks += count + ExtentTree.blockCount(entries: UInt64(data.count) + count / 8192 + 4)
    }

    /// A directory with names of these lengths in bytes.
    package mutating func addDirectory(nameLengths: some Sequence<Int>, attributes: Int) {
        add(attributes)
        let count = DirectoryBlocks.mostBlocks(nameLengths: nameLengths)
        blocks += count + ExtentTree.blockCount(entries: count / 8192 + 4)
    }

    package mutating func addSymlink(targetLength: Int, attributes: Int) {
        add(attributes)
        blocks += 1
    }

    /// A device, fifo or socket.
    package mutating func addSpecial(attributes: Int) { add(attributes) }

    private mutating func add(_ attributes: Int) {
        inodes += 1
        if attributes > 0 { blocks += 1 }
    }
}

/// Which blocks of a file hold data.
enum FileBlocks {
    /// Ranges of bytes as ranges of blocks, those that touch made one.
    static func ranges(_ ranges: [Range<UInt64>]) -> [Range<UInt64>] {
        var result: [Range<UInt64>] = []
        for range in ranges where !range.isEmpty {
            let first = range.lowerBound / UInt64(Ext4Format.blockSize)
            let end = Ext4Format.blocks(range.upperBound)
            if let last = result.last, last.upperBound >= first {
                result[result.count - 1] = last.lowerBound..<max(end, last.upperBound)
            } else {
                result.append(first..<end)
            }
        }
        return result
    }
}
