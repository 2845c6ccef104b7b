// Numbers in blocks, which ext4 stores with the lowest byte first.
extension [UInt8] {
    mutating func put(_ number: some FixedWidthInteger & UnsignedInteger, at offset: Int) {
        for index in 0..<number.bitWidth / 8 { self[offset + index] = UInt8(truncatingIfNeeded: number >> (8 * index)) }
    }
}

enum Ext4Format {
    static let blockSize = 4096
    static let inodeSize = 256
    static let zeroBlock = [UInt8](repeating: 0, count: blockSize)

    static func blocks(_ bytes: UInt64) -> UInt64 { bytes / UInt64(blockSize) + (bytes % UInt64(blockSize) == 0 ? 0 : 1) }
}
