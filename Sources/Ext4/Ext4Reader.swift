import CExt2FS
import Glibc
import Platform

/// An ext4 file system that somebody else made, opened to be read.
///
/// Nothing in it is believed: it may not be larger than its file, no block of data is given out more often than the file system has
/// blocks, and names are bounded in number. One whose journal has not been replayed is not what it seems, and is refused. Freed when it
/// goes out of scope.
@safe
package struct Ext4Reader: ~Copyable {
    private let handle: ext2_filsys
    package let blockSize: Int
    /// The name that was given to the file system; mostly empty.
    package let label: String
    /// Blocks of data that may still be given out: in a sound file system no two files share one.
    private var blocksLeft: Int64
    private var entriesLeft = Ext4Reader.mostEntries

    /// Names of one file system.
    package static let mostEntries = 16_000_000

    /// `range` is where the file system lies in the file, in bytes; nil for all of it.
    package init(_ path: String, range: Range<UInt64>? = nil) throws(Ext4Error) {
        let superblock = try Ext4Superblock(path: path, range: range)
        let opened = try unsafe Self.open(path, offset: range?.lowerBound ?? 0)
        unsafe handle = opened
        blockSize = superblock.blockSize
        label = superblock.label
        blocksLeft = Int64(superblock.blocks)
    }

    private static func open(_ path: String, offset: UInt64) throws(Ext4Error) -> ext2_filsys {
        var opened: ext2_filsys?
        try checked("ext2fs_open2 \(path)") {
            unsafe ext2fs_open2(path, "offset=\(offset)", EXT2_FLAG_64BITS, 0, 0, cext2fs_file_driver(), &opened)
        }
        guard let opened = unsafe opened else { throw Ext4Error(.corrupt, "ext2fs_open \(path): no file system") }
        return unsafe opened
    }

    deinit { unsafe ext2fs_free(handle) }

    // MARK: Directories

    /// What is in a directory, without `.` and `..`, as it lies there.
    package mutating func entries(
        of directory: Ext4InodeNumber
    ) throws(Ext4Error) -> [(name: [UInt8], inode: Ext4InodeNumber)] {
        // An inode can name one block as often as it likes; its entries alone would be no bound.
        _ = try dataRanges(of: directory, size: .max)
        let collector = EntryCollector(most: entriesLeft)
        try checked("ext2fs_dir_iterate2") {
            unsafe ext2fs_dir_iterate2(
                handle, directory, 0, nil,
                { _, kind, entry, _, _, _, collector in
                    guard kind == DIRENT_OTHER_FILE, let entry = unsafe entry, let collector = unsafe collector else { return 0 }
                    return unsafe Unmanaged<EntryCollector>.fromOpaque(collector).takeUnretainedValue().take(entry)
                }, Unmanaged.passUnretained(collector).toOpaque())
        }
        entriesLeft -= collector.entries.count
        guard !collector.isOver else { throw Ext4Error(.corrupt, "there are more than \(Self.mostEntries) names") }
        return collector.entries
    }

    // MARK: Inodes

    package func inode(_ number: Ext4InodeNumber) throws(Ext4Error) -> Ext4Inode {
        var inode = ext2_inode_large()
        try checked("ext2fs_read_inode_full \(number)") {
            unsafe withUnsafeMutableBytes(of: &inode) { bytes in
                let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: ext2_inode.self)
                return unsafe ext2fs_read_inode_full(handle, number, start, Int32(bytes.count))
            }
        }
        guard let read = Ext4Inode(inode) else { throw Ext4Error(.corrupt, "the inode \(number) is of no kind") }
        // Blocks of a file have numbers of 32 bits.
        guard read.type != .file || read.size <= UInt64(blockSize) << 32 else {
            throw Ext4Error(.corrupt, "the file of the inode \(number) claims \(read.size) bytes, more than a file can have")
        }
        return read
    }

    /// In the kernel's form.
    package mutating func attributes(of number: Ext4InodeNumber) throws(Ext4Error) -> [Ext4Metadata.Attribute] {
        var opened: OpaquePointer?
        try checked("ext2fs_xattrs_open") { unsafe ext2fs_xattrs_open(handle, number, &opened) }
        defer { unsafe _ = ext2fs_xattrs_close(&opened) }
        try checked("ext2fs_xattrs_read \(number)") { unsafe ext2fs_xattrs_read(opened) }
        let collector = AttributeCollector()
        try checked("ext2fs_xattrs_iterate") {
            unsafe ext2fs_xattrs_iterate(
                opened,
                { name, value, count, collector in
                    guard let name = unsafe name, let collector = unsafe collector else { return 0 }
                    let bytes = unsafe UnsafeRawBufferPointer(start: value, count: count)
                    let key = unsafe Array(UnsafeRawBufferPointer(start: name, count: strlen(name)))
                    unsafe Unmanaged<AttributeCollector>.fromOpaque(collector).takeUnretainedValue().attributes.append(
                        Ext4Metadata.Attribute(name: key, value: Array(bytes)))
                    return 0
                }, Unmanaged.passUnretained(collector).toOpaque())
        }
        // Values may lie in inodes of their own, which many can name.
        try take(collector.attributes.reduce(0) { $0 + $1.value.count / blockSize })
        // libext2fs shows lists as they are stored.
        return try collector.attributes.map { (attribute) throws(Ext4Error) in
            guard attribute.name.starts(with: "system.posix_acl_".utf8) else { return attribute }
            guard let list = AccessControlList.asKernelShows(attribute.value) else {
                throw Ext4Error(.corrupt, "an access control list of the inode \(number) is damaged")
            }
            return Ext4Metadata.Attribute(name: attribute.name, value: list)
        }
    }

    // MARK: Contents

    /// Where a file has blocks, in bytes: ascending, disjoint, cut at its size. All else of it is zero.
    package mutating func dataRanges(of number: Ext4InodeNumber, size: UInt64) throws(Ext4Error) -> [Range<UInt64>] {
        let collector = BlockCollector(most: blocksLeft)
        let code = unsafe ext2fs_block_iterate3(
            handle, number, BLOCK_FLAG_READ_ONLY | BLOCK_FLAG_DATA_ONLY, nil,
            { _, _, block, _, _, collector in
                guard let collector = unsafe collector else { return 0 }
                return unsafe Unmanaged<BlockCollector>.fromOpaque(collector).takeUnretainedValue().take(block)
            }, Unmanaged.passUnretained(collector).toOpaque())
        // What fits into an inode lies there, and has no block.
        if code == EXT2_ET_INLINE_DATA_CANT_ITERATE { return size == 0 ? [] : [0..<size] }
        try checked("ext2fs_block_iterate3 \(number)") { code }
        try take(collector.count)
        return collector.ranges(blockSize: UInt64(blockSize), size: size)
    }

    /// Reads a piece of a file; fewer bytes than asked for where it ends.
    package func read(
        _ number: Ext4InodeNumber, at offset: UInt64, into buffer: inout [UInt8], count: Int
    ) throws(Ext4Error) -> Int {
        var file: ext2_file_t?
        try checked("ext2fs_file_open \(number)") { unsafe ext2fs_file_open(handle, number, 0, &file) }
        defer { unsafe _ = ext2fs_file_close(file) }
        try checked("ext2fs_file_llseek") { unsafe ext2fs_file_llseek(file, offset, EXT2_SEEK_SET, nil) }
        var got: UInt32 = 0
        let wanted = UInt32(min(count, buffer.count))
        try checked("ext2fs_file_read \(number)") {
            unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe ext2fs_file_read(file, bytes.baseAddress, wanted, &got)
            }
        }
        return Int(got)
    }

    /// Where a symbolic link leads to.
    package func target(of number: Ext4InodeNumber, _ inode: Ext4Inode) throws(Ext4Error) -> [UInt8] {
        guard inode.size > 0, inode.size < 4096 else {
            throw Ext4Error(.corrupt, "the symbolic link \(number) has a target of \(inode.size) bytes")
        }
        // A short one lies in the inode itself.
        if inode.size < 60 { return Array(inode.place.prefix(Int(inode.size))) }
        var target = [UInt8](repeating: 0, count: Int(inode.size))
        let count = try read(number, at: 0, into: &target, count: target.count)
        return Array(target.prefix(count))
    }

    private mutating func take(_ count: some BinaryInteger) throws(Ext4Error) {
        blocksLeft -= Int64(count)
        guard blocksLeft >= 0 else { throw Ext4Error(.corrupt, "the files have more blocks than the file system") }
    }
}

