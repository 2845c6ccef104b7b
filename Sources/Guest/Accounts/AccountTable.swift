import ImageStore
import Model

/// passwd(5), group(5) or shadow(5) of a tree, its fields read as text. A field that is not set keeps its bytes.
struct AccountTable {
    static let passwd: TreePath = "/etc/passwd"
    static let group: TreePath = "/etc/group"
    static let shadow: TreePath = "/etc/shadow"

    /// A file larger than this is refused.
    private static let maximumSize = 16 << 20

    private let path: TreePath
    private var table: ColonTable
    private(set) var rows: [Row]

    struct Row {
        fileprivate var fields: [[UInt8]]

        /// Empty where the row has no such field.
        func field(_ index: Int) -> String { index < fields.count ? String(decoding: fields[index], as: UTF8.self) : "" }

        mutating func set(_ index: Int, _ value: String) {
            while fields.count <= index { fields.append([]) }
            fields[index] = Array(value.utf8)
        }

        var name: String { field(0) }
        var number: UInt32? { fields.count > 2 ? UInt32(decimal: fields[2]) : nil }
    }

    init(_ path: TreePath, in guest: any TreeView) throws(Failure) {
        self.path = path
        table = ColonTable(try guest.exists(path) ? try guest.read(path) ?? [] : [])
        rows = table.records.map { Row(fields: $0) }
    }

    var isEmpty: Bool { rows.isEmpty }

    /// The records of a file with the lines that they stand on; each has two fields at least. None where the file is missing.
    static func lines(of path: TreePath, in guest: any TreeView) throws(Failure) -> [(fields: [[UInt8]], place: LinePlace)] {
        guard let node = try guest.resolvedNode(path), node.content != nil else { return [] }
        let file = LineFile(try guest.read(path, limit: maximumSize) ?? [])
        var lines: [(fields: [[UInt8]], place: LinePlace)] = []
        for (number, line) in file.lines.enumerated() {
            if let fields = ColonTable.fields(line) { lines.append((fields, LinePlace(path, number))) }
        }
        return lines
    }

    /// Sets fields of the rows and writes the file when a row became different.
    mutating func update(in guest: TreeEditor, _ change: (inout Row) -> Void) throws(Failure) {
        let before = table
        table.update { fields in
            var row = Row(fields: fields)
            change(&row)
            fields = row.fields
            return true
        }
        guard table != before else { return }
        rows = table.records.map { Row(fields: $0) }
        try guest.write(table.bytes, to: path)
    }
}
