import ImageStore
import Model

/// A file of lines with colons, as passwd(5), group(5) and shadow(5) are; edited in place, other lines untouched.
struct AccountTable {
    static let passwd: TreePath = "/etc/passwd"
    static let group: TreePath = "/etc/group"
    static let shadow: TreePath = "/etc/shadow"

    private let path: TreePath
    private var text: TextLines
    private(set) var rows: [Row]

    struct Row {
        /// The line in the file, from 0.
        let line: Int
        var fields: [String]

        func field(_ index: Int) -> String { index < fields.count ? fields[index] : "" }

        var name: String { field(0) }
        var number: UInt32? { UInt32(field(2)) }
    }

    init(_ path: TreePath, in guest: any TreeView) throws(Failure) {
        self.path = path
        text = try TextLines(path, in: guest)
        rows = []
        for index in text.indices {
            let line = String(decoding: text.lines[index], as: UTF8.self)
            // NIS lines start with + or -.
            if line.isEmpty || line.first == "#" || line.first == "+" || line.first == "-" { continue }
            rows.append(Row(line: index, fields: line.split(separator: ":", omittingEmptySubsequences: false).map(String.init)))
        }
    }

    var isEmpty: Bool { rows.isEmpty }

    /// Replaces fields of the rows and writes the file when a row became different.
    mutating func update(in guest: TreeEditor, _ change: (inout Row) -> Void) throws(Failure) {
        var changed = false
        for index in rows.indices {
            let before = rows[index].fields
            change(&rows[index])
            guard rows[index].fields != before else { continue }
            changed = true
            text.replace(rows[index].line, with: rows[index].fields.joined(separator: ":"))
        }
        if changed { try text.write(to: path, in: guest) }
    }
}