/// Gathers the names of a directory.
private final class EntryCollector {
    private(set) var entries: [(name: [UInt8], inode: Ext4InodeNumber)] = []
    private(set) var isOver = false
    private let most: Int

    init(most: Int) { self.most = most }

    func take(_ entry: UnsafeMutablePointer<ext2_dir_entry>) -> Int32 {
        guard entries.count < most else {
            isOver = true
            return DIRENT_ABORT
        }
        // The name stands behind eight bytes of the entry; the upper byte of its length is the kind of the file.
        let count = unsafe Int(entry.pointee.name_len & 0xFF)
        let name = unsafe UnsafeRawBufferPointer(start: UnsafeRawPointer(entry).advanced(by: 8), count: count)
        unsafe entries.append((Array(name), entry.pointee.inode))
        return 0
    }
}

private final class AttributeCollector {
    var attributes: [Ext4Metadata.Attribute] = []
}

/// Gathers the blocks that a file has, as runs.
private final class BlockCollector {
    private(set) var count: Int64 = 0
    private var runs: [Range<UInt64>] = []
    private let most: Int64

    init(most: Int64) { self.most = most }

    func take(_ block: Int64) -> Int32 {
        guard block >= 0 else { return 0 }
        count += 1
        // One more than there may be, by which the excess is seen.
        guard count <= most else { return BLOCK_ABORT }
        let number = UInt64(block)
        if let last = runs.last, last.upperBound == number {
            runs[runs.count - 1] = last.lowerBound..<number + 1
        } else {
            runs.append(number..<number + 1)
        }
        return 0
    }

    func ranges(blockSize: UInt64, size: UInt64) -> [Range<UInt64>] {
        var end: UInt64 = 0
        var ranges: [Range<UInt64>] = []
        for run in runs.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            let (first, overflow) = run.lowerBound.multipliedReportingOverflow(by: blockSize)
            let (last, carry) = run.upperBound.multipliedReportingOverflow(by: blockSize)
            let start = max(first, end)
            let stop = min(carry ? size : last, size)
            guard !overflow, start < stop else { continue }
            ranges.append(start..<stop)
            end = stop
        }
        return ranges
    }
}
