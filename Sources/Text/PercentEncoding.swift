/// Percent-encoding as Signature Version 4 has it: letters, digits and `-._~` stay, all else becomes `%` and two capital digits.
///
/// Inlined where it is called: each request is read and written through it.
package enum PercentEncoding {
    /// `keeping` stays as it is, too.
    @inlinable package static func append(_ bytes: some Sequence<UInt8>, to result: inout [UInt8], keeping: UInt8? = nil) {
        for byte in bytes {
            if isUnreserved(byte) || byte == keeping {
                result.append(byte)
            } else {
                result.append(UInt8(ascii: "%"))
                result.append(digit(byte >> 4))
                result.append(digit(byte & 15))
            }
        }
    }

    package static func encode(_ text: String, keeping: UInt8? = nil) -> String {
        var result: [UInt8] = []
        append(text.utf8, to: &result, keeping: keeping)
        return String(decoding: result, as: UTF8.self)
    }

    /// Nil where a percent sign is not followed by two digits.
    @inlinable package static func decode(_ text: some Collection<UInt8>, plusIsBlank: Bool = false) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var bytes = text.makeIterator()
        while let byte = bytes.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = bytes.next().flatMap(value), let low = bytes.next().flatMap(value) else { return nil }
                result.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsBlank: result.append(0x20)
            default: result.append(byte)
            }
        }
        return result
    }

    @usableFromInline static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    @usableFromInline static func digit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "A") + nibble - 10
    }

    @usableFromInline static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
