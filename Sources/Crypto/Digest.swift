// Crypto: digests by OpenSSL's libcrypto.

import CCrypto

/// A SHA-256 digest: 32 bytes, ordered as bytes.
package struct Digest: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The bytes as four big-endian words, so that comparing words compares bytes.
    package let words: (UInt64, UInt64, UInt64, UInt64)

    package static let byteCount = 32

    package init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

    /// Takes exactly 32 bytes.
    package init?(bytes: [UInt8]) { self.init(bytes: bytes[...]) }

    /// Takes exactly 32 bytes. No generic collection: other modules would call it without knowing which, and look up what that needs.
    package init?(bytes: ArraySlice<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        func word(_ number: Int) -> UInt64 {
            let start = bytes.startIndex + number * 8
            return bytes[start..<(start + 8)].reduce(0) { $0 << 8 | UInt64($1) }
        }
        words = (word(0), word(1), word(2), word(3))
    }

    /// Takes 64 hexadecimal digits, in either case.
    package init?(hex: some StringProtocol) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        var high: UInt8?
        for character in hex.utf8 {
            let nibble: UInt8
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): nibble = character - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): nibble = character - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): nibble = character - UInt8(ascii: "A") + 10
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | nibble)
                high = nil
            } else {
                high = nibble
            }
        }
        guard high == nil else { return nil }
        self.init(bytes: bytes)
    }

    package var bytes: [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(Self.byteCount)
        append(to: &result)
        return result
    }

    package func append(to buffer: inout [UInt8]) {
        for word in [words.0, words.1, words.2, words.3] {
            for shift in stride(from: 56, through: 0, by: -8) { buffer.append(UInt8(truncatingIfNeeded: word >> UInt64(shift))) }
        }
    }

    /// 64 lower-case hexadecimal digits.
    package var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(2 * Self.byteCount)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The first twelve digits, for people.
    package var short: String { String(hex.prefix(12)) }

    package var description: String { hex }

    package static func == (a: Digest, b: Digest) -> Bool { a.words == b.words }
    package static func < (a: Digest, b: Digest) -> Bool { a.words < b.words }
    package func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}
