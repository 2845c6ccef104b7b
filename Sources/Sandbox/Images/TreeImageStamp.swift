import Crypto
import ImageStore
import Model
import Platform

/// The last block of a cached file: what the file is, and under which start of the machine it was written.
///
///     "ingot tree image "  format version  root digest  offset of ids  start of the machine  digest of the first block
///
/// A file is not made durable, since it can be made again: waiting for the disk would take as long as writing. As long as the machine
/// runs, the kernel shows the file as it was written, also when its writer was killed; after a power cut anything may be missing. So a
/// file counts only under the start of the machine (the kernel's boot id) it was written in.
struct TreeImageStamp {
    static let size = 4096

    /// Files are given this time of change. One that was written to afterwards has another.
    static let modified: Int64 = 946_684_800 * 1_000_000_000

    /// What the stamp of a whole file is.
    static func bytes(_ image: TreeImage, boot: String, _ file: borrowing FileDescriptor) throws(SystemError) -> [UInt8] {
        var first = [UInt8](repeating: 0, count: size)
        _ = try file.read(into: &first, count: size, at: 0)
        let text = """
            ingot tree image \(TreeImage.formatVersion) \(image.tree.root.hex) \(image.shift.offset) \(boot) \
            \(SHA256.digest(of: first).hex)\n
            """
        return Array((Array(text.utf8) + [UInt8](repeating: 0, count: size)).prefix(size))
    }

    /// Whether the file is whole, and this image.
    static func isValid(_ file: borrowing FileDescriptor, _ image: TreeImage, boot: String) throws(SystemError) -> Bool {
        let status = try file.status()
        guard status.isRegular, status.size > size, status.modified == modified else { return false }
        var found = [UInt8](repeating: 0, count: size)
        _ = try file.read(into: &found, count: size, at: status.size - size)
        return try found == bytes(image, boot: boot, file)
    }

    /// The kernel's name for the time since the machine was started; nil where it has none.
    static func currentBoot() -> String? {
        guard let bytes = try? Files.readStream("/proc/sys/kernel/random/boot_id", limit: 64), !bytes.isEmpty else { return nil }
        return String(decoding: bytes.filter { $0 > 0x20 }, as: UTF8.self)
    }
}
