/// What a partition of a GPT is for, as a GUID in the usual form of lower case letters.
///
/// The types of root file systems are those of the Discoverable Partitions Specification.
package struct PartitionType: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package static let rootX86 = PartitionType(known: "4f68bce3-e8cd-4db1-96e7-fbcaf984b709")
    package static let rootARM = PartitionType(known: "b921b045-1df0-41c3-af44-4c6f280d3fae")
    /// A file system of Linux of which the type says no more.
    package static let linux = PartitionType(known: "0fc63daf-8483-4772-8e79-3d69d8477de4")

    /// Root file systems, by their processors: x86-64, arm64, x86, arm, RISC-V of 64 bits.
    private static let roots: Set<PartitionType> = [
        .rootX86, .rootARM, PartitionType(known: "44479540-f297-41b2-9af7-d131d5f0458a"),
        PartitionType(known: "69dad710-2ce4-4e3c-b16c-21a1d49abed3"),
        PartitionType(known: "72ec70a6-cf74-40e6-bd49-4bda08e8f224"),
    ]

    package var isRoot: Bool { Self.roots.contains(self) }

    private init(known: String) { description = known }

    /// From sixteen bytes, of which the first three groups stand with their lowest byte first.
    init(_ bytes: some Collection<UInt8>) { description = GUID.text(Array(bytes)) }

    var bytes: [UInt8] { GUID.bytes(description) }
}

/// GUIDs as Microsoft stores them.
enum GUID {
    /// Where the bytes stand that are written one after the other.
    private static let order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]

    static func text(_ bytes: [UInt8]) -> String {
        var text = ""
        for (index, place) in order.enumerated() {
            if [4, 6, 8, 10].contains(index) { text += "-" }
            text += String(bytes[place] >> 4, radix: 16) + String(bytes[place] & 0xF, radix: 16)
        }
        return text
    }

    static func bytes(_ text: String) -> [UInt8] {
        let digits = text.compactMap { $0.hexDigitValue.map(UInt8.init) }
        var bytes = [UInt8](repeating: 0, count: 16)
        for (index, place) in order.enumerated() where 2 * index + 1 < digits.count {
            bytes[place] = digits[2 * index] << 4 | digits[2 * index + 1]
        }
        return bytes
    }
}
