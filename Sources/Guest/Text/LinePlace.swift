import ImageStore

/// Where a line of configuration stands.
package struct LinePlace: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let file: TreePath
    /// From 0.
    package let line: Int

    package init(_ file: TreePath, _ line: Int) {
        self.file = file
        self.line = line
    }

    /// For people, counted from 1: `/etc/ssh/sshd_config:12`
    package var description: String { "\(file):\(line + 1)" }

    package static func < (a: LinePlace, b: LinePlace) -> Bool { (a.file, a.line) < (b.file, b.line) }
}
