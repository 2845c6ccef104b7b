import Archive

/// Reads cpio archives in the new form (`070701`), one after the other with zeros between, as an initial ramdisk has them: Linux,
/// Documentation/driver-api/early-userspace/buffer-format.rst.
struct CpioWalk {
    private let stream: ByteStream
    private static let headerSize = 110

    init(_ stream: ByteStream) { self.stream = stream }

    /// The next member's name and size; its bytes must be taken from the stream, with `endMember` behind them. Nil where none follows:
    /// at the end, or where the stream goes on with something else.
    func next() throws(ArchiveError) -> (name: [UInt8], size: Int)? {
        while true {
            try skipZeros()
            let header = try stream.peek(Self.headerSize)
            guard header.count == Self.headerSize, header.starts(with: Array("0707".utf8)), let size = Self.number(header, 54),
                let nameSize = Self.number(header, 94), (1...4096).contains(nameSize)
            else { return nil }
            _ = try stream.take(Self.headerSize)
            let name = try stream.take(nameSize).prefix { $0 != 0 }
            _ = try stream.skip(Self.padding(Self.headerSize + nameSize))
            if name.elementsEqual("TRAILER!!!".utf8) { continue }
            return (Array(name), size)
        }
    }

    /// Passes over the padding behind a member of that size.
    func endMember(_ size: Int) throws(ArchiveError) { _ = try stream.skip(Self.padding(size)) }

    private func skipZeros() throws(ArchiveError) {
        while let byte = try stream.peek(1).first, byte == 0 { _ = try stream.take(1) }
    }

    private static func padding(_ size: Int) -> Int { (4 - size % 4) % 4 }

    private static func number(_ header: [UInt8], _ start: Int) -> Int? {
        Int(String(decoding: header[start..<(start + 8)], as: UTF8.self), radix: 16)
    }
}
