import ImageStore
import Model

/// rpm's own database file (`Packages.db`), little-endian.
///
///     0      "RpmP"  version  generation  pages of slots  next package  …
///     32…    slots of 16 bytes: "Slot"  package  block  number of blocks        a block has 16 bytes
///     …      blobs: "BlbS"  package  generation  length  data … checksum  length  "BlbE"
struct NDBFile {
    private let bytes: [UInt8]
    private let file: TreePath

    private static let slotSize = 16
    private static let pageSize = 4096
    private static let maximumPages = 4096

    init(_ bytes: [UInt8], file: TreePath) throws(Failure) {
        self.bytes = bytes
        self.file = file
        guard bytes.count >= 32, bytes.starts(with: Array("RpmP".utf8)) else {
            throw RPMDatabase.damaged(file, "it does not begin as an ndb file")
        }
        guard le32(4) == 0 else { throw RPMDatabase.damaged(file, "its version is \(le32(4)), and 0 is known") }
        let pages = le32(12)
        guard 1...Self.maximumPages ~= pages, pages * Self.pageSize <= bytes.count else {
            throw RPMDatabase.damaged(file, "it claims \(pages) pages of slots")
        }
    }

    /// The packages' headers in the order of their slots.
    func forEachBlob(_ body: (ArraySlice<UInt8>) throws(Failure) -> Void) throws(Failure) {
        var total = 0
        for slot in stride(from: 2 * Self.slotSize, to: le32(12) * Self.pageSize, by: Self.slotSize) {
            guard bytes[slot..<(slot + 4)].elementsEqual("Slot".utf8) else {
                throw RPMDatabase.damaged(file, "a slot does not begin as one")
            }
            let (package, block) = (le32(slot + 4), le32(slot + 8))
            if block == 0 { continue }
            let blob = try blob(package, at: block * 16)
            // Slots that share a blob would multiply its cost.
            total += blob.count
            guard total <= bytes.count else { throw RPMDatabase.damaged(file, "its blobs overlap") }
            try body(blob)
        }
    }

    private func blob(_ package: Int, at start: Int) throws(Failure) -> ArraySlice<UInt8> {
        guard start + 16 <= bytes.count, bytes[start..<(start + 4)].elementsEqual("BlbS".utf8), le32(start + 4) == package else {
            throw RPMDatabase.damaged(file, "package \(package) is not where its slot says")
        }
        let length = le32(start + 12)
        guard start + 16 + length <= bytes.count else {
            throw RPMDatabase.damaged(file, "package \(package) ends behind the file")
        }
        return bytes[(start + 16)..<(start + 16 + length)]
    }

    private func le32(_ index: Int) -> Int {
        Int(bytes[index]) | Int(bytes[index + 1]) << 8 | Int(bytes[index + 2]) << 16 | Int(bytes[index + 3]) << 24
    }
}
