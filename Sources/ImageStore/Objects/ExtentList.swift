import Crypto
import Model

/// The parts of a large or sparse file, in order: data objects and holes.
///
///     "ingot extents 1\n"  count  (length  0 | length  1 digest)*
///
/// Where a hole is follows from the bytes alone, not from how a disk stored them: see `Chunker`.
package struct ExtentList: Hashable, Sendable {
    package var extents: [Extent]

    package struct Extent: Hashable, Sendable {
        package let length: UInt64
        /// Nil for a hole.
        package let digest: Digest?

        package init(length: UInt64, digest: Digest?) {
            self.length = length
            self.digest = digest
        }
    }

    private static let magic = Array("ingot extents 1\n".utf8)

    package init(_ extents: [Extent] = []) { self.extents = extents }

    package var size: UInt64 { extents.reduce(0) { $0 + $1.length } }

    package func encoded() -> [UInt8] {
        var writer = ByteWriter()
        writer.raw(Self.magic)
        writer.number(UInt64(extents.count))
        for extent in extents {
            writer.number(extent.length)
            writer.number(extent.digest == nil ? 0 : 1)
            if let digest = extent.digest { writer.raw(digest.bytes) }
        }
        return writer.bytes
    }

    package init(decoding bytes: [UInt8]) throws(Failure) {
        var reader = ByteReader(bytes, of: "an extent list")
        guard try reader.raw(min(Self.magic.count, bytes.count)) == Self.magic else {
            throw reader.damaged("its first line is foreign")
        }
        let count = try reader.number(Int.self)
        guard count <= bytes.count / 2 else { throw reader.damaged("it claims \(count) extents") }
        extents = []
        extents.reserveCapacity(min(count, 4096))
        var size: UInt64 = 0
        for _ in 0..<count {
            let length = try reader.number()
            let (sum, overflow) = size.addingReportingOverflow(length)
            guard length > 0, !overflow, sum <= UInt64(Int64.max) else {
                throw reader.damaged("an extent has the length \(length)")
            }
            size = sum
            switch try reader.number() {
            case 0: extents.append(Extent(length: length, digest: nil))
            case 1: extents.append(Extent(length: length, digest: Digest(bytes: try reader.raw(Digest.byteCount))))
            default: throw reader.damaged("an extent is of an unknown kind")
            }
        }
        guard reader.isAtEnd else { throw reader.damaged("something follows the last extent") }
    }
}
