/// A file of the kind of `passwd`: one record a line, fields between colons (passwd(5), shadow(5), group(5), gshadow(5)).
///
/// The bytes are hostile. A line that is no record (no colon, a comment, an entry of NIS that starts with `+` or `-`) is kept and
/// never looked into; a record with too few or too many fields keeps all of them. A record with an empty name is one: it can be
/// logged in to.
package struct ColonTable: Hashable, Sendable {
    private var file: LineFile

    package init(_ bytes: [UInt8]) { file = LineFile(bytes) }

    package var bytes: [UInt8] { file.bytes }

    /// The fields of all records, in the file's order.
    package var records: [[[UInt8]]] { file.lines.compactMap { Self.fields($0) } }

    /// Changes the fields of each record; a record for which `change` returns false is removed.
    package mutating func update(_ change: (inout [[UInt8]]) -> Bool) {
        var lines: [[UInt8]] = []
        for line in file.lines {
            guard let fields = Self.fields(line) else {
                lines.append(line)
                continue
            }
            var changed = fields
            guard change(&changed) else { continue }
            lines.append(changed == fields ? line : Array(changed.joined(separator: [0x3A])))
        }
        file.lines = lines
    }

    /// The fields of a line that is a record.
    static func fields(_ line: [UInt8]) -> [[UInt8]]? {
        guard let first = line.first, ![0x23, 0x2B, 0x2D].contains(first), line.contains(0x3A) else { return nil }
        return line.split(separator: 0x3A, omittingEmptySubsequences: false).map { Array($0) }
    }
}
