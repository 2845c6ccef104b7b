/// A place in a document.
package struct Mark: Hashable, Sendable, Comparable {
    /// From 1; a line ends at LF, CR LF or CR.
    package var line: Int
    /// From 1, in Unicode scalars.
    package var column: Int
    /// From 0, in bytes.
    package var offset: Int

    package init(line: Int, column: Int, offset: Int) {
        self.line = line
        self.column = column
        self.offset = offset
    }

    /// Where every document starts.
    package static let start = Mark(line: 1, column: 1, offset: 0)

    package static func < (a: Mark, b: Mark) -> Bool { a.offset < b.offset }
}
