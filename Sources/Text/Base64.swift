/// Base64 (RFC 4648).
package enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (index, byte) in digits.enumerated() { values[Int(byte)] = UInt8(index) }
        values[0x2D] = 62
        values[0x5F] = 63
        return values
    }()

    /// Nil for anything but the one form that `encode` gives: what two decoders read in two ways is refused.
    package static func decodeStrictly(_ text: String) -> [UInt8]? {
        guard let bytes = decode(text.utf8), encode(bytes).elementsEqual(text.utf8) else { return nil }
        return bytes
    }

    /// Takes either alphabet, padded or not, over lines or not. Nil where a byte is none of the alphabets, or the length is impossible.
    package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? { decoded(Array(text)) }

    /// Not generic, so that no caller in another module pays for each byte.
    private static func decoded(_ text: [UInt8]) -> [UInt8]? {
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

    /// As `encode`.
    package static func text(_ bytes: [UInt8]) -> String { String(decoding: encode(bytes), as: UTF8.self) }

    /// Standard alphabet, padded, on one line.
    package static func encode(_ bytes: [UInt8]) -> [UInt8] {
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
