import CExt2FS
import Glibc
import Platform

/// Writes a file system. First all inodes are made, then `finishFrame` is called, then `data` takes the contents of the files.
///
/// A directory's number is taken before what is in it is made, the directory itself is written after that.
package final class Ext4Writer {
    private var library: Ext4Library
    private let file: Ext4DataFile
    private var nextInode: UInt32 = 11
    private let hashSeed: [UInt32]

    package static let root: Ext4InodeNumber = 2

    /// Names that one file may have (EXT4_LINK_MAX).
    package static let mostLinks: UInt32 = 65_000

    /// `file` is empty and stays open. `path` names it for libext2fs. `identity` is 32 bytes: equal ones, and equal calls, give equal
    /// files.
    package init(
        _ file: borrowing FileDescriptor, path: String, demand: Ext4Demand, identity: [UInt8]
    ) throws(Ext4Error) {
        self.file = try Ext4DataFile(file)
        try self.file.truncate(to: try Ext4Library.size(demand))
        library = try Ext4Library(path, demand, identity: identity)
        hashSeed = library.hashSeed
        try self.file.truncate(to: library.blockCount * UInt64(Ext4Format.blockSize))
    }

    // MARK: Inodes

    /// Takes the number of a directory that will be written.
    package func reserveDirectory() throws(Ext4Error) -> Ext4InodeNumber {
        try takeInode(isDirectory: true)
    }

    /// Writes a directory. The names in it must differ. `parent` of the root is the root.
    package func writeDirectory(
        _ number: Ext4InodeNumber, parent: Ext4InodeNumber, _ metadata: Ext4Metadata, _ entries: [Ext4DirectoryEntry]
    ) throws(Ext4Error) {
        var plain = DirectoryBlocks()
        for entry in DirectoryBlocks.dots(number, parent: parent) + entries { plain.append(entry) }
        var bytes = plain.bytes
        var flags = UInt32(EXT4_EXTENTS_FL)
        if plain.count > DirectoryBlocks.mostUnindexed,
            let index = try DirectoryIndex(entries, directory: number, parent: parent, seed: hashSeed)
        {
            bytes = index.bytes
            flags |= UInt32(EXT2_INDEX_FL)
        }
        let links = 2 + entries.count { $0.type == .directory }
        var inode = Self.inode(metadata, type: S_IFDIR)
        // More subfolders than the field holds are written as one link (the feature dir_nlink).
        inode.i_links_count = links < Self.mostLinks ? UInt16(links) : 1
        inode.i_flags = flags
        try place(bytes, &inode)
        try write(inode, number, metadata)
    }

    /// A file of `size` bytes, which are zero outside of `dataRanges`: ascending, disjoint, not beyond the size. `links` is how many
    /// names it will have.
    package func makeFile(
        _ metadata: Ext4Metadata, size: UInt64, dataRanges: [Range<UInt64>], links: UInt32
    ) throws(Ext4Error) -> (number: Ext4InodeNumber, map: Ext4FileMap) {
        guard (1...Self.mostLinks).contains(links) else {
            throw Ext4Error(.unsupported, "\(links) names of one file are more than the \(Self.mostLinks) that ext4 allows")
        }
        guard Ext4Format.blocks(size) < 1 << 32 else {
            throw Ext4Error(.unsupported, "\(size) bytes are more than the 16 TB that a file in ext4 may have")
        }
        let number = try takeInode(isDirectory: false)
        var runs: [BlockRun] = []
        for range in FileBlocks.ranges(dataRanges) { try take(range, &runs) }
        var inode = Self.inode(metadata, type: S_IFREG)
        inode.i_links_count = UInt16(links)
        inode.i_flags = UInt32(EXT4_EXTENTS_FL)
        try map(runs, size: size, &inode)
        try write(inode, number, metadata)
        return (number, Ext4FileMap(runs: runs))
    }

    /// The target has 1 to 4095 bytes, none of them NUL.
    package func makeSymlink(_ metadata: Ext4Metadata, target: [UInt8]) throws(Ext4Error) -> Ext4InodeNumber {
        guard (1..<Ext4Format.blockSize).contains(target.count), !target.contains(0) else {
            throw Ext4Error(.unsupported, "a symbolic link's target has 1 to 4095 bytes and no NUL, this one has \(target.count)")
        }
        let number = try takeInode(isDirectory: false)
        var inode = Self.inode(metadata, type: S_IFLNK)
        inode.i_links_count = 1
        if target.count < Self.inlineSize {
            Self.setBlockField(&inode, target)
            inode.i_size = UInt32(target.count)
        } else {
            inode.i_flags = UInt32(EXT4_EXTENTS_FL)
            try place(target, &inode)
        }
        try write(inode, number, metadata)
        return number
    }

    /// A fifo or a socket, or a device with 12 bits of major and 20 bits of minor number.
    package func makeSpecial(
        _ metadata: Ext4Metadata, _ type: Ext4FileType, major: UInt32 = 0, minor: UInt32 = 0
    ) throws(Ext4Error) -> Ext4InodeNumber {
        guard major < 1 << 12, minor < 1 << 20 else {
            throw Ext4Error(.unsupported, "the device number \(major):\(minor) is larger than 4095:1048575")
        }
        let format: UInt32? =
            switch type {
            case .characterDevice: S_IFCHR
            case .blockDevice: S_IFBLK
            case .fifo: S_IFIFO
            case .socket: S_IFSOCK
            case .file, .directory, .symlink: nil
            }
        guard let format else { throw Ext4Error(.misuse, "\(type) is no special file") }
        let number = try takeInode(isDirectory: false)
        var inode = Self.inode(metadata, type: format)
        inode.i_links_count = 1
        if type == .characterDevice || type == .blockDevice { Self.setBlockField(&inode, Self.device(major, minor)) }
        try write(inode, number, metadata)
        return number
    }

    /// Ends the making of inodes: afterwards only the contents of files are missing.
    package func finishFrame() throws(Ext4Error) { try library.flush() }

    /// Takes contents, from as many threads as like.
    package var data: Ext4DataFile { file }

    // MARK: Parts of inodes

    private static let inlineSize = 60

    private static func inode(_ metadata: Ext4Metadata, type: UInt32) -> ext2_inode_large {
        var inode = ext2_inode_large()
        inode.i_mode = UInt16(type) | metadata.mode & 0o7777
        inode.i_uid = UInt16(truncatingIfNeeded: metadata.uid)
        unsafe inode.osd2.linux2.l_i_uid_high = UInt16(metadata.uid >> 16)
        inode.i_gid = UInt16(truncatingIfNeeded: metadata.gid)
        unsafe inode.osd2.linux2.l_i_gid_high = UInt16(metadata.gid >> 16)
        inode.i_extra_isize = 32
        let time = Ext4Time(nanoseconds: metadata.modified)
        (inode.i_mtime, inode.i_mtime_extra) = (time.seconds, time.extra)
        (inode.i_ctime, inode.i_ctime_extra) = (time.seconds, time.extra)
        (inode.i_atime, inode.i_atime_extra) = (time.seconds, time.extra)
        (inode.i_crtime, inode.i_crtime_extra) = (time.seconds, time.extra)
        return inode
    }

    private static func setBlockField(_ inode: inout ext2_inode_large, _ bytes: [UInt8]) {
        unsafe withUnsafeMutableBytes(of: &inode.i_block) { unsafe $0.copyBytes(from: bytes) }
    }

    /// Small numbers as Linux 2.4 wrote them, larger ones in the second word.
    private static func device(_ major: UInt32, _ minor: UInt32) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 8)
        if major < 256 && minor < 256 {
            bytes.put(major << 8 | minor, at: 0)
        } else {
            bytes.put((minor & 0xFF) | major << 8 | (minor & ~0xFF) << 12, at: 4)
        }
        return bytes
    }

    private func takeInode(isDirectory: Bool) throws(Ext4Error) -> UInt32 {
        guard UInt64(nextInode) <= library.inodeCount else {
            throw Ext4Error(.misuse, "the file system has no inode left: more were made than were counted")
        }
        library.noteInode(nextInode, isDirectory: isDirectory)
        defer { nextInode += 1 }
        return nextInode
    }

    private func write(_ inode: ext2_inode_large, _ number: UInt32, _ metadata: Ext4Metadata) throws(Ext4Error) {
        try library.write(inode, number)
        if !metadata.attributes.isEmpty { try library.setAttributes(metadata.attributes, of: number) }
    }

    // MARK: Blocks

    private func take(_ range: Range<UInt64>, _ runs: inout [BlockRun]) throws(Ext4Error) {
        var logical = range.lowerBound
        while logical < range.upperBound {
            let taken = try library.takeBlocks(range.upperBound - logical)
            runs.append(BlockRun(logical: logical, physical: taken.lowerBound, count: UInt64(taken.count)))
            logical += UInt64(taken.count)
        }
    }

    /// Sets size, number of blocks and extents.
    private func map(_ runs: [BlockRun], size: UInt64, _ inode: inout ext2_inode_large) throws(Ext4Error) {
        let tree = try ExtentTree(runs) { () throws(Ext4Error) in try library.takeBlocks(1).lowerBound }
        for block in tree.blocks { try file.write(block.bytes.span, at: block.address * UInt64(Ext4Format.blockSize)) }
        Self.setBlockField(&inode, tree.root)
        inode.i_size = UInt32(truncatingIfNeeded: size)
        inode.i_size_high = UInt32(size >> 32)
        let blocks = runs.reduce(UInt64(tree.blocks.count)) { $0 + $1.count }
        let sectors = blocks * UInt64(Ext4Format.blockSize / 512)
        inode.i_blocks = UInt32(truncatingIfNeeded: sectors)
        unsafe inode.osd2.linux2.l_i_blocks_hi = UInt16(truncatingIfNeeded: sectors >> 32)
    }

    /// Writes the bytes of a directory or link, and makes them the inode's contents.
    private func place(_ bytes: [UInt8], _ inode: inout ext2_inode_large) throws(Ext4Error) {
        var runs: [BlockRun] = []
        try take(0..<Ext4Format.blocks(UInt64(bytes.count)), &runs)
        try map(runs, size: UInt64(bytes.count), &inode)
        try file.write(bytes.span, at: 0, of: Ext4FileMap(runs: runs))
    }
}
