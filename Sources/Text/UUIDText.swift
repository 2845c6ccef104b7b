/// UUIDs as text (RFC 9562), of 16 bytes that somebody else has made.
package enum UUIDText {
    package static let byteCount = 16

    /// The bytes in the form of a UUID, whatever their version.
    package static func text(_ bytes: [UInt8]) -> String {
        precondition(bytes.count == byteCount, "a UUID has \(byteCount) bytes")
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (index, byte) in bytes.enumerated() {
            if index == 4 || index == 6 || index == 8 || index == 10 { text.append(UInt8(ascii: "-")) }
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// With the bits that say of which version it is: 4 for random bytes, 8 for others.
    package static func text(_ bytes: [UInt8], version: UInt8) -> String {
        var bytes = bytes
        bytes[6] = bytes[6] & 0x0F | version << 4
        bytes[8] = bytes[8] & 0x3F | 0x80
        return text(bytes)
    }
}
