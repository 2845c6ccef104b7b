/// What base64 (RFC 4648) makes of some bytes, wherever they stand in what is encoded.
package enum Base64Forms {
    private static let standard = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let forAddresses = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The digits that follow from the bytes alone: at offsets 0, 1 and 2, in both alphabets. Digits that other bytes share are left out.
    package static func forms(of bytes: [UInt8]) -> [[UInt8]] {
        (0..<3).flatMap { offset -> [[UInt8]] in
            let digits = sextets(of: bytes, offset: offset)
            return [digits.map { standard[Int($0)] }, digits.map { forAddresses[Int($0)] }]
        }
    }

    /// Whole groups of six bits that lie within the bytes, when `offset` bytes come before them.
    private static func sextets(of bytes: [UInt8], offset: Int) -> [UInt8] {
        let first = (offset * 8 + 5) / 6
        let last = (offset + bytes.count) * 8 / 6
        return (first..<last).map { index in
            let bit = index * 6 - offset * 8
            let high = UInt16(bytes[bit / 8]) << 8
            let low = bit / 8 + 1 < bytes.count ? UInt16(bytes[bit / 8 + 1]) : 0
            return UInt8(((high | low) >> UInt16(10 - bit % 8)) & 63)
        }
    }
}
