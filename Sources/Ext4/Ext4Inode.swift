import CExt2FS
import Glibc
import Platform

/// An inode as it was read.
package struct Ext4Inode: Sendable {
    package let type: Ext4FileType
    /// Without its attributes.
    package let metadata: Ext4Metadata
    package let size: UInt64
    /// How many names it says that it has.
    package let links: Int
    /// The sixty bytes that hold the map of its blocks, a short target or the number of a device.
    let place: [UInt8]

    /// Nil where its mode is of no kind of file.
    init?(_ inode: ext2_inode_large) {
        let types: [UInt32: Ext4FileType] = [
            S_IFREG: .file, S_IFDIR: .directory, S_IFLNK: .symlink, S_IFCHR: .characterDevice, S_IFBLK: .blockDevice,
            S_IFIFO: .fifo, S_IFSOCK: .socket,
        ]
        guard let type = types[UInt32(inode.i_mode) & S_IFMT] else { return nil }
        self.type = type
        let linux = unsafe inode.osd2.linux2
        let time = Ext4Time(seconds: inode.i_mtime, extra: inode.i_extra_isize >= 12 ? inode.i_mtime_extra : 0)
        metadata = Ext4Metadata(
            mode: inode.i_mode & 0o7777, uid: UInt32(inode.i_uid) | UInt32(linux.l_i_uid_high) << 16,
            gid: UInt32(inode.i_gid) | UInt32(linux.l_i_gid_high) << 16, modified: time.nanoseconds)
        size = UInt64(inode.i_size) | UInt64(inode.i_size_high) << 32
        links = Int(inode.i_links_count)
        place = unsafe withUnsafeBytes(of: inode.i_block) { unsafe Array($0) }
    }

    /// The number of a device: small ones as Linux 2.4 wrote them, larger ones in the second word.
    package var device: (major: UInt32, minor: UInt32) {
        let old = word(0)
        if old != 0 { return (old >> 8 & 0xFF, old & 0xFF) }
        let new = word(4)
        return ((new & 0xF_FF00) >> 8, (new & 0xFF) | (new >> 12 & 0xF_FF00))
    }

    private func word(_ offset: Int) -> UInt32 {
        place[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}

/// What must be known of a file system before libext2fs opens it, which takes memory by what the superblock says.
struct Ext4Superblock {
    let blockSize: Int
    let blocks: UInt64
    let label: String

    init(path: String, range: Range<UInt64>? = nil) throws(Ext4Error) {
        var bytes = [UInt8](repeating: 0, count: 1024)
        let size: UInt64
        let count: Int
        do throws(SystemError) {
            let file = try FileDescriptor.open(path, .read)
            let whole = UInt64(clamping: try file.size())
            let range = (range ?? 0..<whole).clamped(to: 0..<whole)
            size = range.upperBound - range.lowerBound
            count = size < 2048 ? 0 : try file.read(into: &bytes, count: 1024, at: Int(range.lowerBound) + 1024)
        } catch { throw Ext4Error(.io, "read the superblock of \(path): \(error)") }
        guard count == 1024, bytes.number(0x38, 2) == 0xEF53 else {
            throw Ext4Error(.corrupt, "\(path) is no file system of ext2, ext3 or ext4")
        }
        let shift = bytes.number(0x18, 4)
        guard shift <= 6 else { throw Ext4Error(.corrupt, "\(path) has blocks of no size that there is") }
        let incompatible = bytes.number(0x60, 4)
        guard incompatible & Self.needsRecovery == 0 else {
            throw Ext4Error(.unsupported, "the journal of \(path) has not been replayed")
        }
        let is64Bit = incompatible & 0x80 != 0
        let blocks = bytes.number(0x04, 4) | (is64Bit ? bytes.number(0x150, 4) << 32 : 0)
        guard blocks > 0, blocks <= size >> (10 + shift) else {
            throw Ext4Error(.corrupt, "\(path) has \(size) bytes, fewer than its superblock says")
        }
        blockSize = 1024 << Int(shift)
        self.blocks = blocks
        label = String(decoding: bytes[0x78..<0x88].prefix { $0 != 0 }, as: UTF8.self)
    }

    /// The feature of a file system that was not cleanly unmounted.
    private static let needsRecovery: UInt64 = 0x4
}

extension [UInt8] {
    fileprivate func number(_ offset: Int, _ count: Int) -> UInt64 {
        self[offset..<offset + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
