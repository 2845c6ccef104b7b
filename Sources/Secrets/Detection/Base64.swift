/// Base64 in either alphabet (RFC 4648), padded or not, over lines or not.
enum Base64 {
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (index, byte) in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8.enumerated() {
            values[Int(byte)] = UInt8(index)
        }
        values[0x2D] = 62
        values[0x5F] = 63
        return values
    }()

    /// Nil where a byte is none of the alphabets, or the length is impossible. White space is passed over.
    static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.count * 3 / 4)
        var bits: UInt32 = 0
        var count = 0
        var padding = 0
        for byte in text {
            if byte == 0x3D {
                padding += 1
                continue
            }
            if byte == 0x0A || byte == 0x0D || byte == 0x20 || byte == 0x09 { continue }
            let value = values[Int(byte)]
            guard value != 0xFF, padding == 0 else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 1
            if count & 3 == 0 {
                result.append(UInt8(truncatingIfNeeded: bits >> 16))
                result.append(UInt8(truncatingIfNeeded: bits >> 8))
                result.append(UInt8(truncatingIfNeeded: bits))
            }
        }
        switch count & 3 {
        case 1: return nil
        case 2: result.append(UInt8(truncatingIfNeeded: bits >> 4))
        case 3:
            result.append(UInt8(truncatingIfNeeded: bits >> 10))
            result.append(UInt8(truncatingIfNeeded: bits >> 2))
        default: break
        }
        return padding <= 2 ? result : nil
    }

    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// Padded, on one line.
    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let one = UInt32(bytes[index]) << 16
            let two = index + 1 < bytes.count ? UInt32(bytes[index + 1]) << 8 : 0
            let three = index + 2 < bytes.count ? UInt32(bytes[index + 2]) : 0
            let group = one | two | three
            result.append(digits[Int(group >> 18)])
            result.append(digits[Int(group >> 12 & 63)])
            result.append(index + 1 < bytes.count ? digits[Int(group >> 6 & 63)] : 0x3D)
            result.append(index + 2 < bytes.count ? digits[Int(group & 63)] : 0x3D)
            index += 3
        }
        return result
    }
}

/// JSON Web Tokens (RFC 7519).
enum JSONWebToken {
    /// Whether the bytes are base64url of a JSON object that names an algorithm other than none.
    static func isHeader(_ text: some Collection<UInt8>) -> Bool {
        guard text.count < 2048, let bytes = Base64.decode(text), bytes.first == UInt8(ascii: "{"),
            bytes.last == UInt8(ascii: "}"), bytes.allSatisfy({ $0 >= 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 })
        else { return false }
        return ValueTest.contains(Array("\"alg\"".utf8), in: bytes)
    }
}
