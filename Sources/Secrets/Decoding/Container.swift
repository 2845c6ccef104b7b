/// What holds other contents, told by its first bytes.
enum Container: Sendable {
    /// One stream under compression.
    case compressed
    /// tar, ar, zip, rpm.
    case archive
    /// cpio, and what may follow it: an initial ramdisk.
    case cpio

    /// How many bytes tell.
    static let probe = 512

    init?(_ bytes: some Collection<UInt8>) {
        let head = Array(bytes.prefix(Self.probe))
        if Self.compressions.contains(where: { head.starts(with: $0) }) {
            self = .compressed
        } else if head.starts(with: Array("070701".utf8)) || head.starts(with: Array("070702".utf8)) {
            self = .cpio
        } else if Self.archives.contains(where: { head.starts(with: $0) })
            || head.count >= 263 && head[257..<262].elementsEqual("ustar".utf8)
        {
            self = .archive
        } else {
            return nil
        }
    }

    private static let compressions: [[UInt8]] = [
        [0x1F, 0x8B, 0x08], [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], [0x28, 0xB5, 0x2F, 0xFD], Array("BZh".utf8),
        [0x04, 0x22, 0x4D, 0x18],
        [0x02, 0x21, 0x4C, 0x18], Array("LZIP".utf8), [0x1F, 0x9D], [0x5D, 0x00, 0x00, 0x80, 0x00],
        [0x5D, 0x00, 0x00, 0x00, 0x04],
    ]
    private static let archives: [[UInt8]] = [
        [0x50, 0x4B, 0x03, 0x04], Array("!<arch>\n".utf8), [0xED, 0xAB, 0xEE, 0xDB], Array("070707".utf8), [0xC7, 0x71],
    ]
}
