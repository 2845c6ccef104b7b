import Crypto
import Model

/// Appends numbers and byte strings in the one encoding that all object formats here and caches share: LEB128 numbers, length before bytes.
package struct ByteWriter {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package mutating func number(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(value))
    }

    /// Zigzag: small negative numbers stay short.
    mutating func signed(_ value: Int64) { number(UInt64(bitPattern: (value << 1) ^ (value >> 63))) }

    mutating func raw(_ value: some Sequence<UInt8>) { bytes += value }

    package mutating func string(_ value: [UInt8]) {
        number(UInt64(value.count))
        bytes += value
    }
}

/// Reads what `ByteWriter` wrote, out of bytes that may be hostile: every read is bounded, and only the shortest form of a number
/// is accepted, so that equal objects have equal bytes.
package struct ByteReader {
    private let bytes: [UInt8]
    private(set) var position: Int
    private let what: String

    package init(_ bytes: [UInt8], of what: String, from position: Int = 0) {
        self.bytes = bytes
        self.position = position
        self.what = what
    }

    package var isAtEnd: Bool { position == bytes.count }

    package func damaged(_ reason: String) -> Failure {
        Failure(.corrupt, "\(what) cannot be read: \(reason) at byte \(position)")
    }

    package mutating func byte() throws(Failure) -> UInt8 {
        guard position < bytes.count else { throw damaged("it ends early") }
        defer { position += 1 }
        return bytes[position]
    }

    package mutating func number() throws(Failure) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte()
            let bits = UInt64(next & 0x7F)
            if shift == 63 && bits > 1 { throw damaged("a number is too large") }
            value |= bits << shift
            if next & 0x80 == 0 {
                if next == 0 && shift > 0 { throw damaged("a number is not in its shortest form") }
                return value
            }
            shift += 7
            if shift > 63 { throw damaged("a number is too long") }
        }
    }

    mutating func signed() throws(Failure) -> Int64 {
        let value = try number()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    package mutating func number<Result: FixedWidthInteger>(_ type: Result.Type) throws(Failure) -> Result {
        let value = try number()
        guard let result = Result(exactly: value) else { throw damaged("the number \(value) is out of range") }
        return result
    }

    mutating func raw(_ count: Int) throws(Failure) -> [UInt8] {
        guard count <= bytes.count - position else { throw damaged("it ends early") }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    package mutating func string(limit: Int) throws(Failure) -> [UInt8] {
        let count = try number()
        guard count <= UInt64(limit) else { throw damaged("a string of \(count) bytes is longer than \(limit)") }
        return try raw(Int(count))
    }

    mutating func skip(_ count: Int) throws(Failure) {
        guard count <= bytes.count - position else { throw damaged("it ends early") }
        position += count
    }

    /// Steps over a number without asking whether it is in its shortest form.
    mutating func skipNumber() throws(Failure) {
        while try byte() & 0x80 != 0 {}
    }

    /// Steps over a string and says where it stands.
    mutating func skipString(limit: Int) throws(Failure) -> Range<Int> {
        let count = try number()
        guard count <= UInt64(limit) else { throw damaged("a string of \(count) bytes is longer than \(limit)") }
        let start = position
        try skip(Int(count))
        return start..<position
    }

    mutating func digest() throws(Failure) -> Digest {
        guard bytes.count - position >= Digest.byteCount else { throw damaged("it ends early") }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        words.0 = word()
        words.1 = word()
        words.2 = word()
        words.3 = word()
        return Digest(words: words)
    }

    /// Eight bytes that are known to be there.
    private mutating func word() -> UInt64 {
        var word: UInt64 = 0
        for index in position..<position + 8 { word = word << 8 | UInt64(bytes[index]) }
        position += 8
        return word
    }
}
