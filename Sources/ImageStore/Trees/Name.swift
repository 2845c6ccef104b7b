/// One name in a directory: bytes without `/` and NUL, never `.` or `..`. Linux promises no encoding, so neither does this.
package struct Name: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let bytes: [UInt8]

    /// The kernel's NAME_MAX.
    package static let maximumLength = 255

    /// Nil where the bytes are no name.
    package init?(_ bytes: [UInt8]) {
        guard !bytes.isEmpty, bytes.count <= Self.maximumLength, bytes != [0x2E], bytes != [0x2E, 0x2E] else { return nil }
        for byte in bytes where byte == 0x2F || byte == 0 { return nil }
        self.bytes = bytes
    }

    package init?(_ text: some StringProtocol) { self.init(Array(text.utf8)) }

    /// For people; bytes that are not UTF-8 are shown replaced.
    package var description: String { String(decoding: bytes, as: UTF8.self) }

    package static func < (a: Name, b: Name) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }
}
