import Text

/// A form in which a value may stand in a file.
package enum ValueEncoding: String, Sendable, Codable, CaseIterable {
    /// The bytes themselves.
    case raw
    case utf16
    case lowerHex, upperHex
    /// At any of the three places in what was encoded.
    case base64
    /// As in a query: all but letters, digits and `-._~` as `%XX`, in upper or lower case.
    case url
    /// With backslashes before quotes, backslashes and line feeds.
    case json

    /// Shorter pieces of base64 occur by chance.
    private static let shortestBase64 = 8

    /// The different forms of a value, each once; the plain one first.
    static func forms(of value: [UInt8]) -> [(encoding: ValueEncoding, bytes: [UInt8])] {
        var forms: [(ValueEncoding, [UInt8])] = [(.raw, value), (.utf16, value.flatMap { [$0, 0] })]
        forms.append((.lowerHex, hexadecimal(value, "0123456789abcdef")))
        forms.append((.upperHex, hexadecimal(value, "0123456789ABCDEF")))
        forms += Base64Forms.forms(of: value).filter { $0.count >= shortestBase64 }.map { (.base64, $0) }
        forms += [(.url, percent(value, "0123456789ABCDEF")), (.url, percent(value, "0123456789abcdef"))]
        forms.append((.json, escaped(value)))
        var seen: Set<[UInt8]> = []
        return forms.filter { !$0.1.isEmpty && seen.insert($0.1).inserted }
    }

    private static func hexadecimal(_ value: [UInt8], _ digits: StaticString) -> [UInt8] {
        let digits = Array(digits.description.utf8)
        return value.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }

    private static func percent(_ value: [UInt8], _ digits: StaticString) -> [UInt8] {
        let digits = Array(digits.description.utf8)
        return value.flatMap { byte in
            ByteSet.unreserved.contains(byte) ? [byte] : [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }

    private static func escaped(_ value: [UInt8]) -> [UInt8] {
        value.flatMap { byte -> [UInt8] in
            switch byte {
            case 0x22, 0x5C: [0x5C, byte]
            case 0x0A: Array("\\n".utf8)
            case 0x0D: Array("\\r".utf8)
            case 0x09: Array("\\t".utf8)
            default: [byte]
            }
        }
    }
}
