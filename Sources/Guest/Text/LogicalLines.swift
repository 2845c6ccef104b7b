import ImageStore
import Model

/// The lines of a configuration file of which some go on behind a backslash, without blanks at their ends and without empty ones.
package struct LogicalLines: Sendable {
    package struct Line: Hashable, Sendable {
        /// Of its first part.
        package let place: LinePlace
        package let text: String
    }

    /// Configuration larger than this is refused. One of many short lines takes some forty times its size in memory.
    package static let maximumSize = 4 << 20

    package let lines: [Line]
    /// Of the file, in bytes.
    package let size: Int

    /// Of the file that a path means; none where there is none.
    ///
    /// - Parameter joins: whether a backslash at the end of a line takes the next one along.
    package init(_ path: TreePath, in guest: any TreeView, joins: Bool = true) throws(Failure) {
        let isFile = try guest.resolvedNode(path)?.content != nil
        self.init(isFile ? try guest.read(path, limit: Self.maximumSize) ?? [] : [], of: path, joins: joins)
    }

    package init(_ bytes: [UInt8], of path: TreePath, joins: Bool = true) {
        var lines: [Line] = []
        var text = ""
        var first: Int?
        for (number, bytes) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            // An even number of backslashes is so many halves of literal ones.
            let goesOn = joins && bytes.reversed().prefix { $0 == 0x5C }.count % 2 == 1
            text += String(decoding: goesOn ? bytes.dropLast() : bytes, as: UTF8.self)
            first = first ?? number
            if goesOn { continue }
            Self.add(text, LinePlace(path, first ?? number), to: &lines)
            (text, first) = ("", nil)
        }
        if let first { Self.add(text, LinePlace(path, first), to: &lines) }
        self.lines = lines
        size = bytes.count
    }

    private static func add(_ text: String, _ place: LinePlace, to lines: inout [Line]) {
        let text = trimmed(text)
        if !text.isEmpty { lines.append(Line(place: place, text: text)) }
    }
}
