import CZlib

/// Decompresses gzip (RFC 1952) and hands on anything else as it is. libarchive reads gzip too, but looks at neither the checksum nor
/// the size that a member ends with (seen in 3.6), so that a flipped byte would be imported.
///
/// Members may follow each other. What stands behind the last one and does not look like another is left out, as gzip(1) does.
@safe
final class GzipSource: ByteSource {
    private let source: any ByteSource
    /// What was read to see what it is.
    private var start: [UInt8] = []
    private var startIsGiven = false
    private var inflater: Inflater?

    private static let magic: [UInt8] = [0x1F, 0x8B]

    init(_ source: any ByteSource) throws(ArchiveError) {
        self.source = source
        while start.count < Self.magic.count {
            let chunk = unsafe try source.next()
            if unsafe chunk.isEmpty { break }
            unsafe start.append(contentsOf: chunk)
        }
        if start.starts(with: Self.magic) { inflater = try Inflater() }
    }

    func next() throws(ArchiveError) -> UnsafeRawBufferPointer {
        guard let inflater else { return unsafe try upstream() }
        while true {
            if inflater.needsInput {
                let chunk = unsafe try upstream()
                if unsafe chunk.isEmpty {
                    if inflater.isBetweenMembers { return unsafe UnsafeRawBufferPointer(start: nil, count: 0) }
                    throw ArchiveError(
                        .truncated, operation: "decompress the archive", reason: "the input ends within a gzip member")
                }
                unsafe inflater.take(chunk)
            }
            if inflater.isBetweenMembers && !inflater.hasMember {
                return unsafe UnsafeRawBufferPointer(start: nil, count: 0)
            }
            let bytes = unsafe try inflater.output()
            if unsafe !bytes.isEmpty { return unsafe bytes }
        }
    }

    private func upstream() throws(ArchiveError) -> UnsafeRawBufferPointer {
        if startIsGiven { return unsafe try source.next() }
        startIsGiven = true
        return unsafe copyOfStart.isEmpty ? try source.next() : UnsafeRawBufferPointer(copyOfStart)
    }

    /// The start, at an address that does not move.
    private lazy var copyOfStart: UnsafeMutableRawBufferPointer = {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: start.count, alignment: 16)
        unsafe copy.copyBytes(from: start)
        start = []
        return unsafe copy
    }()

    deinit {
        if startIsGiven { unsafe copyOfStart.deallocate() }
    }
}

/// One run of zlib over gzip members.
@safe
private final class Inflater {
    private var stream = unsafe z_stream()
    private let buffer: UnsafeMutableRawBufferPointer
    /// What zlib has not been given yet: it counts input in 32 bits.
    private var rest = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    /// True before the first byte of a member.
    private(set) var isBetweenMembers = true
    /// Whether there may be more output without more input.
    private var isFull = false

    init() throws(ArchiveError) {
        unsafe buffer = .allocate(byteCount: 1 << 17, alignment: 4096)
        guard unsafe czlib_begin_gzip(&stream) == Z_OK else {
            unsafe buffer.deallocate()
            throw .system(12, operation: "decompress the archive")
        }
    }

    deinit {
        unsafe inflateEnd(&stream)
        unsafe buffer.deallocate()
    }

    var needsInput: Bool { unsafe stream.avail_in == 0 && rest.isEmpty && !isFull }

    /// Whether the input at hand begins like a member.
    var hasMember: Bool { unsafe stream.avail_in > 0 && stream.next_in.pointee == 0x1F }

    /// The bytes must stay where they are until they are used up.
    func take(_ bytes: UnsafeRawBufferPointer) {
        unsafe rest = bytes
        feed()
    }

    private func feed() {
        let piece = unsafe UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
        unsafe rest = UnsafeRawBufferPointer(rebasing: rest[piece.count...])
        unsafe stream.next_in = UnsafeMutablePointer(mutating: piece.baseAddress?.assumingMemoryBound(to: UInt8.self))
        unsafe stream.avail_in = UInt32(piece.count)
    }

    /// What the input at hand gives; empty where that is nothing yet. Valid until the next call.
    func output() throws(ArchiveError) -> UnsafeRawBufferPointer {
        isBetweenMembers = false
        if unsafe stream.avail_in == 0 { feed() }
        unsafe stream.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        unsafe stream.avail_out = UInt32(buffer.count)
        let result = unsafe inflate(&stream, Z_NO_FLUSH)
        switch result {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END:
            isBetweenMembers = true
            unsafe inflateReset(&stream)
        default:
            let reason = unsafe stream.msg.map { unsafe String(cString: $0) } ?? "zlib gives \(result)"
            throw ArchiveError(.corrupt, operation: "decompress the archive", reason: "gzip: \(reason)")
        }
        unsafe isFull = stream.avail_out == 0 && result == Z_OK
        return unsafe UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<(buffer.count - Int(stream.avail_out))])
    }
}
