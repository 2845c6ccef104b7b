import Crypto

/// The form of a pack file: many objects, written once, never changed.
///
///     magic      16 bytes                    "ingot pack 1\n" and zeroes
///     objects    the stored bytes, one after the other: as they are, or one zstd frame
///     index      48 bytes an object, sorted by digest:
///                digest 32 · offset 8 · stored length 4 · length 4, whose top bit says that a zstd frame is stored
///     trailer    64 bytes: offset of the index 8 · number of objects 8 · SHA-256 of the index 32 · "ingot pack end\n" and a zero
///
/// All numbers are big-endian. A pack's name holds its index's digest, and the token of the lease under which it was written: no
/// two packs ever have the same name, so that what is to be removed is never something newer.
package enum PackFormat {
    static let magic: [UInt8] = Array("ingot pack 1\n".utf8) + [0, 0, 0]
    static let endMagic: [UInt8] = Array("ingot pack end\n".utf8) + [0]
    static let indexEntrySize = 48
    static let trailerSize = 64
    static let compressedBit: UInt32 = 0x8000_0000
    /// An object is at most this large, so that reading one never needs more memory.
    static let maximumObject = 64 << 20
    /// A pack that has grown beyond this is closed and the next one begun, so that collection rewrites in bounded pieces.
    package static let targetSize = 256 << 20

    static func fileName(_ index: Digest, token: String) -> String { "pack-\(index.hex)-\(token).pack" }

    static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift))) }
    }

    static func append(_ value: UInt32, to bytes: inout [UInt8]) {
        for shift in stride(from: 24, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(shift))) }
    }
}

/// Where an object stands in a pack.
package struct PackEntry: Sendable, Hashable {
    package let offset: Int
    package let storedLength: Int
    package let length: Int
    package let isCompressed: Bool
}
